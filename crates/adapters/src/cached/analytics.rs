//! Searches: popular queries are cached briefly, and never shown once they are hidden; equal reports at the same
//! time are computed once.

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use myashes_domain::Result;
use myashes_domain::analytics::{
    AddressKey, AnalyticsRepository, CandidateRequest, HiddenQuery, PopularQuery, PopularRequest,
    SearchDayCount, SearchRecord, ZeroResult,
};
use myashes_domain::clock::{Day, Timestamp};
use myashes_domain::look_alike::look_alike_keys;
use myashes_domain::page::{ListPage, ListRequest, PageRequest};
use myashes_domain::write_options::{AuditEntry, IdempotencyRecord, WriteOptions, WriteOutcome};

use super::swr_cache::SwrCache;

/// How many queries are ranked at once: all that may be asked for, and some that may be hidden by now.
const RANKED: u32 = 60;

/// A query and the keys of what it looks like.
type KeyedQuery = ([String; 2], PopularQuery);

pub struct CachedAnalytics {
    inner: Arc<dyn AnalyticsRepository>,
    /// Each with its look-alike keys, which are expensive to compute and needed for every answer.
    popular: SwrCache<PopularRequest, Arc<Vec<KeyedQuery>>>,
    hidden: SwrCache<(), Arc<HashSet<String>>>,
    zero_results: SwrCache<(Day, Day, PageRequest), Arc<ListPage<ZeroResult>>>,
    by_day: SwrCache<Day, Arc<Vec<SearchDayCount>>>,
}

impl CachedAnalytics {
    pub fn new(inner: Arc<dyn AnalyticsRepository>) -> Self {
        Self {
            inner,
            popular: SwrCache::new(),
            hidden: SwrCache::new(),
            zero_results: SwrCache::in_flight(),
            by_day: SwrCache::in_flight(),
        }
    }

    /// Searches were erased: their spellings are not shown again.
    pub fn erased(&self) {
        self.popular.forget();
    }
}

#[async_trait]
impl AnalyticsRepository for CachedAnalytics {
    async fn record(
        &self,
        search: SearchRecord,
        receipt: Option<IdempotencyRecord<()>>,
    ) -> Result<WriteOutcome<()>> {
        let written = self.inner.record(search, receipt).await;
        self.popular.forget();
        self.zero_results.forget();
        self.by_day.forget();
        written
    }

    async fn address_key(&self, day: Day, fresh: AddressKey) -> Result<AddressKey> {
        self.inner.address_key(day, fresh).await
    }

    async fn popular(&self, request: PopularRequest) -> Result<Vec<PopularQuery>> {
        let inner = Arc::clone(&self.inner);
        let wide = PopularRequest { limit: request.limit.max(RANKED), ..request };
        let find = async move {
            let found = inner.popular(wide).await?;
            Ok(Arc::new(found.into_iter().map(|it| (look_alike_keys(&it.query), it)).collect::<Vec<_>>()))
        };
        let found = self.popular.get(wide, find).await?;
        let inner = Arc::clone(&self.inner);
        let find = async move {
            let hidden = inner.hidden().await?;
            Ok(Arc::new(hidden.iter().flat_map(|it| look_alike_keys(&it.query)).collect::<HashSet<_>>()))
        };
        let hidden = self.hidden.get((), find).await?;
        let shown = found.iter().filter(|(keys, _)| !keys.iter().any(|key| hidden.contains(key)));
        let shown = shown.map(|(_, query)| query);
        Ok(shown.take(request.limit as usize).cloned().collect())
    }

    async fn zero_results(&self, first: Day, last: Day, page: PageRequest) -> Result<ListPage<ZeroResult>> {
        let inner = Arc::clone(&self.inner);
        let find = async move { inner.zero_results(first, last, page).await.map(Arc::new) };
        let found = self.zero_results.get((first, last, page), find).await?;
        Ok(ListPage::clone(&found))
    }

    async fn by_day(&self, since: Day) -> Result<Vec<SearchDayCount>> {
        let inner = Arc::clone(&self.inner);
        let find = async move { inner.by_day(since).await.map(Arc::new) };
        Ok(Vec::clone(&*self.by_day.get(since, find).await?))
    }

    async fn refresh_candidates(&self, request: CandidateRequest) -> Result<bool> {
        self.inner.refresh_candidates(request).await
    }

    async fn hidden_page(&self, request: ListRequest) -> Result<ListPage<HiddenQuery>> {
        self.inner.hidden_page(request).await
    }

    async fn hidden(&self) -> Result<Vec<HiddenQuery>> {
        self.inner.hidden().await
    }

    async fn hide(
        &self,
        folded: &str,
        at: Timestamp,
        options: WriteOptions<HiddenQuery>,
    ) -> Result<WriteOutcome<HiddenQuery>> {
        let hidden = self.inner.hide(folded, at, options).await;
        self.popular.forget();
        self.hidden.forget();
        hidden
    }

    async fn unhide(&self, folded: &str, audit: AuditEntry) -> Result<Option<()>> {
        let shown = self.inner.unhide(folded, audit).await;
        self.popular.forget();
        self.hidden.forget();
        shown
    }
}
