//! Types for claiming, exporting and erasing what belongs to a caller.

#![allow(missing_docs, reason = "strum derives `into_str` without documentation")]

use strum::{EnumString, IntoStaticStr, VariantArray, VariantNames};

use crate::clock::Timestamp;
use crate::ids::BuildId;
use crate::session::Caller;

/// Progress of a claim: what it has moved to the player so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claimed {
    /// The builds that moved to the player.
    pub builds: Vec<BuildId>,
    /// Votes that moved. Where session and player had both voted, the player's vote stays and is not counted.
    pub votes: u64,
    /// Whether nothing is left to claim.
    pub finished: bool,
}

/// A claim or an erasure that was accepted and is not finished. It is stored until its last batch, so that any
/// process can resume it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountJob {
    /// Whether it is a claim or an erasure.
    pub kind: AccountJobKind,
    /// The caller who requested it. The player's tier and roles are not stored and are empty.
    pub caller: Caller,
    /// When a batch of it was last executed.
    pub resumed_at: Timestamp,
}

/// The kinds of work on a caller's data that are stored until they are finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "lowercase", const_into_str)]
pub enum AccountJobKind {
    /// The session's builds and votes become the player's.
    Claim,
    /// What is stored about the caller is erased.
    Erasure,
}

/// The kinds of things that are stored about a caller, in the order of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum ExportKind {
    /// Builds that the caller owns.
    Builds,
    /// Votes that the caller has cast.
    Votes,
    /// Feedback on the assistant's answers.
    Feedback,
    /// Recorded searches, those that do not count included.
    Searches,
    /// Reports about builds.
    Reports,
    /// Idempotency keys, with the responses stored for them.
    IdempotencyKeys,
}

impl ExportKind {
    /// All kinds, in the order of an export.
    pub const ALL: &[Self] = Self::VARIANTS;
}

/// The owner whose rows a page holds. Each has its own index, so that a page reads few rows besides those it shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ExportOwner {
    /// The session: rows that no player has claimed.
    #[default]
    Session,
    /// The player: rows that the player has claimed, or has created with a valid token.
    Player,
}

/// Where the next page of one kind begins; the default is its beginning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExportCursor {
    /// The owner whose rows come next.
    pub owner: ExportOwner,
    /// The number of the last row.
    pub row: i64,
    /// The last idempotency key, which has no row number.
    pub key: String,
}

/// A page of rows of one kind, rendered for the export: without hashes and row numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExportPage {
    /// Each a JSON object.
    pub items: Vec<String>,
    /// `None` after the last row of the kind.
    pub next: Option<ExportCursor>,
}

/// The state of an erasure after one batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erasure {
    /// Nothing is left to erase.
    Done,
    /// Further batches are needed.
    More,
}
