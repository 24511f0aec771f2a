//! Time and randomness that tests decide.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use myashes_domain::clock::{Clock, Timestamp};
use myashes_domain::ids::Entropy;

/// A clock that advances only when it is set.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// Stands at 2026-01-14T09:30:00Z.
    #[must_use]
    pub fn new() -> Self {
        Self(AtomicI64::new(1_768_383_000_000_000))
    }

    pub fn advance_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst)).expect("tests stay within the calendar")
    }
}

/// Bytes that are the same in every run, by how often they were drawn.
#[derive(Debug, Default)]
pub struct SequenceEntropy(AtomicU64);

impl Entropy for SequenceEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        let drawn = self.0.fetch_add(1, Ordering::SeqCst);
        let mut state = drawn.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        for byte in bytes {
            // Knuth's MMIX multiplier: enough to spread the bits of a counter.
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = (state >> 56) as u8;
        }
    }
}
