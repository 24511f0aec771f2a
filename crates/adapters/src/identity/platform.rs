//! Opaque tokens, checked at the identity platform and remembered for a while.

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use myashes_domain::clock::{Clock, Timestamp};
use myashes_domain::session::Player;
use myashes_domain::{Error, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::breaker::Breaker;
use super::http::Remote;
use super::player::Described;
use crate::redis::{RedisLink, SharedTokens};

/// How long a no is remembered.
const NEGATIVE_SECONDS: i64 = 5;
const MOST_TOKENS: u64 = 10_000;
const LONGEST_TOKEN: usize = 4096;
const QUERY: &str = "query ValidateToken($token: String!) { validateToken(token: $token) \
                     { valid playerId steamId steamDisplayName tier } }";

/// See the module.
pub(super) struct IdentityPlatform {
    endpoint: String,
    remote: Remote,
    clock: Arc<dyn Clock>,
    ttl_micros: i64,
    /// By the token's SHA-256, so that a dump of memory or Redis holds no token.
    known: Cache<[u8; 32], Remembered>,
    shared: Option<SharedTokens>,
    breaker: Breaker,
}

#[derive(Clone)]
struct Remembered {
    verdict: Verdict,
    until: Timestamp,
}

#[derive(Clone)]
enum Verdict {
    Good(Player),
    Bad,
    /// It could not be found out. Never remembered, but shared by those who asked at the same time.
    Unknown(String),
}

impl IdentityPlatform {
    pub(super) fn new(
        url: &str,
        remote: Remote,
        clock: Arc<dyn Clock>,
        ttl: Duration,
        redis: Option<Arc<RedisLink>>,
    ) -> Self {
        let longest = ttl.max(Duration::from_secs(NEGATIVE_SECONDS.unsigned_abs()));
        Self {
            endpoint: format!("{}/graphql", url.trim_end_matches('/')),
            remote,
            clock,
            ttl_micros: i64::try_from(ttl.as_micros()).unwrap_or(i64::MAX),
            // The entries carry their own end; this one only keeps what nobody asks for from lingering.
            known: Cache::builder().max_capacity(MOST_TOKENS).time_to_live(longest).build(),
            shared: redis.map(SharedTokens::new),
            breaker: Breaker::default(),
        }
    }

    pub(super) async fn verify(&self, token: &str) -> Result<Player> {
        let plausible =
            (1..=LONGEST_TOKEN).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_graphic());
        if !plausible {
            return Err(Error::AuthenticationFailed);
        }
        let hash: [u8; 32] = Sha256::digest(token).into();
        let now = self.clock.now();
        let outdated = |remembered: &Remembered| remembered.until <= now;
        let entry = self.known.entry(hash).or_insert_with_if(self.find_out(hash, token), outdated).await;
        match entry.into_value().verdict {
            Verdict::Good(player) => Ok(player),
            Verdict::Bad => Err(Error::AuthenticationFailed),
            Verdict::Unknown(why) => Err(Error::unavailable(why)),
        }
    }

    async fn find_out(&self, hash: [u8; 32], token: &str) -> Remembered {
        let now = self.clock.now();
        if let Some(shared) = &self.shared
            && let Some((player, until)) = shared.find(hash).await
            && until > now
        {
            return Remembered { verdict: Verdict::Good(player), until };
        }
        if !self.breaker.admits(now) {
            let verdict =
                Verdict::Unknown("the identity platform keeps failing and is left alone".to_owned());
            return Remembered { verdict, until: now };
        }
        let answer = self.ask(token).await;
        let now = self.clock.now();
        match answer {
            Ok(Some(player)) => {
                self.breaker.succeeded();
                let until =
                    Timestamp::from_micros(now.micros().saturating_add(self.ttl_micros)).unwrap_or(now);
                if let Some(shared) = &self.shared {
                    shared.keep(hash, &player, now, until).await;
                }
                Remembered { verdict: Verdict::Good(player), until }
            }
            Ok(None) => {
                self.breaker.succeeded();
                Remembered { verdict: Verdict::Bad, until: now.plus_seconds(NEGATIVE_SECONDS) }
            }
            Err(why) => {
                self.breaker.failed(now);
                tracing::warn!(error = %why, "the identity platform cannot check a token");
                Remembered { verdict: Verdict::Unknown(format!("identity platform: {why}")), until: now }
            }
        }
    }

    /// `None` for a token the platform calls bad. The error is for the log and holds no token.
    async fn ask(&self, token: &str) -> Result<Option<Player>, String> {
        let question = json!({"query": QUERY, "variables": {"token": token}});
        let body = self.remote.fetch(self.remote.client.post(&self.endpoint).json(&question)).await?;
        // The parser's own message could quote the answer.
        let answer: Answer =
            serde_json::from_slice(&body).map_err(|_| "an answer in another shape".to_owned())?;
        if answer.errors.is_some_and(|errors| !errors.is_empty()) {
            return Err("the answer lists errors".to_owned());
        }
        let Some(validated) = answer.data.ok_or("an answer without data")?.validate_token else {
            return Ok(None);
        };
        if !validated.valid {
            return Ok(None);
        }
        let described = Described {
            id: validated.player_id,
            steam_id: validated.steam_id,
            name: validated.steam_display_name,
            tier: validated.tier,
            roles: Value::Null,
        };
        described.player().map(Some).ok_or_else(|| "a valid token without a usable player id".to_owned())
    }
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    data: Option<Data>,
    #[serde(default)]
    errors: Option<Vec<Value>>,
}

#[derive(Deserialize)]
struct Data {
    #[serde(rename = "validateToken")]
    validate_token: Option<Validated>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Validated {
    valid: bool,
    #[serde(default)]
    player_id: Value,
    #[serde(default)]
    steam_id: Value,
    #[serde(default)]
    steam_display_name: Value,
    #[serde(default)]
    tier: Value,
}
