//! Random choices that can be repeated: each test prints its seed, and `TEST_SEED` makes the same choices again.

use std::hash::{BuildHasher, RandomState};

/// SplitMix64 (Steele, Lea, Flood 2014): small, and good enough to choose what happens next.
#[derive(Clone)]
pub struct Dice(u64);

impl Dice {
    /// Dice of a seed that is printed.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the seed of a test comes from the environment")]
    pub fn new(test: &str) -> Self {
        let given = std::env::var("TEST_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| RandomState::new().hash_one(test));
        eprintln!("{test}: TEST_SEED={seed}");
        Self(seed)
    }

    /// Dice that always throw the same.
    #[must_use]
    pub fn fixed(seed: u64) -> Self {
        Self(seed)
    }

    /// Separate dice for another task, so that the order of their throws does not matter.
    #[must_use]
    pub fn split(&mut self) -> Self {
        Self(self.throw())
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.throw() % end
    }

    /// A position in a list of this length.
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
