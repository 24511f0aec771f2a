//! What replicas share, on a real Redis, and what happens when it is slow, gone or new.

mod hanging;
mod limits;
mod shares;
