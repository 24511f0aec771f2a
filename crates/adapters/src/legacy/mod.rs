//! The database of the Python service that this one replaces: taking its data over, and giving new data back.
//!
//! `place` says where it is, `shape` what of it is there (its schema had six revisions), `rows` what stands in
//! it and `live` what of that can be live here. `source` reads it, `import` and `export` carry rows over.
//! `adopt` and `bulk_…` write to this service's own tables, and `give` reads them; those are compiled for each
//! database, as the queries in `sql` are.

mod batch;
mod contest;
mod export;
mod given;
mod import;
mod known;
mod live;
mod own;
mod place;
mod report;
mod rows;
mod shape;
mod source;

pub(crate) use batch::{Batch, Mark, Outcome, Rows};
pub(crate) use given::{Given, naive};
pub(crate) use live::{LiveBuild, LiveFeedback, LiveSearch, LiveVote};
pub(crate) use own::{Own, own};

pub use export::{Export, ExportReport, export};
pub use import::{BATCH, Import, import};
pub use place::Place;
pub use report::{Drift, ImportReport, TableReport};
pub use rows::Table;

use crate::postgres::ConnectFailure;
use crate::sql::error::DbError;

/// Why nothing, or nothing more, was carried over; in one line.
#[derive(Debug, thiserror::Error)]
pub enum AdoptError {
    /// It cannot be carried out as it was asked for.
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

/// Who is told how far a long run has come.
pub trait Progress: Send + Sync {
    /// A table begins, of which so many rows are to be read.
    fn begin(&self, table: Table, rows: u64);
    fn advance(&self, rows: u64);
    fn end(&self);
}

/// Tells nobody.
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: Table, _: u64) {}
    fn advance(&self, _: u64) {}
    fn end(&self) {}
}
