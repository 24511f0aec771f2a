//! What replicas share through Redis 6 or Valkey 7 and newer. All of it can be lost without harm: limits fall
//! back to the process, tokens are checked again. Every key begins with `myashes:` and has a TTL.

mod announcements;
mod limits;
mod link;
mod tokens;

pub use announcements::{Announcer, listen};
pub use limits::SharedRateLimiter;
pub use link::{Away, RedisLink};
pub(crate) use tokens::SharedTokens;
