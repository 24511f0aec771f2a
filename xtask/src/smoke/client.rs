//! One session's requests, and answers with every header as it came: a doubled one must show.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use ureq::Agent;
use ureq::http::{HeaderMap, Request};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{Connector, RustlsConnector};

use super::source::SourceConnector;

const TIMEOUT: Duration = Duration::from_secs(10);
/// What a browser on the site would send; the first of the allowed origins.
pub const ORIGIN: &str = "https://myashes.ai";

pub struct Client {
    agent: Agent,
    base: String,
    session: String,
}

impl Client {
    /// A client with a session of its own.
    pub fn new(base: &str) -> Result<Self> {
        Self::connect(base, None)
    }

    /// Another session at the same service.
    pub fn stranger(&self) -> Result<Self> {
        Self::new(&self.base)
    }

    /// The session that it sends.
    pub fn session(&self) -> &str {
        &self.session
    }

    /// The same; with a `source`, its connections come from this address of the machine, past any HTTP proxy.
    pub fn connect(base: &str, source: Option<IpAddr>) -> Result<Self> {
        let (scheme, rest) = base.split_once("://").unwrap_or_default();
        if !["http", "https"].contains(&scheme) || rest.is_empty() {
            bail!("{base:?} is no address: expected http://… or https://…");
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(provider)
            .build();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(TIMEOUT))
            .tls_config(tls);
        let agent = match source {
            None => config.build().new_agent(),
            Some(source) => {
                let connector = SourceConnector { source }.chain(RustlsConnector::default());
                Agent::with_parts(config.proxy(None).build(), connector, DefaultResolver::default())
            }
        };
        let session = format!("sess_{}", &myashes_servers::secret()?[..24]);
        Ok(Self { agent, base: base.trim_end_matches('/').to_owned(), session })
    }

    pub fn get(&self, path: &str) -> Result<Answer> {
        self.send("GET", path, &[], None)
    }

    /// One request with the session; the JSON body, when there is one, is sent as such.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Answer> {
        let address = format!("{}{path}", self.base);
        let mut request =
            Request::builder().method(method).uri(&address).header("X-Session-ID", &self.session);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = match body {
            Some(body) => {
                let request = request.header("Content-Type", "application/json").body(body.to_string())?;
                self.agent.run(request)
            }
            None => self.agent.run(request.body(())?),
        };
        let answer = answer.with_context(|| format!("{method} {address}"))?;
        let (parts, mut body) = answer.into_parts();
        let text =
            body.read_to_string().with_context(|| format!("cannot read the body of {method} {address}"))?;
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, text })
    }
}

pub struct Answer {
    pub status: u16,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    /// The answer itself when it has this status; otherwise what came instead.
    pub fn with_status(self, expected: u16) -> Result<Self> {
        let start: String = self.text.chars().take(200).collect();
        ensure!(self.status == expected, "answers {} and not {expected}: {start}", self.status);
        Ok(self)
    }

    pub fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.text).context("the body is no JSON")
    }

    /// Every value of a header. More than one is a fault for those that a browser reads as one.
    pub fn header(&self, name: &str) -> Vec<&str> {
        self.headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect()
    }

    /// The single value of a header.
    ///
    /// # Errors
    /// For no value or several.
    pub fn single(&self, name: &str) -> Result<&str> {
        match self.header(name)[..] {
            [value] => Ok(value),
            [] => bail!("there is no {name}"),
            ref several => bail!("{name} is there {} times: {}", several.len(), several.join(" and ")),
        }
    }
}
