//! What may be asked of searches.

use std::sync::Arc;

use serde_json::json;

use super::model::{HiddenQuery, PopularQuery, PopularRequest, SearchQuery, SearchRecord, ZeroResult};
use super::ports::AnalyticsRepository;
use crate::alongside::{Alongside, Receipt, Written};
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::feedback::SearchMode;
use crate::moderation::Admin;
use crate::session::Caller;

#[derive(Clone)]
pub struct AnalyticsService {
    analytics: Arc<dyn AnalyticsRepository>,
    clock: Arc<dyn Clock>,
    min_callers: u32,
}

impl AnalyticsService {
    /// `min_callers` (1 to [`super::CALLERS_KEPT`]) distinct callers make a query fit to be shown.
    pub fn new(analytics: Arc<dyn AnalyticsRepository>, clock: Arc<dyn Clock>, min_callers: u32) -> Self {
        Self { analytics, clock, min_callers }
    }

    pub async fn record(
        &self,
        caller: &Caller,
        query: SearchQuery,
        search_mode: SearchMode,
        result_count: i32,
        receipt: Option<Receipt<()>>,
    ) -> Result<Written<()>> {
        let record = SearchRecord {
            query,
            search_mode,
            result_count,
            session: caller.session,
            player_id: caller.player_id().map(str::to_owned),
            caller: caller.fingerprint(),
            at: self.clock.now(),
        };
        self.analytics.record(record, receipt).await
    }

    /// Over the last `days` UTC days, today included.
    pub async fn popular(
        &self,
        days: u32,
        limit: u32,
        mode: Option<SearchMode>,
    ) -> Result<Vec<PopularQuery>> {
        let since = self.clock.now().day().back(days.saturating_sub(1));
        let request = PopularRequest { since, search_mode: mode, min_callers: self.min_callers, limit };
        self.analytics.popular(request).await
    }

    pub async fn zero_results(&self, _admin: &Admin, days: u32, limit: u32) -> Result<Vec<ZeroResult>> {
        let since = self.clock.now().day().back(days.saturating_sub(1));
        self.analytics.zero_results(since, limit).await
    }

    pub async fn hidden(&self, _admin: &Admin) -> Result<Vec<HiddenQuery>> {
        self.analytics.hidden().await
    }

    pub async fn hide(
        &self,
        admin: &Admin,
        query: &SearchQuery,
        receipt: Option<Receipt<HiddenQuery>>,
    ) -> Result<Written<HiddenQuery>> {
        let at = self.clock.now();
        // A query is a user's text: the audit log gets its length only.
        let details = json!({"length": query.folded().chars().count()});
        let audit = Some(admin.entry(at, "analytics.hide_query", "", details));
        self.analytics.hide(query.folded(), at, Alongside { receipt, audit }).await
    }

    pub async fn unhide(&self, admin: &Admin, query: &SearchQuery) -> Result<()> {
        let details = json!({"length": query.folded().chars().count()});
        let audit = admin.entry(self.clock.now(), "analytics.unhide_query", "", details);
        self.analytics.unhide(query.folded(), audit).await?.ok_or(Error::NotFound)
    }
}
