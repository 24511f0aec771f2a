//! Votes change how a build is shown.

use std::sync::Arc;

use async_trait::async_trait;
use myashes_domain::Result;
use myashes_domain::builds::Tally;
use myashes_domain::ids::BuildId;
use myashes_domain::page::{Key, ListPage, ListRequest, PageRequest};
use myashes_domain::session::Caller;
use myashes_domain::votes::{
    OwnVote, Rating, RemovalAudit, Vote, VoteFilter, VoteRepository, VoteRequest, VoteView,
};
use myashes_domain::write_options::{AuditEntry, IdempotencyRecord, WriteOutcome};

use super::builds::CachedBuilds;

pub struct CachedVotes {
    inner: Arc<dyn VoteRepository>,
    builds: Arc<CachedBuilds>,
}

impl CachedVotes {
    pub fn new(inner: Arc<dyn VoteRepository>, builds: Arc<CachedBuilds>) -> Self {
        Self { inner, builds }
    }
}

#[async_trait]
impl VoteRepository for CachedVotes {
    async fn vote(
        &self,
        request: VoteRequest,
        receipt: Option<IdempotencyRecord<VoteView>>,
    ) -> Result<WriteOutcome<VoteView>> {
        let build = request.build.clone();
        let written = self.inner.vote(request, receipt).await;
        self.builds.invalidate_scores(std::slice::from_ref(&build));
        written
    }

    async fn view(&self, build: &BuildId, caller: &Caller) -> Result<Option<VoteView>> {
        self.inner.view(build, caller).await
    }

    async fn ratings(&self, builds: &[BuildId], caller: &Caller) -> Result<Vec<(BuildId, Rating)>> {
        self.inner.ratings(builds, caller).await
    }

    async fn of_caller(&self, caller: &Caller, page: PageRequest) -> Result<Vec<(OwnVote, Key)>> {
        self.inner.of_caller(caller, page).await
    }

    async fn of_build(&self, build: &BuildId, request: ListRequest) -> Result<Option<ListPage<Vote>>> {
        self.inner.of_build(build, request).await
    }

    async fn remove(&self, build: &BuildId, vote: i64, audit: AuditEntry) -> Result<Option<()>> {
        let removed = self.inner.remove(build, vote, audit).await;
        self.builds.invalidate_scores(std::slice::from_ref(build));
        removed
    }

    async fn remove_matching(
        &self,
        build: &BuildId,
        filter: VoteFilter,
        audit: RemovalAudit,
    ) -> Result<Option<Tally>> {
        let removed = self.inner.remove_matching(build, filter, audit).await;
        self.builds.invalidate_scores(std::slice::from_ref(build));
        removed
    }

    async fn count_matching(&self, build: &BuildId, filter: VoteFilter) -> Result<Option<Tally>> {
        self.inner.count_matching(build, filter).await
    }
}
