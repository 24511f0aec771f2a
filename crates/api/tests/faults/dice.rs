//! Chance that can be repeated: each test prints its seed, and `FAULT_SEED` throws the same again.

use std::hash::{BuildHasher, RandomState};

use myashes_api::settings::Settings;

/// SplitMix64 (Steele, Lea, Flood 2014): small, and good enough to choose what happens next.
#[derive(Clone)]
pub struct Dice(u64);

impl Dice {
    /// Dice of a seed that is printed.
    pub fn new(test: &str) -> Self {
        let given = Settings::environment().remove("FAULT_SEED").and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| RandomState::new().hash_one(test));
        eprintln!("{test}: FAULT_SEED={seed}");
        Self(seed)
    }

    /// Separate dice for another task, so that the order of their throws does not matter.
    pub fn split(&mut self) -> Self {
        Self(self.throw())
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.throw() % end
    }

    pub fn index(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }

    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

impl Dice {
    /// Dice that always throw the same.
    pub fn fixed(seed: u64) -> Self {
        Self(seed)
    }
}
