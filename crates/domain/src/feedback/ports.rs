//! Storage of feedback.

use async_trait::async_trait;

use super::model::{
    Cleanup, DayCount, Feedback, FeedbackFilter, FeedbackReceipt, FeedbackStats, ModeCount, NewFeedback,
    Patterns, Review,
};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::ids::FeedbackId;
use crate::page::{ListPage, PageRequest};
use crate::write_options::{IdempotencyRecord, WriteOptions, WriteOutcome};

/// Storage of feedback on the assistant's answers.
#[async_trait]
pub trait FeedbackRepository: Send + Sync {
    /// Stores feedback.
    ///
    /// # Errors
    /// [`crate::Error::IdTaken`]: the caller tries another id.
    async fn record(
        &self,
        feedback: NewFeedback,
        idempotency: Option<IdempotencyRecord<FeedbackReceipt>>,
    ) -> Result<WriteOutcome<FeedbackReceipt>>;

    /// Returns the feedback with this id; `None` when there is none.
    async fn find(&self, id: &FeedbackId) -> Result<Option<Feedback>>;

    /// A page, newest first.
    async fn list(&self, filter: &FeedbackFilter, page: PageRequest) -> Result<ListPage<Feedback>>;

    /// Sets the review, or takes it back with `None`; `cleanup` replaces the cleanup where it is given.
    ///
    /// # Errors
    /// [`crate::Error::FeedbackNotFound`].
    async fn set_review(
        &self,
        id: &FeedbackId,
        review: Option<Review>,
        cleanup: Option<Cleanup>,
        options: WriteOptions<Feedback>,
    ) -> Result<WriteOutcome<Feedback>>;

    /// Flags feedback for cleanup and leaves the review as it is.
    ///
    /// # Errors
    /// [`crate::Error::FeedbackNotFound`]; [`crate::Error::AlreadyFlagged`] when it is flagged already and its cleanup
    /// has an issue.
    async fn flag(&self, id: &FeedbackId, options: WriteOptions<Feedback>) -> Result<WriteOutcome<Feedback>>;

    /// All feedback in numbers, as of `now`; modes without any are left out.
    async fn stats(&self, now: Timestamp) -> Result<FeedbackStats>;

    /// Thumbs by mode since an instant; modes without any are left out.
    async fn counts(&self, since: Timestamp) -> Result<Vec<ModeCount>>;

    /// The `limit` most disliked folded queries and what surrounds them.
    async fn patterns(&self, since: Timestamp, limit: u32) -> Result<Patterns>;

    /// Thumbs by day since an instant; days without any are left out.
    async fn by_day(&self, since: Timestamp) -> Result<Vec<DayCount>>;

    /// Negative feedback since an instant, oldest first, `limit` rows behind `after` (a row number, 0 at
    /// first); each row comes with its number.
    async fn negative_after(&self, since: Timestamp, after: i64, limit: u32) -> Result<Vec<(i64, Feedback)>>;
}
