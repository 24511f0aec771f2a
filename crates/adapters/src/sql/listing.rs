//! Lists of builds. A list is found in two steps: a page of keys from the narrow table, in the order of one
//! of its indexes, then the rows behind the keys. No step looks at more of the table than the page needs,
//! but for rare terms and tags, whose few builds are collected and sorted.

use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Double, Integer};
use diesel_async::RunQueryDsl;
use myashes_domain::Result;
use myashes_domain::builds::{BuildFilter, BuildQuery, BuildSummary, Scope, Sort};
use myashes_domain::page::{DEEPEST, Key, PageRequest, Position, Total};

use super::db::boxed;
use super::rows::{RankRow, SummaryRow};
use super::{Backend, Conn, Db, dialect, facets};
use crate::sql::error::DbResult;
use crate::sql::fixed::Fixed;
use crate::sql::schema::{build_ranks, build_tags, builds};
use crate::sql::types::{At, Instant};

/// Narrow rows under conditions yet to be added to.
pub type Ranks<'a> = build_ranks::BoxedQuery<'a, Backend>;

/// `column`, the creation and the row number come after these of the key, in a descending order.
macro_rules! behind {
    ($column:literal, $ty:ty, $rank:expr, $key:expr) => {{
        let at = crate::sql::types::At(
            myashes_domain::clock::Timestamp::from_micros($key.created)
                .ok_or_else(|| myashes_domain::Error::Unreadable("The cursor names no instant".into()))?,
        );
        let condition: SqlLiteral<Bool> =
            diesel::dsl::sql(concat!("(", $column, ", build_ranks.created_at, build_ranks.build) < ("));
        condition
            .bind::<$ty, _>($rank)
            .sql(", ")
            .bind::<Instant, _>(at)
            .sql(", ")
            .bind::<BigInt, _>($key.row)
            .sql(")")
    }};
}

/// One page of keys, sorted by one column.
macro_rules! keys {
    ($conn:expr, $query:expr, $page:expr, $column:ident, $name:literal, $ty:ty, $from:expr, $to:expr) => {{
        let mut query: Ranks<'_> = $query;
        match $page.position {
            Position::Page(_) => query = query.offset(i64::try_from($page.offset()).unwrap_or(i64::MAX)),
            Position::After(key) => query = query.filter(behind!($name, $ty, $from(key), key)),
        }
        let rows: Vec<(_, At, i64)> = query
            .order_by((
                build_ranks::$column.desc(),
                build_ranks::created_at.desc(),
                build_ranks::build.desc(),
            ))
            .select((build_ranks::$column, build_ranks::created_at, build_ranks::build))
            .limit(i64::from($page.limit) + 1)
            .load($conn)
            .await?;
        rows.into_iter()
            .map(|(rank, at, row)| Key { rank: $to(rank), created: at.0.micros(), row })
            .collect::<Vec<_>>()
    }};
}

pub async fn list(db: &Db, query: &BuildQuery) -> Result<Vec<(BuildSummary, Key)>> {
    match query.filter.scope {
        // The caller's own things never lag.
        Scope::OwnedBy { .. } => db.read(query.clone(), |conn, query| boxed(page(conn, query))).await,
        Scope::Public => db.read_lagging(query.clone(), |conn, query| boxed(page(conn, query))).await,
    }
}

async fn page(conn: &mut Conn, query: BuildQuery) -> DbResult<Vec<(BuildSummary, Key)>> {
    let Some(filtered) = filtered(conn, &query.filter).await? else { return Ok(vec![]) };
    let page: PageRequest = query.page;
    let keys = match query.sort {
        Sort::Newest | Sort::Relevance => newest(conn, filtered, page).await?,
        Sort::Rating => {
            keys!(conn, filtered, page, bayesian, "bayesian", Double, |key: Key| key.rank, |rank: f64| rank)
        }
        Sort::Trending => {
            keys!(conn, filtered, page, trend, "trend", Double, |key: Key| key.rank, |rank: f64| rank)
        }
        Sort::Popular => {
            keys!(
                conn,
                filtered,
                page,
                vote_count,
                "vote_count",
                BigInt,
                |key: Key| key.rank as i64,
                |votes: i64| votes as f64
            )
        }
    };
    let rows = summaries(conn, &keys.iter().map(|key| key.row).collect::<Vec<_>>()).await?;
    Ok(rows
        .into_iter()
        .filter_map(|(row, build)| Some((build, *keys.iter().find(|key| key.row == row)?)))
        .collect())
}

async fn newest(conn: &mut Conn, mut query: Ranks<'_>, page: PageRequest) -> DbResult<Vec<Key>> {
    match page.position {
        Position::Page(_) => query = query.offset(i64::try_from(page.offset()).unwrap_or(i64::MAX)),
        Position::After(key) => {
            let at = crate::sql::types::At(
                myashes_domain::clock::Timestamp::from_micros(key.created)
                    .ok_or_else(|| myashes_domain::Error::Unreadable("The cursor names no instant".into()))?,
            );
            let condition: SqlLiteral<Bool> =
                diesel::dsl::sql("(build_ranks.created_at, build_ranks.build) < (");
            query =
                query.filter(condition.bind::<Instant, _>(at).sql(", ").bind::<BigInt, _>(key.row).sql(")"));
        }
    }
    let rows: Vec<(At, i64)> = query
        .order_by((build_ranks::created_at.desc(), build_ranks::build.desc()))
        .select((build_ranks::created_at, build_ranks::build))
        .limit(i64::from(page.limit) + 1)
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(at, row)| Key { rank: 0.0, created: at.0.micros(), row }).collect())
}

