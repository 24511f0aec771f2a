//! Batches in PostgreSQL: one statement for many rows.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Double, Integer, Nullable, SmallInt, Text};
use diesel_async::RunQueryDsl;
use myashes_domain::Result;
use myashes_domain::votes::{Scores, Vote};

use super::Conn;
use super::queries::build_rows::NewBuildRow;
use super::queries::facets::Facet;
use super::queries::legacy::import_writer::{INSERTED_ROWS, ImportedFeedbackRow};
use super::queries::rows::VoteRow;
use crate::legacy_rows::{ImportedBuild, ImportedFeedback, ImportedRow, Table};
use crate::sql::error::DbResult;
use crate::sql::prepared_sql::PreparedSql;
use crate::sql::schema::{builds, facets, feedback};
use crate::sql::types::{Instant, SqlTimestamp};

/// Stores builds whose id is free; returns public ids and row numbers of those that were stored.
pub async fn insert_builds(conn: &mut Conn, rows: &[ImportedBuild]) -> DbResult<Vec<(String, i64)>> {
    let rows = rows.iter().map(|imported| NewBuildRow::of(&imported.build, imported.updated_at));
    let insert = diesel::insert_into(builds::table)
        .values(rows.collect::<Result<Vec<_>>>()?)
        .on_conflict(builds::build_id)
        .do_nothing()
        .returning((builds::build_id, builds::id));
    Ok(insert.load(conn).await?)
}

/// Makes the facets that are new, and returns the ids of all.
pub async fn enter_facets(conn: &mut Conn, filed: &BTreeMap<Facet, i64>) -> DbResult<HashMap<Facet, i32>> {
    for filed in filed.keys().collect::<Vec<_>>().chunks(INSERTED_ROWS) {
        diesel::insert_into(facets::table)
            .values(filed.to_vec())
            .on_conflict_do_nothing()
            .execute(conn)
            .await?;
    }
    let all: Vec<(Facet, i32)> = facets::table.select((Facet::as_select(), facets::id)).load(conn).await?;
    Ok(all.into_iter().collect())
}

/// Inserts the score rows of builds.
pub async fn insert_ranks(
    conn: &mut Conn,
    ranks: &[(i64, Facet, SqlTimestamp)],
    facets: &HashMap<Facet, i32>,
    none: &Scores,
) -> DbResult<()> {
    let builds: Vec<i64> = ranks.iter().map(|(row, ..)| *row).collect();
    let filed: Vec<Option<i32>> = ranks.iter().map(|(_, facet, _)| facets.get(facet).copied()).collect();
    let listed: Vec<bool> = ranks.iter().map(|(_, facet, _)| facet.listed).collect();
    let times: Vec<SqlTimestamp> = ranks.iter().map(|(.., at)| *at).collect();
    let insert: PreparedSql<_> = PreparedSql::new(
        "INSERT INTO build_ranks (build, facet, listed, created_at, bayesian, trend) SELECT n.build, \
         n.facet, n.listed, n.created_at, $1, $2 FROM unnest($3, $4, $5, $6) AS n (build, facet, listed, \
         created_at)",
        (
            none.bayesian.into_sql::<Double>(),
            none.trend.into_sql::<Double>(),
            builds.into_sql::<Array<BigInt>>(),
            filed.into_sql::<Array<Nullable<Integer>>>(),
            listed.into_sql::<Array<Bool>>(),
            times.into_sql::<Array<Instant>>(),
        ),
    );
    insert.execute(conn).await?;
    Ok(())
}

/// The columns of a [`VoteRow`].
type VoteSql = (BigInt, BigInt, Binary, Nullable<Text>, SmallInt, Instant);

/// Stores votes of whose session and player there is none yet; returns the new ones.
pub async fn insert_votes(conn: &mut Conn, votes: &[(i64, &Vote)]) -> DbResult<Vec<VoteRow>> {
    let builds: Vec<i64> = votes.iter().map(|(row, _)| *row).collect();
    let sessions: Vec<&[u8]> = votes.iter().map(|(_, vote)| vote.session.0.as_slice()).collect();
    let players: Vec<Option<&str>> = votes.iter().map(|(_, vote)| vote.player_id.as_deref()).collect();
    let ratings: Vec<i16> = votes.iter().map(|(_, vote)| vote.rating.stars() as i16).collect();
    let times: Vec<SqlTimestamp> = votes.iter().map(|(_, vote)| SqlTimestamp(vote.cast_at)).collect();
    let insert: PreparedSql<_, VoteSql> = PreparedSql::new(
        "INSERT INTO votes (build, session, player_id, rating, cast_at) SELECT * FROM unnest($1, $2, $3, \
         $4, $5) ON CONFLICT DO NOTHING RETURNING id, build, session, player_id, rating, cast_at",
        (
            builds.into_sql::<Array<BigInt>>(),
            sessions.into_sql::<Array<Binary>>(),
            players.into_sql::<Array<Nullable<Text>>>(),
            ratings.into_sql::<Array<SmallInt>>(),
            times.into_sql::<Array<Instant>>(),
        ),
    );
    Ok(insert.load(conn).await?)
}

/// Records what was imported, in the place of what an earlier import recorded of the same rows.
pub async fn put_records(conn: &mut Conn, table: Table, records: &[ImportedRow]) -> DbResult<()> {
    let of = |field: fn(&ImportedRow) -> i64| records.iter().map(field).collect::<Vec<i64>>();
    let checksums: Vec<&[u8]> = records.iter().map(|it| it.checksum.as_slice()).collect();
    let put: PreparedSql<_> = PreparedSql::new(
        "INSERT INTO import_rows (relation, legacy_id, target, revision, checksum) SELECT $1, n.legacy_id, n.target, \
         n.revision, n.checksum FROM unnest($2, $3, $4, $5) AS n (legacy_id, target, revision, checksum) ON \
         CONFLICT (relation, legacy_id) DO UPDATE SET target = excluded.target, revision = excluded.revision, \
         checksum = excluded.checksum",
        (
            table.name().into_sql::<Text>(),
            of(|it| it.legacy_id).into_sql::<Array<BigInt>>(),
            of(|it| it.target).into_sql::<Array<BigInt>>(),
            of(|it| it.revision).into_sql::<Array<BigInt>>(),
            checksums.into_sql::<Array<Binary>>(),
        ),
    );
    put.execute(conn).await?;
    Ok(())
}

/// Stores feedback whose id is free; returns how many there were.
pub async fn insert_feedback(conn: &mut Conn, imported: &[ImportedFeedback]) -> DbResult<usize> {
    let mut stored = 0;
    for imported in imported.chunks(INSERTED_ROWS) {
        stored += diesel::insert_into(feedback::table)
            .values(imported.iter().map(ImportedFeedbackRow::of).collect::<Vec<_>>())
            .on_conflict_do_nothing()
            .execute(conn)
            .await?;
    }
    Ok(stored)
}
