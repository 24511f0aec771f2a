//! What the configuration says about the edge, in the terms of the HTTP layer.

use std::sync::Arc;

use ipnet::IpNet;

use crate::http::caller::AdminRules;
use crate::settings::{CorsOrigins, LimitSettings, Settings, Stage};

/// The rules that requests are held against before a service of the domain sees them.
pub struct Rules {
    /// Without a slash at its end.
    pub website_url: Arc<str>,
    pub auth_required_for_writes: bool,
    pub admin: AdminRules,
    /// `None` when limits are off.
    pub limits: Option<LimitSettings>,
    pub trusted_proxies: Vec<IpNet>,
    pub cors: CorsOrigins,
    pub docs: bool,
    /// `/metrics` is on the main listener.
    pub metrics_here: bool,
}

impl Rules {
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        let limits = &settings.limits;
        Self {
            website_url: settings.web.website_url.as_str().into(),
            auth_required_for_writes: settings.identity.required_for_writes,
            admin: admin(settings),
            limits: limits.enabled.then(|| limits.clone()),
            trusted_proxies: limits.trusted_proxies.clone().unwrap_or_default(),
            cors: settings.web.cors.clone(),
            docs: settings.web.docs_enabled,
            metrics_here: settings.stage == Stage::Development && settings.server.metrics_addr.is_none(),
        }
    }
}

fn admin(settings: &Settings) -> AdminRules {
    let identity = &settings.identity;
    let token_digest = settings.admin.token.as_ref().map(|token| AdminRules::digest(token.expose()));
    let steam_ids = settings.admin.steam_ids.clone();
    // Roles come in JWTs only; Steam ids from either way of checking a token.
    let by_steam = !steam_ids.is_empty() && (identity.jwt.is_some() || identity.platform.is_some());
    let configured = token_digest.is_some() || identity.jwt.is_some() || by_steam;
    AdminRules { token_digest, steam_ids, configured }
}
