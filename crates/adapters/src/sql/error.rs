//! The one place where a database's error becomes the domain's.

use diesel::result::{DatabaseErrorKind, Error as Diesel};
use myashes_domain::Error;

/// Counts changes that a CHECK or NOT NULL of the schema refused.
pub const CONSTRAINT_VIOLATIONS: &str = "db_constraint_violations_total";

pub type DbResult<T> = Result<T, DbError>;

/// What can end a query or a transaction: the database, or a rule of the domain that was asked within it.
#[derive(Debug)]
pub enum DbError {
    Database(Diesel),
    Domain(Error),
    /// Whether the transaction was committed is not known: it must not be tried again as if it was not.
    CommitUnknown(String),
    /// Fewer or more rows were changed than was decided on what was read under the lock.
    UnexpectedRows {
        expected: usize,
        affected: usize,
    },
}

/// Fails a transaction whose statement changed another number of rows than was decided.
pub fn expect_rows(expected: usize, affected: usize) -> DbResult<()> {
    if expected == affected { Ok(()) } else { Err(DbError::UnexpectedRows { expected, affected }) }
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
    pub fn must_discard_connection(&self) -> bool {
        use DatabaseErrorKind::ReadOnlyTransaction;
        self.is_lost_connection()
            || matches!(
                self,
                Self::CommitUnknown(_)
                    | Self::Database(
                        Diesel::DatabaseError(ReadOnlyTransaction, _)
                            | Diesel::BrokenTransactionManager
                            | Diesel::RollbackErrorOnCommit { .. }
                    )
            )
    }

    /// Whether the same transaction may succeed when it is tried again: it met another one (a deadlock, a lock that
    /// was not free in time, a row that came or went), or the connection was lost before the commit.
    pub fn is_transient(&self) -> bool {
        use DatabaseErrorKind::{ForeignKeyViolation, SerializationFailure, UniqueViolation, Unknown};
        self.is_lost_connection()
            || matches!(
                self,
                Self::UnexpectedRows { .. }
                    // Of a row that was there a moment ago: what may be missing is asked for as optional.
                    | Self::Database(Diesel::NotFound)
                    | Self::Database(Diesel::DatabaseError(
                        // Deadlocks and lock timeouts have no kind of their own.
                        ForeignKeyViolation | SerializationFailure | UniqueViolation | Unknown,
                        _
                    ))
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

/// What to look at when prepared statements are not where they were made.
fn pooler_hint(message: &str) -> &'static str {
    let lost = message.ends_with("already exists") || message.ends_with("does not exist");
    if message.starts_with("prepared statement") && lost {
        "; a connection pooler that does not keep sessions seems to stand before PostgreSQL: it needs pool_mode = session"
    } else {
        ""
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
            DbError::CommitUnknown(why) => {
                return Self::unavailable(format!("the commit was broken off: {why}"));
            }
            DbError::UnexpectedRows { expected, affected } => {
                return Self::unavailable(format!("expected to change {expected} rows, changed {affected}"));
            }
        };
        match &diesel {
            // The data would break a promise of the schema: a defect.
            Diesel::DatabaseError(kind @ (NotNullViolation | CheckViolation), info) => {
                metrics::counter!(CONSTRAINT_VIOLATIONS).increment(1);
                Self::internal(format!("{kind:?} of {:?}: {}", info.constraint_name(), info.message()))
            }
            // Another transaction was there first, also after this one was tried again.
            Diesel::DatabaseError(kind @ (UniqueViolation | ForeignKeyViolation), info) => {
                Self::unavailable(format!("{kind:?} of {:?}: {}", info.constraint_name(), info.message()))
            }
            // The database does not do it now: it is away, full, a replica, not migrated, too slow.
            Diesel::DatabaseError(
                kind @ (ClosedConnection | ReadOnlyTransaction | SerializationFailure | UnableToSendCommand
                | Unknown),
                info,
            ) => Self::unavailable(format!("{kind:?}: {}{}", info.message(), pooler_hint(info.message()))),
            Diesel::RollbackErrorOnCommit { commit_error, .. } => {
                Self::unavailable(format!("the commit was broken off: {commit_error}"))
            }
            Diesel::NotFound => Self::unavailable("a row went while it was needed"),
            Diesel::BrokenTransactionManager => Self::unavailable("the transaction was broken off"),
            other => Self::internal(format!("database: {other}")),
        }
    }
}
