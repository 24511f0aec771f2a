//! The keys an issuer publishes: fetched when first needed, again when a token names an unknown one, and kept
//! while the place that publishes them is down.

use std::sync::{Arc, PoisonError, RwLock};

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use myashes_domain::clock::{Clock, Timestamp};
use myashes_domain::{Error, Result};
use serde::Deserialize;

use super::http::Remote;

/// Two fetches are at least this far apart, whatever tokens ask for.
const FLOOR_SECONDS: i64 = 10;
/// After this a set is fetched anew behind the scenes, so that withdrawn keys do not live for ever.
const FRESH_SECONDS: i64 = 300;
const MOST_KEYS: usize = 64;

/// One key, and the algorithms it may be used with: the token does not get to choose.
pub(super) struct PublishedKey {
    kid: Option<String>,
    algorithms: Vec<Algorithm>,
    pub decoding: DecodingKey,
}

/// The keys that the platform publishes, as this process has read them last.
pub(super) struct KeyRing {
    url: String,
    remote: Remote,
    clock: Arc<dyn Clock>,
    state: RwLock<KeySetState>,
    fetching: tokio::sync::Mutex<()>,
}

#[derive(Clone, Default)]
struct KeySetState {
    keys: Vec<Arc<PublishedKey>>,
    fetched: Option<Timestamp>,
    attempted: Option<Timestamp>,
    last_failed: bool,
}

#[derive(Deserialize)]
struct KeySet {
    /// Keys are read one by one, so that a kind we do not know leaves the others usable.
    keys: Vec<serde_json::Value>,
}

impl KeyRing {
    pub(super) fn new(url: String, remote: Remote, clock: Arc<dyn Clock>) -> Self {
        Self { url, remote, clock, state: RwLock::default(), fetching: tokio::sync::Mutex::new(()) }
    }

    /// The keys that may have signed a token with this header; never an empty list.
    ///
    /// # Errors
    /// [`Error::AuthenticationFailed`] when no published key fits; [`Error::Unavailable`] when that cannot be
    /// known, because the keys could not be fetched.
    pub(super) async fn candidates(
        self: &Arc<Self>,
        algorithm: Algorithm,
        kid: Option<&str>,
    ) -> Result<Vec<Arc<PublishedKey>>> {
        if !ALGORITHMS.contains(&algorithm) {
            return Err(Error::AuthenticationFailed);
        }
        let state = self.state();
        let keys = state.fitting(algorithm, kid);
        if !keys.is_empty() {
            if !within(state.fetched, self.clock.now(), FRESH_SECONDS) && self.fetching.try_lock().is_ok() {
                let ring = Arc::clone(self);
                self.remote.spawn(async move { ring.refresh().await });
            }
            return Ok(keys);
        }
        self.refresh().await;
        let state = self.state();
        let keys = state.fitting(algorithm, kid);
        if !keys.is_empty() {
            return Ok(keys);
        }
        if state.keys.is_empty() || state.last_failed {
            return Err(Error::unavailable("the keys that sign tokens cannot be fetched"));
        }
        Err(Error::AuthenticationFailed)
    }

    /// Whether no key is known because the last fetch failed.
    pub(super) fn is_unreachable(&self) -> bool {
        let state = self.state();
        state.keys.is_empty() && state.last_failed
    }

    /// Fetches the set, unless that was tried a moment ago. Callers that come meanwhile wait for the same
    /// fetch.
    async fn refresh(&self) {
        let _one_at_a_time = self.fetching.lock().await;
        if within(self.state().attempted, self.clock.now(), FLOOR_SECONDS) {
            return;
        }
        let fetched = self.fetch().await;
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        state.attempted = Some(now);
        state.last_failed = fetched.is_err();
        match fetched {
            Ok(keys) => {
                tracing::info!(keys = keys.len(), "fetched the keys that sign tokens");
                state.keys = keys;
                state.fetched = Some(now);
            }
            Err(why) => {
                tracing::warn!(error = %why, kept = state.keys.len(), "cannot fetch the keys that sign tokens");
            }
        }
    }

    async fn fetch(&self) -> Result<Vec<Arc<PublishedKey>>, String> {
        let body =
            self.remote.fetch(self.remote.client.get(&self.url)).await.map_err(|error| error.to_string())?;
        let set: KeySet = serde_json::from_slice(&body).map_err(|error| format!("no key set: {error}"))?;
        let keys = set.keys.into_iter().take(MOST_KEYS);
        Ok(keys.filter_map(|key| usable(&serde_json::from_value(key).ok()?)).map(Arc::new).collect())
    }

    fn state(&self) -> KeySetState {
        self.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl KeySetState {
    /// By name where the token has one; else every key of the algorithm.
    fn fitting(&self, algorithm: Algorithm, kid: Option<&str>) -> Vec<Arc<PublishedKey>> {
        let fits = |key: &&Arc<PublishedKey>| {
            key.algorithms.contains(&algorithm) && kid.is_none_or(|kid| key.kid.as_deref() == Some(kid))
        };
        self.keys.iter().filter(fits).cloned().collect()
    }
}

const ALGORITHMS: [Algorithm; 4] = [Algorithm::RS256, Algorithm::PS256, Algorithm::ES256, Algorithm::EdDSA];

/// `None` for keys that sign nothing we accept. A symmetric key in a public set is a mistake of the issuer's
/// and is never used.
fn usable(jwk: &Jwk) -> Option<PublishedKey> {
    if !matches!(jwk.common.public_key_use, None | Some(PublicKeyUse::Signature)) {
        return None;
    }
    let by_kind: &[Algorithm] = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => &[Algorithm::RS256, Algorithm::PS256],
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => &[Algorithm::ES256],
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => &[Algorithm::EdDSA],
        _ => return None,
    };
    let algorithms: Vec<_> = match jwk.common.key_algorithm {
        None => by_kind.to_vec(),
        Some(named) => by_kind.iter().copied().filter(|known| KeyAlgorithm::from(*known) == named).collect(),
    };
    let decoding = DecodingKey::from_jwk(jwk).ok()?;
    (!algorithms.is_empty()).then(|| PublishedKey { kid: jwk.common.key_id.clone(), algorithms, decoding })
}

fn within(past: Option<Timestamp>, now: Timestamp, seconds: i64) -> bool {
    // Not where the clock was set back since.
    past.is_some_and(|past| past <= now && now < past.plus_seconds(seconds))
}