/// The narrow rows that `filter` lets through; `None` when it is known to let none through.
async fn filtered<'a>(conn: &mut Conn, filter: &BuildFilter) -> DbResult<Option<Ranks<'a>>> {
    let mut query = build_ranks::table.into_boxed::<Backend>();
    match &filter.scope {
        Scope::Public => {
            query = query.filter(build_ranks::listed);
            if facets::concerned(filter) {
                let (facets, _) = facets::matching(conn, filter).await?;
                if facets.is_empty() {
                    return Ok(None);
                }
                query = query.filter(build_ranks::facet.eq_any(facets));
            }
        }
        Scope::OwnedBy { session, player_id } => {
            let unclaimed = builds::player_id.is_null().and(builds::session.eq(session.0.to_vec()));
            let mut owned =
                builds::table.filter(builds::is_template.eq(false)).select(builds::id).into_boxed();
            owned = match player_id {
                Some(player) => owned.filter(unclaimed.or(builds::player_id.eq(player.clone()))),
                None => owned.filter(unclaimed),
            };
            query = query.filter(build_ranks::build.eq_any(owned));
        }
    }
    if let Some(tag) = &filter.tag {
        let tagged = build_tags::table.filter(build_tags::tag.eq(tag.clone())).select(build_tags::build);
        query = query.filter(build_ranks::build.eq_any(tagged));
    }
    if let Some(term) = &filter.search {
        query = dialect::holding(query, term);
    }
    Ok(Some(query))
}

pub async fn count(db: &Db, filter: &BuildFilter) -> Result<Total> {
    match filter.scope {
        Scope::OwnedBy { .. } => db.read(filter.clone(), |conn, filter| boxed(total(conn, filter))).await,
        Scope::Public => db.read_lagging(filter.clone(), |conn, filter| boxed(total(conn, filter))).await,
    }
}

async fn total(conn: &mut Conn, filter: BuildFilter) -> DbResult<Total> {
    if filter.scope == Scope::Public && filter.search.is_none() && filter.tag.is_none() {
        let (_, builds) = facets::matching(conn, &filter).await?;
        return Ok(Total { count: u64::try_from(builds).unwrap_or(0), capped: false });
    }
    let Some(query) = filtered(conn, &filter).await? else { return Ok(Total { count: 0, capped: false }) };
    let most = i64::try_from(DEEPEST).unwrap_or(i64::MAX);
    let rows: Vec<i64> = query.select(build_ranks::build).limit(most + 1).load(conn).await?;
    let count = rows.len() as u64;
    Ok(Total { count: count.min(DEEPEST), capped: count > DEEPEST })
}

/// The builds of these rows, in this order; rows that are gone by now are left out.
pub async fn summaries(conn: &mut Conn, rows: &[i64]) -> DbResult<Vec<(i64, BuildSummary)>> {
    if rows.is_empty() {
        return Ok(vec![]);
    }
    let found: Vec<(SummaryRow, RankRow)> = builds::table
        .inner_join(build_ranks::table)
        .filter(builds::id.eq_any(rows))
        .select((SummaryRow::as_select(), RankRow::as_select()))
        .load(conn)
        .await?;
    let mut sorted = Vec::with_capacity(found.len());
    for (row, rank) in found {
        sorted.push((row.id, row.summary(rank)?));
    }
    sorted.sort_by_key(|(id, _)| rows.iter().position(|row| row == id));
    Ok(sorted)
}

pub async fn resembling(
    db: &Db,
    filter: &BuildFilter,
    limit: u32,
) -> Result<Vec<(BuildSummary, Key, String)>> {
    let args = (filter.clone(), i64::from(limit));
    db.read_lagging(args, |conn, (filter, limit)| {
        boxed(async move {
            let Some(term) = &filter.search else { return Ok(vec![]) };
            let others = BuildFilter { search: None, ..filter.clone() };
            let Some(allowed) = filtered(conn, &others).await? else { return Ok(vec![]) };
            let candidates = dialect::resembling(conn, term, limit).await?;
            let rows: Vec<i64> = allowed
                .filter(build_ranks::build.eq_any(&candidates))
                .select(build_ranks::build)
                .load(conn)
                .await?;
            let texts: Vec<(i64, String)> = builds::table
                .filter(builds::id.eq_any(&rows))
                .select((builds::id, builds::search_text))
                .load(conn)
                .await?;
            let mut texts: std::collections::HashMap<i64, String> = texts.into_iter().collect();
            let found = summaries(conn, &rows).await?;
            Ok(found
                .into_iter()
                .map(|(row, build)| {
                    let key = Key { rank: 0.0, created: build.created_at.micros(), row };
                    (build, key, texts.remove(&row).unwrap_or_default())
                })
                .collect())
        })
    })
    .await
}

/// The most voted since a day, then the most voted at all.
pub async fn popular(
    conn: &mut Conn,
    (since, limit, templates): (Option<i32>, i64, bool),
) -> DbResult<Vec<BuildSummary>> {
    let mut rows: Vec<i64> = vec![];
    let mut listed = build_ranks::table.filter(build_ranks::listed).into_boxed::<Backend>();
    if !templates {
        let only = BuildFilter { is_template: Some(true), ..BuildFilter::all(Scope::Public) };
        let (of_templates, _) = facets::matching(conn, &only).await?;
        listed = listed.filter(build_ranks::facet.ne_all(of_templates));
    }
    if let Some(since) = since {
        let most_voted: Fixed<_, BigInt> = Fixed::new(
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
        rows = most_voted.load(conn).await?;
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
    Ok(summaries(conn, &rows).await?.into_iter().map(|(_, build)| build).collect())
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
