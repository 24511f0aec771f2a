//! What one process keeps for itself: rate limits without Redis, or while it is away.

mod limits;
mod shares;

pub use limits::LocalRateLimiter;
