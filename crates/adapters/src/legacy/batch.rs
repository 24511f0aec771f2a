//! What is written in one transaction.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use myashes_domain::analytics::{CALLERS_KEPT, SearchRecord};
use myashes_domain::clock::Timestamp;

use super::live::{LiveBuild, LiveFeedback, LiveSearch, LiveVote};
use super::rows::Table;
use crate::sql::types::text_key;

/// The rows of a batch that can be live.
pub enum Rows {
    Builds(Vec<LiveBuild>),
    Votes(Vec<LiveVote>),
    Feedback(Vec<LiveFeedback>),
    Searches(Vec<LiveSearch>),
}

impl Rows {
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Builds(rows) => rows.len(),
            Self::Votes(rows) => rows.len(),
            Self::Feedback(rows) => rows.len(),
            Self::Searches(rows) => rows.len(),
        }
    }
}

/// A row that cannot be live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    pub id: i64,
    pub reason: String,
    pub contents: String,
}

/// One batch: the rows that can be live, those that cannot, and how far the table has come with it.
pub struct Batch {
    pub rows: Rows,
    pub quarantined: Vec<SetAside>,
    pub table: Table,
    /// The mark must stand here,
    pub from: i64,
    /// and moves there.
    pub to: i64,
    pub witness: Vec<u8>,
    pub at: Timestamp,
}

/// What became of the rows of a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    pub adopted: u64,
    pub present: u64,
    pub gone: u64,
}

/// How far a table has come: the last numeric id that was read, and the witness of its row.
pub type Mark = (i64, Vec<u8>);

/// What searches add to the roll-ups: each key once, in the order of the keys.
#[derive(Default)]
pub struct RollUp<'a> {
    /// Day, mode, key and spelling key; folded query, spelling, searches and those without a result.
    pub days: BTreeMap<(i32, &'static str, Vec<u8>, Vec<u8>), (&'a str, &'a str, i64, i64)>,
    /// Callers by day, mode and key.
    pub callers: BTreeMap<(i32, &'static str, Vec<u8>), BTreeSet<&'a [u8]>>,
}

impl<'a> RollUp<'a> {
    #[must_use]
    pub fn of(records: &'a [SearchRecord]) -> Self {
        let mut rolled = Self::default();
        let mut keys: HashMap<&str, Vec<u8>> = HashMap::new();
        for it in records {
            let mut key = |text: &'a str| keys.entry(text).or_insert_with(|| text_key(text)).clone();
            let (query, spelling) = (key(it.query.folded()), key(it.query.text()));
            let (day, mode) = (it.at.day().0, it.search_mode.name());
            let callers = rolled.callers.entry((day, mode, query.clone())).or_default();
            if callers.len() < CALLERS_KEPT as usize {
                callers.insert(&it.caller);
            }
            let texts = (it.query.folded(), it.query.text(), 0, 0);
            let row = rolled.days.entry((day, mode, query, spelling)).or_insert(texts);
            row.2 += 1;
            row.3 += i64::from(it.result_count == 0);
        }
        rolled
    }
}
