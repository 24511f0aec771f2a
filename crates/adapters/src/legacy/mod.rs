//! The database of the Python service that this one replaces: taking its data over, and giving new data back.
//!
//! `legacy_url` says where it is, `shape` what of it is there (its schema had six revisions), `rows` what stands in
//! it and `legacy_reader` what of that can be live here. `source` reads it, `import` and `export` carry rows over, and
//! `checksum` says whether a row is equal on both sides. `import_writer` and `bulk_…` write to this service's own tables,
//! `import_records` remembers what was written, `reconcile` decides about rows that are here already, and `export_writer`
//! reads them; those are compiled for each database, as the queries in `sql` are.

mod batch;
mod checksum;
mod dedupe_votes;
mod export;
mod export_report;
mod export_row;
mod export_tables;
mod import;
mod known;
mod legacy_reader;
mod legacy_url;
mod proof;
mod report;
mod rows;
mod service_db;
mod shape;
mod source;

pub(crate) use batch::{Batch, Foreseen, Mark, Outcome, QuarantinedRow, Rows};
pub(crate) use checksum::{ImportedRow, SourceRow};
pub(crate) use export_row::{Given, Pick, cell, naive};
pub(crate) use legacy_reader::{LiveBuild, LiveFeedback, LiveSearch, LiveVote};
pub(crate) use service_db::{ServiceDb, own};

pub use export::{Export, export};
pub use export_report::ExportReport;
pub use import::{BATCH, Import, import};
pub use legacy_url::Place;
pub use proof::{Side, TableProof};
pub use report::{Conflict, CountMismatch, ImportReport, TableReport};
pub use rows::Table;

use crate::postgres::ConnectFailure;
use crate::sql::error::DbError;

/// Why nothing, or nothing more, was carried over; in one line.
#[derive(Debug, thiserror::Error)]
pub enum AdoptError {
    /// The request is not valid for this database.
    #[error("{0}")]
    Usage(String),
    #[error("{0}")]
    Failed(String),
}

impl AdoptError {
    pub(crate) fn usage(why: impl std::fmt::Display) -> Self {
        Self::Usage(why.to_string())
    }

    pub(crate) fn failed(why: impl std::fmt::Display) -> Self {
        Self::Failed(why.to_string())
    }
}

impl From<ConnectFailure> for AdoptError {
    fn from(failure: ConnectFailure) -> Self {
        if failure.transient { Self::failed(failure) } else { Self::usage(failure) }
    }
}

impl From<diesel::result::Error> for AdoptError {
    fn from(error: diesel::result::Error) -> Self {
        Self::failed(error)
    }
}

impl From<DbError> for AdoptError {
    fn from(error: DbError) -> Self {
        Self::from(myashes_domain::Error::from(error))
    }
}

impl From<myashes_domain::Error> for AdoptError {
    fn from(error: myashes_domain::Error) -> Self {
        match error {
            myashes_domain::Error::Unavailable(inner) | myashes_domain::Error::Internal(inner) => {
                Self::failed(inner)
            }
            other => Self::failed(other),
        }
    }
}

/// Receives the progress of a long run.
pub trait Progress: Send + Sync {
    /// A table begins, of which so many rows are to be read.
    fn begin(&self, table: Table, rows: u64);
    fn advance(&self, rows: u64);
    fn end(&self);
}

/// Discards progress.
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: Table, _: u64) {}
    fn advance(&self, _: u64) {}
    fn end(&self) {}
}
