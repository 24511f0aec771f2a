//! What belongs to a caller.

use strum::{EnumString, IntoStaticStr, VariantArray, VariantNames};

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
    /// When a batch of it was last executed.
    pub resumed_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "lowercase", const_into_str)]
pub enum AccountJobKind {
    Claim,
    Erasure,
}

/// The kinds of things that are stored about a caller, in the order of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum ExportKind {
    Builds,
    Votes,
    Feedback,
    Searches,
    Reports,
    IdempotencyKeys,
}

impl ExportKind {
    pub const ALL: &[Self] = Self::VARIANTS;
}

/// Whose things a page holds. Each has an index of its own, so that a page reads little more than it shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ExportOwner {
    /// The session: what no player has claimed.
    #[default]
    Session,
    Player,
}

/// Where the next page of one kind begins; the default is its beginning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExportCursor {
    pub owner: ExportOwner,
    /// The number of the last row.
    pub row: i64,
    /// The last idempotency key, which has no row number.
    pub key: String,
}

/// Some things of one kind, ready to be shown: no hashes, no row numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExportPage {
    /// Each a JSON object.
    pub items: Vec<String>,
    /// `None` behind the last of the kind.
    pub next: Option<ExportCursor>,
}

/// What is left of an erasure after one batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erasure {
    Done,
    More,
}
