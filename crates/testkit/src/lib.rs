//! Support for the tests of several crates: throw-away databases of both kinds, a manual clock and repeatable random choices.

mod clock;
mod database;
mod dice;

pub use clock::{ManualClock, SequenceEntropy};
pub use database::{DatabaseKind, TestDatabase};
pub use dice::Dice;

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
