//! Rows on their way between the Python service's database and this one: what an import writes (`live`, `batch`), what
//! an export reads (`export_row`), and whether a row is equal on both sides (`checksum`).

mod batch;
mod checksum;
mod export_row;
mod live;
mod table;

pub use batch::{Batch, BatchOutcome, Conflict, Foreseen, Mark, QuarantinedRow, Rows, last_read};
pub use checksum::{Checksum, ImportedRow, SourceRow};
pub use export_row::{Given, Pick, cell, naive};
pub use live::{LiveBuild, LiveFeedback, LiveSearch, LiveVote};
pub use table::Table;

use crate::sql::error::DbError;

/// Why nothing, or nothing more, was carried over; in one line.
#[derive(Debug, thiserror::Error)]
pub enum AdoptError {
    /// The request is not valid for this database.
    #[error("{0}")]
    Usage(String),
    /// Any other failure, such as a database that does not answer or another source than before.
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
