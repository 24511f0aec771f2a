//! Throw-away servers from the programs of this machine, for xtask and for tests. Each ends when its value is dropped.
//!
//! Every call blocks until it is done. A test calls from its own thread, while the runtime's threads serve the rest.

mod account;
mod binaries;
mod certificate;
mod chromedriver;
mod folder;
mod nginx;
mod pgbouncer;
mod postgres;
mod process;
mod redis;

pub use account::is_root;
pub use binaries::{postgres as postgres_binaries, program, redis as redis_binary};
pub use certificate::self_signed_certificate;
pub use chromedriver::Chromedriver;
pub use folder::{Folder, secret};
pub use nginx::Nginx;
pub use pgbouncer::Pgbouncer;
pub use postgres::{Postgres, PostgresOptions};
pub use process::{MOMENT, ServerProcess, free_port, handle_interrupts, pause, wait_until};
pub use redis::{Redis, answers as redis_answers};

/// `None` for a test that cannot run without `what`, which is named on standard error.
///
/// # Panics
/// In CI, where no test is skipped.
#[expect(clippy::disallowed_methods, reason = "tests take their servers from the environment")]
pub fn skip_without<T>(what: &str) -> Option<T> {
    assert!(std::env::var("CI").as_deref() != Ok("true"), "CI needs {what}");
    eprintln!("SKIPPED: there is no {what}; `cargo xtask test --install` installs what tests need");
    None
}

/// A test's server; `None` where it is not installed, which CI does not let pass.
///
/// # Panics
/// When it is installed and does not start.
fn for_test<T>(name: &str, started: anyhow::Result<Option<T>>) -> Option<T> {
    started.unwrap_or_else(|error| panic!("{error:#}")).or_else(|| skip_without(name))
}
