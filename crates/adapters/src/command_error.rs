//! The error of the commands that open a database of their own: migrations, doctor, import and export.

use crate::postgres::ConnectFailure;
use crate::sql::error::DbError;

/// Why a command failed, in one line.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The command, the configuration or the database has to be changed first.
    #[error("{0}")]
    Configuration(String),
    /// Any other failure, such as a database that does not answer or is not the expected one.
    #[error("{0}")]
    Failed(String),
}

impl CommandError {
    pub(crate) fn configuration(why: impl std::fmt::Display) -> Self {
        Self::Configuration(why.to_string())
    }

    pub(crate) fn failed(why: impl std::fmt::Display) -> Self {
        Self::Failed(why.to_string())
    }
}

impl From<ConnectFailure> for CommandError {
    fn from(failure: ConnectFailure) -> Self {
        if failure.transient { Self::failed(failure) } else { Self::configuration(failure) }
    }
}

impl From<diesel::result::Error> for CommandError {
    fn from(error: diesel::result::Error) -> Self {
        Self::failed(error)
    }
}

impl From<DbError> for CommandError {
    fn from(error: DbError) -> Self {
        Self::from(myashes_domain::Error::from(error))
    }
}

impl From<myashes_domain::Error> for CommandError {
    fn from(error: myashes_domain::Error) -> Self {
        Self::Failed(error.cause())
    }
}
