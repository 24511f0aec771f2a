//! Storage of votes.

use std::sync::Arc;

use async_trait::async_trait;

use super::model::{OwnVote, Vote, VoteRequest, VoteView};
use super::removal::VoteFilter;
use crate::error::Result;
use crate::ids::BuildId;
use crate::page::{ListPage, ListRequest, PageRequest, SortKey};
use crate::rating::{Rating, Tally};
use crate::session::Caller;
use crate::write_options::{AuditEntry, IdempotencyRecord, WriteOutcome};

/// The line of the audit log about votes that were removed.
pub type RemovalAudit = Arc<dyn Fn(&Tally) -> AuditEntry + Send + Sync>;

/// A build's tally, scores and days always equal what its votes give: they change in one transaction.
#[async_trait]
pub trait VoteRepository: Send + Sync {
    /// Carries out the request by the rules of [`super::ExistingVotes::decide`], under a lock of the build's
    /// tally, and returns the tally that follows.
    ///
    /// # Errors
    /// [`crate::Error::BuildNotFound`] and [`crate::Error::AlreadyVoted`], as the rules say.
    async fn vote(
        &self,
        request: VoteRequest,
        idempotency: Option<IdempotencyRecord<VoteView>>,
    ) -> Result<WriteOutcome<VoteView>>;

    /// The tally and the caller's own rating. `None` for a build that is absent, hidden, or not visible to the caller.
    async fn view(&self, build: &BuildId, caller: &Caller) -> Result<Option<VoteView>>;

    /// The caller's ratings of these builds; builds without one, and those that take no vote of the caller, are
    /// left out.
    async fn ratings(&self, builds: &[BuildId], caller: &Caller) -> Result<Vec<(BuildId, Rating)>>;

    /// Up to `page.limit + 1` of the caller's votes, newest first, one for each build; votes on builds that take
    /// no vote of the caller are left out.
    async fn of_caller(&self, caller: &Caller, page: PageRequest) -> Result<Vec<(OwnVote, SortKey)>>;

    /// The votes on a build, newest first; `None` for an absent build.
    async fn of_build(&self, build: &BuildId, request: ListRequest) -> Result<Option<ListPage<Vote>>>;

    /// Removes one vote.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] when the build has no such vote.
    async fn remove(&self, build: &BuildId, vote: i64, audit: AuditEntry) -> Result<()>;

    /// Removes the votes on a build that the filter picks, in one transaction, and counts them.
    ///
    /// # Errors
    /// [`crate::Error::BuildNotFound`].
    async fn remove_matching(
        &self,
        build: &BuildId,
        filter: VoteFilter,
        audit: RemovalAudit,
    ) -> Result<Tally>;

    /// What [`Self::remove_matching`] would count; `None` for an absent build.
    async fn count_matching(&self, build: &BuildId, filter: VoteFilter) -> Result<Option<Tally>>;
}
