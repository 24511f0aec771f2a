//! Keys of score rows in the order of a sort, as one of the indexes has them.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool, Double, Nullable, Untyped};
use diesel_async::RunQueryDsl;
use myashes_domain::builds::Sort;
use myashes_domain::clock::Timestamp;
use myashes_domain::page::{PageRequest, Position, SortKey};
use myashes_domain::{Error, Result};

use super::matching::{RANGE, RowAccess, RowsOf};
use super::{Backend, Conn, dialect};
use crate::sql::error::DbResult;
use crate::sql::prepared_sql::{PreparedSql, Verbatim};
use crate::sql::schema::build_ranks;
use crate::sql::types::{Instant, SqlTimestamp};

/// Narrow rows under conditions yet to be added to.
pub type Ranks<'a> = build_ranks::BoxedQuery<'a, Backend>;

/// The parts of a statement that reads an order; its index has the same columns.
struct SortSql {
    rank: &'static str,
    /// What comes after rank `$1`, creation `$2` and row number `$3`.
    behind: &'static str,
    order: &'static str,
}

impl SortSql {
    const fn of(sort: Sort) -> Self {
        match sort {
            Sort::Newest | Sort::Relevance => Self {
                rank: "CAST(0 AS double precision)",
                behind: "(build_ranks.created_at, build_ranks.build) < ($2, $3)",
                order: "build_ranks.created_at DESC, build_ranks.build DESC",
            },
            Sort::Rating => Self {
                rank: "build_ranks.bayesian",
                behind: "(build_ranks.bayesian, build_ranks.created_at, build_ranks.build) < ($1, $2, $3)",
                order: "build_ranks.bayesian DESC, build_ranks.created_at DESC, build_ranks.build DESC",
            },
            Sort::Trending => Self {
                rank: "build_ranks.trend",
                behind: "(build_ranks.trend, build_ranks.created_at, build_ranks.build) < ($1, $2, $3)",
                order: "build_ranks.trend DESC, build_ranks.created_at DESC, build_ranks.build DESC",
            },
            Sort::Popular => Self {
                rank: "CAST(build_ranks.vote_count AS double precision)",
                behind: "(build_ranks.vote_count, build_ranks.created_at, build_ranks.build) < (CAST($1 AS \
                         bigint), $2, $3)",
                order: "build_ranks.vote_count DESC, build_ranks.created_at DESC, build_ranks.build DESC",
            },
        }
    }
}

/// The fewest keys that are looked for to fill a page up.
const REFILL: u32 = 64;

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
    pub fn rest(self, keys: &[SortKey], missing: usize) -> Option<PageRequest> {
        let full = i64::try_from(keys.len()).is_ok_and(|found| found >= self.take);
        let last = *keys.last().filter(|_| missing > 0 && full)?;
        let limit = u32::try_from(missing).unwrap_or(u32::MAX - 1).max(REFILL);
        Some(PageRequest { position: Position::After(last), limit })
    }
}

/// Whether the planner sees how many rows are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planning {
    /// It does, and chooses between ways.
    ForWindow,
    /// It does not: one plan serves all windows, where one index is the way. Planning would take longer than reading.
    Once,
    /// The same, where the index also has rows that are in other lists.
    OnceFiltered,
}

/// A query that is cut to a window.
struct Windowed<Q> {
    query: Q,
    window: PageWindow,
    planning: Planning,
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
        // The planner does not look into a subquery.
        let (open, close) = match self.planning {
            Planning::ForWindow => ("", ""),
            Planning::Once | Planning::OnceFiltered => ("(SELECT ", ")"),
        };
        for (clause, rows) in [(" LIMIT ", &self.window.take), (" OFFSET ", &self.window.skip)] {
            out.push_sql(clause);
            out.push_sql(open);
            out.push_bind_param::<BigInt, _>(rows)?;
            out.push_sql(close);
        }
        Ok(())
    }
}

