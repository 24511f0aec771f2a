//! Where searches are counted.

use async_trait::async_trait;

use super::model::{
    CandidateRequest, HiddenQuery, PopularQuery, PopularRequest, SearchDayCount, SearchRecord, ZeroResult,
};
use super::origin::AddressKey;
use crate::clock::{Day, Timestamp};
use crate::error::Result;
use crate::page::{ListPage, ListRequest, PageRequest};
use crate::write_options::{AuditEntry, IdempotencyRecord, WriteOptions, WriteOutcome};

/// The roll-up of ranked searches per day, mode and folded query changes in the transaction that stores the event.
#[async_trait]
pub trait AnalyticsRepository: Send + Sync {
    /// Returns once the search is stored durably.
    async fn record(
        &self,
        search: SearchRecord,
        idempotency: Option<IdempotencyRecord<()>>,
    ) -> Result<WriteOutcome<()>>;

    /// The key under which a day's addresses are hashed: the stored one, else `fresh`, which is stored.
    async fn address_key(&self, day: Day, fresh: AddressKey) -> Result<AddressKey>;

    /// The most frequent first, ties by query and mode; without hidden ones. Where there are too many queries to rank
    /// them all on request, it chooses among the candidates of [`AnalyticsRepository::refresh_candidates`].
    async fn popular(&self, request: PopularRequest) -> Result<Vec<PopularQuery>>;

    /// Collects the candidates for popular queries of days whose stored ones are outdated, those with callers enough
    /// before others. False when none are needed, since all queries of [`CandidateRequest::MAX_DAYS`] can be ranked on
    /// request.
    async fn refresh_candidates(&self, request: CandidateRequest) -> Result<bool>;

    /// Queries that found nothing from `first` to `last`, both included; the most frequent first. Its keys count rows.
    async fn zero_results(&self, first: Day, last: Day, page: PageRequest) -> Result<ListPage<ZeroResult>>;

    /// Ranked searches by day and mode from a day on; those without any are left out.
    async fn by_day(&self, since: Day) -> Result<Vec<SearchDayCount>>;

    /// A page of the hidden queries, newest first.
    async fn hidden_page(&self, request: ListRequest) -> Result<ListPage<HiddenQuery>>;

    /// Hides a folded query. Hiding it again changes nothing.
    async fn hide(
        &self,
        folded: &str,
        at: Timestamp,
        options: WriteOptions<HiddenQuery>,
    ) -> Result<WriteOutcome<HiddenQuery>>;

    /// Shows a folded query again.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] when it was not hidden.
    async fn unhide(&self, folded: &str, audit: AuditEntry) -> Result<()>;
}
