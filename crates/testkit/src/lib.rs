//! Support for the tests of several crates: throw-away databases of both kinds, a manual clock and repeatable random choices.

mod clock;
mod database;
mod dice;

pub use clock::{ManualClock, SequenceEntropy};
pub use database::{DatabaseKind, TestDatabase};
pub use dice::Dice;
pub use myashes_servers::skip_without;
