//! What a caller may do with what is theirs.

use std::sync::Arc;

use super::model::{Claimed, Erasure, Export};
use super::ports::AccountRepository;
use crate::alongside::{Receipt, Written};
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::session::{Caller, SessionId};

/// Rows of each kind that one batch of an erasure takes.
pub const ERASURE_BATCH: u32 = 200;

#[derive(Clone)]
pub struct AccountService {
    accounts: Arc<dyn AccountRepository>,
    clock: Arc<dyn Clock>,
}

impl AccountService {
    pub fn new(accounts: Arc<dyn AccountRepository>, clock: Arc<dyn Clock>) -> Self {
        Self { accounts, clock }
    }

    /// Gives the caller's session to their player. To name a session is no proof of holding it: it must be
    /// the one this very request is made in.
    pub async fn claim(
        &self,
        caller: &Caller,
        session: &SessionId,
        receipt: Option<Receipt<Claimed>>,
    ) -> Result<Written<Claimed>> {
        let player = caller.player.as_ref().ok_or(Error::AuthenticationRequired)?;
        if session.hash() != caller.session {
            return Err(Error::SessionMismatch);
        }
        self.accounts.claim(caller.session, player, self.clock.now(), receipt).await
    }

    pub async fn export(&self, caller: &Caller) -> Result<Export> {
        self.accounts.export(caller).await
    }

    /// One batch of an erasure.
    pub async fn erase(&self, caller: &Caller) -> Result<Erasure> {
        self.accounts.erase(caller, ERASURE_BATCH).await
    }
}
