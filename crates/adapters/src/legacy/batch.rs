//! What is written in one transaction.

use myashes_domain::clock::Timestamp;

use super::legacy_reader::{LiveBuild, LiveFeedback, LiveSearch, LiveVote};
use super::rows::Table;

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
pub struct QuarantinedRow {
    pub id: i64,
    pub reason: String,
    pub contents: String,
}

/// One batch: the rows that can be live, those that cannot, and how far the table has come with it.
pub struct Batch {
    pub rows: Rows,
    pub quarantined: Vec<QuarantinedRow>,
    pub table: Table,
    /// The mark before the batch; another value refuses it.
    pub from: i64,
    /// The mark after the batch.
    pub to: i64,
    pub row_checksum: Vec<u8>,
    pub at: Timestamp,
}

/// Numbers of rows of a batch, by outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    pub adopted: u64,
    pub present: u64,
    pub orphaned: u64,
}

/// Progress of a table: the last numeric id that was read, and the checksum of its row.
pub type Mark = (i64, Vec<u8>);

/// The last numeric id that was read: `None` before the first row, for which a mark has the lowest number and no checksum.
#[must_use]
pub fn last_read(mark: &Mark) -> Option<i64> {
    (!mark.1.is_empty()).then_some(mark.0)
}
