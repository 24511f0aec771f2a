//! The one error of the domain: what went wrong, in terms of the domain, independent of any transport.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

use crate::clock::Timestamp;
use crate::limits::{BUILD_VOTES, EXPORTS};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One thing that is wrong with one field of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    pub field: Cow<'static, str>,
    pub code: &'static str,
    pub message: String,
}

impl FieldError {
    pub fn new(field: impl Into<Cow<'static, str>>, code: &'static str, message: impl Into<String>) -> Self {
        Self { field: field.into(), code, message: message.into() }
    }
}

/// All validation errors of one request, so that the caller can correct them at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(pub Vec<FieldError>);

impl FieldErrors {
    /// Returns the value of an `Ok`, and collects the error of an `Err`.
    pub fn take<T>(&mut self, result: std::result::Result<T, FieldError>) -> Option<T> {
        result.map_err(|fault| self.0.push(fault)).ok()
    }

    pub fn push(&mut self, fault: FieldError) {
        self.0.push(fault);
    }

    /// Adds the error unless its field has one already.
    pub fn push_first(&mut self, fault: FieldError) {
        if !self.0.iter().any(|known| known.field == fault.field) {
            self.0.push(fault);
        }
    }

    /// `value` when nothing was wrong.
    pub fn finish<T>(self, value: Option<T>) -> Result<T> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(Error::Invalid(self)),
        }
    }
}

/// The internal cause of a failure: for the log, never for a response body.
#[derive(Debug, Clone)]
pub struct Internal(pub String);

impl fmt::Display for Internal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The vote that a caller has cast already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CurrentVote {
    pub stars: i64,
    pub cast_at: Timestamp,
}

#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    #[error("The request has {} invalid field(s)", .0.0.len())]
    Invalid(FieldErrors),
    /// The request cannot be read at all (malformed cursor, bad encoding).
    #[error("{0}")]
    Unreadable(Cow<'static, str>),
    #[error("Authentication is required for this request")]
    AuthenticationRequired,
    #[error("The token is invalid or has expired")]
    AuthenticationFailed,
    #[error("Only the owner of a build can change it")]
    NotOwner,
    #[error("Official templates cannot be changed")]
    TemplateReadOnly,
    /// Returned to the owner only; for other callers the build does not exist.
    #[error("An administrator has hidden this build: it can be deleted, but not changed")]
    BuildHidden,
    #[error("The session to claim must be the session of this request")]
    SessionMismatch,
    #[error("Administrator rights are required")]
    AdminRequired,
    /// Absent, deleted and hidden builds alike.
    #[error("Build {0} does not exist")]
    BuildNotFound(String),
    #[error("Feedback {0} does not exist")]
    FeedbackNotFound(String),
    #[error("There is nothing here")]
    NotFound,
    /// A generated id is in use: another one is tried.
    #[error("Something went wrong on our side")]
    IdTaken,
    /// Contains the caller's current vote, unless it is another player's.
    #[error("This build has already been rated by this caller")]
    AlreadyVoted(Option<CurrentVote>),
    #[error("This feedback is flagged already, and its cleanup has an issue")]
    AlreadyFlagged,
    #[error("A request with this Idempotency-Key is still running")]
    IdempotencyConflict,
    #[error("This Idempotency-Key was used for a different request")]
    IdempotencyKeyReused,
    #[error("The build has changed since it was read")]
    PreconditionFailed,
    /// `limit` names the limit, `retry_after` is in seconds.
    #[error("{}", too_many(.limit))]
    RateLimited { limit: &'static str, retry_after: u64 },
    /// The database, the pool or the identity provider cannot answer in time.
    #[error("The service cannot answer right now")]
    Unavailable(Internal),
    #[error("Something went wrong on our side")]
    Internal(Internal),
}

impl Error {
    /// A validation error of a single field.
    pub fn invalid(
        field: impl Into<Cow<'static, str>>,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self::Invalid(FieldErrors(vec![FieldError::new(field, code, message)]))
    }

    pub fn internal(what: impl fmt::Display) -> Self {
        Self::Internal(Internal(what.to_string()))
    }

    pub fn unavailable(what: impl fmt::Display) -> Self {
        Self::Unavailable(Internal(what.to_string()))
    }
}

fn too_many(limit: &str) -> &'static str {
    match limit {
        BUILD_VOTES => {
            "Too many anonymous votes for this build from this address; signing in lifts this limit"
        }
        EXPORTS => "Two exports are already running for this caller; try again when one has ended",
        _ => "Too many requests",
    }
}
