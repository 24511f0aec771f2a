//! Searches: popular queries are kept for a second.

use std::sync::Arc;

use async_trait::async_trait;
use myashes_domain::Result;
use myashes_domain::alongside::{Alongside, AuditEntry, Receipt, Written};
use myashes_domain::analytics::{
    AnalyticsRepository, HiddenQuery, PopularQuery, PopularRequest, SearchRecord, ZeroResult,
};
use myashes_domain::clock::{Day, Timestamp};

use super::memo::Memo;

pub struct CachedAnalytics {
    inner: Arc<dyn AnalyticsRepository>,
    popular: Memo<PopularRequest, Arc<Vec<PopularQuery>>>,
}

impl CachedAnalytics {
    pub fn new(inner: Arc<dyn AnalyticsRepository>) -> Self {
        Self { inner, popular: Memo::new() }
    }
}

#[async_trait]
impl AnalyticsRepository for CachedAnalytics {
    async fn record(&self, search: SearchRecord, receipt: Option<Receipt<()>>) -> Result<Written<()>> {
        let written = self.inner.record(search, receipt).await;
        self.popular.forget();
        written
    }

    async fn popular(&self, request: PopularRequest) -> Result<Vec<PopularQuery>> {
        let find = async { self.inner.popular(request).await.map(Arc::new) };
        let found = self.popular.get(request, find).await?;
        Ok(Vec::clone(&found))
    }

    async fn zero_results(&self, since: Day, limit: u32) -> Result<Vec<ZeroResult>> {
        self.inner.zero_results(since, limit).await
    }

    async fn hidden(&self) -> Result<Vec<HiddenQuery>> {
        self.inner.hidden().await
    }

    async fn hide(
        &self,
        folded: &str,
        at: Timestamp,
        alongside: Alongside<HiddenQuery>,
    ) -> Result<Written<HiddenQuery>> {
        let hidden = self.inner.hide(folded, at, alongside).await;
        self.popular.forget();
        hidden
    }

    async fn unhide(&self, folded: &str, audit: AuditEntry) -> Result<Option<()>> {
        let shown = self.inner.unhide(folded, audit).await;
        self.popular.forget();
        shown
    }
}
