//! Where feedback is kept.

use async_trait::async_trait;

use super::model::{
    DayCount, Feedback, FeedbackFilter, FeedbackReceipt, ModeCount, NewFeedback, Patterns, Review,
};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::ids::FeedbackId;
use crate::page::{ListPage, PageRequest};
use crate::write_options::{AuditEntry, IdempotencyRecord, WriteOptions, WriteOutcome};

#[async_trait]
pub trait FeedbackRepository: Send + Sync {
    /// Stores feedback. `None` when the id is taken: the caller tries another.
    async fn record(
        &self,
        feedback: NewFeedback,
        receipt: Option<IdempotencyRecord<FeedbackReceipt>>,
    ) -> Result<Option<WriteOutcome<FeedbackReceipt>>>;

    async fn find(&self, id: &FeedbackId) -> Result<Option<Feedback>>;

    /// A page, newest first.
    async fn list(&self, filter: &FeedbackFilter, page: PageRequest) -> Result<ListPage<Feedback>>;

    /// Sets the review. `None` when there is no such feedback.
    async fn review(
        &self,
        id: &FeedbackId,
        review: Review,
        options: WriteOptions<Feedback>,
    ) -> Result<Option<WriteOutcome<Feedback>>>;

    /// Takes the review back. `None` when there is no such feedback.
    async fn unreview(&self, id: &FeedbackId, audit: AuditEntry) -> Result<Option<Feedback>>;

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