/// The SQL types of a key: rank, creation, row number.
type KeySql = (Double, Instant, BigInt);

/// Such a key as it is read.
type KeyRow = (f64, SqlTimestamp, i64);

/// The statement that reads keys of the rows in the order of a sort.
fn keys<'a>(
    (mut ranks, planning): (Ranks<'a>, Planning),
    sort: Sort,
    window: PageWindow,
) -> Result<Windowed<impl Query<SqlType = KeySql> + QueryFragment<Backend> + Send + 'a>> {
    let SortSql { rank, behind, order } = SortSql::of(sort);
    if let Some(key) = window.after {
        let (rank, at, row) = (key.rank.into_sql::<Double>(), created(key)?, key.row.into_sql::<BigInt>());
        let behind: PreparedSql<_, Bool> = PreparedSql::new(behind, (rank, at.into_sql::<Instant>(), row));
        ranks = ranks.filter(behind);
    }
    let rank: PreparedSql<_, Double> = PreparedSql::new("$1 AS rank", (Verbatim(rank),));
    let order: PreparedSql<_, Untyped> = PreparedSql::new(order, ());
    let query = ranks.select((rank, build_ranks::created_at, build_ranks::build)).order_by(order);
    Ok(Windowed { query, window, planning })
}

fn key((rank, at, row): KeyRow) -> SortKey {
    SortKey { rank, created: at.0.micros(), row }
}

