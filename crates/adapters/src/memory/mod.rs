//! What one process keeps for itself: rate limits without Redis, or while it is away.

mod limits;

pub use limits::LocalRateLimiter;
