//! What tests of several crates need: a throw-away database of either kind, and a clock that is moved by hand.

mod clock;
mod database;

pub use clock::{ManualClock, SequenceEntropy};
pub use database::{DatabaseKind, TestDatabase};
