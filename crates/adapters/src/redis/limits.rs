//! Rate limits that replicas share: one script in Redis, and this process's own buckets while Redis is away.

use std::sync::Arc;
use std::time::Duration;

use ::redis::Script;
use async_trait::async_trait;
use myashes_domain::limits::{Charge, DayShare, RateLimitStatus, RateLimiter};

use super::link::{RedisLink, RedisUnavailable};
use super::rights::Purpose;
use crate::memory::LocalRateLimiter;

/// How long what was taken on a day is kept beyond its end.
const AFTER_THE_DAY: Duration = Duration::from_secs(60);

/// A rate limiter with shared buckets in Redis, and this process's own buckets while Redis is unavailable.
pub struct SharedRateLimiter {
    link: Arc<RedisLink>,
    script: Script,
    shares: Script,
    /// Charged with all that this process lets through, so that it hands out no quota again when Redis stops answering.
    local: LocalRateLimiter,
}

impl SharedRateLimiter {
    /// Creates a limiter that charges through `link`.
    #[must_use]
    pub fn new(link: Arc<RedisLink>) -> Self {
        Self {
            link,
            script: Script::new(include_str!("gcra.lua")),
            shares: Script::new(include_str!("shares.lua")),
            local: LocalRateLimiter::new(),
        }
    }

    async fn charge_shared(&self, charge: &Charge) -> Result<RateLimitStatus, RedisUnavailable> {
        let limit = charge.quota.amount.max(1);
        let window = u64::try_from(charge.quota.window.as_micros()).unwrap_or(u64::MAX);
        // Whole microseconds, so that the script counts without rounding.
        let interval = (window / u64::from(limit)).max(1);
        let mut invocation = self.script.prepare_invoke();
        invocation.key(format!("myashes:limit:{limit}:{}", charge.bucket));
        invocation.arg(interval).arg(interval * u64::from(limit));
        let (passed, remaining, reset, wait): (u8, u32, u64, u64) =
            self.link
                .run(Purpose::Limits, |mut connection| async move {
                    invocation.invoke_async(&mut connection).await
                })
                .await?;
        Ok(RateLimitStatus {
            limit,
            remaining,
            reset_after: Duration::from_micros(reset),
            retry_after: (passed == 0).then(|| Duration::from_micros(wait)),
        })
    }

    async fn take_shared(&self, share: &DayShare) -> Result<bool, RedisUnavailable> {
        let kept = (share.remaining + AFTER_THE_DAY).as_millis();
        let mut invocation = self.shares.prepare_invoke();
        invocation.arg(format!("{:x}", share.item)).arg(u64::try_from(kept).unwrap_or(u64::MAX));
        for holder in &share.holders {
            invocation.key(format!("myashes:share:{}:{}", share.day.0, holder.bucket));
            invocation.arg(holder.per_item).arg(holder.items.unwrap_or_default());
        }
        let taken: u8 =
            self.link
                .run(Purpose::Shares, |mut connection| async move {
                    invocation.invoke_async(&mut connection).await
                })
                .await?;
        Ok(taken == 1)
    }
}

#[async_trait]
impl RateLimiter for SharedRateLimiter {
    async fn charge(&self, charge: &Charge) -> RateLimitStatus {
        let Ok(status) = self.charge_shared(charge).await else {
            metrics::counter!("rate_limit_local_fallbacks_total").increment(1);
            return self.local.charge_now(charge);
        };
        if status.retry_after.is_none() {
            self.local.charge_now(charge);
        }
        status
    }

    async fn take_share(&self, share: &DayShare) -> bool {
        let Ok(taken) = self.take_shared(share).await else {
            metrics::counter!("rate_limit_local_fallbacks_total").increment(1);
            return self.local.take_share_now(share);
        };
        if taken {
            self.local.take_share_now(share);
        }
        taken
    }
}
