//! JSON Web Tokens, checked in the process.

use std::sync::Arc;

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
use myashes_domain::clock::Clock;
use myashes_domain::session::Player;
use myashes_domain::{Error, Result};
use serde_json::Value;

use super::claims::Claims;
use super::http::Remote;
use super::jwks::KeyRing;
use super::{JwtKeySource, JwtOptions};

const LONGEST_TOKEN: usize = 8192;

/// Checks tokens against one kind of keys; a token signed in another way is bad whatever it holds.
pub(super) struct LocalJwt {
    issuer: Option<String>,
    audience: Option<String>,
    keys: Keys,
    clock: Arc<dyn Clock>,
}

enum Keys {
    Published(Arc<KeyRing>),
    Shared(DecodingKey),
}

impl LocalJwt {
    /// `remote` is needed for published keys.
    pub(super) fn new(options: JwtOptions, remote: Option<Remote>, clock: Arc<dyn Clock>) -> Self {
        let keys = match options.keys {
            JwtKeySource::Hs256(secret) => Keys::Shared(DecodingKey::from_secret(&secret)),
            JwtKeySource::Jwks(url) => {
                let remote = remote.expect("published keys come with a client to fetch them");
                Keys::Published(Arc::new(KeyRing::new(url, remote, Arc::clone(&clock))))
            }
        };
        Self { issuer: options.issuer, audience: options.audience, keys, clock }
    }

    /// Whether no token can be checked, because the keys could not be fetched.
    pub(super) fn is_unreachable(&self) -> bool {
        matches!(&self.keys, Keys::Published(ring) if ring.is_unreachable())
    }

    pub(super) async fn verify(&self, token: &str) -> Result<Player> {
        if token.len() > LONGEST_TOKEN {
            return Err(Error::AuthenticationFailed);
        }
        let header = decode_header(token).map_err(|_| Error::AuthenticationFailed)?;
        if !is_plain(&header) {
            return Err(Error::AuthenticationFailed);
        }
        match &self.keys {
            Keys::Shared(key) if header.alg == Algorithm::HS256 => {
                self.check(token, std::iter::once(key), Algorithm::HS256)
            }
            Keys::Shared(_) => Err(Error::AuthenticationFailed),
            Keys::Published(ring) => {
                let Header { alg, kid, .. } = header;
                let keys = ring.candidates(alg, kid.as_deref()).await?;
                self.check(token, keys.iter().map(|key| &key.decoding), alg)
            }
        }
    }

    fn check<'a>(
        &self,
        token: &str,
        keys: impl Iterator<Item = &'a DecodingKey>,
        algorithm: Algorithm,
    ) -> Result<Player> {
        let validation = self.validation(algorithm);
        for key in keys {
            match decode::<Claims>(token, key, &validation) {
                Ok(good) => return good.claims.player(self.clock.now()).ok_or(Error::AuthenticationFailed),
                Err(error) if *error.kind() == ErrorKind::InvalidSignature => {}
                Err(_) => return Err(Error::AuthenticationFailed),
            }
        }
        Err(Error::AuthenticationFailed)
    }

    /// The library checks signature, issuer and audience; the time is checked against our clock, in
    /// [`Claims::player`].
    fn validation(&self, algorithm: Algorithm) -> Validation {
        let mut validation = Validation::new(algorithm);
        let mut required = vec!["exp", "sub"];
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = false;
        if let Some(issuer) = &self.issuer {
            validation.set_issuer(&[issuer]);
            required.push("iss");
        }
        if let Some(audience) = &self.audience {
            validation.validate_aud = true;
            validation.set_audience(&[audience]);
            required.push("aud");
        }
        validation.set_required_spec_claims(&required);
        validation
    }
}

/// Whether the header leaves the signed bytes as they are: no extension that must be understood (`crit`; RFC
/// 7515, 4.1.11), and no payload that is not encoded (`b64`; RFC 7797), of which the library knows nothing.
fn is_plain(header: &Header) -> bool {
    let encoded =
        header.extras.get::<Value>("b64").is_ok_and(|b64| b64.is_none_or(|it| it == Value::Bool(true)));
    header.crit.is_none() && encoded
}
