//! Where a caller's things are kept together, and who vouches for players.

use async_trait::async_trait;

use super::model::{Claimed, Erasure, Export};
use crate::alongside::{Receipt, Written};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::session::{Caller, Player, SessionHash};

#[async_trait]
pub trait AccountRepository: Send + Sync {
    /// Gives the session's unclaimed builds and votes to the player. Where the player had voted on the same
    /// build already, the session's vote is withdrawn. Aggregates stay exact.
    async fn claim(
        &self,
        session: SessionHash,
        player: &Player,
        at: Timestamp,
        receipt: Option<Receipt<Claimed>>,
    ) -> Result<Written<Claimed>>;

    /// What is stored about the caller: the session's unclaimed things and, with a player, the player's.
    async fn export(&self, caller: &Caller) -> Result<Export>;

    /// Erases up to `limit` things of each kind, leaving every aggregate exact. Called until it says
    /// [`Erasure::Done`].
    async fn erase(&self, caller: &Caller, limit: u32) -> Result<Erasure>;
}

/// Who vouches for players.
#[async_trait]
pub trait IdentityVerifier: Send + Sync {
    /// The player a bearer token stands for.
    ///
    /// # Errors
    /// [`crate::Error::AuthenticationFailed`] for a token found bad, or when no way to check it is
    /// configured; [`crate::Error::Unavailable`] when it cannot be checked now.
    async fn verify(&self, token: &str) -> Result<Player>;
}
