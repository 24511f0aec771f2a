//! Storing what a batch of votes came to: a statement over arrays for each kind of change.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Double, Integer, Nullable, SmallInt, Text};
use diesel_async::RunQueryDsl;
use futures_util::try_join;
use myashes_domain::clock::Day;
use myashes_domain::votes::{DayTally, Vote};

use super::Conn;
use super::queries::vote_batch::Changes;
use crate::sql::error::DbResult;
use crate::sql::prepared_sql::PreparedSql;
use crate::sql::types::{Instant, SqlTimestamp};

/// Stores changes of votes and what they do to scores and days. Votes that go are removed first, since new ones may
/// take their place; all statements are sent at once. Each changes as many rows as was decided, or fails.
pub async fn store_votes(conn: &Conn, changes: &Changes) -> DbResult<()> {
    try_join!(
        delete_votes(conn, &changes.deleted),
        update_votes(conn, &changes.updated),
        delete_days(conn, &changes.emptied_days),
        update_days(conn, &changes.changed_days),
        insert_votes_and_scores(conn, changes)
    )?;
    Ok(())
}

async fn delete_votes(mut conn: &Conn, ids: &BTreeSet<i64>) -> DbResult<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = ids.iter().copied().collect();
    let expected = ids.len() as i64;
    let delete: PreparedSql<_, Bool> = PreparedSql::new(
        "WITH deleted AS (DELETE FROM votes WHERE id = ANY($1) RETURNING 1) SELECT count(*) = $2 OR \
         expect_rows($2, count(*)) FROM deleted",
        (ids.into_sql::<Array<BigInt>>(), expected.into_sql::<BigInt>()),
    );
    delete.execute(&mut conn).await?;
    Ok(())
}

async fn update_votes(mut conn: &Conn, votes: &BTreeMap<i64, Vote>) -> DbResult<()> {
    if votes.is_empty() {
        return Ok(());
    }
    let update: PreparedSql<_, Bool> = PreparedSql::new(
        "WITH updated AS (UPDATE votes v SET rating = n.rating, player_id = n.player_id FROM unnest($1, \
         $2, $3) AS n (id, rating, player_id) WHERE v.id = n.id RETURNING 1) SELECT count(*) = $4 OR \
         expect_rows($4, count(*)) FROM updated",
        (
            votes.keys().copied().collect::<Vec<i64>>().into_sql::<Array<BigInt>>(),
            votes
                .values()
                .map(|it| it.rating.stars() as i16)
                .collect::<Vec<_>>()
                .into_sql::<Array<SmallInt>>(),
            votes
                .values()
                .map(|it| it.player_id.as_deref())
                .collect::<Vec<_>>()
                .into_sql::<Array<Nullable<Text>>>(),
            (votes.len() as i64).into_sql::<BigInt>(),
        ),
    );
    update.execute(&mut conn).await?;
    Ok(())
}

async fn delete_days(mut conn: &Conn, days: &[(i64, Day)]) -> DbResult<()> {
    if days.is_empty() {
        return Ok(());
    }
    let delete: PreparedSql<_, Bool> = PreparedSql::new(
        "WITH deleted AS (DELETE FROM vote_days d USING unnest($1, $2) AS n (build, day) WHERE d.build = \
         n.build AND d.day = n.day RETURNING 1) SELECT count(*) = $3 OR expect_rows($3, count(*)) FROM deleted",
        (
            days.iter().map(|(row, _)| *row).collect::<Vec<i64>>().into_sql::<Array<BigInt>>(),
            days.iter().map(|(_, day)| day.0).collect::<Vec<_>>().into_sql::<Array<Integer>>(),
            (days.len() as i64).into_sql::<BigInt>(),
        ),
    );
    delete.execute(&mut conn).await?;
    Ok(())
}

async fn update_days(mut conn: &Conn, days: &[(i64, Day, DayTally)]) -> DbResult<()> {
    if days.is_empty() {
        return Ok(());
    }
    let update: PreparedSql<_, Bool> = PreparedSql::new(
        "WITH updated AS (UPDATE vote_days d SET votes = d.votes + n.votes, rating_sum = d.rating_sum + \
         n.rating_sum, weight = d.weight + n.weight FROM unnest($1, $2, $3, $4, $5) AS n (build, day, \
         votes, rating_sum, weight) WHERE d.build = n.build AND d.day = n.day RETURNING 1) SELECT \
         count(*) = $6 OR expect_rows($6, count(*)) FROM updated",
        (
            days.iter().map(|(row, ..)| *row).collect::<Vec<i64>>().into_sql::<Array<BigInt>>(),
            days.iter().map(|(_, day, _)| day.0).collect::<Vec<_>>().into_sql::<Array<Integer>>(),
            days.iter().map(|(.., it)| it.votes).collect::<Vec<_>>().into_sql::<Array<BigInt>>(),
            days.iter().map(|(.., it)| it.rating_sum).collect::<Vec<_>>().into_sql::<Array<BigInt>>(),
            days.iter().map(|(.., it)| it.weight).collect::<Vec<_>>().into_sql::<Array<BigInt>>(),
            (days.len() as i64).into_sql::<BigInt>(),
        ),
    );
    update.execute(&mut conn).await?;
    Ok(())
}

