//! Feedback: equal reports at the same time are carried out once.

use std::sync::Arc;

use async_trait::async_trait;
use myashes_domain::Result;
use myashes_domain::clock::Timestamp;
use myashes_domain::feedback::{
    Cleanup, DayCount, Feedback, FeedbackFilter, FeedbackReceipt, FeedbackRepository, FeedbackStats,
    ModeCount, NewFeedback, Patterns, Review,
};
use myashes_domain::ids::FeedbackId;
use myashes_domain::page::{ListPage, PageRequest};
use myashes_domain::write_options::{AuditEntry, IdempotencyRecord, WriteOptions, WriteOutcome};

use super::swr_cache::SwrCache;

pub struct CachedFeedback {
    inner: Arc<dyn FeedbackRepository>,
    counts: SwrCache<Timestamp, Arc<Vec<ModeCount>>>,
    patterns: SwrCache<(Timestamp, u32), Arc<Patterns>>,
    by_day: SwrCache<Timestamp, Arc<Vec<DayCount>>>,
    stats: SwrCache<(), Arc<FeedbackStats>>,
}

impl CachedFeedback {
    pub fn new(inner: Arc<dyn FeedbackRepository>) -> Self {
        Self {
            inner,
            counts: SwrCache::in_flight(),
            patterns: SwrCache::in_flight(),
            by_day: SwrCache::in_flight(),
            stats: SwrCache::in_flight(),
        }
    }

    /// A report that was begun before a write is not shown after it.
    fn changed(&self) {
        self.counts.forget();
        self.patterns.forget();
        self.by_day.forget();
        self.stats.forget();
    }
}

#[async_trait]
impl FeedbackRepository for CachedFeedback {
    async fn record(
        &self,
        feedback: NewFeedback,
        receipt: Option<IdempotencyRecord<FeedbackReceipt>>,
    ) -> Result<Option<WriteOutcome<FeedbackReceipt>>> {
        let written = self.inner.record(feedback, receipt).await;
        self.changed();
        written
    }

    async fn find(&self, id: &FeedbackId) -> Result<Option<Feedback>> {
        self.inner.find(id).await
    }

    async fn list(&self, filter: &FeedbackFilter, page: PageRequest) -> Result<ListPage<Feedback>> {
        self.inner.list(filter, page).await
    }

    async fn review(
        &self,
        id: &FeedbackId,
        review: Review,
        cleanup: Cleanup,
        options: WriteOptions<Feedback>,
    ) -> Result<Option<WriteOutcome<Feedback>>> {
        let written = self.inner.review(id, review, cleanup, options).await;
        self.changed();
        written
    }

    async fn unreview(&self, id: &FeedbackId, audit: AuditEntry) -> Result<Option<Feedback>> {
        let unreviewed = self.inner.unreview(id, audit).await;
        self.changed();
        unreviewed
    }

    async fn set_reviewed(
        &self,
        id: &FeedbackId,
        review: Option<Review>,
        audit: AuditEntry,
    ) -> Result<Option<Feedback>> {
        let written = self.inner.set_reviewed(id, review, audit).await;
        self.changed();
        written
    }

    async fn flag(
        &self,
        id: &FeedbackId,
        options: WriteOptions<Feedback>,
    ) -> Result<Option<WriteOutcome<Feedback>>> {
        let written = self.inner.flag(id, options).await;
        self.changed();
        written
    }

    async fn stats(&self, now: Timestamp) -> Result<FeedbackStats> {
        let inner = Arc::clone(&self.inner);
        let find = async move { inner.stats(now).await.map(Arc::new) };
        Ok(FeedbackStats::clone(&*self.stats.get((), find).await?))
    }

    async fn counts(&self, since: Timestamp) -> Result<Vec<ModeCount>> {
        let inner = Arc::clone(&self.inner);
        let find = async move { inner.counts(since).await.map(Arc::new) };
        Ok(Vec::clone(&*self.counts.get(since, find).await?))
    }

    async fn patterns(&self, since: Timestamp, limit: u32) -> Result<Patterns> {
        let inner = Arc::clone(&self.inner);
        let find = async move { inner.patterns(since, limit).await.map(Arc::new) };
        Ok(Patterns::clone(&*self.patterns.get((since, limit), find).await?))
    }

    async fn by_day(&self, since: Timestamp) -> Result<Vec<DayCount>> {
        let inner = Arc::clone(&self.inner);
        let find = async move { inner.by_day(since).await.map(Arc::new) };
        Ok(Vec::clone(&*self.by_day.get(since, find).await?))
    }

    async fn negative_after(&self, since: Timestamp, after: i64, limit: u32) -> Result<Vec<(i64, Feedback)>> {
        self.inner.negative_after(since, after, limit).await
    }
}
