//! What replicas share, on a real Redis, and what happens when it is slow, gone or new.
//!
//! `TEST_REDIS_URL` names a Redis to share; tests that stop theirs start one of their own from the
//! `redis-server` of this machine. Where there is neither, they say so and pass, but fail when `CI=true`.

mod hanging;
mod limits;
mod server;