/// New votes, the scores of all builds concerned, and days that only gain votes, in one statement.
async fn insert_votes_and_scores(mut conn: &Conn, changes: &Changes) -> DbResult<()> {
    let Changes { inserted, scores, added_days: days, .. } = changes;
    if scores.is_empty() {
        return Ok(());
    }
    let stars = |index: usize| -> Vec<i32> {
        scores.iter().map(|(_, it)| i32::try_from(it.tally.stars[index]).unwrap_or(i32::MAX)).collect()
    };
    let store: PreparedSql<_, Bool> = PreparedSql::new(
        "WITH cast_now AS (INSERT INTO votes (build, session, player_id, rating, cast_at) SELECT * FROM \
         unnest($1, $2, $3, $4, $5)), added AS (INSERT INTO vote_days AS d (build, day, votes, rating_sum, \
         weight) SELECT * FROM unnest($6, $7, $8, $9, $10) ON CONFLICT (build, day) DO UPDATE SET votes = \
         d.votes + excluded.votes, rating_sum = d.rating_sum + excluded.rating_sum, weight = d.weight + \
         excluded.weight), scored AS (UPDATE build_ranks r SET stars_1 = n.stars_1, stars_2 = n.stars_2, \
         stars_3 = n.stars_3, stars_4 = n.stars_4, stars_5 = n.stars_5, bayesian = n.bayesian, trend = \
         n.trend, tally_revision = r.tally_revision + 1 FROM unnest($11, $12, $13, $14, $15, $16, $17, \
         $18) AS n (build, stars_1, stars_2, stars_3, stars_4, stars_5, bayesian, trend) WHERE r.build = \
         n.build RETURNING 1) SELECT count(*) = $19 OR expect_rows($19, count(*)) FROM scored",
        (
            inserted.keys().map(|(row, _)| *row).collect::<Vec<i64>>().into_sql::<Array<BigInt>>(),
            inserted
                .values()
                .map(|it| it.session.0.as_slice())
                .collect::<Vec<_>>()
                .into_sql::<Array<Binary>>(),
            inserted
                .values()
                .map(|it| it.player_id.as_deref())
                .collect::<Vec<_>>()
                .into_sql::<Array<Nullable<Text>>>(),
            inserted
                .values()
                .map(|it| it.rating.stars() as i16)
                .collect::<Vec<_>>()
                .into_sql::<Array<SmallInt>>(),
            inserted
                .values()
                .map(|it| SqlTimestamp(it.cast_at))
                .collect::<Vec<_>>()
                .into_sql::<Array<Instant>>(),
            days.iter().map(|(row, ..)| *row).collect::<Vec<i64>>().into_sql::<Array<BigInt>>(),
            days.iter().map(|(_, day, _)| day.0).collect::<Vec<_>>().into_sql::<Array<Integer>>(),
            days.iter().map(|(.., it)| it.votes).collect::<Vec<_>>().into_sql::<Array<BigInt>>(),
            days.iter().map(|(.., it)| it.rating_sum).collect::<Vec<_>>().into_sql::<Array<BigInt>>(),
            days.iter().map(|(.., it)| it.weight).collect::<Vec<_>>().into_sql::<Array<BigInt>>(),
            scores.iter().map(|(row, _)| *row).collect::<Vec<i64>>().into_sql::<Array<BigInt>>(),
            stars(0).into_sql::<Array<Integer>>(),
            stars(1).into_sql::<Array<Integer>>(),
            stars(2).into_sql::<Array<Integer>>(),
            stars(3).into_sql::<Array<Integer>>(),
            stars(4).into_sql::<Array<Integer>>(),
            scores.iter().map(|(_, it)| it.bayesian).collect::<Vec<_>>().into_sql::<Array<Double>>(),
            scores.iter().map(|(_, it)| it.trend).collect::<Vec<_>>().into_sql::<Array<Double>>(),
            (scores.len() as i64).into_sql::<BigInt>(),
        ),
    );
    store.execute(&mut conn).await?;
    Ok(())
}
