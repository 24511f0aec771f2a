//! Verification of players' tokens, and administrators.

use std::time::Duration;

use super::error::SettingsError;
use super::reader::Reader;
use super::secret::Secret;
use super::values::parse_http_url;
use super::variables::{
    ADMIN_STEAM_IDS, ADMIN_TOKEN, AUTH_REQUIRED_FOR_WRITES, AUTH_TOKEN_CACHE_TTL, IDENTITY_TIMEOUT,
    IDENTITY_URL, JWT_AUDIENCE, JWT_HS256_SECRET, JWT_ISSUER, JWT_JWKS_URL,
};

#[derive(Debug, Clone)]
pub struct IdentitySettings {
    pub required_for_writes: bool,
    /// How long a successful check by the identity platform is cached; zero caches none.
    pub token_cache_ttl: Duration,
    /// Local check of JSON Web Tokens.
    pub jwt: Option<JwtSettings>,
    /// Remote check of opaque tokens, which are sent to `{platform_url}/graphql`.
    pub platform_url: Option<String>,
    /// Longest wait for the platform or for the published keys.
    pub timeout: Duration,
}

#[derive(Debug, Clone)]
pub struct JwtSettings {
    pub issuer: Option<String>,
    pub audience: Option<String>,
    pub keys: JwtKeys,
}

#[derive(Debug, Clone)]
pub enum JwtKeys {
    /// URL of a JSON Web Key Set.
    Jwks(String),
    /// A shared HS256 secret.
    Hs256(Secret),
}

#[derive(Debug, Clone)]
pub struct AdminSettings {
    pub token: Option<Secret>,
    pub steam_ids: Vec<String>,
}

impl IdentitySettings {
    /// Whether tokens can be checked at all.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        self.jwt.is_some() || self.platform_url.is_some()
    }

    pub(super) fn read(reader: &Reader) -> Result<Self, SettingsError> {
        Ok(Self {
            required_for_writes: reader.required(&AUTH_REQUIRED_FOR_WRITES)?,
            token_cache_ttl: reader.required(&AUTH_TOKEN_CACHE_TTL)?,
            jwt: JwtSettings::read(reader)?,
            platform_url: reader.optional(&IDENTITY_URL)?,
            timeout: reader.required(&IDENTITY_TIMEOUT)?,
        })
    }
}

impl JwtSettings {
    fn read(reader: &Reader) -> Result<Option<Self>, SettingsError> {
        let issuer = reader.optional(&JWT_ISSUER)?;
        let audience = reader.optional(&JWT_AUDIENCE)?;
        let keys = match (reader.optional(&JWT_JWKS_URL)?, reader.optional(&JWT_HS256_SECRET)?) {
            // Accepting both kinds is how a public key gets used as a shared secret.
            (Some(_), Some(_)) => {
                return Err(SettingsError::new(
                    "JWT_HS256_SECRET: JWT_JWKS_URL is set too; keep one of them",
                ));
            }
            (Some(url), None) => JwtKeys::Jwks(url),
            (None, Some(secret)) => JwtKeys::Hs256(secret),
            (None, None) => {
                let lonely = issuer.map(|_| "JWT_ISSUER").or(audience.map(|_| "JWT_AUDIENCE"));
                return match lonely {
                    Some(name) => Err(SettingsError::new(format!(
                        "{name}: expected JWT_JWKS_URL or JWT_HS256_SECRET to be set with it"
                    ))),
                    None => Ok(None),
                };
            }
        };
        Ok(Some(Self { issuer, audience, keys }))
    }
}

impl AdminSettings {
    pub(super) fn read(reader: &Reader) -> Result<Self, SettingsError> {
        let steam_ids = reader.list(&ADMIN_STEAM_IDS)?.unwrap_or_default();
        Ok(Self { token: reader.optional(&ADMIN_TOKEN)?, steam_ids })
    }
}

/// What [`parse_admin_token`] accepts.
pub(super) const STRONG_TOKEN: &str = "32 visible ASCII characters or more";

pub(super) fn parse_admin_token(text: &str) -> Option<Secret> {
    let strong = text.len() >= 32 && text.bytes().all(|b| b.is_ascii_graphic());
    strong.then(|| Secret::new(text))
}

pub(super) fn parse_steam_id(text: &str) -> Option<String> {
    let good = (1..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    good.then(|| text.to_owned())
}

/// Unlike other URLs, that of a key set may have a query.
pub(super) fn parse_jwks_url(text: &str) -> Option<String> {
    let (before, _) = text.split_once('?').unwrap_or((text, ""));
    parse_http_url(before).map(|_| text.to_owned())
}
