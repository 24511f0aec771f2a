//! A claim changes the names of makers; an erasure removes builds and votes.

use std::sync::Arc;

use async_trait::async_trait;
use myashes_domain::Result;
use myashes_domain::accounts::{AccountJob, AccountJobKind, AccountRepository, Claimed, Erasure, Export};
use myashes_domain::alongside::{Receipt, Written};
use myashes_domain::clock::Timestamp;
use myashes_domain::session::Caller;

use super::builds::CachedBuilds;

pub struct CachedAccounts {
    inner: Arc<dyn AccountRepository>,
    builds: Arc<CachedBuilds>,
}

impl CachedAccounts {
    pub fn new(inner: Arc<dyn AccountRepository>, builds: Arc<CachedBuilds>) -> Self {
        Self { inner, builds }
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
        receipt: Option<Receipt<Claimed>>,
    ) -> Result<Written<Claimed>> {
        let claimed = self.inner.claim(caller, so_far, limit, at, receipt).await;
        // A double vote that was withdrawn changes a build that is not among the claimed ones.
        self.builds.all_changed();
        claimed
    }

    async fn export(&self, caller: &Caller) -> Result<Export> {
        self.inner.export(caller).await
    }

    async fn erase(&self, caller: &Caller, limit: u32, at: Timestamp) -> Result<Erasure> {
        let erased = self.inner.erase(caller, limit, at).await;
        self.builds.all_changed();
        erased
    }

    async fn resume(&self, kind: AccountJobKind, caller: &Caller, limit: u32, at: Timestamp) -> Result<bool> {
        let resumed = self.inner.resume(kind, caller, limit, at).await;
        self.builds.all_changed();
        resumed
    }

    async fn take_job(&self, before: Timestamp, at: Timestamp) -> Result<Option<AccountJob>> {
        self.inner.take_job(before, at).await
    }
}
