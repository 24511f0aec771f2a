//! What belongs to a caller.

use serde_json::Value;

use crate::ids::BuildId;

/// What a claim came to: the builds that are now the player's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    pub builds: Vec<BuildId>,
    /// Votes that moved; of a double vote the player's own stayed and is not counted.
    pub votes: u64,
}

/// Everything stored about a caller, by kind, ready to be shown: no hashes, no row numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Export {
    pub builds: Vec<Value>,
    pub votes: Vec<Value>,
    pub feedback: Vec<Value>,
    pub searches: Vec<Value>,
    pub reports: Vec<Value>,
    pub idempotency_keys: Vec<Value>,
}

/// What is left of an erasure after one batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erasure {
    Done,
    More,
}
