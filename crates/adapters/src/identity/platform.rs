//! Opaque tokens, checked at the identity platform and remembered for a while in this process.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use moka::policy::EvictionPolicy;
use myashes_domain::clock::{Clock, Timestamp};
use myashes_domain::session::Player;
use myashes_domain::{Error, Result};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::guesses::GuessLimiter;
use super::http::{FetchError, Remote};
use super::platform_answer::{self, PlatformAnswer};
use crate::breaker::Breaker;

/// How long a bad token is remembered.
const BAD_TOKEN_SECONDS: i64 = 60;
/// Good tokens that are remembered, and bad ones: two caches, so that guesses do not displace good tokens.
const MAX_TOKENS: u64 = 10_000;
const MAX_TOKEN_BYTES: usize = 4096;
const QUERY: &str = "query ValidateToken($token: String!) { validateToken(token: $token) \
                     { valid playerId steamId steamDisplayName tier } }";

/// A client of the identity platform with its caches, breaker and limit on guesses.
pub(super) struct IdentityPlatform {
    endpoint: String,
    remote: Remote,
    clock: Arc<dyn Clock>,
    ttl_micros: i64,
    /// By the token's SHA-256, so that a dump of memory holds no token.
    good: Cache<TokenHash, KnownPlayer>,
    /// Until when each is remembered.
    bad: Cache<TokenHash, Timestamp>,
    guesses: GuessLimiter,
    breaker: Breaker,
}

type TokenHash = [u8; 32];

#[derive(Clone)]
struct KnownPlayer {
    player: Player,
    until: Timestamp,
}

impl IdentityPlatform {
    pub(super) fn new(url: &str, remote: Remote, clock: Arc<dyn Clock>, ttl: Duration) -> Self {
        // Entries carry their own expiry; these bounds only evict unused ones.
        let bad_ttl = Duration::from_secs(BAD_TOKEN_SECONDS.unsigned_abs());
        Self {
            endpoint: format!("{}/graphql", url.trim_end_matches('/')),
            remote,
            clock,
            ttl_micros: i64::try_from(ttl.as_micros()).unwrap_or(i64::MAX),
            good: Cache::builder().max_capacity(MAX_TOKENS).time_to_live(ttl.max(bad_ttl)).build(),
            bad: Cache::builder()
                .max_capacity(MAX_TOKENS)
                .time_to_live(bad_ttl)
                .eviction_policy(EvictionPolicy::lru())
                .build(),
            guesses: GuessLimiter::new(),
            breaker: Breaker::default(),
        }
    }

    /// The player of a token. What is remembered is answered whatever the address has sent before.
    pub(super) async fn verify(&self, token: &str, address: Option<IpAddr>) -> Result<Player> {
        let plausible =
            (1..=MAX_TOKEN_BYTES).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_graphic());
        if !plausible {
            return Err(Error::AuthenticationFailed);
        }
        let hash: TokenHash = Sha256::digest(token).into();
        let now = self.clock.now();
        if self.bad.get(&hash).await.is_some_and(|until| now < until) {
            return Err(Error::AuthenticationFailed);
        }
        match self.good.get(&hash).await {
            Some(known) if now < known.until => return Ok(known.player),
            Some(_) => self.good.invalidate(&hash).await,
            None => {}
        }
        // Of those who send one token at the same time the first asks for all; failures are not kept.
        match self.good.entry(hash).or_try_insert_with(self.find_out(hash, token, address)).await {
            Ok(entry) => Ok(entry.into_value().player),
            Err(error) => Err(Error::clone(&error)),
        }
    }

    /// Whether the platform keeps failing.
    pub(super) fn is_unreachable(&self) -> bool {
        self.breaker.is_open()
    }

    async fn find_out(
        &self,
        hash: TokenHash,
        token: &str,
        address: Option<IpAddr>,
    ) -> Result<KnownPlayer, Error> {
        let guess = match address {
            Some(address) => Some(self.guesses.admit(address, self.clock.now()).await?),
            None => None,
        };
        let answer = self.ask(token).await?;
        let now = self.clock.now();
        match answer {
            PlatformAnswer::Good(player) => {
                let until =
                    Timestamp::from_micros(now.micros().saturating_add(self.ttl_micros)).unwrap_or(now);
                return Ok(KnownPlayer { player, until });
            }
            PlatformAnswer::Bad => {
                self.bad.insert(hash, now.plus_seconds(BAD_TOKEN_SECONDS)).await;
            }
            PlatformAnswer::ProbablyBad => {}
            PlatformAnswer::Unclear(why) => {
                tracing::warn!(error = why, "the identity platform cannot check a token");
                return Err(Error::unavailable(format!("identity platform: {why}")));
            }
        }
        if let Some(guess) = guess {
            guess.found_bad();
        }
        Err(Error::AuthenticationFailed)
    }

    /// Asks the platform, unless the breaker is open. Only a platform that cannot be reached, is too late or
    /// answers 5xx counts as a failure: other answers depend on the token, which the caller chooses.
    async fn ask(&self, token: &str) -> Result<PlatformAnswer> {
        let Some(permit) = self.breaker.permit(self.clock.now()) else {
            return Err(Error::unavailable(
                "the identity platform keeps failing and is not asked for a while",
            ));
        };
        let question = json!({"query": QUERY, "variables": {"token": token}});
        match self.remote.fetch(self.remote.client.post(&self.endpoint).json(&question)).await {
            Ok(body) => {
                permit.succeeded();
                Ok(platform_answer::read(&body))
            }
            Err(FetchError::Status(400 | 401 | 403)) => {
                permit.succeeded();
                Ok(PlatformAnswer::Bad)
            }
            Err(FetchError::Status(..=499)) => {
                permit.succeeded();
                Ok(PlatformAnswer::Unclear("a status that says nothing about the token"))
            }
            Err(FetchError::TooLarge) => {
                permit.succeeded();
                Ok(PlatformAnswer::Unclear("a body that is too large"))
            }
            Err(error @ (FetchError::Status(_) | FetchError::Transport(_))) => {
                permit.failed(self.clock.now());
                tracing::warn!(%error, "the identity platform cannot check a token");
                Err(Error::unavailable(format!("identity platform: {error}")))
            }
        }
    }
}
