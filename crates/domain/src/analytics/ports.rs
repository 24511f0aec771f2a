//! Where searches are counted.

use async_trait::async_trait;

use super::model::{HiddenQuery, PopularQuery, PopularRequest, SearchRecord, ZeroResult};
use crate::alongside::{Alongside, AuditEntry, Receipt, Written};
use crate::clock::{Day, Timestamp};
use crate::error::Result;
use crate::page::{ListPage, ListRequest, PageRequest};

/// The roll-up per day, mode and folded query changes in the transaction that stores the event.
#[async_trait]
pub trait AnalyticsRepository: Send + Sync {
    /// Returns once the search is stored durably.
    async fn record(&self, search: SearchRecord, receipt: Option<Receipt<()>>) -> Result<Written<()>>;

    /// The most frequent first, ties by query and mode; without hidden ones.
    async fn popular(&self, request: PopularRequest) -> Result<Vec<PopularQuery>>;

    /// Queries that found nothing from `first` to `last`, both included; the most frequent first. Its keys count rows.
    async fn zero_results(&self, first: Day, last: Day, page: PageRequest) -> Result<ListPage<ZeroResult>>;

    /// All hidden queries, newest first.
    async fn hidden(&self) -> Result<Vec<HiddenQuery>>;

    /// A page of them.
    async fn hidden_page(&self, request: ListRequest) -> Result<ListPage<HiddenQuery>>;

    /// Hides a folded query. Hiding it again changes nothing.
    async fn hide(
        &self,
        folded: &str,
        at: Timestamp,
        alongside: Alongside<HiddenQuery>,
    ) -> Result<Written<HiddenQuery>>;

    /// Shows a folded query again. `None` when it was not hidden.
    async fn unhide(&self, folded: &str, audit: AuditEntry) -> Result<Option<()>>;
}
