//! Rate limits: classes, quotas, and the port that stores the buckets.

#![allow(missing_docs, reason = "strum derives `into_str` without documentation")]

use std::time::Duration;

use strum::IntoStaticStr;

use crate::clock::Day;

/// The rate limit class of a request. Its name appears in bucket keys, headers and metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, IntoStaticStr)]
#[strum(serialize_all = "lowercase", const_into_str)]
pub enum LimitClass {
    /// Reads of single resources.
    Reads,
    /// Reads of collections and reports.
    Lists,
    /// New builds.
    Creates,
    /// Vote writes.
    Votes,
    /// Every other write.
    Writes,
}

/// The limit on first votes of anonymous sessions, per build and address.
pub const BUILD_VOTES: &str = "build_votes";

/// Names the limit on exports of one caller that run at once.
pub const EXPORTS: &str = "exports";

/// Names the limit on tokens that are found to be invalid.
pub const TOKENS: &str = "tokens";

/// The quota of an IPv6 /48, as a multiple of an address's.
pub const SITE_FACTOR: u32 = 16;

/// How much one bucket lets through in a window, all of it at once if need be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Quota {
    /// At least 1; 0 counts as 1.
    pub amount: u32,
    /// The time after which the whole amount is available again.
    pub window: Duration,
}

impl Quota {
    /// Returns a quota of `amount` for each minute.
    #[must_use]
    pub const fn per_minute(amount: u32) -> Self {
        Self { amount, window: Duration::from_secs(60) }
    }

    /// Returns a quota of `amount` for each hour.
    #[must_use]
    pub const fn per_hour(amount: u32) -> Self {
        Self { amount, window: Duration::from_secs(3600) }
    }

    /// The same window with `factor` times the amount.
    #[must_use]
    pub fn times(self, factor: u32) -> Self {
        Self { amount: self.amount.saturating_mul(factor), ..self }
    }
}

/// One request against one bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// Names the bucket. It contains no secret: a caller is identified by a hash.
    pub bucket: String,
    /// How much the bucket lets through.
    pub quota: Quota,
}

/// State of a bucket after a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimitStatus {
    /// The amount of the quota.
    pub limit: u32,
    /// How many more requests would pass at once.
    pub remaining: u32,
    /// Until the bucket is full again.
    pub reset_after: Duration,
    /// `Some` when the charge was refused: how long until one would pass.
    pub retry_after: Option<Duration>,
}

/// One unit of the daily quotas of several holders: taken from each of them, or from none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayShare {
    /// The UTC day that it is taken from.
    pub day: Day,
    /// Until the day is over, and with it what was taken.
    pub remaining: Duration,
    /// Names what is taken, such as a query.
    pub item: u64,
    /// The holders whose quotas it is taken from.
    pub holders: Vec<ShareHolder>,
}

/// The holder of a daily quota.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareHolder {
    /// Names the holder. It holds no secret, as that of a [`Charge`].
    pub bucket: String,
    /// How often it takes the same item.
    pub per_item: u32,
    /// How many different items it takes; `None` for any number.
    pub items: Option<u32>,
}

/// Stores the buckets (GCRA) and the daily quotas. It never fails: an adapter whose store is unreachable enforces
/// the limits within its process.
#[async_trait::async_trait]
pub trait RateLimiter: Send + Sync {
    /// Charges one request. A refused one leaves the bucket as it is.
    async fn charge(&self, charge: &Charge) -> RateLimitStatus;

    /// Takes from the shares of a day. False when a holder has none left: then nothing is taken.
    async fn take_share(&self, share: &DayShare) -> bool;
}
