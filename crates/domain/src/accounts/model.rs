//! What belongs to a caller.

use serde_json::Value;

use crate::clock::Timestamp;
use crate::ids::BuildId;
use crate::session::Caller;

/// What a claim has come to so far: the builds that are now the player's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claimed {
    pub builds: Vec<BuildId>,
    /// Votes that moved; of a double vote the player's own stayed and is not counted.
    pub votes: u64,
    /// Whether nothing is left to claim.
    pub finished: bool,
}

/// A claim or an erasure that was accepted and is not finished. It is stored until its last batch, so that any
/// process can carry it on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountJob {
    pub kind: AccountJobKind,
    pub caller: Caller,
    /// When a batch of it was last carried out.
    pub resumed_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountJobKind {
    Claim,
    Erasure,
}

impl AccountJobKind {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Claim => "claim",
            Self::Erasure => "erasure",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Claim, Self::Erasure].into_iter().find(|it| it.name() == name)
    }
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
