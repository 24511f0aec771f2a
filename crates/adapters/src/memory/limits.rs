//! Rate limits held in the process: GCRA, one bucket per key, in bounded memory.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter as Gcra};
use myashes_domain::limits::{self, Charge, DayShare, RateLimitStatus, RateLimiter};

use super::shares::LocalShares;

/// After so many charges idle buckets are dropped.
const SWEEP_EVERY: u32 = 4096;

/// Buckets of one quota that are kept at most: about 10 MiB. A caller with more addresses than this in one
/// minute is past what a limit per address can stop.
const MOST_BUCKETS: usize = 100_000;

/// Keys are kept as keyed hashes: small, of one size, and not to be made to collide from outside.
type Buckets<C> = Gcra<u64, DashMapStateStore<u64>, C, StateInformationMiddleware>;

/// The limits of one process. Replicas that each hold one let through as much apiece.
pub struct LocalRateLimiter<C: Clock + Clone = DefaultClock> {
    clock: C,
    hasher: RandomState,
    most_buckets: usize,
    charges: AtomicU32,
    /// A handful: one per configured quota.
    by_quota: RwLock<HashMap<limits::Quota, Arc<Buckets<C>>>>,
    shares: LocalShares,
}

impl LocalRateLimiter {
    /// Creates a limiter without charges, on the monotonic clock of the process.
    #[must_use]
    pub fn new() -> Self {
        Self::with_clock(DefaultClock::default(), MOST_BUCKETS)
    }
}

impl Default for LocalRateLimiter {
    fn default() -> Self {
        Self::new()
    }
}

impl<C: Clock + Clone> LocalRateLimiter<C> {
    fn with_clock(clock: C, most_buckets: usize) -> Self {
        Self {
            clock,
            hasher: RandomState::new(),
            most_buckets,
            charges: AtomicU32::new(0),
            by_quota: RwLock::new(HashMap::new()),
            shares: LocalShares::default(),
        }
    }

    /// Charges a bucket; see [`RateLimiter::charge`].
    pub(crate) fn charge_now(&self, charge: &Charge) -> RateLimitStatus {
        let limit = NonZeroU32::new(charge.quota.amount).unwrap_or(NonZeroU32::MIN);
        let buckets = self.buckets(charge.quota);
        if self.charges.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.sweep();
        }
        let key = self.hasher.hash_one(&charge.bucket);
        let interval = charge.quota.window / limit.get();
        match buckets.check_key(&key) {
            Ok(state) => {
                let remaining = state.remaining_burst_capacity();
                RateLimitStatus {
                    limit: limit.get(),
                    remaining,
                    reset_after: interval * (limit.get() - remaining),
                    retry_after: None,
                }
            }
            Err(refusal) => {
                let wait = refusal.wait_time_from(self.clock.now());
                let reset_after = wait + interval * (limit.get() - 1);
                RateLimitStatus { limit: limit.get(), remaining: 0, reset_after, retry_after: Some(wait) }
            }
        }
    }

    /// Takes from the shares of a day; see [`RateLimiter::take_share`].
    pub(crate) fn take_share_now(&self, share: &DayShare) -> bool {
        self.shares.take(share)
    }

    fn buckets(&self, quota: limits::Quota) -> Arc<Buckets<C>> {
        let known = self.by_quota.read().unwrap_or_else(PoisonError::into_inner).get(&quota).cloned();
        known.unwrap_or_else(|| {
            let mut by_quota = self.by_quota.write().unwrap_or_else(PoisonError::into_inner);
            let fresh = || Arc::new(new_buckets(quota, &self.clock));
            Arc::clone(by_quota.entry(quota).or_insert_with(fresh))
        })
    }

    /// Drops buckets that are full again, and all of a quota's buckets where too many are left. Other charges go on
    /// meanwhile.
    fn sweep(&self) {
        let mut crowded = vec![];
        for (quota, buckets) in self.by_quota.read().unwrap_or_else(PoisonError::into_inner).iter() {
            buckets.retain_recent();
            if buckets.len() > self.most_buckets {
                crowded.push(*quota);
            }
        }
        for quota in crowded {
            tracing::warn!(limit = quota.amount, "too many rate limit buckets; starting them anew");
            let fresh = Arc::new(new_buckets(quota, &self.clock));
            self.by_quota.write().unwrap_or_else(PoisonError::into_inner).insert(quota, fresh);
        }
    }
}

