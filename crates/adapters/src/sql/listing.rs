//! Lists of builds. A list is found in two steps: a page of keys from the narrow table, in the order of one
//! of its indexes, then the rows behind the keys. No step looks at more of the table than the page needs,
//! but for rare terms and tags, whose few builds are collected and sorted.

use std::collections::{HashMap, HashSet};

use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Double};
use diesel_async::RunQueryDsl;
use myashes_domain::builds::{BuildFilter, BuildQuery, BuildSummary, Resembling, Scope, Sort};
use myashes_domain::clock::Timestamp;
use myashes_domain::page::{DEEPEST, Key, PageRequest, Position, Total};
use myashes_domain::{Error, Result};

use super::db::boxed;
use super::rows::{RankRow, SummaryRow};
use super::{Backend, Conn, Db, dialect, facets};
use crate::sql::error::DbResult;
use crate::sql::schema::{build_ranks, build_tags, builds};
use crate::sql::types::{At, Instant};

/// How many rows of a list are gone through at a time: few first, for what is in every list.
const FIRST_STRIDE: i64 = 300;
const STRIDE: i64 = 2_000;

/// How many strides are gone before what is looked for is collected after all.
const STRIDES: usize = 5;

/// What matches no more builds than this is rare: all of them are found by its index, and sorted.
const RARE: i64 = 2_000;

/// How many builds that hold a term are enough to rank them by how well they do.
const ENOUGH: usize = 200;

/// Narrow rows under conditions yet to be added to.
pub type Ranks<'a> = build_ranks::BoxedQuery<'a, Backend>;

/// Row numbers of builds under conditions yet to be added to.
pub type RowsOf<'a> = builds::BoxedQuery<'a, Backend, BigInt>;

/// `column`, the creation and the row number come after these of the key, in a descending order.
macro_rules! behind {
    ($column:literal, $ty:ty, $rank:expr, $key:expr) => {{
        let condition: SqlLiteral<Bool> =
            diesel::dsl::sql(concat!("(", $column, ", build_ranks.created_at, build_ranks.build) < ("));
        condition
            .bind::<$ty, _>($rank)
            .sql(", ")
            .bind::<Instant, _>(created($key)?)
            .sql(", ")
            .bind::<BigInt, _>($key.row)
            .sql(")")
    }};
}

/// Keys in the order of one column.
macro_rules! keys {
    ($conn:expr, $query:expr, $stretch:expr, $column:ident, $name:literal, $ty:ty, $from:expr, $to:expr) => {{
        let mut query: Ranks<'_> = $query;
        if let Some(key) = $stretch.after {
            query = query.filter(behind!($name, $ty, $from(key), key));
        }
        let rows: Vec<(_, At, i64)> = query
            .order_by((
                build_ranks::$column.desc(),
                build_ranks::created_at.desc(),
                build_ranks::build.desc(),
            ))
            .select((build_ranks::$column, build_ranks::created_at, build_ranks::build))
            .offset($stretch.skip)
            .limit($stretch.take)
            .load($conn)
            .await?;
        rows.into_iter()
            .map(|(rank, at, row)| Key { rank: $to(rank), created: at.0.micros(), row })
            .collect::<Vec<_>>()
    }};
}

/// A part of a sorted list.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    after: Option<Key>,
    skip: i64,
    take: i64,
}

impl Stretch {
    /// The page, and one more that shows whether the list goes on.
    fn of(page: PageRequest) -> Self {
        let after = match page.position {
            Position::Page(_) => None,
            Position::After(key) => Some(key),
        };
        Self {
            after,
            skip: i64::try_from(page.offset()).unwrap_or(i64::MAX),
            take: i64::from(page.limit) + 1,
        }
    }
}

pub async fn list(db: &Db, query: &BuildQuery) -> Result<Vec<(BuildSummary, Key)>> {
    match query.filter.scope {
        // The caller's own things never lag.
        Scope::OwnedBy { .. } => db.read(query.clone(), |conn, query| boxed(page(conn, query))).await,
        Scope::Public => db.read_lagging(query.clone(), |conn, query| boxed(page(conn, query))).await,
    }
}

