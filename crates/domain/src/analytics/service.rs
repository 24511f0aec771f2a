//! Recording of searches and reports about them.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;

use super::model::{
    CandidateRequest, HiddenQuery, NewSearch, PopularQuery, PopularRequest, SearchDayCount, SearchQuery,
    SearchRecord, ZeroResult,
};
use super::origin::{AddressKey, CountedAddress, SearchSource};
use super::ports::AnalyticsRepository;
use crate::clock::{Clock, Day, Timestamp};
use crate::error::Result;
use crate::feedback::SearchMode;
use crate::ids::Entropy;
use crate::limits::RateLimiter;
use crate::moderation::Admin;
use crate::page::{ListPage, ListRequest};
use crate::session::Caller;
use crate::write_options::{IdempotencyRecord, WriteOptions, WriteOutcome};

/// Records searches, reports on them, and hides queries.
#[derive(Clone)]
pub struct AnalyticsService {
    analytics: Arc<dyn AnalyticsRepository>,
    limiter: Arc<dyn RateLimiter>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    min_callers: u32,
    /// The key of the day on which it was last needed.
    address_key: Arc<Mutex<Option<(Day, AddressKey)>>>,
}

impl AnalyticsService {
    /// `min_callers` (1 to [`super::MAX_MIN_CALLERS`]) distinct callers make a query fit to be shown.
    pub fn new(
        analytics: Arc<dyn AnalyticsRepository>,
        limiter: Arc<dyn RateLimiter>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        min_callers: u32,
    ) -> Self {
        Self { analytics, limiter, clock, entropy, min_callers, address_key: Arc::default() }
    }

    /// Takes a search from the shares of its caller and address. False when one of them is used up for today: then
    /// it is stored and does not count.
    pub async fn take_share(
        &self,
        caller: &Caller,
        query: &SearchQuery,
        search_mode: SearchMode,
        source: &SearchSource,
    ) -> bool {
        match source.share(caller, query.folded(), search_mode, self.clock.now()) {
            Some(share) => self.limiter.take_share(&share).await,
            None => true,
        }
    }

    /// Stores a search of the caller, and returns once it is stored durably.
    ///
    /// # Errors
    /// [`crate::Error::IdempotencyKeyReused`] for a key of another request; [`crate::Error::IdempotencyConflict`] while
    /// the first request with the key runs.
    pub async fn record(
        &self,
        caller: &Caller,
        search: NewSearch,
        idempotency: Option<IdempotencyRecord<()>>,
    ) -> Result<WriteOutcome<()>> {
        let at = self.clock.now();
        let address = self.counted_address(&search, at.day()).await?;
        let NewSearch { query, search_mode, result_count, ranked, .. } = search;
        let record = SearchRecord {
            query,
            search_mode,
            result_count,
            session: caller.session,
            player_id: caller.player_id().map(str::to_owned),
            caller: caller.fingerprint(),
            at,
            ranked,
            address,
            min_callers: self.min_callers,
        };
        self.analytics.record(record, idempotency).await
    }

    async fn counted_address(&self, search: &NewSearch, day: Day) -> Result<CountedAddress> {
        match &search.source {
            SearchSource::Unlimited | SearchSource::TrustedClient => Ok(CountedAddress::Own),
            // One caller has one address: there are no addresses to distinguish.
            SearchSource::Address { .. } if !search.ranked || self.min_callers <= 1 => {
                Ok(CountedAddress::NotKept)
            }
            SearchSource::Address { address, .. } => {
                let key = self.address_key(day).await?;
                Ok(CountedAddress::Hashed(key.hash(address, search.query.folded(), search.search_mode)))
            }
        }
    }

    async fn address_key(&self, day: Day) -> Result<AddressKey> {
        let known = *self.address_key.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, key)) = known
            && of == day
        {
            return Ok(key);
        }
        let mut fresh = [0; 32];
        self.entropy.fill(&mut fresh);
        let key = self.analytics.address_key(day, AddressKey(fresh)).await?;
        *self.address_key.lock().unwrap_or_else(PoisonError::into_inner) = Some((day, key));
        Ok(key)
    }

    /// Collects the candidates for popular queries of those days anew that may have changed since the last time.
    /// Returns whether there are too many queries to rank them all on request.
    ///
    /// # Errors
    /// When the storage cannot answer.
    pub async fn refresh_candidates(&self) -> Result<bool> {
        let request = CandidateRequest { min_callers: self.min_callers, at: self.clock.now() };
        self.analytics.refresh_candidates(request).await
    }

    /// Over the last `days` UTC days, today included.
    ///
    /// # Errors
    /// When the storage cannot answer.
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
    ///
    /// # Errors
    /// When the storage cannot answer.
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

    /// The last `days` UTC days, oldest first, a row for each mode, empty ones too.
    ///
    /// # Errors
    /// When the storage cannot answer.
    pub async fn trends(&self, _admin: &Admin, days: u32) -> Result<Vec<SearchDayCount>> {
        let today = self.clock.now().day();
        let first = today.back(days.saturating_sub(1));
        let counted = self.analytics.by_day(first).await?;
        let of = |day, mode| counted.iter().find(|it| it.day == day && it.search_mode == mode).copied();
        let none = |day, search_mode| SearchDayCount { day, search_mode, searches: 0, zero_results: 0 };
        let days = (first.0..=today.0).map(Day);
        let rows = days.flat_map(|day| SearchMode::ALL.iter().map(move |mode| (day, *mode)));
        Ok(rows.map(|(day, mode)| of(day, mode).unwrap_or(none(day, mode))).collect())
    }

    /// Returns a page of the hidden queries, newest first.
    ///
    /// # Errors
    /// When the storage cannot answer.
    pub async fn hidden(&self, _admin: &Admin, request: ListRequest) -> Result<ListPage<HiddenQuery>> {
        self.analytics.hidden_page(request).await
    }

    /// Hides a query, and with it all that look like it, from popular queries. Hiding it again changes nothing.
    ///
    /// # Errors
    /// [`crate::Error::IdempotencyKeyReused`] for a key of another request; [`crate::Error::IdempotencyConflict`] while
    /// the first request with the key runs.
    pub async fn hide(
        &self,
        admin: &Admin,
        query: &SearchQuery,
        idempotency: Option<IdempotencyRecord<HiddenQuery>>,
    ) -> Result<WriteOutcome<HiddenQuery>> {
        let at = self.clock.now();
        // A query is a user's text: the audit log gets its length only.
        let details = json!({"length": query.folded().chars().count()});
        let audit = Some(admin.entry(at, "analytics.hide_query", "", details));
        self.analytics.hide(query.folded(), at, WriteOptions { idempotency, audit }).await
    }

    /// Shows a hidden query in popular queries again.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] when it was not hidden.
    pub async fn unhide(&self, admin: &Admin, query: &SearchQuery) -> Result<()> {
        let details = json!({"length": query.folded().chars().count()});
        let audit = admin.entry(self.clock.now(), "analytics.unhide_query", "", details);
        self.analytics.unhide(query.folded(), audit).await
    }
}
