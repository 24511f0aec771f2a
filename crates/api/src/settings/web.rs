//! Where the service listens, and what browsers and share links are told.

use std::net::SocketAddr;
use std::time::Duration;

use super::Stage;
use super::error::SettingsError;
use super::reader::{Reader, must};
use super::values::{parse_host, parse_http_url, parse_origin};

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
}

#[derive(Debug, Clone)]
pub struct WebSettings {
    /// The site that share links point to, without a slash at its end.
    pub website_url: String,
    pub cors: CorsOrigins,
    pub docs_enabled: bool,
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
        let metrics = "an address with a port such as 0.0.0.0:9090";
        Ok(Self {
            host: must("HOST", reader.parsed("HOST", "an IP address or a host name", parse_host)?),
            port: reader.number("PORT", 0..=u16::MAX)?,
            metrics_addr: reader.parsed("METRICS_ADDR", metrics, |text| text.parse().ok())?,
            shutdown_grace: reader.duration("SHUTDOWN_GRACE", Duration::ZERO..=Duration::from_secs(600))?,
        })
    }
}

impl WebSettings {
    pub(super) fn read(reader: &Reader, stage: Stage) -> Result<Self, SettingsError> {
        let website = reader.parsed("WEBSITE_URL", "an http or https URL", parse_http_url)?;
        Ok(Self {
            website_url: must("WEBSITE_URL", website),
            cors: CorsOrigins::read(reader, stage)?,
            docs_enabled: must("DOCS_ENABLED", reader.bool("DOCS_ENABLED")?),
        })
    }
}

impl CorsOrigins {
    fn read(reader: &Reader, stage: Stage) -> Result<Self, SettingsError> {
        let expected = "origins such as https://myashes.ai, without path and wildcard";
        let origin = |text: &str| if text == "*" { Some(text.to_owned()) } else { parse_origin(text) };
        Ok(match reader.list("BACKEND_CORS_ORIGINS", expected, origin)? {
            None => {
                let local = if stage == Stage::Production { &[] } else { LOCAL };
                Self::Only(SITE.iter().chain(local).map(|origin| (*origin).to_owned()).collect())
            }
            Some(origins) if origins.is_empty() => Self::Off,
            Some(origins) if origins.iter().any(|origin| origin == "*") => Self::Any,
            Some(origins) => Self::Only(origins),
        })
    }
}
