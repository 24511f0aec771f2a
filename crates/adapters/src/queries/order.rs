//! Keys of narrow rows in the order of a sort, as one of the indexes has them.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool, Double};
use diesel_async::RunQueryDsl;
use myashes_domain::builds::Sort;
use myashes_domain::clock::Timestamp;
use myashes_domain::page::{PageRequest, Position, SortKey};
use myashes_domain::{Error, Result};

use super::{Backend, Conn};
use crate::sql::error::DbResult;
use crate::sql::prepared_sql::PreparedSql;
use crate::sql::schema::build_ranks;
use crate::sql::types::{Instant, SqlTimestamp};

/// Narrow rows under conditions yet to be added to.
pub type Ranks<'a> = build_ranks::BoxedQuery<'a, Backend>;

/// Rows of a window, which the planner sees or not.
macro_rules! load_window {
    ($conn:expr, $query:expr, $window:expr, $planning:expr) => {
        match $planning {
            Planning::ForWindow => $query.offset($window.skip).limit($window.take).load($conn).await?,
            Planning::Once => Windowed { query: $query, window: $window }.load($conn).await?,
        }
    };
}

/// Keys in the order of one column.
macro_rules! keys {
    ($conn:expr, $query:expr, $page:expr, $column:ident, $name:literal, $ty:ty, $from:expr, $to:expr) => {{
        let (window, planning): (PageWindow, Planning) = $page;
        let mut query: Ranks<'_> = $query;
        if let Some(key) = window.after {
            let behind: PreparedSql<_, Bool> = PreparedSql::new(
                concat!("(", $name, ", build_ranks.created_at, build_ranks.build) < ($1, $2, $3)"),
                (
                    $from(key).into_sql::<$ty>(),
                    created(key)?.into_sql::<Instant>(),
                    key.row.into_sql::<BigInt>(),
                ),
            );
            query = query.filter(behind);
        }
        let query = query
            .order_by((
                build_ranks::$column.desc(),
                build_ranks::created_at.desc(),
                build_ranks::build.desc(),
            ))
            .select((build_ranks::$column, build_ranks::created_at, build_ranks::build));
        let rows: Vec<(_, SqlTimestamp, i64)> = load_window!($conn, query, window, planning);
        rows.into_iter()
            .map(|(rank, at, row)| SortKey { rank: $to(rank), created: at.0.micros(), row })
            .collect::<Vec<_>>()
    }};
}

/// The fewest keys that are looked for to fill a page up.
const REFILL: i64 = 64;

/// A part of a sorted list.
#[derive(Debug, Clone, Copy)]
pub struct PageWindow {
    pub after: Option<SortKey>,
    pub skip: i64,
    pub take: i64,
}

impl PageWindow {
    /// The first `take` items.
    pub fn first(take: i64) -> Self {
        Self { after: None, skip: 0, take }
    }

    /// The page, and one more that shows whether the list goes on.
    pub fn of(page: PageRequest) -> Self {
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

    /// Where to look for `missing` builds more, after these keys were found. `None` at the end of the list. Some more are
    /// read, since those may have been deleted, too.
    pub fn rest(self, keys: &[SortKey], missing: usize) -> Option<Self> {
        let full = i64::try_from(keys.len()).is_ok_and(|found| found >= self.take);
        let take = i64::try_from(missing).unwrap_or(i64::MAX).max(REFILL);
        (missing > 0 && full).then(|| Self { after: keys.last().copied(), skip: 0, take })
    }
}

/// Whether the planner sees how many rows are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planning {
    /// It does, and chooses between ways.
    ForWindow,
    /// It does not: one plan serves all windows, where one index is the way. Planning would take longer than reading.
    Once,
}

/// A query that is cut to a window behind subqueries.
struct Windowed<Q> {
    query: Q,
    window: PageWindow,
}

impl<Q: Query> Query for Windowed<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, C> diesel::RunQueryDsl<C> for Windowed<Q> {}

impl<Q> QueryId for Windowed<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: QueryFragment<Backend>> QueryFragment<Backend> for Windowed<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        self.query.walk_ast(out.reborrow())?;
        out.push_sql(" LIMIT (SELECT ");
        out.push_bind_param::<BigInt, _>(&self.window.take)?;
        out.push_sql(") OFFSET (SELECT ");
        out.push_bind_param::<BigInt, _>(&self.window.skip)?;
        out.push_sql(")");
        Ok(())
    }
}

pub async fn sorted(
    conn: &mut Conn,
    (ranks, planning): (Ranks<'_>, Planning),
    sort: Sort,
    window: PageWindow,
) -> DbResult<Vec<SortKey>> {
    let rank = |key: SortKey| key.rank;
    let page = (window, planning);
    Ok(match sort {
        Sort::Newest | Sort::Relevance => newest(conn, ranks, page).await?,
        Sort::Rating => keys!(conn, ranks, page, bayesian, "bayesian", Double, rank, |rank: f64| rank),
        Sort::Trending => keys!(conn, ranks, page, trend, "trend", Double, rank, |rank: f64| rank),
        Sort::Popular => {
            let votes = |key: SortKey| key.rank as i64;
            keys!(conn, ranks, page, vote_count, "vote_count", BigInt, votes, |votes: i64| votes as f64)
        }
    })
}

async fn newest(
    conn: &mut Conn,
    mut query: Ranks<'_>,
    (window, planning): (PageWindow, Planning),
) -> DbResult<Vec<SortKey>> {
    if let Some(key) = window.after {
        let behind: PreparedSql<_, Bool> = PreparedSql::new(
            "(build_ranks.created_at, build_ranks.build) < ($1, $2)",
            (created(key)?.into_sql::<Instant>(), key.row.into_sql::<BigInt>()),
        );
        query = query.filter(behind);
    }
    let query = query
        .order_by((build_ranks::created_at.desc(), build_ranks::build.desc()))
        .select((build_ranks::created_at, build_ranks::build));
    let rows: Vec<(SqlTimestamp, i64)> = load_window!(conn, query, window, planning);
    Ok(rows.into_iter().map(|(at, row)| SortKey { rank: 0.0, created: at.0.micros(), row }).collect())
}

/// When the row that a cursor names was created.
pub fn created(key: SortKey) -> Result<SqlTimestamp> {
    let at = Timestamp::from_micros(key.created);
    at.map(SqlTimestamp).ok_or_else(|| Error::Unreadable("The cursor names no instant".into()))
}
