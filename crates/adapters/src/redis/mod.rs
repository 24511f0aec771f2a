//! What replicas share through Redis 6 or Valkey 7 and newer. All of it can be lost without harm: limits fall
//! back to the process. Every key begins with `myashes:` and has a TTL.

mod announcements;
mod limits;
mod link;
mod rights;

pub use announcements::{InvalidationPublisher, listen};
pub use limits::SharedRateLimiter;
pub use link::{RedisLink, RedisUnavailable};
