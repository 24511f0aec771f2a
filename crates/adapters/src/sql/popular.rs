//! Lists without pages: the popular widget and the templates.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer};
use diesel_async::RunQueryDsl;
use myashes_domain::builds::{BuildFilter, BuildSummary, Scope};
use myashes_domain::ids::BuildId;

use super::rows::{RankRow, SummaryRow};
use super::{Backend, Conn, facets};
use crate::sql::error::DbResult;
use crate::sql::fixed::Fixed;
use crate::sql::schema::{build_ranks, builds};

/// The most voted since a day, then the most voted at all.
pub async fn most_voted(
    conn: &mut Conn,
    (since, limit, templates): (Option<i32>, i64, bool),
) -> DbResult<Vec<BuildId>> {
    let mut rows: Vec<i64> = vec![];
    let mut listed = build_ranks::table.filter(build_ranks::listed).into_boxed::<Backend>();
    if !templates {
        let only = BuildFilter { is_template: Some(true), ..BuildFilter::all(Scope::Public) };
        let (of_templates, _) = facets::matching(conn, &only).await?;
        listed = listed.filter(build_ranks::facet.ne_all(of_templates));
    }
    if let Some(since) = since {
        let within: Fixed<_, BigInt> = Fixed::new(
            &[
                "SELECT d.build FROM vote_days d JOIN build_ranks r ON r.build = d.build \
                 JOIN facets f ON f.id = r.facet WHERE r.listed AND d.day >= ",
                " AND (NOT f.is_template OR ",
                ") GROUP BY d.build, r.created_at HAVING sum(d.votes) > 0 \
                 ORDER BY sum(d.votes) DESC, r.created_at DESC, d.build DESC LIMIT ",
                "",
            ],
            (since.into_sql::<Integer>(), templates.into_sql::<Bool>(), limit.into_sql::<BigInt>()),
        );
        rows = within.load(conn).await?;
    }
    let missing = limit - i64::try_from(rows.len()).unwrap_or(limit);
    if missing > 0 {
        let more: Vec<i64> = listed
            .filter(build_ranks::build.ne_all(rows.clone()))
            .order_by((
                build_ranks::vote_count.desc(),
                build_ranks::created_at.desc(),
                build_ranks::build.desc(),
            ))
            .select(build_ranks::build)
            .limit(missing)
            .load(conn)
            .await?;
        rows.extend(more);
    }
    let mut ids: Vec<(i64, String)> = builds::table
        .filter(builds::id.eq_any(&rows))
        .select((builds::id, builds::build_id))
        .load(conn)
        .await?;
    ids.sort_by_key(|(id, _)| rows.iter().position(|row| row == id));
    Ok(ids.into_iter().map(|(_, id)| BuildId::stored(id)).collect())
}

pub async fn listed(conn: &mut Conn, ids: Vec<BuildId>) -> DbResult<Vec<BuildSummary>> {
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
