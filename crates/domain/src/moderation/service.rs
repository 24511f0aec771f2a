//! Operations of admins, and reports by callers.

use std::sync::Arc;

use serde_json::{Value, json};

use super::model::{Admin, AdminBuild, AdminBuildFilter, Reason, Report};
use super::ports::ModerationRepository;
use crate::builds::{Build, BuildRepository, Tally};
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::ids::{BuildId, Entropy, ReportId};
use crate::page::{ListPage, ListRequest};
use crate::session::Caller;
use crate::votes::{Vote, VoteFilter, VoteRepository};
use crate::write_options::{AuditEntry, IdempotencyRecord, WriteOptions, WriteOutcome};

/// Files reports of callers, and executes the operations of admins on reports, builds and votes.
#[derive(Clone)]
pub struct ModerationService {
    moderation: Arc<dyn ModerationRepository>,
    builds: Arc<dyn BuildRepository>,
    votes: Arc<dyn VoteRepository>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl ModerationService {
    /// Creates the service on its storage, clock and source of random ids.
    pub fn new(
        moderation: Arc<dyn ModerationRepository>,
        builds: Arc<dyn BuildRepository>,
        votes: Arc<dyn VoteRepository>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        Self { moderation, builds, votes, clock, entropy }
    }

    /// Puts a build that the caller can see into the admins' queue.
    ///
    /// # Errors
    /// [`Error::BuildNotFound`] when the build is absent or the caller may not see it. [`Error::IdempotencyKeyReused`]
    /// for a key of another request; [`Error::IdempotencyConflict`] while the first request with the key runs.
    pub async fn report(
        &self,
        caller: &Caller,
        build: &BuildId,
        reason: &Reason,
        idempotency: Option<IdempotencyRecord<Report>>,
    ) -> Result<WriteOutcome<Report>> {
        let report = Report {
            id: ReportId::generate(&*self.entropy),
            build: build.clone(),
            reason: reason.as_str().to_owned(),
            reported_at: self.clock.now(),
            resolved_at: None,
        };
        self.moderation.report(report, caller, idempotency).await
    }

    /// Returns a page of reports, oldest first: the resolved, the open, or with `None` all of them.
    ///
    /// # Errors
    /// When the storage cannot answer.
    pub async fn reports(
        &self,
        _admin: &Admin,
        resolved: Option<bool>,
        request: ListRequest,
    ) -> Result<ListPage<Report>> {
        self.moderation.reports(resolved, request).await
    }

    /// Closes a report. Closing it again changes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`] without such a report. [`Error::IdempotencyKeyReused`] for a key of another request;
    /// [`Error::IdempotencyConflict`] while the first request with the key runs.
    pub async fn resolve(
        &self,
        admin: &Admin,
        id: &ReportId,
        idempotency: Option<IdempotencyRecord<Report>>,
    ) -> Result<WriteOutcome<Report>> {
        let at = self.clock.now();
        let audit = Some(admin.entry(at, "report.resolve", id.as_str(), json!({})));
        self.moderation.resolve(id, at, WriteOptions { idempotency, audit }).await
    }

    /// Returns a page of the builds of every visibility, newest first.
    ///
    /// # Errors
    /// When the storage cannot answer.
    pub async fn builds(
        &self,
        _admin: &Admin,
        filter: &AdminBuildFilter,
        request: ListRequest,
    ) -> Result<ListPage<AdminBuild>> {
        self.moderation.builds(filter, request).await
    }

    /// Returns a page of the votes on a build, newest first.
    ///
    /// # Errors
    /// [`Error::BuildNotFound`].
    pub async fn votes(
        &self,
        _admin: &Admin,
        build: &BuildId,
        request: ListRequest,
    ) -> Result<ListPage<Vote>> {
        self.votes.of_build(build, request).await?.ok_or_else(|| Error::BuildNotFound(build.to_string()))
    }

    /// The build, whatever its visibility.
    ///
    /// # Errors
    /// [`Error::BuildNotFound`].
    pub async fn build(&self, _admin: &Admin, id: &BuildId) -> Result<Build> {
        self.builds.find(id).await?.ok_or_else(|| Error::BuildNotFound(id.to_string()))
    }

    /// A hidden build whose visibility alone would show it to every caller who has its id.
    ///
    /// # Errors
    /// [`Error::BuildNotFound`] for every other build.
    pub async fn hidden_build(&self, _admin: &Admin, id: &BuildId) -> Result<Build> {
        let build = self.builds.find(id).await?;
        let build =
            build.filter(|it| it.summary.hidden && it.summary.content.visibility.is_visible(false, false));
        build.ok_or_else(|| Error::BuildNotFound(id.to_string()))
    }

    /// Hides a build, a template too, from all callers but its owner and admins, or shows it again with the visibility
    /// that it has. Doing the same again changes nothing.
    ///
    /// # Errors
    /// [`Error::BuildNotFound`]. [`Error::IdempotencyKeyReused`] for a key of another request;
    /// [`Error::IdempotencyConflict`] while the first request with the key runs.
    pub async fn set_hidden(
        &self,
        admin: &Admin,
        id: &BuildId,
        hidden: bool,
        reason: Option<&Reason>,
        idempotency: Option<IdempotencyRecord<Build>>,
    ) -> Result<WriteOutcome<Build>> {
        let action = if hidden { "build.hide" } else { "build.restore" };
        let audit = Some(admin.entry(self.clock.now(), action, id.as_str(), details_of(reason)));
        self.builds.set_hidden(id, hidden, WriteOptions { idempotency, audit }).await
    }

    /// Removes a build, a template too, and its votes.
    ///
    /// # Errors
    /// [`Error::BuildNotFound`].
    pub async fn delete_build(&self, admin: &Admin, id: &BuildId, reason: Option<&Reason>) -> Result<()> {
        let audit = admin.entry(self.clock.now(), "build.delete", id.as_str(), details_of(reason));
        self.builds.delete(id, Arc::new(|_| Ok(())), WriteOptions::audit(audit)).await
    }

    /// Removes the vote with the number `vote` from a build.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the build has no such vote.
    pub async fn delete_vote(&self, admin: &Admin, build: &BuildId, vote: i64) -> Result<()> {
        let audit = admin.entry(self.clock.now(), "vote.delete", build.as_str(), json!({"vote_id": vote}));
        self.votes.remove(build, vote, audit).await
    }

    /// Removes the votes on a build that the filter picks, and counts them.
    ///
    /// # Errors
    /// [`Error::BuildNotFound`].
    pub async fn delete_votes(&self, admin: &Admin, build: &BuildId, filter: VoteFilter) -> Result<Tally> {
        let (at, admin, target) = (self.clock.now(), admin.clone(), build.to_string());
        let audit = Arc::new(move |removed: &Tally| {
            let details = json!({"removed": removed.vote_count(), "by_rating": removed.stars});
            admin.entry(at, "vote.delete_many", &target, details)
        });
        self.votes.remove_matching(build, filter, audit).await
    }

    /// Counts what [`Self::delete_votes`] would remove.
    ///
    /// # Errors
    /// [`Error::BuildNotFound`].
    pub async fn count_votes(&self, _admin: &Admin, build: &BuildId, filter: VoteFilter) -> Result<Tally> {
        let counted = self.votes.count_matching(build, filter).await?;
        counted.ok_or_else(|| Error::BuildNotFound(build.to_string()))
    }

    /// Returns a page of the audit log, newest first.
    ///
    /// # Errors
    /// When the storage cannot answer.
    pub async fn audit(&self, _admin: &Admin, request: ListRequest) -> Result<ListPage<AuditEntry>> {
        self.moderation.audit(request).await
    }
}

/// The details of an audit entry about a build.
fn details_of(reason: Option<&Reason>) -> Value {
    reason.map_or_else(|| json!({}), |reason| json!({"reason": reason.as_str()}))
}
