//! Ports: storage of a caller's data, and verification of players' tokens.

use std::net::IpAddr;

use async_trait::async_trait;

use super::model::{AccountJob, AccountJobKind, Claimed, Erasure, ExportCursor, ExportKind, ExportPage};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::session::{Caller, Player};
use crate::write_options::{IdempotencyRecord, WriteOutcome};

/// Storage of what belongs to a caller: claims, exports and erasures.
#[async_trait]
pub trait AccountRepository: Send + Sync {
    /// Gives up to `limit` unclaimed builds of the caller's session, and its votes on as many, to the caller's
    /// player. Where the player had voted on the same build already, the session's vote is withdrawn. Every
    /// aggregate stays exact. Adds to `so_far`; the idempotency record is stored with the last batch.
    async fn claim(
        &self,
        caller: &Caller,
        so_far: Claimed,
        limit: u32,
        at: Timestamp,
        idempotency: Option<IdempotencyRecord<Claimed>>,
    ) -> Result<WriteOutcome<Claimed>>;

    /// Some of what is stored about the caller: the session's unclaimed things and, with a player, the player's. A page
    /// takes up some hundred kilobytes.
    async fn export(&self, caller: &Caller, kind: ExportKind, after: ExportCursor) -> Result<ExportPage>;

    /// Erases up to `limit` things of each kind, leaving every aggregate exact. Called until it says
    /// [`Erasure::Done`].
    async fn erase(&self, caller: &Caller, limit: u32, at: Timestamp) -> Result<Erasure>;

    /// Executes one more batch of an accepted claim or erasure, and returns whether it is finished. A job that another
    /// call has finished meanwhile changes nothing: rows that the caller has created since are not part of it.
    async fn resume(&self, kind: AccountJobKind, caller: &Caller, limit: u32, at: Timestamp) -> Result<bool>;

    /// Takes over one claim or erasure whose last batch was at `before` or earlier, so that no other process does.
    /// `None` when there is none.
    async fn take_job(&self, before: Timestamp, at: Timestamp) -> Result<Option<AccountJob>>;
}

/// How tokens can be checked right now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerifierStatus {
    /// A way to check tokens is configured, and does not keep failing.
    Configured,
    /// Every token is refused.
    NotConfigured,
    /// The identity provider keeps failing and is not called for a while.
    Unreachable,
}

/// Verifies bearer tokens of players.
#[async_trait]
pub trait IdentityVerifier: Send + Sync {
    /// The player a bearer token stands for. `address` is where it comes from, as limits count addresses; `None`
    /// for a trusted client, whose bad tokens are not counted.
    ///
    /// # Errors
    /// [`crate::Error::AuthenticationFailed`] for a token found bad, or when no way to check it is
    /// configured; [`crate::Error::Unavailable`] when it cannot be checked now;
    /// [`crate::Error::RateLimited`] for an unknown token of an address that sent too many bad ones.
    async fn verify(&self, token: &str, address: Option<IpAddr>) -> Result<Player>;

    /// What the latest checks showed; calls nothing.
    fn status(&self) -> VerifierStatus;
}
