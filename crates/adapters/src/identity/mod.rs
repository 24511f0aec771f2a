//! Who vouches for players: JSON Web Tokens are checked here, every other token at the identity platform.
//!
//! A token is found bad (401), found good, or cannot be checked now (503). The three are never mixed up: no
//! failure of a network makes a token bad, and none makes it good.

mod claims;
mod guesses;
mod http;
mod jwks;
mod jwt;
mod platform;
mod platform_answer;
mod player;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use myashes_domain::accounts::{IdentityVerifier, VerifierStatus};
use myashes_domain::clock::Clock;
use myashes_domain::session::Player;
use myashes_domain::{Error, Result};

use self::http::Remote;
use self::jwt::LocalJwt;
use self::platform::IdentityPlatform;
use crate::OpenError;

/// How tokens are checked. With neither way every token is refused.
#[derive(Debug, Clone)]
pub struct IdentityOptions {
    /// How JSON Web Tokens are checked. `None` treats them as all other tokens.
    pub jwt: Option<JwtOptions>,
    /// Base URL of the identity platform; tokens go to `{url}/graphql`. `None` refuses the tokens that it would check.
    pub platform_url: Option<String>,
    /// Longest wait for the platform or the key set.
    pub timeout: Duration,
    /// How long the platform's yes is believed; zero asks every time.
    pub token_cache_ttl: Duration,
}

/// Requirements that an accepted JSON Web Token meets.
#[derive(Debug, Clone)]
pub struct JwtOptions {
    /// `iss` that a token must carry; `None` accepts any.
    pub issuer: Option<String>,
    /// `aud` that a token must carry, among others if it likes; `None` accepts any.
    pub audience: Option<String>,
    /// Source of the keys that verify signatures.
    pub keys: JwtKeySource,
}

/// Source of the keys that verify signatures. It decides which algorithms are accepted.
#[derive(Clone)]
pub enum JwtKeySource {
    /// URL of a JSON Web Key Set: RS256, PS256, ES256 and EdDSA.
    Jwks(String),
    /// A shared secret: HS256.
    Hs256(Vec<u8>),
}

impl std::fmt::Debug for JwtKeySource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Jwks(url) => f.debug_tuple("Jwks").field(url).finish(),
            Self::Hs256(_) => f.write_str("Hs256(…)"),
        }
    }
}

/// Sends each token to the one that can check its kind.
pub struct Identity {
    jwt: Option<LocalJwt>,
    platform: Option<IdentityPlatform>,
}

impl Identity {
    /// Creates the verifier; nothing is fetched yet.
    ///
    /// To be called in the runtime on which requests to the platform and for keys shall run, which must
    /// outlive the workers.
    ///
    /// # Errors
    /// When there is no HTTP client to be had (no certificates of authorities on this machine).
    pub fn new(options: IdentityOptions, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let remote = |needed: bool| needed.then(|| Remote::new(options.timeout)).transpose();
        let wants_keys = matches!(&options.jwt, Some(jwt) if matches!(jwt.keys, JwtKeySource::Jwks(_)));
        let remote = remote(wants_keys || options.platform_url.is_some())?;
        let jwt = options.jwt.map(|jwt| LocalJwt::new(jwt, remote.clone(), Arc::clone(&clock)));
        let platform = match (options.platform_url, remote) {
            (Some(url), Some(remote)) => {
                Some(IdentityPlatform::new(&url, remote, clock, options.token_cache_ttl))
            }
            _ => None,
        };
        Ok(Self { jwt, platform })
    }
}

#[async_trait]
impl IdentityVerifier for Identity {
    async fn verify(&self, token: &str, address: Option<IpAddr>) -> Result<Player> {
        let looks_like_jwt = token.split('.').count() == 3;
        match (&self.jwt, &self.platform) {
            (Some(jwt), _) if looks_like_jwt => jwt.verify(token).await,
            (_, Some(platform)) => platform.verify(token, address).await,
            _ => Err(Error::AuthenticationFailed),
        }
    }

    fn status(&self) -> VerifierStatus {
        if self.jwt.is_none() && self.platform.is_none() {
            return VerifierStatus::NotConfigured;
        }
        let unreachable = self.platform.as_ref().is_some_and(IdentityPlatform::is_unreachable)
            || self.jwt.as_ref().is_some_and(LocalJwt::is_unreachable);
        if unreachable { VerifierStatus::Unreachable } else { VerifierStatus::Configured }
    }
}
