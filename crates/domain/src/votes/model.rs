//! What a vote is.

use crate::builds::{Owner, Visibility};
use crate::clock::Timestamp;
use crate::ids::BuildId;
use crate::rating::{Rating, Tally};
use crate::session::{Caller, SessionHash};

/// A vote as its caster may see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CastVote {
    /// The stars that it gives now.
    pub rating: Rating,
    /// When it was cast first; a changed rating leaves it as it is.
    pub cast_at: Timestamp,
}

/// A vote as its caster finds it among the others they cast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnVote {
    /// The id of the build.
    pub build: BuildId,
    /// The vote on it.
    pub vote: CastVote,
}

/// A stored vote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vote {
    /// Zero until it is stored.
    pub id: i64,
    /// The session that it was cast in.
    pub session: SessionHash,
    /// The player it belongs to, once known.
    pub player_id: Option<String>,
    /// The stars that it gives.
    pub rating: Rating,
    /// When it was cast first; a changed rating leaves it as it is.
    pub cast_at: Timestamp,
}

/// A caller's request about their vote on one build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoteAction {
    /// A first vote; refused when there is one.
    Cast(Rating),
    /// A vote, or another in its place.
    Put(Rating),
    /// Removal of the vote; without one it changes nothing.
    Withdraw,
}

/// One action of a caller, as storage executes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoteRequest {
    /// The id of the build.
    pub build: BuildId,
    /// The caller whose vote it is.
    pub caller: Caller,
    /// What to do with the vote.
    pub action: VoteAction,
    /// When the request was made: the time of a vote that is new.
    pub at: Timestamp,
}

/// What decides whether a caller may vote on a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildAccess {
    /// Who may see the build while it is not hidden.
    pub visibility: Visibility,
    /// By an administrator.
    pub hidden: bool,
    /// The session and the player that it belongs to.
    pub owner: Owner,
}

impl BuildAccess {
    /// Returns whether the caller may see the build.
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
    /// The id of the build.
    pub build: BuildId,
    /// The caller's own rating; `None` without a vote.
    pub your_rating: Option<Rating>,
    /// All votes on the build, counted by their stars.
    pub tally: Tally,
}
