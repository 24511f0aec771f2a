//! Lists without pages: the popular widget and the templates.

use std::ops::Range;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer};
use diesel_async::RunQueryDsl;
use myashes_domain::builds::{BuildRow, BuildSummary};
use myashes_domain::ids::BuildId;

use super::Conn;
use super::rows::{RankRow, SummaryRow};
use crate::sql::error::DbResult;
use crate::sql::prepared_sql::PreparedSql;
use crate::sql::schema::{build_ranks, builds};
use crate::sql::types::SqlTimestamp;

/// Those with most stars in votes since a day (all, without one), then most votes, then the newest. Builds without
/// such votes are none of them.
pub async fn most_voted(
    conn: &mut Conn,
    (since, limit, templates): (Option<i32>, i64, bool),
) -> DbResult<Vec<BuildId>> {
    let rows: Vec<i64> = match since {
        Some(since) => {
            let within: PreparedSql<_, BigInt> = PreparedSql::new(
                "SELECT d.build FROM vote_days d JOIN build_ranks r ON r.build = d.build JOIN facets f ON \
                 f.id = r.facet WHERE r.listed AND d.day >= $1 AND (NOT f.is_template OR $2) GROUP BY \
                 d.build, r.created_at ORDER BY sum(d.rating_sum) DESC, sum(d.votes) DESC, r.created_at \
                 DESC, d.build DESC LIMIT $3",
                (since.into_sql::<Integer>(), templates.into_sql::<Bool>(), limit.into_sql::<BigInt>()),
            );
            within.load(conn).await?
        }
        // A build with as many stars as another has at least a fifth of its votes, since a vote has one to five stars: so
        // the index by votes finds all candidates.
        None => {
            let all: PreparedSql<_, BigInt> = PreparedSql::new(
                "SELECT build FROM build_ranks WHERE listed AND ($1 OR facet NOT IN (SELECT id FROM facets \
                 WHERE is_template)) AND vote_count >= (SELECT (min(rating_sum) + 4) / 5 FROM (SELECT \
                 rating_sum FROM build_ranks WHERE listed AND vote_count > 0 AND ($2 OR facet NOT IN \
                 (SELECT id FROM facets WHERE is_template)) ORDER BY vote_count DESC, created_at DESC, \
                 build DESC LIMIT $3) AS most) ORDER BY rating_sum DESC, vote_count DESC, created_at DESC, \
                 build DESC LIMIT $4",
                (
                    templates.into_sql::<Bool>(),
                    templates.into_sql::<Bool>(),
                    limit.into_sql::<BigInt>(),
                    limit.into_sql::<BigInt>(),
                ),
            );
            all.load(conn).await?
        }
    };
    let mut ids: Vec<(i64, String)> = builds::table
        .filter(builds::id.eq_any(&rows))
        .select((builds::id, builds::build_id))
        .load(conn)
        .await?;
    ids.sort_by_key(|(id, _)| rows.iter().position(|row| row == id));
    Ok(ids.into_iter().map(|(_, id)| BuildId::stored(id)).collect())
}

pub async fn public_by_ids(conn: &mut Conn, ids: Vec<BuildId>) -> DbResult<Vec<BuildSummary>> {
    let names: Vec<&str> = ids.iter().map(BuildId::as_str).collect();
    let rows: Vec<(SummaryRow, RankRow)> = builds::table
        .inner_join(build_ranks::table)
        .filter(builds::build_id.eq_any(names))
        .filter(build_ranks::listed)
        .select((SummaryRow::as_select(), RankRow::as_select()))
        .load(conn)
        .await?;
    let found: DbResult<Vec<BuildSummary>> =
        rows.into_iter().map(|(row, rank)| Ok(row.summary(rank)?)).collect();
    let mut found = found?;
    found.sort_by_key(|build| ids.iter().position(|id| *id == build.id));
    Ok(found)
}

pub async fn templates(conn: &mut Conn) -> DbResult<Vec<BuildSummary>> {
    let rows: Vec<(SummaryRow, RankRow)> = builds::table
        .inner_join(build_ranks::table)
        .filter(builds::is_template)
        .filter(build_ranks::listed)
        .order_by((builds::class_name, builds::name, builds::id))
        .select((SummaryRow::as_select(), RankRow::as_select()))
        .load(conn)
        .await?;
    rows.into_iter().map(|(row, rank)| Ok(row.summary(rank)?)).collect()
}

pub async fn last_row(conn: &mut Conn) -> DbResult<i64> {
    let last: Option<i64> = builds::table.select(diesel::dsl::max(builds::id)).first(conn).await?;
    Ok(last.unwrap_or(0))
}

pub async fn public_rows(conn: &mut Conn, (after, limit): (Range<i64>, i64)) -> DbResult<Vec<BuildRow>> {
    let rows: Vec<(i64, String, SqlTimestamp)> = builds::table
        .inner_join(build_ranks::table)
        .filter(builds::id.gt(after.start).and(builds::id.le(after.end)))
        .filter(build_ranks::listed)
        .order_by(builds::id)
        .limit(limit)
        .select((builds::id, builds::build_id, builds::updated_at))
        .load(conn)
        .await?;
    let row = |(row, id, at): (i64, String, SqlTimestamp)| BuildRow {
        row,
        id: BuildId::stored(id),
        updated_at: at.0,
    };
    Ok(rows.into_iter().map(row).collect())
}
