//! Listening addresses, CORS origins, pages and share links.

use std::net::SocketAddr;
use std::time::Duration;

use super::Environment;
use super::error::SettingsError;
use super::reader::Reader;
use super::variables::{
    BACKEND_CORS_ORIGINS, DOCS_ENABLED, HOST, METRICS_ADDR, PAGES_ENABLED, PORT, PUBLIC_URL, REQUEST_TIMEOUT,
    SHUTDOWN_GRACE, WEBSITE_URL,
};

const SITE: &[&str] = &["https://myashes.ai", "https://www.myashes.ai"];
const LOCAL: &[&str] = &["http://localhost:8080", "http://localhost:3000", "http://127.0.0.1:8080"];

#[derive(Debug, Clone)]
pub struct ServerSettings {
    /// An address or a name to listen on.
    pub host: String,
    /// 0 takes a free one.
    pub port: u16,
    /// A listener of its own for `/metrics`.
    pub metrics_addr: Option<SocketAddr>,
    pub shutdown_grace: Duration,
    /// From the last byte of a request to its answer.
    pub request_timeout: Duration,
}

#[derive(Debug, Clone)]
pub struct WebSettings {
    /// The site that share links point to, without a slash at its end.
    pub website_url: String,
    pub cors: CorsOrigins,
    pub docs_enabled: bool,
    pub pages_enabled: bool,
    /// The public base URL of the pages, without a slash at its end.
    pub public_url: Option<String>,
}

/// Which origins may call from a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CorsOrigins {
    /// No CORS headers at all: a proxy adds them.
    Off,
    /// `*`, which production refuses.
    Any,
    Only(Vec<String>),
}

impl ServerSettings {
    pub(super) fn read(reader: &Reader) -> Result<Self, SettingsError> {
        Ok(Self {
            host: reader.required(&HOST)?,
            port: reader.required(&PORT)?,
            metrics_addr: reader.optional(&METRICS_ADDR)?,
            shutdown_grace: reader.required(&SHUTDOWN_GRACE)?,
            request_timeout: reader.required(&REQUEST_TIMEOUT)?,
        })
    }
}

impl WebSettings {
    pub(super) fn read(reader: &Reader, stage: Environment) -> Result<Self, SettingsError> {
        Ok(Self {
            website_url: reader.required(&WEBSITE_URL)?,
            cors: CorsOrigins::read(reader, stage)?,
            docs_enabled: reader.required(&DOCS_ENABLED)?,
            pages_enabled: reader.required(&PAGES_ENABLED)?,
            public_url: reader.optional(&PUBLIC_URL)?,
        })
    }
}

impl CorsOrigins {
    fn read(reader: &Reader, stage: Environment) -> Result<Self, SettingsError> {
        Ok(match reader.list(&BACKEND_CORS_ORIGINS)? {
            None => {
                let local = if stage == Environment::Production { &[] } else { LOCAL };
                Self::Only(SITE.iter().chain(local).map(|origin| (*origin).to_owned()).collect())
            }
            Some(origins) if origins.is_empty() => Self::Off,
            Some(origins) if origins.iter().any(|origin| origin == "*") => Self::Any,
            Some(origins) => Self::Only(origins),
        })
    }
}
