//! State that replicas share on a real Redis, and the behaviour when Redis is slow, down or restarted.

mod hanging;
mod limits;
mod shares;
