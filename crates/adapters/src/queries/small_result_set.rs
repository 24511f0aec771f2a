//! Matches that are few enough to be held whole: they are found by their own index and sorted here, where an index of
//! the sort's order would be read from end to end.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use myashes_domain::builds::Sort;
use myashes_domain::page::SortKey;

use super::Conn;
use super::order::{PageWindow, Ranks};
use crate::sql::error::DbResult;
use crate::sql::schema::build_ranks;
use crate::sql::types::SqlTimestamp;

#[derive(Debug, Clone, Copy, Queryable, Selectable)]
#[diesel(table_name = build_ranks)]
struct Ranked {
    build: i64,
    created_at: SqlTimestamp,
    vote_count: i64,
    bayesian: f64,
    trend: f64,
}

impl Ranked {
    fn key(self, sort: Sort) -> SortKey {
        let rank = match sort {
            Sort::Newest | Sort::Relevance => 0.0,
            Sort::Rating => self.bayesian,
            Sort::Trending => self.trend,
            Sort::Popular => self.vote_count as f64,
        };
        SortKey { rank, created: self.created_at.0.micros(), row: self.build }
    }
}

/// Keys in any order.
pub struct SmallResultSet(Vec<SortKey>);

impl SmallResultSet {
    /// All of `ranks`, of which the caller knows that they are not many.
    pub async fn load(conn: &mut Conn, ranks: Ranks<'_>, sort: Sort) -> DbResult<Self> {
        let rows: Vec<Ranked> = ranks.select(Ranked::as_select()).load(conn).await?;
        Ok(Self(rows.into_iter().map(|row| row.key(sort)).collect()))
    }

    /// Builds and when they were created, which is all that the sort by creation needs.
    pub fn by_creation(rows: Vec<(i64, SqlTimestamp)>) -> Self {
        let key = |(row, at): (i64, SqlTimestamp)| SortKey { rank: 0.0, created: at.0.micros(), row };
        Self(rows.into_iter().map(key).collect())
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Those of a window, sorted.
    pub fn sorted(mut self, window: PageWindow) -> Vec<SortKey> {
        let place = |key: &SortKey| (key.rank, key.created, key.row);
        if let Some(after) = window.after {
            self.0.retain(|key| place(key) < place(&after));
        }
        self.0.sort_by(|a, b| place(b).partial_cmp(&place(a)).unwrap_or(std::cmp::Ordering::Equal));
        let (skip, take) = (usize::try_from(window.skip), usize::try_from(window.take));
        self.0.into_iter().skip(skip.unwrap_or(usize::MAX)).take(take.unwrap_or(usize::MAX)).collect()
    }
}
