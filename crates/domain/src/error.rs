//! The one error of the domain: what went wrong, in terms of the domain, independent of any transport.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

use crate::clock::Timestamp;
use crate::limits::{BUILD_VOTES, EXPORTS};

/// The result of an operation, with [`Error`] unless another error type is named.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One thing that is wrong with one field of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The name of the field, as a request has it.
    pub field: Cow<'static, str>,
    /// A stable code for programs, such as `length`.
    pub code: &'static str,
    /// What is required, to be read after the name of the field: `must not be empty`.
    pub message: String,
}

impl FieldError {
    /// Creates an error on one field.
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

    /// Adds an error.
    pub fn push(&mut self, fault: FieldError) {
        self.0.push(fault);
    }

    /// Adds the error unless its field has one already.
    pub fn push_first(&mut self, fault: FieldError) {
        if !self.0.iter().any(|known| known.field == fault.field) {
            self.0.push(fault);
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
    /// The rating, 1 to 5 stars.
    pub stars: i64,
    /// When the vote was cast first; a changed rating leaves it as it is.
    pub cast_at: Timestamp,
}

/// Why an operation was refused, or how it failed. `Display` is the message for the caller.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The request can be read, but these fields are not valid.
    #[error("The request has {} invalid field(s)", .0.0.len())]
    Invalid(FieldErrors),
    /// The request cannot be read at all (malformed cursor, bad encoding).
    #[error("{0}")]
    Unreadable(Cow<'static, str>),
    /// The operation needs a token, and the request has none.
    #[error("Authentication is required for this request")]
    AuthenticationRequired,
    /// The token is invalid or has expired, or no way to check tokens is configured.
    #[error("The token is invalid or has expired")]
    AuthenticationFailed,
    /// The caller may see the build, but does not own it.
    #[error("Only the owner of a build can change it")]
    NotOwner,
    /// Callers can neither change nor delete templates.
    #[error("Official templates cannot be changed")]
    TemplateReadOnly,
    /// Returned to the owner only; for other callers the build does not exist.
    #[error("An administrator has hidden this build: it can be deleted, but not changed")]
    BuildHidden,
    /// A claim names another session than the one it is made in.
    #[error("The session to claim must be the session of this request")]
    SessionMismatch,
    /// The player is no administrator, or the admin token is wrong.
    #[error("Administrator rights are required")]
    AdminRequired,
    /// Absent, deleted and hidden builds alike.
    #[error("Build {0} does not exist")]
    BuildNotFound(String),
    /// Contains the id from the request.
    #[error("Feedback {0} does not exist")]
    FeedbackNotFound(String),
    /// What the request names does not exist, and is neither a build nor feedback.
    #[error("There is nothing here")]
    NotFound,
    /// A generated id is in use: another one is tried.
    #[error("Something went wrong on our side")]
    IdTaken,
    /// Contains the caller's current vote, unless it is another player's.
    #[error("This build has already been rated by this caller")]
    AlreadyVoted(Option<CurrentVote>),
    /// The feedback is flagged, and an issue tracks its cleanup.
    #[error("This feedback is flagged already, and its cleanup has an issue")]
    AlreadyFlagged,
    /// Another request holds the key until it ends.
    #[error("A request with this Idempotency-Key is still running")]
    IdempotencyConflict,
    /// A response is stored under the key for another method, path or body.
    #[error("This Idempotency-Key was used for a different request")]
    IdempotencyKeyReused,
    /// The build is at another revision than the caller expects.
    #[error("The build has changed since it was read")]
    PreconditionFailed,
    /// `limit` names the limit, `retry_after` is in seconds.
    #[error("{}", too_many(.limit))]
    RateLimited {
        /// A [`crate::limits::LimitClass`], [`BUILD_VOTES`], [`EXPORTS`], or the name of another limit.
        limit: &'static str,
        /// Seconds until the next attempt may succeed.
        retry_after: u64,
    },
    /// The database, the pool or the identity provider cannot answer in time.
    #[error("The service cannot answer right now")]
    Unavailable(Internal),
    /// A fault of the service, with its cause for the log.
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

    /// Creates an [`Error::Internal`] with a cause for the log.
    pub fn internal(what: impl fmt::Display) -> Self {
        Self::Internal(Internal(what.to_string()))
    }

    /// Creates an [`Error::Unavailable`] with a cause for the log.
    pub fn unavailable(what: impl fmt::Display) -> Self {
        Self::Unavailable(Internal(what.to_string()))
    }

    /// The message for the log: the internal cause where there is one.
    #[must_use]
    pub fn cause(&self) -> String {
        match self {
            Self::Unavailable(cause) | Self::Internal(cause) => cause.to_string(),
            other => other.to_string(),
        }
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
