//! The configuration of the HTTP layer.

use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use myashes_web::Site;

use crate::http::caller::AdminAccess;
use crate::settings::{CorsOrigins, Environment, LimitSettings, Settings};

/// The options of the HTTP layer.
pub struct HttpOptions {
    /// The prefix of links to share, which the id of a build follows.
    pub share_link: Arc<str>,
    /// Where the HTML pages are; `None` when they are off.
    pub site: Option<Site>,
    pub auth_required_for_writes: bool,
    pub admin: AdminAccess,
    /// `None` when limits are off.
    pub limits: Option<LimitSettings>,
    pub trusted_proxies: Vec<IpNet>,
    pub cors: CorsOrigins,
    pub docs: bool,
    /// See [`crate::http::deadline`].
    pub request_timeout: Duration,
    /// `/metrics` is on the main listener.
    pub metrics_here: bool,
}

impl HttpOptions {
    /// `port` is what the service listens on.
    #[must_use]
    pub fn of(settings: &Settings, port: u16) -> Self {
        let limits = &settings.limits;
        Self {
            share_link: share_link(settings).into(),
            site: site(settings, port),
            auth_required_for_writes: settings.identity.required_for_writes,
            admin: admin(settings),
            limits: limits.enabled.then(|| limits.clone()),
            trusted_proxies: limits.trusted_proxies.clone().unwrap_or_default(),
            cors: settings.web.cors.clone(),
            docs: settings.web.docs_enabled,
            request_timeout: settings.server.request_timeout,
            metrics_here: settings.stage == Environment::Development
                && settings.server.metrics_addr.is_none(),
        }
    }
}

/// Where the pages are mounted. Outside of development they need a public URL, since their links are absolute.
fn site(settings: &Settings, port: u16) -> Option<Site> {
    let web = &settings.web;
    if !web.pages_enabled || (web.public_url.is_none() && !settings.is_development()) {
        return None;
    }
    let own = || format!("http://{}:{port}", settings.server.host);
    let base_url = web.public_url.clone().unwrap_or_else(own);
    Some(Site {
        mount_path: path_of(&base_url).to_owned(),
        base_url,
        api_base: "/api/v1".to_owned(),
        website_url: web.website_url.clone(),
        can_vote: web.public_url.as_deref().is_none_or(|url| origin_of(url) == origin_of(&web.website_url)),
        version: crate::VERSION.to_owned(),
    })
}

fn share_link(settings: &Settings) -> String {
    match settings.web.public_url.as_deref().filter(|_| settings.web.pages_enabled) {
        Some(url) => format!("{url}/b/"),
        None => format!("{}/?build=", settings.web.website_url),
    }
}

/// Scheme, host and port of a URL.
fn origin_of(url: &str) -> &str {
    url.strip_suffix(path_of(url)).unwrap_or(url)
}

/// The path of a URL that has no query.
fn path_of(url: &str) -> &str {
    let host = url.find("://").map_or(0, |at| at + 3);
    url[host..].find('/').map_or("", |at| &url[host + at..])
}

fn admin(settings: &Settings) -> AdminAccess {
    let identity = &settings.identity;
    let token_digest = settings.admin.token.as_ref().map(|token| AdminAccess::digest(token.expose()));
    let steam_ids = settings.admin.steam_ids.clone();
    // Roles come in JWTs only; Steam ids from either way of checking a token.
    let by_steam = !steam_ids.is_empty() && (identity.jwt.is_some() || identity.platform_url.is_some());
    let configured = token_digest.is_some() || identity.jwt.is_some() || by_steam;
    AdminAccess { token_digest, steam_ids, configured }
}