async fn page(conn: &mut Conn, query: BuildQuery) -> DbResult<Vec<(BuildSummary, Key)>> {
    let stretch = Stretch::of(query.page);
    let enough = usize::try_from(stretch.skip + stretch.take).unwrap_or(usize::MAX);
    let keys = match walk(conn, &query.filter, query.sort, stretch, enough).await? {
        Some(keys) => keys,
        None => collect(conn, &query.filter, query.sort, stretch).await?,
    };
    let rows = summaries(conn, &keys.iter().map(|key| key.row).collect::<Vec<_>>()).await?;
    Ok(rows
        .into_iter()
        .filter_map(|(row, build)| Some((build, *keys.iter().find(|key| key.row == row)?)))
        .collect())
}

/// Goes through a public list in its order and picks what holds the term and the tag, until that is `enough`:
/// quick for what is in every list, however long that is. `None` for what is rare, which can be collected.
async fn walk(
    conn: &mut Conn,
    filter: &BuildFilter,
    sort: Sort,
    stretch: Stretch,
    enough: usize,
) -> DbResult<Option<Vec<Key>>> {
    let narrow = filter.search.is_some() || filter.tag.is_some();
    if !narrow || filter.scope != Scope::Public {
        return Ok(None);
    }
    let all = BuildFilter { search: None, tag: None, ..filter.clone() };
    let mut found = vec![];
    let mut after = stretch.after;
    for number in 0..=STRIDES {
        if number == 1 && is_rare(conn, filter).await? {
            return Ok(None);
        }
        let take = if number == 0 { FIRST_STRIDE } else { STRIDE };
        let Some(ranks) = filtered(conn, &all).await? else { return Ok(Some(vec![])) };
        let keys = sorted(conn, ranks, sort, Stretch { after, skip: 0, take }).await?;
        let at_the_end = i64::try_from(keys.len()).is_ok_and(|seen| seen < take);
        after = keys.last().copied().or(after);
        let rows = keys.iter().map(|key| key.row).collect();
        let matching: Vec<i64> =
            matching(filter).filter(builds::id.eq_any::<Vec<i64>>(rows)).load(conn).await?;
        let matching: HashSet<i64> = matching.into_iter().collect();
        found.extend(keys.into_iter().filter(|key| matching.contains(&key.row)));
        if found.len() >= enough || at_the_end {
            let skip = usize::try_from(stretch.skip).unwrap_or(usize::MAX);
            let take = usize::try_from(stretch.take).unwrap_or(usize::MAX);
            return Ok(Some(found.into_iter().skip(skip).take(take).collect()));
        }
    }
    Ok(None)
}

async fn is_rare(conn: &mut Conn, filter: &BuildFilter) -> DbResult<bool> {
    let found: Vec<i64> = matching(filter).limit(RARE + 1).load(conn).await?;
    Ok(i64::try_from(found.len()).is_ok_and(|found| found <= RARE))
}

/// The builds that hold the filter's term and its tag.
fn matching(filter: &BuildFilter) -> RowsOf<'static> {
    let mut query: RowsOf<'static> = builds::table.select(builds::id).into_boxed();
    if let Some(term) = &filter.search {
        query = dialect::holding(query, term);
    }
    if let Some(tag) = &filter.tag {
        let tagged = build_tags::table.filter(build_tags::tag.eq(tag.clone())).select(build_tags::build);
        query = query.filter(builds::id.eq_any(tagged));
    }
    query
}

/// Finds all that the filter lets through and sorts it; without term and tag, an index has that order already.
async fn collect(conn: &mut Conn, filter: &BuildFilter, sort: Sort, stretch: Stretch) -> DbResult<Vec<Key>> {
    match filtered(conn, filter).await? {
        Some(ranks) => sorted(conn, ranks, sort, stretch).await,
        None => Ok(vec![]),
    }
}

async fn sorted(conn: &mut Conn, ranks: Ranks<'_>, sort: Sort, stretch: Stretch) -> DbResult<Vec<Key>> {
    Ok(match sort {
        Sort::Newest | Sort::Relevance => newest(conn, ranks, stretch).await?,
        Sort::Rating => {
            keys!(conn, ranks, stretch, bayesian, "bayesian", Double, |key: Key| key.rank, |rank: f64| rank)
        }
        Sort::Trending => {
            keys!(conn, ranks, stretch, trend, "trend", Double, |key: Key| key.rank, |rank: f64| rank)
        }
        Sort::Popular => {
            let votes = |key: Key| key.rank as i64;
            keys!(conn, ranks, stretch, vote_count, "vote_count", BigInt, votes, |votes: i64| votes as f64)
        }
    })
}

