//! How many unknown tokens one address may have checked: those found bad are counted, per minute and in this
//! process.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use myashes_domain::clock::Timestamp;
use myashes_domain::limits::TOKENS;
use myashes_domain::{Error, Result};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bad tokens that an address may send in a minute.
const MAX_BAD_TOKENS: usize = 30;
const WINDOW_SECONDS: i64 = 60;
/// Most addresses kept; the least recently seen is evicted.
const MAX_ADDRESSES: u64 = 10_000;

/// Counts bad tokens by address.
pub(super) struct GuessLimiter(Cache<IpAddr, Arc<Window>>);

/// One minute of one address. A permit is taken for each check and comes back unless the token is bad, so that
/// checks at the same time cannot pass the limit either.
struct Window {
    until: Timestamp,
    permits: Arc<Semaphore>,
    bad: AtomicUsize,
}

/// Leave to have one token checked.
pub(super) struct Guess {
    window: Arc<Window>,
    permit: OwnedSemaphorePermit,
}

impl GuessLimiter {
    pub(super) fn new() -> Self {
        Self(Cache::builder().max_capacity(MAX_ADDRESSES).eviction_policy(EvictionPolicy::lru()).build())
    }

    /// Waits while as many checks of the address are running as it may have bad ones.
    ///
    /// # Errors
    /// [`Error::RateLimited`] until the minute is over, once [`MAX_BAD_TOKENS`] were found bad in it.
    pub(super) async fn admit(&self, address: IpAddr, now: Timestamp) -> Result<Guess> {
        let latest = now.plus_seconds(WINDOW_SECONDS);
        let fresh = || {
            let permits = Arc::new(Semaphore::new(MAX_BAD_TOKENS));
            Arc::new(Window { until: latest, permits, bad: AtomicUsize::new(0) })
        };
        // One that ends later than a new one was begun before the clock was set back.
        let over = |window: &Arc<Window>| window.until <= now || window.until > latest;
        let window = self.0.entry(address).or_insert_with_if(fresh, over).into_value();
        match Arc::clone(&window.permits).acquire_owned().await {
            Ok(permit) => Ok(Guess { window, permit }),
            // Closed: the last of the permits was used up.
            Err(_) => {
                let micros = window.until.micros().saturating_sub(now.micros()).max(1);
                let retry_after = micros.unsigned_abs().div_ceil(1_000_000);
                Err(Error::RateLimited { limit: TOKENS, retry_after })
            }
        }
    }
}

impl Guess {
    /// The token was found bad.
    pub(super) fn found_bad(self) {
        self.permit.forget();
        if self.window.bad.fetch_add(1, Ordering::Relaxed) + 1 >= MAX_BAD_TOKENS {
            self.window.permits.close();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000).unwrap()
    }

    const ADDRESS: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[tokio::test]
    async fn an_address_is_refused_after_thirty_bad_tokens_until_its_minute_is_over() {
        let limiter = GuessLimiter::new();
        for _ in 0..100 {
            drop(limiter.admit(ADDRESS, at(0)).await.unwrap());
        }
        for second in 0..30 {
            limiter.admit(ADDRESS, at(second)).await.unwrap().found_bad();
        }
        let refused = limiter.admit(ADDRESS, at(45)).await.map(drop).unwrap_err();
        assert!(matches!(refused, Error::RateLimited { limit: "tokens", retry_after: 15 }), "{refused:?}");
        assert!(limiter.admit(ADDRESS, at(60)).await.is_ok());
    }

    #[tokio::test]
    async fn a_clock_that_is_set_back_ends_the_minute() {
        let limiter = GuessLimiter::new();
        for _ in 0..30 {
            limiter.admit(ADDRESS, at(7200)).await.unwrap().found_bad();
        }
        assert!(limiter.admit(ADDRESS, at(7200)).await.is_err());
        assert!(limiter.admit(ADDRESS, at(3600)).await.is_ok());
    }

    #[tokio::test]
    async fn memory_is_bounded_whatever_comes() {
        let limiter = GuessLimiter::new();
        for n in 0..30_000_u32 {
            drop(limiter.admit(IpAddr::V4(n.into()), at(0)).await.unwrap());
        }
        limiter.0.run_pending_tasks();
        assert!(limiter.0.entry_count() <= MAX_ADDRESSES);
    }
}