fn new_buckets<C: Clock + Clone>(quota: limits::Quota, clock: &C) -> Buckets<C> {
    let limit = NonZeroU32::new(quota.amount).unwrap_or(NonZeroU32::MIN);
    // A window shorter than its amount in nanoseconds would have no interval; a minute is long enough for any.
    let quota = Quota::with_period(quota.window / limit.get())
        .map_or_else(|| Quota::per_minute(limit), |quota| quota.allow_burst(limit));
    Gcra::new(quota, DashMapStateStore::default(), clock.clone())
}

#[async_trait]
impl<C: Clock + Clone + Send + Sync> RateLimiter for LocalRateLimiter<C>
where
    C::Instant: Send + Sync,
{
    async fn charge(&self, charge: &Charge) -> RateLimitStatus {
        self.charge_now(charge)
    }

    async fn take_share(&self, share: &DayShare) -> bool {
        self.take_share_now(share)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use governor::clock::FakeRelativeClock;

    use super::*;

    fn charge(bucket: &str, per_minute: u32) -> Charge {
        Charge { bucket: bucket.to_owned(), quota: limits::Quota::per_minute(per_minute) }
    }

    fn limiter(most_buckets: usize) -> (LocalRateLimiter<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (LocalRateLimiter::with_clock(clock.clone(), most_buckets), clock)
    }

    #[test]
    fn a_bucket_lets_its_quota_through_at_once_and_then_refuses() {
        let (limiter, _clock) = limiter(100);
        let charge = charge("a", 3);
        let remaining: Vec<_> = (0..3).map(|_| limiter.charge_now(&charge).remaining).collect();
        assert_eq!(remaining, [2, 1, 0]);
        let refused = limiter.charge_now(&charge);
        assert_eq!(refused.retry_after, Some(Duration::from_secs(20)));
        assert_eq!(refused.reset_after, Duration::from_secs(60));
    }

    #[test]
    fn a_refused_caller_passes_after_retry_after() {
        let (limiter, clock) = limiter(100);
        let charge = charge("a", 60);
        while limiter.charge_now(&charge).retry_after.is_none() {}
        let wait = limiter.charge_now(&charge).retry_after.unwrap();
        clock.advance(wait);
        assert_eq!(limiter.charge_now(&charge).retry_after, None);
        assert!(limiter.charge_now(&charge).retry_after.is_some());
    }

    /// Row 6 of the security review.
    #[test]
    fn a_quota_of_an_hour_comes_back_in_an_hour() {
        let (limiter, clock) = limiter(100);
        let charge = Charge { bucket: "a".to_owned(), quota: limits::Quota::per_hour(2) };
        for _ in 0..2 {
            assert_eq!(limiter.charge_now(&charge).retry_after, None);
        }
        assert_eq!(limiter.charge_now(&charge).retry_after, Some(Duration::from_secs(1800)));
        clock.advance(Duration::from_secs(1799));
        assert!(limiter.charge_now(&charge).retry_after.is_some());
        clock.advance(Duration::from_secs(1));
        assert_eq!(limiter.charge_now(&charge).retry_after, None);
    }

    #[test]
    fn buckets_and_quotas_do_not_share() {
        let (limiter, _clock) = limiter(100);
        assert!(limiter.charge_now(&charge("a", 1)).retry_after.is_none());
        assert!(limiter.charge_now(&charge("b", 1)).retry_after.is_none());
        assert!(limiter.charge_now(&charge("a", 2)).retry_after.is_none());
        assert!(limiter.charge_now(&charge("a", 1)).retry_after.is_some());
    }

    #[test]
    fn idle_buckets_are_dropped_and_busy_ones_kept() {
        let (limiter, clock) = limiter(100);
        limiter.charge_now(&charge("idle", 1));
        clock.advance(Duration::from_secs(121));
        limiter.charge_now(&charge("busy", 1));
        limiter.sweep();
        assert_eq!(limiter.buckets(limits::Quota::per_minute(1)).len(), 1);
        assert!(limiter.charge_now(&charge("busy", 1)).retry_after.is_some());
    }

    #[test]
    fn memory_is_bounded_whatever_comes() {
        let (limiter, _clock) = limiter(10);
        for caller in 0..3 * SWEEP_EVERY {
            limiter.charge_now(&charge(&caller.to_string(), 1));
        }
        assert!(limiter.buckets(limits::Quota::per_minute(1)).len() <= 10 + SWEEP_EVERY as usize);
    }
}
