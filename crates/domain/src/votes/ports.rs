//! Where votes are kept.

use async_trait::async_trait;

use super::model::{Rating, Vote, VoteRequest, VoteView};
use crate::alongside::{AuditEntry, Receipt, Written};
use crate::error::Result;
use crate::ids::BuildId;
use crate::page::{ListPage, ListRequest};
use crate::session::Caller;

/// A build's tally, scores and days always equal what its votes give: they change in one transaction.
#[async_trait]
pub trait VoteRepository: Send + Sync {
    /// Carries out the request by the rules of [`super::Present::decide`], under a lock of the build's
    /// tally, and returns the tally that follows.
    ///
    /// # Errors
    /// [`crate::Error::BuildNotFound`] and [`crate::Error::AlreadyVoted`], as the rules say.
    async fn vote(
        &self,
        request: VoteRequest,
        receipt: Option<Receipt<VoteView>>,
    ) -> Result<Written<VoteView>>;

    /// The tally and the caller's own rating. `None` for a build that is absent, hidden, or not visible to the caller.
    async fn view(&self, build: &BuildId, caller: &Caller) -> Result<Option<VoteView>>;

    /// The caller's ratings of these builds; builds without one are left out.
    async fn ratings(&self, builds: &[BuildId], caller: &Caller) -> Result<Vec<(BuildId, Rating)>>;

    /// The votes on a build, newest first; `None` for an absent build.
    async fn of_build(&self, build: &BuildId, request: ListRequest) -> Result<Option<ListPage<Vote>>>;

    /// Removes one vote. `None` when the build has no such vote.
    async fn remove(&self, build: &BuildId, vote: i64, audit: AuditEntry) -> Result<Option<()>>;
}
