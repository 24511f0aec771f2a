//! Claim, export and erasure of a caller's data.

use std::sync::Arc;

use super::model::{AccountJob, AccountJobKind, Claimed, Erasure, ExportCursor, ExportKind, ExportPage};
use super::ports::AccountRepository;
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::session::{Caller, SessionId};
use crate::write_options::{IdempotencyRecord, WriteOutcome};

/// Builds, votes and other rows of each kind that one batch of a claim or an erasure takes.
pub const BATCH: u32 = 200;

/// Seconds that a request spends on batches before it is answered with what is done so far.
const REQUEST_SECONDS: i64 = 2;

/// Seconds after its last batch after which a claim or an erasure counts as abandoned by its process.
const LEFT_BEHIND_SECONDS: i64 = 15;

/// Claims, exports and erases the data of a caller.
#[derive(Clone)]
pub struct AccountService {
    accounts: Arc<dyn AccountRepository>,
    clock: Arc<dyn Clock>,
}

impl AccountService {
    /// Creates the service on its storage and clock.
    pub fn new(accounts: Arc<dyn AccountRepository>, clock: Arc<dyn Clock>) -> Self {
        Self { accounts, clock }
    }

    /// Gives the caller's session to their player. To name a session is no proof of holding it: it must be
    /// the one this very request is made in. What is not finished within some seconds is continued with
    /// [`Self::resume`].
    ///
    /// # Errors
    /// [`Error::AuthenticationRequired`] without a player; [`Error::SessionMismatch`] for another session than the
    /// caller's. [`Error::IdempotencyKeyReused`] for a key of another request; [`Error::IdempotencyConflict`] while the
    /// first request with the key runs.
    pub async fn claim(
        &self,
        caller: &Caller,
        session: &SessionId,
        idempotency: Option<IdempotencyRecord<Claimed>>,
    ) -> Result<WriteOutcome<Claimed>> {
        if caller.player.is_none() {
            return Err(Error::AuthenticationRequired);
        }
        if session.hash() != caller.session {
            return Err(Error::SessionMismatch);
        }
        let until = self.clock.now().plus_seconds(REQUEST_SECONDS);
        let mut so_far = Claimed::default();
        loop {
            let now = self.clock.now();
            match self.accounts.claim(caller, so_far, BATCH, now, idempotency.clone()).await? {
                WriteOutcome::Executed(claimed) if !claimed.finished && now < until => so_far = claimed,
                written => return Ok(written),
            }
        }
    }

    /// Returns a page of the caller's rows of one kind, from `after` on.
    ///
    /// # Errors
    /// When the storage cannot answer.
    pub async fn export(&self, caller: &Caller, kind: ExportKind, after: ExportCursor) -> Result<ExportPage> {
        self.accounts.export(caller, kind, after).await
    }

    /// Erases what is stored about the caller. What is not finished within some seconds is continued with
    /// [`Self::resume`].
    ///
    /// # Errors
    /// When the storage cannot answer.
    pub async fn erase(&self, caller: &Caller) -> Result<Erasure> {
        let until = self.clock.now().plus_seconds(REQUEST_SECONDS);
        loop {
            let now = self.clock.now();
            let erased = self.accounts.erase(caller, BATCH, now).await?;
            if erased == Erasure::Done || now >= until {
                return Ok(erased);
            }
        }
    }

    /// Executes one more batch of an accepted claim or erasure, and returns whether it is finished.
    ///
    /// # Errors
    /// When the storage cannot answer.
    pub async fn resume(&self, kind: AccountJobKind, caller: &Caller) -> Result<bool> {
        self.accounts.resume(kind, caller, BATCH, self.clock.now()).await
    }

    /// Resumes a claim or an erasure whose process has stopped.
    ///
    /// # Errors
    /// When the storage cannot answer.
    pub async fn take_left_behind(&self) -> Result<Option<AccountJob>> {
        let now = self.clock.now();
        self.accounts.take_job(now.plus_seconds(-LEFT_BEHIND_SECONDS), now).await
    }
}
