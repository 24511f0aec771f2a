//! A claim changes the names of makers; an erasure removes builds, votes and searches.

use std::sync::Arc;

use async_trait::async_trait;
use myashes_domain::Result;
use myashes_domain::accounts::{
    AccountJob, AccountJobKind, AccountRepository, Claimed, Erasure, ExportCursor, ExportKind, ExportPage,
};
use myashes_domain::clock::Timestamp;
use myashes_domain::session::Caller;
use myashes_domain::write_options::{IdempotencyRecord, WriteOutcome};

use super::analytics::CachedAnalytics;
use super::builds::CachedBuilds;

pub struct CachedAccounts {
    inner: Arc<dyn AccountRepository>,
    builds: Arc<CachedBuilds>,
    analytics: Arc<CachedAnalytics>,
}

impl CachedAccounts {
    pub fn new(
        inner: Arc<dyn AccountRepository>,
        builds: Arc<CachedBuilds>,
        analytics: Arc<CachedAnalytics>,
    ) -> Self {
        Self { inner, builds, analytics }
    }
}

#[async_trait]
impl AccountRepository for CachedAccounts {
    async fn claim(
        &self,
        caller: &Caller,
        so_far: Claimed,
        limit: u32,
        at: Timestamp,
        receipt: Option<IdempotencyRecord<Claimed>>,
    ) -> Result<WriteOutcome<Claimed>> {
        let claimed = self.inner.claim(caller, so_far, limit, at, receipt).await;
        // A double vote that was withdrawn changes a build that is not among the claimed ones.
        self.builds.all_changed();
        claimed
    }

    async fn export(&self, caller: &Caller, kind: ExportKind, after: ExportCursor) -> Result<ExportPage> {
        self.inner.export(caller, kind, after).await
    }

    async fn erase(&self, caller: &Caller, limit: u32, at: Timestamp) -> Result<Erasure> {
        let erased = self.inner.erase(caller, limit, at).await;
        self.builds.all_changed();
        self.analytics.erased();
        erased
    }

    async fn resume(&self, kind: AccountJobKind, caller: &Caller, limit: u32, at: Timestamp) -> Result<bool> {
        let resumed = self.inner.resume(kind, caller, limit, at).await;
        self.builds.all_changed();
        if kind == AccountJobKind::Erasure {
            self.analytics.erased();
        }
        resumed
    }

    async fn take_job(&self, before: Timestamp, at: Timestamp) -> Result<Option<AccountJob>> {
        self.inner.take_job(before, at).await
    }
}
