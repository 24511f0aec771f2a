//! Where things are stored: the database, and Redis beside it.

use std::time::Duration;

use super::error::SettingsError;
use super::reader::{Reader, must};
use super::secret::Secret;
use super::values::{host_in_url, is_inside_host, parse_host, percent_encode};

const SQLITE_BY_DEFAULT: &str = "sqlite://data/myashes.db";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseKind {
    Sqlite,
    Postgres,
}

#[derive(Debug, Clone)]
pub struct DatabaseSettings {
    pub kind: DatabaseKind,
    /// `postgres://…`, `postgresql://…` or `sqlite://…`; the adapter reads its parameters.
    pub url: Secret,
    /// A replica for public lists and reports.
    pub read_url: Option<Secret>,
    pub pool_size: usize,
    pub pool_timeout: Duration,
    pub statement_timeout: Duration,
    pub migrate_on_start: bool,
    pub allow_sqlite_in_production: bool,
}

/// How to reach Redis.
#[derive(Debug, Clone)]
pub struct RedisSettings {
    /// `redis://…` or `rediss://…`.
    pub url: Secret,
}

impl DatabaseSettings {
    pub(super) fn read(reader: &Reader) -> Result<Self, SettingsError> {
        let url = match reader.text("DATABASE_URL")? {
            Some(url) => url,
            None => from_parts(reader)?.unwrap_or_else(|| SQLITE_BY_DEFAULT.to_owned()),
        };
        let kind = kind_of(&url).ok_or_else(|| {
            SettingsError::new(
                "DATABASE_URL: expected postgres://, postgresql:// or sqlite://, got another beginning",
            )
        })?;
        let read_url = reader.text("DATABASE_READ_URL")?;
        if let Some(replica) = &read_url
            && (kind_of(replica) != Some(DatabaseKind::Postgres) || kind != DatabaseKind::Postgres)
        {
            return Err(SettingsError::new(
                "DATABASE_READ_URL: expected postgres:// or postgresql://, beside a DATABASE_URL of the same kind",
            ));
        }
        let short = Duration::from_millis(10);
        Ok(Self {
            kind,
            url: Secret::new(url),
            read_url: read_url.map(Secret::new),
            pool_size: reader.number("DB_POOL_SIZE", 1..=1000)?,
            pool_timeout: reader.duration("DB_POOL_TIMEOUT", short..=Duration::from_secs(300))?,
            statement_timeout: reader.duration("DB_STATEMENT_TIMEOUT", short..=Duration::from_secs(600))?,
            migrate_on_start: reader.bool("MIGRATE_ON_START")?.unwrap_or(kind == DatabaseKind::Sqlite),
            allow_sqlite_in_production: must(
                "ALLOW_SQLITE_IN_PRODUCTION",
                reader.bool("ALLOW_SQLITE_IN_PRODUCTION")?,
            ),
        })
    }
}

impl RedisSettings {
    pub(super) fn read(reader: &Reader) -> Result<Option<Self>, SettingsError> {
        let port: u16 = reader.number("REDIS_PORT", 1..=u16::MAX)?;
        let database: u32 = reader.number("REDIS_DB", 0..=1_000_000)?;
        let known = |text: &str| {
            let known = text.starts_with("redis://") || text.starts_with("rediss://");
            known.then(|| text.to_owned())
        };
        if let Some(url) = reader.parsed("REDIS_URL", "redis:// or rediss://", known)? {
            return Ok(Some(Self { url: Secret::new(url) }));
        }
        let Some(host) = reader.parsed("REDIS_HOST", "an IP address or a host name", parse_host)? else {
            return Ok(None);
        };
        let host = host_in_url(&host);
        let password = match reader.text("REDIS_PASSWORD")? {
            Some(password) => format!(":{}@", percent_encode(&password)),
            None => String::new(),
        };
        Ok(Some(Self { url: Secret::new(format!("redis://{password}{host}:{port}/{database}")) }))
    }
}

fn from_parts(reader: &Reader) -> Result<Option<String>, SettingsError> {
    let port: u16 = reader.number("POSTGRES_PORT", 1..=u16::MAX)?;
    let Some(host) = reader.parsed("POSTGRES_HOST", "an IP address or a host name", parse_host)? else {
        return Ok(None);
    };
    let host = host_in_url(&host);
    let user = percent_encode(&must("POSTGRES_USER", reader.text("POSTGRES_USER")?));
    let database = percent_encode(&must("POSTGRES_DB", reader.text("POSTGRES_DB")?));
    let password = match reader.text("POSTGRES_PASSWORD")? {
        Some(password) => format!(":{}", percent_encode(&password)),
        None => String::new(),
    };
    Ok(Some(format!("postgres://{user}{password}@{host}:{port}/{database}")))
}

/// A PostgreSQL URL with its `sslmode`, which is `require`, and `prefer` for hosts on this machine and in the cluster, where
/// it names none.
///
/// # Errors
/// When it names one below `require` for a host outside.
pub(super) fn with_sslmode(url: &str) -> Result<String, ()> {
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    let authority =
        address.split_once("://").map_or("", |(_, rest)| rest.split('/').next().unwrap_or_default());
    let host_and_port = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host_and_port.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => host_and_port,
    };
    let inside = is_inside_host(host);
    let parameters = query.split('&').filter_map(|pair| pair.split_once('='));
    let named = parameters.filter(|(name, _)| *name == "sslmode").map(|(_, mode)| mode).next_back();
    match named {
        Some("disable" | "prefer" | "allow") if !inside => Err(()),
        Some(_) => Ok(url.to_owned()),
        None => {
            let mode = if inside { "prefer" } else { "require" };
            Ok(format!("{address}?{query}{}sslmode={mode}", if query.is_empty() { "" } else { "&" }))
        }
    }
}

fn kind_of(url: &str) -> Option<DatabaseKind> {
    let (scheme, rest) = url.split_once("://")?;
    match scheme {
        _ if rest.is_empty() => None,
        "postgres" | "postgresql" => Some(DatabaseKind::Postgres),
        "sqlite" => Some(DatabaseKind::Sqlite),
        _ => None,
    }
}
