//! The HTTP service: sessions, limits and routes over the domain, and the composition of it all.
//!
//! Architecture invariant: only `app` and the one-shot commands name adapters; all other modules use the
//! domain's ports.

pub mod active_sessions;
pub mod app;
pub mod connections;
pub mod error;
pub mod health;
pub mod http;
pub mod jobs;
pub mod metrics;
pub mod openapi;
pub mod routes;
pub mod server;
pub mod settings;
pub mod trace;

/// The version of this binary.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The commit it was built from, when known at build time.
pub const REVISION: &str = match option_env!("MYASHES_REVISION") {
    Some(revision) => revision,
    None => "unknown",
};