async fn newest(conn: &mut Conn, mut query: Ranks<'_>, stretch: Stretch) -> DbResult<Vec<Key>> {
    if let Some(key) = stretch.after {
        let condition: SqlLiteral<Bool> = diesel::dsl::sql("(build_ranks.created_at, build_ranks.build) < (");
        let condition = condition.bind::<Instant, _>(created(key)?).sql(", ").bind::<BigInt, _>(key.row);
        query = query.filter(condition.sql(")"));
    }
    let rows: Vec<(At, i64)> = query
        .order_by((build_ranks::created_at.desc(), build_ranks::build.desc()))
        .select((build_ranks::created_at, build_ranks::build))
        .offset(stretch.skip)
        .limit(stretch.take)
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(at, row)| Key { rank: 0.0, created: at.0.micros(), row }).collect())
}

fn created(key: Key) -> Result<At> {
    let at = Timestamp::from_micros(key.created);
    at.map(At).ok_or_else(|| Error::Unreadable("The cursor names no instant".into()))
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
        let holding = dialect::holding(builds::table.select(builds::id).into_boxed(), term);
        query = query.filter(build_ranks::build.eq_any(holding));
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

pub async fn resembling(db: &Db, filter: &BuildFilter, limit: u32) -> Result<Resembling> {
    let args = (filter.clone(), i64::from(limit));
    db.read_lagging(args, |conn, (filter, limit)| boxed(resembling_on(conn, filter, limit))).await
}

/// The newest that hold the term; then, as long as there is room, those of a class or a race whose name
/// resembles it; and only if that is nothing at all, those whose own words do, which is dear to find out.
async fn resembling_on(conn: &mut Conn, filter: BuildFilter, limit: i64) -> DbResult<Resembling> {
    let Some(term) = &filter.search else { return Ok(Resembling { builds: vec![], complete: true }) };
    let newest = Stretch { after: None, skip: 0, take: limit };
    let (exact, complete) = match walk(conn, &filter, Sort::Newest, newest, ENOUGH).await? {
        Some(keys) => {
            let complete = i64::try_from(keys.len()).is_ok_and(|found| found < limit) && keys.len() < ENOUGH;
            (keys, complete)
        }
        None => {
            let keys = collect(conn, &filter, Sort::Newest, newest).await?;
            let complete = i64::try_from(keys.len()).is_ok_and(|found| found < limit);
            (keys, complete)
        }
    };
    let mut keys = exact;
    let others = BuildFilter { search: None, ..filter.clone() };
    let missing = limit - i64::try_from(keys.len()).unwrap_or(limit);
    let kin = facets::resembling(conn, term).await?;
    if complete
        && missing > 0
        && !kin.is_empty()
        && let Some(ranks) = filtered(conn, &others).await?
    {
        let known: Vec<i64> = keys.iter().map(|key| key.row).collect();
        let ranks = ranks.filter(build_ranks::facet.eq_any(kin)).filter(build_ranks::build.ne_all(known));
        keys.extend(sorted(conn, ranks, Sort::Newest, Stretch { take: missing, ..newest }).await?);
    }
    if keys.is_empty()
        && let Some(ranks) = filtered(conn, &others).await?
    {
        let similar = dialect::similar(conn, term, limit).await?;
        keys = sorted(conn, ranks.filter(build_ranks::build.eq_any(similar)), Sort::Newest, newest).await?;
    }
    let rows: Vec<i64> = keys.iter().map(|key| key.row).collect();
    let texts: Vec<(i64, String)> = builds::table
        .filter(builds::id.eq_any(&rows))
        .select((builds::id, builds::search_text))
        .load(conn)
        .await?;
    let mut texts: HashMap<i64, String> = texts.into_iter().collect();
    let found = summaries(conn, &rows).await?;
    let builds = found.into_iter().map(|(row, build)| {
        let key = Key { rank: 0.0, created: build.created_at.micros(), row };
        (build, key, texts.remove(&row).unwrap_or_default())
    });
    Ok(Resembling { builds: builds.collect(), complete })
}
