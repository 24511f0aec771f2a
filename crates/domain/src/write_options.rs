//! What is stored in a write's transaction besides the write: the response for an `Idempotency-Key` and the line in
//! the audit log. Either is stored if and only if the write is.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::ids::{BuildId, FeedbackId, ReportId};

/// How long a response is stored for replay.
pub const ANSWER_LIFETIME_SECONDS: i64 = 24 * 3600;

/// A response as it was sent, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredResponse {
    /// The HTTP status.
    pub status: u16,
    /// `Location`, when the answer has one.
    pub location: Option<String>,
    /// The body; a longer one than [`MAX_KEPT_BODY`] is not stored.
    pub body: String,
    /// What the response is about; it is deleted with its subject.
    pub subject: Option<RecordSubject>,
}

/// The subject of a stored response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordSubject {
    /// A build. When it is claimed, the stored response becomes the player's.
    Build(BuildId),
    /// A report about a build.
    Report(BuildId, ReportId),
    /// A piece of feedback.
    Feedback(FeedbackId),
}

impl RecordSubject {
    /// Returns the build that the response is about, directly or by a report; `None` for feedback.
    #[must_use]
    pub fn build(&self) -> Option<&BuildId> {
        match self {
            Self::Build(build) | Self::Report(build, _) => Some(build),
            Self::Feedback(_) => None,
        }
    }

    /// The id of a report or of feedback.
    #[must_use]
    pub fn other(&self) -> Option<&str> {
        match self {
            Self::Build(_) => None,
            Self::Report(_, report) => Some(report.as_str()),
            Self::Feedback(feedback) => Some(feedback.as_str()),
        }
    }
}

/// The largest body that is stored, in bytes. A repeated request with a larger one is executed again.
pub const MAX_KEPT_BODY: usize = 64 * 1024;

/// The most responses stored for one caller; the oldest are deleted first.
pub const MAX_KEPT_PER_CALLER: u32 = 1_000;

/// An idempotency key of one caller, with a fingerprint of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// [`crate::session::Caller::fingerprint`] of the one who sent the key.
    pub caller: [u8; 32],
    /// The key as it was sent, 1 to 255 characters.
    pub key: String,
    /// SHA-256 over method, path and body.
    pub fingerprint: [u8; 32],
    /// When the request was made: the time that a stored response expires by.
    pub at: Timestamp,
}

/// Renders the result of a write into the response to store.
pub type Render<T> = Arc<dyn Fn(&T) -> StoredResponse + Send + Sync>;

/// Asks a repository to store the response of a write, or to return the stored one.
pub struct IdempotencyRecord<T> {
    /// The key to store the response under.
    pub key: IdempotencyKey,
    /// Makes the response from the result of the write.
    pub render: Render<T>,
}

impl<T> Clone for IdempotencyRecord<T> {
    fn clone(&self) -> Self {
        Self { key: self.key.clone(), render: Arc::clone(&self.render) }
    }
}

/// One line of the audit log. It holds ids, names of fields and numbers, never a user's text.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    /// When it was done.
    pub at: Timestamp,
    /// `player:` and the token's `sub`, or `token:admin`.
    pub actor: String,
    /// What was done, such as `build.hide`.
    pub action: Cow<'static, str>,
    /// The id of what it was done to; empty for a search query.
    pub target: String,
    /// A JSON object, which depends on the action.
    pub details: Value,
}

/// What a write stores besides itself.
pub struct WriteOptions<T> {
    /// Stores the response; `None` for a request without a key.
    pub idempotency: Option<IdempotencyRecord<T>>,
    /// The line for the audit log; `None` for a write that is not an admin's.
    pub audit: Option<AuditEntry>,
}

impl<T> Clone for WriteOptions<T> {
    fn clone(&self) -> Self {
        Self { idempotency: self.idempotency.clone(), audit: self.audit.clone() }
    }
}

impl<T> Default for WriteOptions<T> {
    fn default() -> Self {
        Self { idempotency: None, audit: None }
    }
}

impl<T> WriteOptions<T> {
    /// Returns options with a line for the audit log and without a key.
    #[must_use]
    pub fn audit(entry: AuditEntry) -> Self {
        Self { idempotency: None, audit: Some(entry) }
    }
}

impl<T> From<Option<IdempotencyRecord<T>>> for WriteOptions<T> {
    fn from(idempotency: Option<IdempotencyRecord<T>>) -> Self {
        Self { idempotency, audit: None }
    }
}

/// The outcome of a write that may carry an idempotency key.
#[derive(Debug, Clone, PartialEq)]
pub enum WriteOutcome<T> {
    /// The write was executed by this call.
    Executed(T),
    /// An earlier request with the same key was executed; this was its response.
    Replayed(StoredResponse),
}

impl<T> WriteOutcome<T> {
    /// Converts the value of an executed write; a replayed response stays as it is.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> WriteOutcome<U> {
        match self {
            Self::Executed(value) => WriteOutcome::Executed(f(value)),
            Self::Replayed(answer) => WriteOutcome::Replayed(answer),
        }
    }

    /// The value of a write without an idempotency key.
    ///
    /// # Errors
    /// [`Error::Internal`] for a replayed response, which no such write returns.
    pub fn executed(self) -> Result<T> {
        match self {
            Self::Executed(value) => Ok(value),
            Self::Replayed(_) => Err(Error::internal("a write without an idempotency key was replayed")),
        }
    }
}

/// Stored responses outside of a write: the look-up before it, and refusals (4xx) after it.
#[async_trait::async_trait]
pub trait IdempotencyRepository: Send + Sync {
    /// The response stored for this caller and key, `None` when there is none younger than
    /// [`ANSWER_LIFETIME_SECONDS`] before `key.at`.
    ///
    /// # Errors
    /// [`crate::Error::IdempotencyKeyReused`] when it was stored for another request.
    async fn find(&self, key: &IdempotencyKey) -> Result<Option<StoredResponse>>;

    /// Stores a refusal, within [`MAX_KEPT_BODY`] and [`MAX_KEPT_PER_CALLER`]. An existing response is not replaced.
    ///
    /// # Errors
    /// When the storage cannot answer.
    async fn keep(&self, key: &IdempotencyKey, answer: &StoredResponse) -> Result<()>;
}
