//! What `ENV=production` and `ENV=stage` refuse to start with: settings that are fine for development and insecure in
//! public.

use ipnet::IpNet;

use super::database::{DatabaseKind, with_sslmode};
use super::error::SettingsError;
use super::identity::JwtKeys;
use super::limits::LimitSettings;
use super::reader::Reader;
use super::secret::Secret;
use super::values::{is_https, is_internal_host, is_placeholder};
use super::variables::VARIABLES;
use super::web::CorsOrigins;
use super::{Environment, Settings};

const SHORTEST_HS256_SECRET: usize = 32;

pub(super) fn refuse(settings: &Settings, reader: &Reader) -> Result<(), SettingsError> {
    debug_assert_ne!(settings.stage, Environment::Development);
    refuse_each(settings, reader).map_err(|refusal| refused(settings, &refusal))
}

fn refused(settings: &Settings, Refusal { name, wanted }: &Refusal) -> SettingsError {
    let stage = settings.stage.into_str();
    SettingsError::new(format!("{name}: {stage} needs {wanted}"))
}

/// A refused variable, and what is required of it.
struct Refusal {
    name: &'static str,
    wanted: &'static str,
}

fn refuse_each(settings: &Settings, reader: &Reader) -> Result<(), Refusal> {
    placeholders(reader)?;
    web(settings)?;
    database(settings)?;
    identity(settings)?;
    limits(&settings.limits)
}

/// A wider network contains foreign addresses, whose clients could then claim any address.
fn is_too_wide(network: &IpNet) -> bool {
    match network {
        IpNet::V4(v4) => v4.prefix_len() < 8,
        IpNet::V6(v6) => v6.prefix_len() < 16,
    }
}

fn limits(limits: &LimitSettings) -> Result<(), Refusal> {
    if limits.trusted_proxies.iter().flatten().any(is_too_wide) {
        return reject("TRUSTED_PROXIES", "networks no wider than /8, or /16 for IPv6");
    }
    Ok(())
}

/// What only `serve` needs.
pub(super) fn refuse_to_serve(settings: &Settings) -> Result<(), SettingsError> {
    if settings.limits.enabled && settings.limits.trusted_proxies.is_none() {
        let missing = reject(
            "TRUSTED_PROXIES",
            "the networks of the proxies in front, or none (else all callers behind a proxy share one limit)",
        );
        return missing.map_err(|refusal| refused(settings, &refusal));
    }
    Ok(())
}

fn placeholders(reader: &Reader) -> Result<(), Refusal> {
    for variable in VARIABLES {
        if reader.shown(variable).is_some_and(|value| is_placeholder(&value)) {
            return reject(variable.name, "a real value instead of a placeholder");
        }
    }
    Ok(())
}

fn web(settings: &Settings) -> Result<(), Refusal> {
    match &settings.web.cors {
        CorsOrigins::Any => return reject("BACKEND_CORS_ORIGINS", "named origins instead of *"),
        CorsOrigins::Only(origins) if !origins.iter().all(|origin| may_call(settings.stage, origin)) => {
            return reject("BACKEND_CORS_ORIGINS", "https origins only");
        }
        CorsOrigins::Only(_) | CorsOrigins::Off => {}
    }
    if !is_https(&settings.web.website_url) {
        return reject("WEBSITE_URL", "an https URL");
    }
    if settings.web.public_url.as_deref().is_some_and(|url| !is_https(url)) {
        return reject("PUBLIC_URL", "an https URL");
    }
    Ok(())
}

fn database(settings: &Settings) -> Result<(), Refusal> {
    let database = &settings.database;
    if database.kind == DatabaseKind::Sqlite && !database.allow_sqlite_in_production {
        return reject("DATABASE_URL", "PostgreSQL, or ALLOW_SQLITE_IN_PRODUCTION=true for SQLite");
    }
    Ok(())
}

fn identity(settings: &Settings) -> Result<(), Refusal> {
    let outside = "https, unless the host is in the cluster (*.svc, *.svc.cluster.local) or loopback";
    let open = |url: &str| !is_https(url) && !is_internal_host(url);
    if settings.identity.platform_url.as_deref().is_some_and(open) {
        return reject("IDENTITY_URL", outside);
    }
    let Some(jwt) = &settings.identity.jwt else { return Ok(()) };
    match &jwt.keys {
        JwtKeys::Jwks(url) if open(url) => return reject("JWT_JWKS_URL", outside),
        JwtKeys::Hs256(secret) if secret.expose().len() < SHORTEST_HS256_SECRET => {
            return reject("JWT_HS256_SECRET", "32 bytes or more");
        }
        JwtKeys::Jwks(_) | JwtKeys::Hs256(_) => {}
    }
    if jwt.issuer.is_none() {
        return reject("JWT_ISSUER", "the issuer of the tokens, since JWTs are checked here");
    }
    if jwt.audience.is_none() {
        return reject("JWT_AUDIENCE", "the audience of the tokens, since JWTs are checked here");
    }
    Ok(())
}

fn reject(name: &'static str, wanted: &'static str) -> Result<(), Refusal> {
    Err(Refusal { name, wanted })
}

/// Pages on a developer's machine may call stage.
fn may_call(stage: Environment, origin: &str) -> bool {
    is_https(origin) || (stage == Environment::Stage && is_local(origin))
}

fn is_local(origin: &str) -> bool {
    !is_https(origin) && is_internal_host(origin)
}

/// What stage accepts and production would refuse, by name.
pub(super) fn differences(settings: &Settings) -> Vec<String> {
    let local: Vec<String> = match &settings.web.cors {
        CorsOrigins::Only(origins) => origins.iter().filter(|origin| is_local(origin)).cloned().collect(),
        CorsOrigins::Any | CorsOrigins::Off => vec![],
    };
    if local.is_empty() {
        return vec![];
    }
    vec![format!("BACKEND_CORS_ORIGINS: stage allows {}, which production refuses", local.join(", "))]
}

/// Names the `sslmode` that holds where a PostgreSQL URL names none.
///
/// # Errors
/// For one below `require` on the way to a host that is neither this machine nor in the cluster.
pub(super) fn encrypt_database(settings: &mut Settings) -> Result<(), SettingsError> {
    if settings.database.kind != DatabaseKind::Postgres {
        return Ok(());
    }
    let weak = |name: &'static str| {
        move |()| {
            SettingsError::new(format!(
                "{name}: expected sslmode=require or verify-full, since the host is neither loopback nor in the cluster \
                 (*.svc, *.svc.cluster.local)"
            ))
        }
    };
    let url = with_sslmode(settings.database.url.expose()).map_err(weak("DATABASE_URL"))?;
    settings.database.url = Secret::new(url);
    if let Some(replica) = &settings.database.read_url {
        let url = with_sslmode(replica.expose()).map_err(weak("DATABASE_READ_URL"))?;
        settings.database.read_url = Some(Secret::new(url));
    }
    Ok(())
}
