//! The one place where a database's error becomes the domain's.

use diesel::result::{DatabaseErrorKind, Error as Diesel};
use myashes_domain::Error;

use super::sqlstate;

/// Counts changes that a CHECK or NOT NULL of the schema refused.
pub const CONSTRAINT_VIOLATIONS: &str = "db_constraint_violations_total";

/// Connection exceptions; shutdowns, crashes and starts of the server; sessions ended for their idleness.
const CONNECTION_LOST: &[&str] = &["08", "57P01", "57P02", "57P03", "57P05", "25P03"];

/// Deadlocks, serialization failures and other rollbacks; insufficient resources.
const OVERCOME_ELSEWHERE: &[&str] = &[ROLLBACK, "53"];
const ROLLBACK: &str = "40";

const LOCK_NOT_AVAILABLE: &str = "55P03";

/// A prepared statement that is not there, or is there already: the session is not the one that prepared it.
const FOREIGN_SESSION: &[&str] = &["26000", "42P05"];

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
    /// Whether its connection and most likely its neighbours must not serve again: they are broken, or their server
    /// has become a replica.
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

    /// Whether its connection must not serve again, whatever there is to be said of its neighbours.
    pub fn spoils(&self) -> bool {
        self.must_discard_connection() || self.has_state(|state| in_classes(state, OVERCOME_ELSEWHERE))
    }

    /// Whether a read may succeed at once on another connection: this one was lost, its server has become a replica,
    /// has met another transaction, or is short of something.
    pub fn may_be_overcome_elsewhere(&self) -> bool {
        use DatabaseErrorKind::{ReadOnlyTransaction, SerializationFailure};
        self.spoils()
            || matches!(
                self,
                Self::Database(Diesel::DatabaseError(ReadOnlyTransaction | SerializationFailure, _))
            )
    }

    /// Whether the same transaction may succeed when it is tried again: it met another one (a deadlock, a lock that
    /// was not free in time, a row that came or went), or the connection was lost before the commit.
    pub fn is_transient(&self) -> bool {
        use DatabaseErrorKind::{ForeignKeyViolation, SerializationFailure, UniqueViolation, Unknown};
        match self {
            Self::UnexpectedRows { .. } => true,
            // Of a row that was there a moment ago: what may be missing is asked for as optional.
            Self::Database(Diesel::NotFound) => true,
            Self::Database(Diesel::DatabaseError(kind, info)) => match kind {
                ForeignKeyViolation | SerializationFailure | UniqueViolation => true,
                Unknown => match sqlstate::of(&**info) {
                    Some(state) => {
                        is_lost(state) || state.starts_with(ROLLBACK) || state == LOCK_NOT_AVAILABLE
                    }
                    // SQLite's locks have no kind of their own.
                    None => true,
                },
                _ => self.is_lost_connection(),
            },
            Self::Database(_) | Self::Domain(_) | Self::CommitUnknown(_) => false,
        }
    }

    /// Whether the connection was lost.
    pub fn is_lost_connection(&self) -> bool {
        use DatabaseErrorKind::{ClosedConnection, UnableToSendCommand};
        match self {
            // The second is what the driver says of a connection that breaks; that it could not write down a command
            // has the same kind, and does not happen to commands as small as these.
            Self::Database(Diesel::DatabaseError(ClosedConnection | UnableToSendCommand, _)) => true,
            _ => self.has_state(is_lost),
        }
    }

    fn has_state(&self, holds: impl FnOnce(&str) -> bool) -> bool {
        match self {
            Self::Database(Diesel::DatabaseError(_, info)) => sqlstate::of(&**info).is_some_and(holds),
            _ => false,
        }
    }
}

fn in_classes(state: &str, classes: &[&str]) -> bool {
    classes.iter().any(|class| state.starts_with(class))
}

/// Whether this state means that the connection is lost: the server shuts down, starts up or has closed an idle
/// connection, or the network failed.
fn is_lost(state: &str) -> bool {
    in_classes(state, CONNECTION_LOST)
}

/// What to look at when prepared statements are not where they were made.
fn pooler_hint(state: Option<&str>) -> &'static str {
    if state.is_some_and(|state| FOREIGN_SESSION.contains(&state)) {
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
            ) => Self::unavailable(format!(
                "{kind:?}: {}{}",
                info.message(),
                pooler_hint(sqlstate::of(&**info))
            )),
            Diesel::RollbackErrorOnCommit { commit_error, .. } => {
                Self::unavailable(format!("the commit was broken off: {commit_error}"))
            }
            Diesel::NotFound => Self::unavailable("a row was deleted while it was needed"),
            Diesel::BrokenTransactionManager => Self::unavailable("the transaction was broken off"),
            other => Self::internal(format!("database: {other}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(kind: DatabaseErrorKind, message: &str) -> DbError {
        Diesel::DatabaseError(kind, Box::new(message.to_owned())).into()
    }

    fn stated(state: &str) -> DbError {
        error(DatabaseErrorKind::Unknown, &sqlstate::tagged(state, "etwas ging schief"))
    }

    #[test]
    fn errors_are_distinguished_by_their_state_and_not_by_their_text() {
        for state in ["57P01", "57P02", "57P03", "08000", "08006", "08P01"] {
            let error = stated(state);
            assert!(
                error.is_lost_connection() && error.must_discard_connection() && error.is_transient(),
                "{state}"
            );
            assert!(error.may_be_overcome_elsewhere(), "{state}");
        }
        for state in ["40001", "40P01", "53200", "53300"] {
            let error = stated(state);
            assert!(
                error.spoils() && !error.must_discard_connection() && error.may_be_overcome_elsewhere(),
                "{state}"
            );
            assert_eq!(error.is_transient(), state.starts_with("40"), "{state}");
        }
        for state in ["57014", "42P01", "XX000", "22003", "55P03"] {
            let error = stated(state);
            assert!(!error.spoils() && !error.may_be_overcome_elsewhere(), "{state}");
            assert_eq!(error.is_transient(), state == LOCK_NOT_AVAILABLE, "{state}");
        }
    }

    #[test]
    fn a_demoted_server_is_left_and_reads_are_tried_elsewhere() {
        let error = error(DatabaseErrorKind::ReadOnlyTransaction, "nur lesend");
        assert!(
            error.must_discard_connection() && error.may_be_overcome_elsewhere() && !error.is_transient()
        );
    }

    #[test]
    fn a_connection_that_breaks_is_lost_whatever_is_said_of_it() {
        for kind in [DatabaseErrorKind::ClosedConnection, DatabaseErrorKind::UnableToSendCommand] {
            assert!(error(kind, "broken pipe").is_lost_connection());
        }
        let locked = error(DatabaseErrorKind::Unknown, "database is locked");
        assert!(locked.is_transient() && !locked.is_lost_connection());
    }
}
