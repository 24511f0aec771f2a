//! What is written in one transaction.

use std::collections::HashSet;
use std::sync::Arc;

use myashes_domain::clock::Timestamp;

use super::imported::{ImportedBuild, ImportedFeedback, ImportedSearch, ImportedVote};
use super::table::Table;

/// The rows of a batch that can be imported: builds and votes all, the others only where no earlier run has read them.
pub enum Rows {
    Builds(Vec<ImportedBuild>),
    Votes(Vec<ImportedVote>),
    Feedback(Vec<ImportedFeedback>),
    Searches(Vec<ImportedSearch>),
}

impl Rows {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Builds(rows) => rows.is_empty(),
            Self::Votes(rows) => rows.is_empty(),
            Self::Feedback(rows) => rows.is_empty(),
            Self::Searches(rows) => rows.is_empty(),
        }
    }
}

/// A row that cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantinedRow {
    pub id: i64,
    pub reason: String,
    pub contents: String,
}

/// One batch: the rows that can be imported, those that cannot, and how far the table has come with it.
pub struct Batch {
    pub rows: Rows,
    pub quarantined: Vec<QuarantinedRow>,
    pub table: Table,
    /// The mark before the batch; another value refuses it.
    pub from: i64,
    /// The mark after the batch.
    pub to: Mark,
    pub at: Timestamp,
    /// The last numeric id that earlier runs have read.
    pub read_before: Option<i64>,
    /// Set in a dry run, in which nothing is written: what the run would have done by now.
    pub dry_run: Option<Arc<Foreseen>>,
}

/// A row that could not be reconciled, and is left as it is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The table of the row.
    pub table: Table,
    /// Its numeric id at the source.
    pub id: i64,
    /// What it is called here.
    pub row: String,
    /// The reason, in one line.
    pub why: String,
}

/// What became of the rows of a batch.
#[derive(Debug, Clone, Default)]
pub struct BatchOutcome {
    pub imported: u64,
    /// Rows that were changed at the source, and are changed here.
    pub changed: u64,
    /// Rows that were deleted at the source, and are deleted here.
    pub removed: u64,
    pub present: u64,
    pub orphaned: u64,
    pub conflicts: Vec<Conflict>,
    /// Numeric ids of rows whose counterparts here were left as they are, conflicts among them.
    pub left: Vec<i64>,
    pub foreseen: Foreseen,
}

/// What a dry run would have written, as far as later batches depend on it.
#[derive(Debug, Clone, Default)]
pub struct Foreseen {
    /// Public ids of the builds that would have been stored.
    pub stored: HashSet<String>,
    /// Row numbers here of the votes that would have been removed.
    pub removed: HashSet<i64>,
}

impl BatchOutcome {
    pub fn conflict(&mut self, table: Table, id: i64, row: String, why: &str) {
        self.conflicts.push(Conflict { table, id, row, why: why.to_owned() });
        self.left.push(id);
    }
}

/// Progress of a table: the last numeric id that was read, and the checksum of its row.
pub type Mark = (i64, Vec<u8>);

/// The last numeric id that was read: `None` before the first row, for which a mark has the lowest number and no checksum.
#[must_use]
pub fn last_read(mark: &Mark) -> Option<i64> {
    (!mark.1.is_empty()).then_some(mark.0)
}