/// Keys of the rows in the order of a sort.
pub async fn sorted(
    conn: &mut Conn,
    ranks: (Ranks<'_>, Planning),
    sort: Sort,
    window: PageWindow,
) -> DbResult<Vec<SortKey>> {
    let rows: Vec<KeyRow> = keys(ranks, sort, window)?.load(conn).await?;
    Ok(rows.into_iter().map(key).collect())
}

/// How many rows `matching` gives, and those of the window among the first so many keys of an index.
pub async fn sorted_among(
    conn: &mut Conn,
    ranks: (Ranks<'_>, Planning),
    sort: Sort,
    (window, keys_read): (PageWindow, i64),
    matching: RowsOf<'_>,
) -> DbResult<(i64, Vec<SortKey>)> {
    type FoundSql = (BigInt, Nullable<KeySql>);
    // An `IN` by itself could be planned to look each match up.
    let among: PreparedSql<_, FoundSql> = PreparedSql::new(
        "WITH matching (id) AS MATERIALIZED ($1) SELECT counted.matches, found.rank, found.created_at, found.build FROM \
         (SELECT count(*) AS matches FROM matching) AS counted LEFT JOIN (SELECT rank, created_at, build FROM ($2) AS \
         keys WHERE (build IN (SELECT id FROM matching)) IS TRUE ORDER BY rank DESC, created_at DESC, build DESC LIMIT \
         (SELECT $3) OFFSET (SELECT $4)) AS found ON true ORDER BY rank DESC, created_at DESC, build DESC",
        (
            matching,
            keys(ranks, sort, PageWindow { skip: 0, take: keys_read, ..window })?,
            window.take.into_sql::<BigInt>(),
            window.skip.into_sql::<BigInt>(),
        ),
    );
    let found: Vec<(i64, Option<KeyRow>)> = among.load(conn).await?;
    let matches = found.last().map_or(0, |(matches, _)| *matches);
    Ok((matches, found.into_iter().filter_map(|(_, it)| it).map(key).collect()))
}

/// What comparing the rows of a window gave.
pub struct Compared {
    pub matches: Vec<SortKey>,
    /// The last row, whether or not it matches.
    pub last: Option<SortKey>,
    pub rows: i64,
    /// They were read as a range of row numbers.
    pub is_dense: bool,
}

/// Compares the builds behind the keys of a window in one statement: up to `most` matches and the last key leave the server.
/// Where the row numbers are a dense range, as those are that were created one after the other, the range is read; otherwise
/// each build is looked up, in a subquery of its own, since a join could be planned to read the whole table. The last key is that
/// of the least row number, if no other is behind it, which saves reading all of them once more.
pub async fn compare<'a>(
    conn: &mut Conn,
    ranks: impl Fn() -> (Ranks<'a>, Planning),
    sort: Sort,
    window: PageWindow,
    (matching, most): (impl Fn(RowAccess<'static>) -> RowsOf<'a>, i64),
) -> DbResult<Compared> {
    let lowest: PreparedSql<_, Bool> = PreparedSql::new(
        "build_ranks.build = (SELECT first FROM dense) AND build_ranks.created_at = (SELECT created_at FROM span) AND \
         $1 = (SELECT rank FROM span)",
        (Verbatim(SortSql::of(sort).rank),),
    );
    let in_range: PreparedSql<_, Bool> = PreparedSql::new("builds.id BETWEEN $1", (RANGE,));
    let of_key: PreparedSql<_, Bool> = PreparedSql::new("builds.id = keys.build", ());
    let (of_lowest, planning) = ranks();
    let held = match planning {
        Planning::Once => dialect::KEYS_OF_AN_INDEX,
        Planning::OnceFiltered | Planning::ForWindow => Verbatim("MATERIALIZED"),
    };
    let compared: PreparedSql<_, (KeySql, Bool, BigInt, Bool)> = PreparedSql::new(
        "WITH keys (rank, created_at, build) AS $1 ($2), span AS MATERIALIZED (SELECT min(rank) AS rank, min(created_at) AS \
         created_at, min(build) AS first, max(build) AS last, count(*) AS rows FROM keys), dense AS MATERIALIZED \
         (SELECT first, last FROM span WHERE last - first < 3 * rows), lowest AS MATERIALIZED ($3), \
         matching (id) AS MATERIALIZED ($4 UNION ALL SELECT build FROM (SELECT build FROM keys WHERE NOT EXISTS (SELECT 1 \
         FROM dense) AND ($5) IS NOT NULL LIMIT (SELECT $6)) AS scattered), found AS (SELECT * FROM (SELECT rank, \
         created_at, build, true AS matches FROM keys WHERE build IN (SELECT id FROM matching) ORDER BY rank DESC, \
         created_at DESC, build DESC LIMIT (SELECT $6)) AS matched UNION ALL SELECT rank, created_at, build, false FROM lowest UNION ALL SELECT * FROM (SELECT rank, \
         created_at, build, false FROM keys WHERE NOT EXISTS (SELECT 1 FROM lowest) LIMIT 1 OFFSET (SELECT abs(rows - 1) \
         FROM span)) AS final) SELECT *, (SELECT rows FROM span), EXISTS (SELECT 1 FROM dense) FROM found ORDER BY rank \
         DESC, created_at DESC, build DESC",
        (
            held,
            keys(ranks(), sort, window)?,
            keys((of_lowest.filter(lowest), planning), sort, PageWindow::first(1))?,
            matching(RowAccess::InRange).filter(in_range),
            matching(RowAccess::RowByRow).filter(of_key),
            most.into_sql::<BigInt>(),
        ),
    );
    let found: Vec<(KeyRow, bool, i64, bool)> = compared.load(conn).await?;
    let last = found.last().copied();
    Ok(Compared {
        matches: found.into_iter().filter(|(_, matches, ..)| *matches).map(|(it, ..)| key(it)).collect(),
        last: last.map(|(it, ..)| key(it)),
        rows: last.map_or(0, |(_, _, rows, _)| rows),
        is_dense: last.is_some_and(|(.., is_dense)| is_dense),
    })
}

/// When the row that a cursor names was created.
pub fn created(key: SortKey) -> Result<SqlTimestamp> {
    let at = Timestamp::from_micros(key.created);
    at.map(SqlTimestamp).ok_or_else(|| Error::Unreadable("The cursor names no instant".into()))
}
