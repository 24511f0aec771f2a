//! What a vote is.

use crate::builds::{Owner, Visibility};
use crate::clock::Timestamp;
use crate::ids::BuildId;
use crate::rating::{Rating, Tally};
use crate::session::{Caller, SessionHash};

/// A vote as its caster may see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CastVote {
    pub rating: Rating,
    pub cast_at: Timestamp,
}

/// A vote as its caster finds it among the others they cast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnVote {
    pub build: BuildId,
    pub ballot: CastVote,
}

/// A stored vote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vote {
    /// Zero until it is stored.
    pub id: i64,
    pub session: SessionHash,
    /// The player it belongs to, once known.
    pub player_id: Option<String>,
    pub rating: Rating,
    pub cast_at: Timestamp,
}

/// A caller's request about their vote on one build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoteAction {
    /// A first vote; refused when there is one.
    Cast(Rating),
    /// A vote, or another in its place.
    Put(Rating),
    Withdraw,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoteRequest {
    pub build: BuildId,
    pub caller: Caller,
    pub action: VoteAction,
    pub at: Timestamp,
}

/// What decides whether a caller may vote on a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildAccess {
    pub visibility: Visibility,
    /// By an administrator.
    pub hidden: bool,
    pub owner: Owner,
}

impl BuildAccess {
    #[must_use]
    pub fn visible_to(&self, caller: &Caller) -> bool {
        let owned = caller.owns(self.owner.session, self.owner.player_id.as_deref());
        self.visibility.is_visible(self.hidden, owned)
    }

    /// Whether the caller may vote on it and see the votes. A hidden build takes no votes, its owner's neither.
    #[must_use]
    pub fn takes_votes_of(&self, caller: &Caller) -> bool {
        !self.hidden && self.visible_to(caller)
    }
}

/// The tally of a build, and the caller's own vote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoteView {
    pub build: BuildId,
    pub your_rating: Option<Rating>,
    pub tally: Tally,
}
