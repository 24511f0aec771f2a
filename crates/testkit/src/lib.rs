//! Support for the tests of several crates: throw-away databases of both kinds, a manual clock, repeatable random choices
//! and records.

mod clock;
mod database;
mod dice;
mod records;

pub use clock::{ManualClock, SequenceEntropy};
pub use database::{DatabaseKind, TestDatabase};
pub use dice::Dice;
pub use myashes_servers::skip_without;
pub use records::{build_draft, search_record};
