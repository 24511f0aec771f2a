//! Lists that are short enough to be held whole: what is rare is found by its own index and sorted here, where an
//! index of the sort's order would be gone through from end to end.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use myashes_domain::builds::Sort;
use myashes_domain::page::{Key, Total};

use super::Conn;
use super::order::{Ranks, Stretch};
use crate::sql::error::DbResult;
use crate::sql::schema::build_ranks;
use crate::sql::types::SqlTimestamp;

/// No list longer than this is held whole.
pub const MOST: i64 = 2_000;

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
    fn key(self, sort: Sort) -> Key {
        let rank = match sort {
            Sort::Newest | Sort::Relevance => 0.0,
            Sort::Rating => self.bayesian,
            Sort::Trending => self.trend,
            Sort::Popular => self.vote_count as f64,
        };
        Key { rank, created: self.created_at.0.micros(), row: self.build }
    }
}

pub struct Few(Vec<Ranked>);

impl Few {
    /// All of `ranks`, of which the caller knows that they are few.
    pub async fn load(conn: &mut Conn, ranks: Ranks<'_>) -> DbResult<Self> {
        Ok(Self(ranks.select(Ranked::as_select()).load(conn).await?))
    }

    pub fn total(&self) -> Total {
        Total { count: self.0.len() as u64, capped: false }
    }

    pub fn keys(&self, sort: Sort, stretch: Stretch) -> Vec<Key> {
        let place = |key: &Key| (key.rank, key.created, key.row);
        let mut keys: Vec<Key> = self.0.iter().map(|it| it.key(sort)).collect();
        if let Some(after) = stretch.after {
            keys.retain(|key| place(key) < place(&after));
        }
        keys.sort_by(|a, b| place(b).partial_cmp(&place(a)).unwrap_or(std::cmp::Ordering::Equal));
        let (skip, take) = (usize::try_from(stretch.skip), usize::try_from(stretch.take));
        keys.into_iter().skip(skip.unwrap_or(usize::MAX)).take(take.unwrap_or(usize::MAX)).collect()
    }
}
