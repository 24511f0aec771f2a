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

pub struct SmallResultSet(Vec<Ranked>);

impl SmallResultSet {
    /// All of `ranks`, of which the caller knows that they are not many.
    pub async fn load(conn: &mut Conn, ranks: Ranks<'_>) -> DbResult<Self> {
        Ok(Self(ranks.select(Ranked::as_select()).load(conn).await?))
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn keys(&self, sort: Sort, window: PageWindow) -> Vec<SortKey> {
        let place = |key: &SortKey| (key.rank, key.created, key.row);
        let mut keys: Vec<SortKey> = self.0.iter().map(|it| it.key(sort)).collect();
        if let Some(after) = window.after {
            keys.retain(|key| place(key) < place(&after));
        }
        keys.sort_by(|a, b| place(b).partial_cmp(&place(a)).unwrap_or(std::cmp::Ordering::Equal));
        let (skip, take) = (usize::try_from(window.skip), usize::try_from(window.take));
        keys.into_iter().skip(skip.unwrap_or(usize::MAX)).take(take.unwrap_or(usize::MAX)).collect()
    }
}
