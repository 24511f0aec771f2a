//! Adapters of services that are not the database, against the real thing or a server on a real socket that
//! can be slow, wrong and absent.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod identity;
mod redis;
