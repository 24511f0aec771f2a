//! Where things are stored: the database, and Redis beside it.

use std::time::Duration;

use super::error::SettingsError;
use super::reader::Reader;
use super::secret::Secret;
use super::values::{host_in_url, is_inside_host, percent_encode};
use super::variables::*;

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

impl DatabaseSettings {
    pub(super) fn read(reader: &Reader) -> Result<Self, SettingsError> {
        let url = match reader.optional(&DATABASE_URL)? {
            Some(url) => url,
            None => from_parts(reader)?.unwrap_or_else(|| Secret::new(SQLITE_BY_DEFAULT)),
        };
        let kind = kind_of(url.expose()).ok_or_else(|| {
            SettingsError::new(
                "DATABASE_URL: expected postgres://, postgresql:// or sqlite://, got another beginning",
            )
        })?;
        let read_url = reader.optional(&DATABASE_READ_URL)?;
        if let Some(replica) = &read_url
            && (kind_of(replica.expose()) != Some(DatabaseKind::Postgres) || kind != DatabaseKind::Postgres)
        {
            return Err(SettingsError::new(
                "DATABASE_READ_URL: expected postgres:// or postgresql://, beside a DATABASE_URL of the same kind",
            ));
        }
        Ok(Self {
            kind,
            url,
            read_url,
            pool_size: reader.required(&DB_POOL_SIZE)?,
            pool_timeout: reader.required(&DB_POOL_TIMEOUT)?,
            statement_timeout: reader.required(&DB_STATEMENT_TIMEOUT)?,
            migrate_on_start: reader.optional(&MIGRATE_ON_START)?.unwrap_or(kind == DatabaseKind::Sqlite),
            allow_sqlite_in_production: reader.required(&ALLOW_SQLITE_IN_PRODUCTION)?,
        })
    }
}

/// How to reach Redis.
pub(super) fn redis_url(reader: &Reader) -> Result<Option<Secret>, SettingsError> {
    let (port, database) = (reader.required(&REDIS_PORT)?, reader.required(&REDIS_DB)?);
    if let Some(url) = reader.optional(&REDIS_URL)? {
        return Ok(Some(url));
    }
    let Some(host) = reader.optional(&REDIS_HOST)? else { return Ok(None) };
    let host = host_in_url(&host);
    let password = password_in_url(reader.optional(&REDIS_PASSWORD)?);
    let at = if password.is_empty() { "" } else { "@" };
    Ok(Some(Secret::new(format!("redis://{password}{at}{host}:{port}/{database}"))))
}

fn from_parts(reader: &Reader) -> Result<Option<Secret>, SettingsError> {
    let port = reader.required(&POSTGRES_PORT)?;
    let Some(host) = reader.optional(&POSTGRES_HOST)? else { return Ok(None) };
    let host = host_in_url(&host);
    let user = percent_encode(&reader.required(&POSTGRES_USER)?);
    let database = percent_encode(&reader.required(&POSTGRES_DB)?);
    let password = password_in_url(reader.optional(&POSTGRES_PASSWORD)?);
    Ok(Some(Secret::new(format!("postgres://{user}{password}@{host}:{port}/{database}"))))
}

fn password_in_url(password: Option<Secret>) -> String {
    password.map(|password| format!(":{}", percent_encode(password.expose()))).unwrap_or_default()
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
