//! Rate limits: what is charged, to whom, and the port that keeps the buckets.

use std::time::Duration;

/// What a request counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LimitClass {
    /// Single things.
    Reads,
    /// Collections and reports.
    Lists,
    /// New builds.
    Creates,
    /// Vote writes.
    Votes,
    /// Every other write.
    Writes,
    /// Sessions minted for callers who sent none.
    NewSessions,
}

impl LimitClass {
    /// The name in bucket keys, headers and metrics.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Reads => "reads",
            Self::Lists => "lists",
            Self::Creates => "creates",
            Self::Votes => "votes",
            Self::Writes => "writes",
            Self::NewSessions => "new_sessions",
        }
    }
}

/// How much one bucket lets through in a minute, all of it at once if need be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Quota {
    pub per_minute: u32,
}

/// One request against one bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// Names the bucket. It holds no secret: a caller stands in it as a hash.
    pub bucket: String,
    pub quota: Quota,
}

/// How a bucket stands after a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub limit: u32,
    pub remaining: u32,
    /// Until the bucket is full again.
    pub reset_after: Duration,
    /// `Some` when the charge was refused: how long until one would pass.
    pub retry_after: Option<Duration>,
}

/// Keeps the buckets (GCRA). It never fails: an adapter whose store is away holds the limits by itself.
#[async_trait::async_trait]
pub trait RateLimiter: Send + Sync {
    async fn charge(&self, charge: &Charge) -> Standing;
}
