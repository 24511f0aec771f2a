//! The one place where a database's error becomes the domain's.

use diesel::result::{DatabaseErrorKind, Error as Diesel};
use myashes_domain::Error;

pub type DbResult<T> = Result<T, DbError>;

/// What can end a query or a transaction: the database, or a rule of the domain that was asked within it.
#[derive(Debug)]
pub enum DbError {
    Database(Diesel),
    Domain(Error),
}

impl From<Diesel> for DbError {
    fn from(error: Diesel) -> Self {
        Self::Database(error)
    }
}

impl From<Error> for DbError {
    fn from(error: Error) -> Self {
        Self::Domain(error)
    }
}

impl DbError {
    /// Whether the connection it came from must not serve again: it is broken, or its server has become a
    /// replica.
    pub fn poisons(&self) -> bool {
        use DatabaseErrorKind::ReadOnlyTransaction;
        self.is_lost_connection()
            || matches!(
                self,
                Self::Database(
                    Diesel::DatabaseError(ReadOnlyTransaction, _) | Diesel::BrokenTransactionManager
                )
            )
    }

    /// Whether the same statement may succeed at once on another connection.
    pub fn is_lost_connection(&self) -> bool {
        use DatabaseErrorKind::{ClosedConnection, UnableToSendCommand, Unknown};
        let Self::Database(Diesel::DatabaseError(kind, info)) = self else { return false };
        match kind {
            ClosedConnection => true,
            // The same kind tells of a command that could not be made; only this one says so of its way.
            UnableToSendCommand => info.message() == "connection closed",
            Unknown => info.message().starts_with("terminating connection"),
            _ => false,
        }
    }
}

impl From<DbError> for Error {
    fn from(error: DbError) -> Self {
        use DatabaseErrorKind::{
            CheckViolation, ClosedConnection, ForeignKeyViolation, NotNullViolation, ReadOnlyTransaction,
            SerializationFailure, UnableToSendCommand, UniqueViolation, Unknown,
        };
        let diesel = match error {
            DbError::Domain(error) => return error,
            DbError::Database(diesel) => diesel,
        };
        match &diesel {
            // The data would break a promise of the schema: a fault of ours.
            Diesel::DatabaseError(
                kind @ (UniqueViolation | ForeignKeyViolation | NotNullViolation | CheckViolation),
                info,
            ) => Self::internal(format!("{kind:?} of {:?}: {}", info.constraint_name(), info.message())),
            // The database does not do it now: it is away, full, a replica, not migrated, too slow.
            Diesel::DatabaseError(
                kind @ (ClosedConnection | ReadOnlyTransaction | SerializationFailure | UnableToSendCommand
                | Unknown),
                info,
            ) => Self::unavailable(format!("{kind:?}: {}", info.message())),
            Diesel::BrokenTransactionManager => Self::unavailable("the transaction was broken off"),
            other => Self::internal(format!("database: {other}")),
        }
    }
}
