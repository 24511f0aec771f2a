//! What `ENV=production` refuses to start with: settings that are fine on a laptop and a hole in public.

use ipnet::IpNet;

use super::database::DatabaseKind;
use super::error::SettingsError;
use super::identity::JwtKeys;
use super::limits::LimitSettings;
use super::reader::Reader;
use super::values::{is_https, is_placeholder, stays_inside};
use super::variables::VARIABLES;
use super::web::CorsOrigins;
use super::{Settings, Stage};

const SHORTEST_HS256_SECRET: usize = 32;

pub(super) fn refuse(settings: &Settings, reader: &Reader) -> Result<(), SettingsError> {
    debug_assert_eq!(settings.stage, Stage::Production);
    placeholders(reader)?;
    web(settings)?;
    database(settings)?;
    identity(settings)?;
    limits(&settings.limits)
}

/// What is wider than this holds addresses of strangers, who could then name any address as theirs.
fn is_too_wide(network: &IpNet) -> bool {
    match network {
        IpNet::V4(v4) => v4.prefix_len() < 8,
        IpNet::V6(v6) => v6.prefix_len() < 16,
    }
}

fn limits(limits: &LimitSettings) -> Result<(), SettingsError> {
    if limits.trusted_proxies.iter().flatten().any(is_too_wide) {
        return no("TRUSTED_PROXIES", "networks no wider than /8, or /16 for IPv6");
    }
    if limits.enabled && limits.trusted_proxies.is_none() {
        return no(
            "TRUSTED_PROXIES",
            "the networks of the proxies in front, or none (else all callers behind a proxy share one limit)",
        );
    }
    Ok(())
}

fn placeholders(reader: &Reader) -> Result<(), SettingsError> {
    for secret in VARIABLES.iter().filter(|variable| variable.secret) {
        if reader.text(secret.name)?.is_some_and(|value| is_placeholder(&value)) {
            return no(secret.name, "a real secret instead of a placeholder");
        }
    }
    Ok(())
}

fn web(settings: &Settings) -> Result<(), SettingsError> {
    match &settings.web.cors {
        CorsOrigins::Any => return no("BACKEND_CORS_ORIGINS", "named origins instead of *"),
        CorsOrigins::Only(origins) if !origins.iter().all(|origin| is_https(origin)) => {
            return no("BACKEND_CORS_ORIGINS", "https origins only");
        }
        CorsOrigins::Only(_) | CorsOrigins::Off => {}
    }
    if !is_https(&settings.web.website_url) {
        return no("WEBSITE_URL", "an https URL");
    }
    Ok(())
}

fn database(settings: &Settings) -> Result<(), SettingsError> {
    let database = &settings.database;
    if database.kind == DatabaseKind::Sqlite && !database.allow_sqlite_in_production {
        return no("DATABASE_URL", "PostgreSQL, or ALLOW_SQLITE_IN_PRODUCTION=true for SQLite");
    }
    Ok(())
}

fn identity(settings: &Settings) -> Result<(), SettingsError> {
    let outside = "https, unless the host is in the cluster (*.svc, *.svc.cluster.local) or loopback";
    let open = |url: &str| !is_https(url) && !stays_inside(url);
    if settings.identity.platform.as_ref().is_some_and(|platform| open(&platform.url)) {
        return no("IDENTITY_URL", outside);
    }
    let Some(jwt) = &settings.identity.jwt else { return Ok(()) };
    match &jwt.keys {
        JwtKeys::Jwks(url) if open(url) => return no("JWT_JWKS_URL", outside),
        JwtKeys::Hs256(secret) if secret.expose().len() < SHORTEST_HS256_SECRET => {
            return no("JWT_HS256_SECRET", "32 bytes or more");
        }
        JwtKeys::Jwks(_) | JwtKeys::Hs256(_) => {}
    }
    if jwt.issuer.is_none() {
        return no("JWT_ISSUER", "the issuer of the tokens, since JWTs are checked here");
    }
    if jwt.audience.is_none() {
        return no("JWT_AUDIENCE", "the audience of the tokens, since JWTs are checked here");
    }
    Ok(())
}

fn no(name: &str, wanted: &str) -> Result<(), SettingsError> {
    Err(SettingsError::new(format!("{name}: production needs {wanted}")))
}
