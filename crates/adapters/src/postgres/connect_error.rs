//! Why PostgreSQL could not be connected to, in one line for operators.

use std::error::Error;
use std::io::{self, ErrorKind};

use super::connect::Target;
use crate::sql::sqlstate;

/// A connection that was not made.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct ConnectFailure {
    message: String,
    /// The cause and what to look at, without the place.
    pub reason: String,
    /// Whether a later attempt may succeed without a change of the configuration.
    pub transient: bool,
}

/// What kind of mistake a failure points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Suspect {
    Address,
    Account,
    Database,
    Privilege,
    Connections,
    Encryption,
    Nothing,
}

impl ConnectFailure {
    /// What `error` says of a connection to `target`.
    pub fn of(error: &tokio_postgres::Error, target: &Target) -> Self {
        let (suspect, transient) = suspect(error);
        let reason = format!("{}{}", cause(error), suspect.advice(target.variable));
        Self { transient, ..Self::at(target, reason) }
    }

    /// Another failure that may pass by itself.
    pub fn transient(target: &Target, cause: &str) -> Self {
        Self::at(target, one_line(cause))
    }

    /// One that lasts until the configuration or the database is changed; `reason` says all.
    pub fn permanent(reason: String) -> Self {
        Self { message: reason.clone(), reason, transient: false }
    }

    fn at(target: &Target, reason: String) -> Self {
        let message =
            format!("{}: cannot connect to PostgreSQL at {}: {reason}", target.variable, target.place());
        Self { message, reason, transient: true }
    }
}

impl Suspect {
    fn advice(self, variable: &str) -> String {
        let (what, parts) = match self {
            Self::Address => ("the host and the port", "POSTGRES_HOST, POSTGRES_PORT"),
            Self::Account => ("the user and the password", "POSTGRES_USER, POSTGRES_PASSWORD"),
            Self::Database => ("the name of the database", "POSTGRES_DB"),
            Self::Privilege => {
                ("the user and the database, or grant CONNECT to the user", "POSTGRES_USER, POSTGRES_DB")
            }
            Self::Encryption => ("sslmode and sslrootcert", ""),
            Self::Connections => {
                return "; lower DB_POOL_SIZE, or raise the limit of the role, the database or the server"
                    .to_owned();
            }
            Self::Nothing => return String::new(),
        };
        if variable == "DATABASE_URL" && !parts.is_empty() {
            format!("; check {what} in {variable} ({parts})")
        } else {
            format!("; check {what} in {variable}")
        }
    }
}

/// What to look at, and whether the failure may pass by itself.
fn suspect(error: &tokio_postgres::Error) -> (Suspect, bool) {
    if let Some(code) = error.code() {
        return match code.code() {
            code if code.starts_with("28") => (Suspect::Account, false),
            code if code.starts_with("3D") => (Suspect::Database, false),
            "42501" => (Suspect::Privilege, false),
            "53300" => (Suspect::Connections, true),
            _ => (Suspect::Nothing, true),
        };
    }
    // The kind of such an error is not public, but for its text.
    match error.to_string().as_str() {
        "authentication error" | "invalid configuration" => (Suspect::Account, false),
        "error performing TLS handshake" => (Suspect::Encryption, is_broken_off(error)),
        "error connecting to server" => (Suspect::Address, true),
        _ => (Suspect::Nothing, true),
    }
}

/// Whether the other side went away in the middle.
fn is_broken_off(error: &(dyn Error + 'static)) -> bool {
    use ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, TimedOut, UnexpectedEof};
    causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>()).any(|error| {
        matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | TimedOut | UnexpectedEof)
    })
}

/// What the server said, or the error and all that it came from.
fn cause(error: &tokio_postgres::Error) -> String {
    let Some(said) = error.as_db_error() else {
        let texts: Vec<String> = causes(error).map(ToString::to_string).collect();
        return one_line(&texts.join(": "));
    };
    let mut text = sqlstate::split(said.message()).1.to_owned();
    for more in [said.detail(), said.hint()].into_iter().flatten() {
        text.push_str(&format!(" ({more})"));
    }
    one_line(&format!("{text} (SQLSTATE {})", said.code().code()))
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
