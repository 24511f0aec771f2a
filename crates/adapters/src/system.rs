//! The system's clock and its source of entropy.

use chrono::Utc;
use myashes_domain::clock::{Clock, Timestamp};
use myashes_domain::ids::Entropy;

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one adapter that reads the clock")]
    fn now(&self) -> Timestamp {
        Timestamp::new(Utc::now())
    }
}

/// The operating system's secure random source.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system provides entropy");
    }
}
