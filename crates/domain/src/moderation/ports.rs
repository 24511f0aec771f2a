//! Storage of reports and the audit log.

use async_trait::async_trait;

use super::model::{AdminBuild, AdminBuildFilter, Report};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::ids::ReportId;
use crate::page::{ListPage, ListRequest};
use crate::session::Caller;
use crate::write_options::{AuditEntry, IdempotencyRecord, WriteOptions, WriteOutcome};

/// Storage of reports and of the audit log, and the admins' list of builds.
#[async_trait]
pub trait ModerationRepository: Send + Sync {
    /// Files a report. A caller who has an open one about the build keeps it, and that one is returned.
    ///
    /// # Errors
    /// [`crate::Error::BuildNotFound`] when the build is absent or not visible to the caller.
    async fn report(
        &self,
        report: Report,
        caller: &Caller,
        idempotency: Option<IdempotencyRecord<Report>>,
    ) -> Result<WriteOutcome<Report>>;

    /// Reports, oldest first.
    async fn reports(&self, resolved: Option<bool>, request: ListRequest) -> Result<ListPage<Report>>;

    /// Closes a report; closing it again changes nothing.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    async fn resolve(
        &self,
        id: &ReportId,
        at: Timestamp,
        options: WriteOptions<Report>,
    ) -> Result<WriteOutcome<Report>>;

    /// Builds of every visibility, newest first.
    async fn builds(&self, filter: &AdminBuildFilter, request: ListRequest) -> Result<ListPage<AdminBuild>>;

    /// The audit log, newest first. Nothing removes a line from it.
    async fn audit(&self, request: ListRequest) -> Result<ListPage<AuditEntry>>;
}
