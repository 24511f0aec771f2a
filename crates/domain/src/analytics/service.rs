//! What may be asked of searches.

use std::sync::Arc;

use serde_json::json;

use super::model::{HiddenQuery, PopularQuery, PopularRequest, SearchQuery, SearchRecord, ZeroResult};
use super::ports::AnalyticsRepository;
use crate::alongside::{Alongside, Receipt, Written};
use crate::clock::{Clock, Timestamp};
use crate::error::{Error, Result};
use crate::feedback::SearchMode;
use crate::moderation::Admin;
use crate::page::{ListPage, ListRequest};
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

    /// Over the UTC days that the request names; without a first one, over `days` days up to the last.
    pub async fn zero_results(
        &self,
        _admin: &Admin,
        days: u32,
        request: ListRequest,
    ) -> Result<ListPage<ZeroResult>> {
        let before = |until: Timestamp| Timestamp::from_micros(until.micros() - 1).unwrap_or(until).day();
        let last = request.until.map_or_else(|| self.clock.now().day(), before);
        let first = request.from.map_or_else(|| last.back(days.saturating_sub(1)), Timestamp::day);
        self.analytics.zero_results(first, last, request.page).await
    }

    pub async fn hidden(&self, _admin: &Admin, request: ListRequest) -> Result<ListPage<HiddenQuery>> {
        self.analytics.hidden_page(request).await
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
