//! Who vouches for players, and who is an administrator.

use std::time::Duration;

use super::error::SettingsError;
use super::reader::{Reader, must};
use super::secret::Secret;
use super::values::parse_http_url;

const SHORTEST_ADMIN_TOKEN: usize = 32;

#[derive(Debug, Clone)]
pub struct IdentitySettings {
    pub required_for_writes: bool,
    /// How long the identity platform's yes is kept; zero keeps none.
    pub token_cache_ttl: Duration,
    /// Local check of JSON Web Tokens.
    pub jwt: Option<JwtSettings>,
    /// Remote check of opaque tokens.
    pub platform: Option<PlatformSettings>,
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
pub struct PlatformSettings {
    /// Tokens are sent to `{url}/graphql`.
    pub url: String,
}

#[derive(Debug, Clone)]
pub struct AdminSettings {
    pub token: Option<Secret>,
    pub steam_ids: Vec<String>,
}

impl IdentitySettings {
    pub(super) fn read(reader: &Reader) -> Result<Self, SettingsError> {
        let expected = "an http or https URL without user and query";
        let platform = reader.parsed("IDENTITY_URL", expected, parse_http_url)?;
        let required = reader.bool("AUTH_REQUIRED_FOR_WRITES")?;
        let day = Duration::from_secs(86_400);
        Ok(Self {
            required_for_writes: must("AUTH_REQUIRED_FOR_WRITES", required),
            token_cache_ttl: reader.duration("AUTH_TOKEN_CACHE_TTL", Duration::ZERO..=day)?,
            jwt: JwtSettings::read(reader)?,
            platform: platform.map(|url| PlatformSettings { url }),
            timeout: reader
                .duration("IDENTITY_TIMEOUT", Duration::from_millis(100)..=Duration::from_secs(60))?,
        })
    }
}

impl JwtSettings {
    fn read(reader: &Reader) -> Result<Option<Self>, SettingsError> {
        let issuer = reader.text("JWT_ISSUER")?;
        let audience = reader.text("JWT_AUDIENCE")?;
        let jwks = reader.parsed("JWT_JWKS_URL", "an http or https URL without user", parse_jwks_url)?;
        let secret = reader.text("JWT_HS256_SECRET")?;
        let keys = match (jwks, secret) {
            // Accepting both kinds is how a public key gets used as a shared secret.
            (Some(_), Some(_)) => {
                return Err(SettingsError::new(
                    "JWT_HS256_SECRET: JWT_JWKS_URL is set too; keep one of them",
                ));
            }
            (Some(url), None) => JwtKeys::Jwks(url),
            (None, Some(secret)) => JwtKeys::Hs256(Secret::new(secret)),
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
        let expected = format!("{SHORTEST_ADMIN_TOKEN} visible ASCII characters or more");
        let token = reader.parsed("ADMIN_TOKEN", &expected, |text| {
            let strong = text.len() >= SHORTEST_ADMIN_TOKEN && text.bytes().all(|b| b.is_ascii_graphic());
            strong.then(|| Secret::new(text))
        })?;
        let digits = |text: &str| {
            let good = (1..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
            good.then(|| text.to_owned())
        };
        let steam_ids = reader.list("ADMIN_STEAM_IDS", "Steam ids (digits) with commas between", digits)?;
        Ok(Self { token, steam_ids: steam_ids.unwrap_or_default() })
    }
}

/// Unlike other URLs, that of a key set may have a query.
fn parse_jwks_url(text: &str) -> Option<String> {
    let (before, _) = text.split_once('?').unwrap_or((text, ""));
    parse_http_url(before).map(|_| text.to_owned())
}
