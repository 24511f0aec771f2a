//! Operations on votes, with their authorization.

use std::sync::Arc;

use super::model::{OwnVote, VoteAction, VoteRequest, VoteView};
use super::ports::VoteRepository;
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::ids::BuildId;
use crate::page::{Binding, Page, PageRequest, encode_cursor};
use crate::rating::Rating;
use crate::session::Caller;
use crate::write_options::{IdempotencyRecord, WriteOutcome};

/// What a cursor of the list of one's own votes is bound to.
#[must_use]
pub fn own_votes_binding() -> Binding {
    Binding::to_list("own votes")
}

/// Casts, changes, withdraws and lists the votes of callers.
#[derive(Clone)]
pub struct VoteService {
    votes: Arc<dyn VoteRepository>,
    clock: Arc<dyn Clock>,
}

impl VoteService {
    /// Creates the service on its storage and clock.
    pub fn new(votes: Arc<dyn VoteRepository>, clock: Arc<dyn Clock>) -> Self {
        Self { votes, clock }
    }

    /// A first vote.
    ///
    /// # Errors
    /// [`Error::BuildNotFound`] when the build is absent, hidden, or not visible to the caller; [`Error::AlreadyVoted`]
    /// when the caller or the session has voted on it. [`Error::IdempotencyKeyReused`] for a key of another request;
    /// [`Error::IdempotencyConflict`] while the first request with the key runs.
    pub async fn cast(
        &self,
        caller: &Caller,
        build: &BuildId,
        rating: Rating,
        idempotency: Option<IdempotencyRecord<VoteView>>,
    ) -> Result<WriteOutcome<VoteView>> {
        self.votes.vote(self.request(caller, build, VoteAction::Cast(rating)), idempotency).await
    }

    /// A vote, or a changed one.
    ///
    /// # Errors
    /// [`Error::BuildNotFound`] as for [`Self::cast`]; [`Error::AlreadyVoted`] when the session's vote belongs to
    /// another player.
    pub async fn put(&self, caller: &Caller, build: &BuildId, rating: Rating) -> Result<VoteView> {
        self.without_key(self.request(caller, build, VoteAction::Put(rating))).await
    }

    /// Withdraws the caller's vote: the player's, and the session's unclaimed one. Without any it changes nothing.
    ///
    /// # Errors
    /// [`Error::BuildNotFound`] as for [`Self::cast`].
    pub async fn withdraw(&self, caller: &Caller, build: &BuildId) -> Result<VoteView> {
        self.without_key(self.request(caller, build, VoteAction::Withdraw)).await
    }

    /// Returns the tally of a build and the caller's own rating.
    ///
    /// # Errors
    /// [`Error::BuildNotFound`] as for [`Self::cast`].
    pub async fn view(&self, caller: &Caller, build: &BuildId) -> Result<VoteView> {
        let view = self.votes.view(build, caller).await?;
        view.ok_or_else(|| Error::BuildNotFound(build.to_string()))
    }

    /// The caller's ratings among `builds`.
    ///
    /// # Errors
    /// When the storage cannot answer.
    pub async fn ratings(&self, caller: &Caller, builds: &[BuildId]) -> Result<Vec<(BuildId, Rating)>> {
        self.votes.ratings(builds, caller).await
    }

    /// All of the caller's votes, newest first; a page of them, and the cursor of the next one.
    ///
    /// # Errors
    /// When the storage cannot answer.
    pub async fn own(&self, caller: &Caller, page: PageRequest) -> Result<(Vec<OwnVote>, Option<String>)> {
        let page = Page::from_rows(self.votes.of_caller(caller, page).await?, page.limit);
        Ok((page.items, page.next.map(|key| encode_cursor(&key, &own_votes_binding()))))
    }

    fn request(&self, caller: &Caller, build: &BuildId, action: VoteAction) -> VoteRequest {
        VoteRequest { build: build.clone(), caller: caller.clone(), action, at: self.clock.now() }
    }

    async fn without_key(&self, request: VoteRequest) -> Result<VoteView> {
        self.votes.vote(request, None).await?.executed()
    }
}
