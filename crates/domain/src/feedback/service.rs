//! Operations on feedback. The methods for admins take a [`crate::moderation::Admin`] as proof of the caller's
//! right.

use std::sync::Arc;

use serde_json::json;

use super::model::{
    Cleanup, DayCount, Feedback, FeedbackDraft, FeedbackFilter, FeedbackReceipt, FeedbackStats, ModeCount,
    NewFeedback, Patterns, Priority, Review,
};
use super::ports::FeedbackRepository;
use crate::clock::{Clock, Timestamp};
use crate::error::{Error, Result};
use crate::ids::{Entropy, FeedbackId};
use crate::moderation::Admin;
use crate::page::{ListPage, PageRequest};
use crate::session::Caller;
use crate::write_options::{IdempotencyRecord, WriteOptions, WriteOutcome};

const ID_ATTEMPTS: usize = 8;
const FREQUENT_QUERIES: u32 = 20;

/// Stores feedback of callers; lists, reviews and counts it for admins.
#[derive(Clone)]
pub struct FeedbackService {
    feedback: Arc<dyn FeedbackRepository>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl FeedbackService {
    /// Creates the service on its storage, clock and source of random ids.
    pub fn new(
        feedback: Arc<dyn FeedbackRepository>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        Self { feedback, clock, entropy }
    }

    /// Stores feedback of the caller under a generated id.
    ///
    /// # Errors
    /// [`Error::IdempotencyKeyReused`] for a key of another request; [`Error::IdempotencyConflict`] while the first
    /// request with the key runs.
    pub async fn record(
        &self,
        caller: &Caller,
        draft: FeedbackDraft,
        idempotency: Option<IdempotencyRecord<FeedbackReceipt>>,
    ) -> Result<WriteOutcome<FeedbackReceipt>> {
        for _ in 0..ID_ATTEMPTS {
            let feedback = NewFeedback {
                id: FeedbackId::generate(&*self.entropy),
                draft: draft.clone(),
                session: caller.session,
                player_id: caller.player_id().map(str::to_owned),
                received_at: self.clock.now(),
            };
            match self.feedback.record(feedback, idempotency.clone()).await {
                Err(Error::IdTaken) => {}
                written => return written,
            }
        }
        Err(Error::internal("no free feedback id was found"))
    }

    /// Returns a page of the feedback that the filter lets through, newest first.
    ///
    /// # Errors
    /// When the storage cannot answer.
    pub async fn list(
        &self,
        _admin: &Admin,
        filter: &FeedbackFilter,
        page: PageRequest,
    ) -> Result<ListPage<Feedback>> {
        self.feedback.list(filter, page).await
    }

    /// Returns one piece of feedback.
    ///
    /// # Errors
    /// [`Error::FeedbackNotFound`].
    pub async fn get(&self, _admin: &Admin, id: &FeedbackId) -> Result<Feedback> {
        self.feedback.find(id).await?.ok_or_else(|| Error::FeedbackNotFound(id.to_string()))
    }

    /// Marks feedback as reviewed now, and replaces the state of its cleanup.
    ///
    /// # Errors
    /// [`Error::FeedbackNotFound`]. [`Error::IdempotencyKeyReused`] for a key of another request;
    /// [`Error::IdempotencyConflict`] while the first request with the key runs.
    pub async fn review(
        &self,
        admin: &Admin,
        id: &FeedbackId,
        reviewed_by: String,
        cleanup: Cleanup,
        idempotency: Option<IdempotencyRecord<Feedback>>,
    ) -> Result<WriteOutcome<Feedback>> {
        let at = self.clock.now();
        let details = json!({"flagged_for_cleanup": cleanup.flagged});
        let audit = Some(admin.entry(at, "feedback.review", id.as_str(), details));
        let review = Some(Review { reviewed_at: at, reviewed_by });
        self.feedback.set_review(id, review, Some(cleanup), WriteOptions { idempotency, audit }).await
    }

    /// Removes the review and the cleanup.
    ///
    /// # Errors
    /// [`Error::FeedbackNotFound`].
    pub async fn unreview(&self, admin: &Admin, id: &FeedbackId) -> Result<Feedback> {
        let audit = admin.entry(self.clock.now(), "feedback.unreview", id.as_str(), json!({}));
        let options = WriteOptions::audit(audit);
        self.feedback.set_review(id, None, Some(Cleanup::default()), options).await?.executed()
    }

    /// Marks feedback as reviewed by this admin, or as not reviewed.
    ///
    /// # Errors
    /// [`Error::FeedbackNotFound`].
    pub async fn set_reviewed(&self, admin: &Admin, id: &FeedbackId, reviewed: bool) -> Result<Feedback> {
        let at = self.clock.now();
        let action = if reviewed { "feedback.review" } else { "feedback.unreview" };
        let audit = admin.entry(at, action, id.as_str(), json!({}));
        let review = reviewed.then(|| Review { reviewed_at: at, reviewed_by: admin.actor().to_owned() });
        self.feedback.set_review(id, review, None, WriteOptions::audit(audit)).await?.executed()
    }

    /// Flags feedback for cleanup. The audit log gets only the length of the reason.
    ///
    /// # Errors
    /// [`Error::FeedbackNotFound`]; [`Error::AlreadyFlagged`] when it is flagged and its cleanup has an issue.
    /// [`Error::IdempotencyKeyReused`] for a key of another request; [`Error::IdempotencyConflict`] while the first
    /// request with the key runs.
    pub async fn flag(
        &self,
        admin: &Admin,
        id: &FeedbackId,
        reason: &str,
        priority: Priority,
        idempotency: Option<IdempotencyRecord<Feedback>>,
    ) -> Result<WriteOutcome<Feedback>> {
        let details = json!({"priority": priority.into_str(), "reason_length": reason.chars().count()});
        let audit = Some(admin.entry(self.clock.now(), "feedback.flag", id.as_str(), details));
        self.feedback.flag(id, WriteOptions { idempotency, audit }).await
    }

    /// All feedback in numbers, every mode present.
    ///
    /// # Errors
    /// When the storage cannot answer.
    pub async fn stats(&self, _admin: &Admin) -> Result<FeedbackStats> {
        let stats = self.feedback.stats(self.clock.now()).await?;
        Ok(FeedbackStats { by_search_mode: every_mode(&stats.by_search_mode), ..stats })
    }

    /// Thumbs by mode over the last `days` UTC days, every mode present, and the instant they were asked at.
    ///
    /// # Errors
    /// When the storage cannot answer.
    pub async fn summary(&self, _admin: &Admin, days: u32) -> Result<(Vec<ModeCount>, Timestamp)> {
        let now = self.clock.now();
        let counts = self.feedback.counts(since(now, days)).await?;
        Ok((every_mode(&counts), now))
    }

    /// Returns the 20 most disliked queries of the last `days` UTC days, today included, every mode present.
    ///
    /// # Errors
    /// When the storage cannot answer.
    pub async fn patterns(&self, _admin: &Admin, days: u32) -> Result<Patterns> {
        let mut patterns = self.feedback.patterns(since(self.clock.now(), days), FREQUENT_QUERIES).await?;
        patterns.by_search_mode = every_mode(&patterns.by_search_mode);
        Ok(patterns)
    }

    /// The last `days` UTC days, oldest first, empty ones too.
    ///
    /// # Errors
    /// When the storage cannot answer.
    pub async fn trends(&self, _admin: &Admin, days: u32) -> Result<Vec<DayCount>> {
        let now = self.clock.now();
        let counted = self.feedback.by_day(since(now, days)).await?;
        let first = now.day().back(days.saturating_sub(1)).0;
        let of = |day| counted.iter().find(|count| count.day == day).copied();
        let days = (first..=now.day().0).map(crate::clock::Day);
        Ok(days.map(|day| of(day).unwrap_or(DayCount { day, positive: 0, negative: 0 })).collect())
    }

    /// One page of the export of negative feedback; `after` is the last row number seen, 0 at first.
    ///
    /// # Errors
    /// When the storage cannot answer.
    pub async fn export(
        &self,
        _admin: &Admin,
        since: Timestamp,
        after: i64,
        limit: u32,
    ) -> Result<Vec<(i64, Feedback)>> {
        self.feedback.negative_after(since, after, limit).await
    }

    /// When the first of so many UTC days begins, of which today is the last.
    #[must_use]
    pub fn first_day(&self, days: u32) -> Timestamp {
        since(self.clock.now(), days)
    }
}

fn since(now: Timestamp, days: u32) -> Timestamp {
    now.day().back(days.saturating_sub(1)).start()
}

fn every_mode(counts: &[ModeCount]) -> Vec<ModeCount> {
    use super::model::SearchMode;
    let of = |mode| counts.iter().find(|count| count.search_mode == mode).copied();
    let none = |search_mode| ModeCount { search_mode, positive: 0, negative: 0 };
    SearchMode::ALL.iter().copied().map(|mode| of(mode).unwrap_or(none(mode))).collect()
}
