//! Support for the tests of several crates: throw-away databases of both kinds and a manual clock.

mod clock;
mod database;

pub use clock::{ManualClock, SequenceEntropy};
pub use database::{DatabaseKind, TestDatabase};
