//! Batches in SQLite: loops within the transaction, run in one go on the connection's own thread.

use std::collections::{BTreeMap, HashMap};

use diesel::RunQueryDsl;
use diesel::prelude::*;
use myashes_domain::Result;
use myashes_domain::votes::{Scores, Vote};

use super::Conn;
use super::queries::build_rows::NewBuildRow;
use super::queries::facets::{self, Facet};
use super::queries::legacy::import_writer::ImportedFeedbackRow;
use super::queries::rows::VoteRow;
use crate::legacy_rows::{ImportedBuild, ImportedFeedback, ImportedRow, Table};
use crate::sql::error::DbResult;
use crate::sql::schema::{build_ranks, builds, feedback, import_rows, votes};
use crate::sql::types::SqlTimestamp;

pub async fn insert_builds(conn: &mut Conn, rows: &[ImportedBuild]) -> DbResult<Vec<(String, i64)>> {
    let rows = rows.iter().map(|imported| NewBuildRow::of(&imported.build, imported.updated_at));
    let rows: Vec<NewBuildRow> = rows.collect::<Result<_>>()?;
    let done = conn.spawn_blocking(move |conn| {
        let mut stored = Vec::with_capacity(rows.len());
        for row in &rows {
            let row: Option<(String, i64)> = diesel::insert_into(builds::table)
                .values(row)
                .on_conflict(builds::build_id)
                .do_nothing()
                .returning((builds::build_id, builds::id))
                .get_result(conn)
                .optional()?;
            stored.extend(row);
        }
        Ok(stored)
    });
    Ok(done.await?)
}

pub async fn enter_facets(conn: &mut Conn, filed: &BTreeMap<Facet, i64>) -> DbResult<HashMap<Facet, i32>> {
    let mut entered = HashMap::with_capacity(filed.len());
    for facet in filed.keys() {
        entered.insert(facet.clone(), facets::make(conn, facet).await?);
    }
    Ok(entered)
}

pub async fn insert_ranks(
    conn: &mut Conn,
    ranks: &[(i64, Facet, SqlTimestamp)],
    facets: &HashMap<Facet, i32>,
    none: &Scores,
) -> DbResult<()> {
    let rows: Vec<_> = ranks
        .iter()
        .filter_map(|(row, facet, at)| Some((*row, *facets.get(facet)?, facet.listed, *at)))
        .collect();
    let (bayesian, trend) = (none.bayesian, none.trend);
    let done = conn.spawn_blocking(move |conn| {
        for (row, facet, listed, at) in rows {
            diesel::insert_into(build_ranks::table)
                .values((
                    build_ranks::build.eq(row),
                    build_ranks::facet.eq(facet),
                    build_ranks::listed.eq(listed),
                    build_ranks::created_at.eq(at),
                    build_ranks::bayesian.eq(bayesian),
                    build_ranks::trend.eq(trend),
                ))
                .execute(conn)?;
        }
        Ok(())
    });
    Ok(done.await?)
}

pub async fn insert_votes(conn: &mut Conn, rows: &[(i64, &Vote)]) -> DbResult<Vec<VoteRow>> {
    let rows: Vec<(i64, Vote)> = rows.iter().map(|(row, vote)| (*row, (*vote).clone())).collect();
    let done = conn.spawn_blocking(move |conn| {
        let mut inserted = Vec::with_capacity(rows.len());
        for (row, vote) in rows {
            let new: Option<VoteRow> = diesel::insert_into(votes::table)
                .values((
                    votes::build.eq(row),
                    votes::session.eq(vote.session.0.as_slice()),
                    votes::player_id.eq(vote.player_id.as_deref()),
                    votes::rating.eq(vote.rating.stars() as i16),
                    votes::cast_at.eq(SqlTimestamp(vote.cast_at)),
                ))
                .on_conflict_do_nothing()
                .returning(VoteRow::as_returning())
                .get_result(conn)
                .optional()?;
            inserted.extend(new);
        }
        Ok(inserted)
    });
    Ok(done.await?)
}

pub async fn put_records(conn: &mut Conn, table: Table, records: &[ImportedRow]) -> DbResult<()> {
    let records = records.to_vec();
    let done = conn.spawn_blocking(move |conn| {
        for it in &records {
            diesel::replace_into(import_rows::table)
                .values((import_rows::relation.eq(table.name()), it))
                .execute(conn)?;
        }
        Ok(())
    });
    Ok(done.await?)
}

pub async fn insert_feedback(conn: &mut Conn, imported: &[ImportedFeedback]) -> DbResult<usize> {
    let imported = imported.to_vec();
    let done = conn.spawn_blocking(move |conn| {
        let mut stored = 0;
        for row in &imported {
            stored += diesel::insert_into(feedback::table)
                .values(ImportedFeedbackRow::of(row))
                .on_conflict_do_nothing()
                .execute(conn)?;
        }
        Ok(stored)
    });
    Ok(done.await?)
}
