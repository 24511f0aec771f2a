//! Rate limits, retention, and the constants of the ranking.

use std::time::Duration;

use ipnet::IpNet;

use super::Environment;
use super::error::SettingsError;
use super::reader::Reader;
use super::values::parse_network;
use super::variables::*;

/// Requests per minute, and networks without limits.
#[derive(Debug, Clone)]
pub struct LimitSettings {
    pub enabled: bool,
    pub reads: u32,
    pub lists: u32,
    pub writes: u32,
    pub creates: u32,
    pub votes: u32,
    /// First votes of anonymous sessions per hour, build and address.
    pub build_votes: u32,
    /// Networks that skip the address limit.
    pub trusted_clients: Vec<IpNet>,
    /// Peers whose `X-Forwarded-For` is trusted. `None` when not configured; empty for `none`.
    pub trusted_proxies: Option<Vec<IpNet>>,
}

#[derive(Debug, Clone, Copy)]
pub struct PrivacySettings {
    /// 0 keeps for ever.
    pub search_days: u32,
    /// 0 keeps for ever.
    pub feedback_days: u32,
    pub popular_min_callers: u32,
}

#[derive(Debug, Clone, Copy)]
pub struct RankingSettings {
    /// Stars, 1 to 5.
    pub prior_mean: f64,
    /// Votes.
    pub prior_weight: f64,
    pub half_life: Duration,
}

impl LimitSettings {
    pub(super) fn read(reader: &Reader) -> Result<Self, SettingsError> {
        Ok(Self {
            enabled: reader.required(&RATE_LIMIT_ENABLED)?,
            reads: reader.required(&RATE_LIMIT_READS)?,
            lists: reader.required(&RATE_LIMIT_LISTS)?,
            writes: reader.required(&RATE_LIMIT_WRITES)?,
            creates: reader.required(&RATE_LIMIT_CREATES)?,
            votes: reader.required(&RATE_LIMIT_VOTES)?,
            build_votes: reader.required(&RATE_LIMIT_BUILD_VOTES)?,
            trusted_clients: reader.list(&RATE_LIMIT_TRUSTED_CLIENTS)?.unwrap_or_default(),
            trusted_proxies: trusted_proxies(reader)?,
        })
    }
}

/// `none`, or a network.
pub(super) fn parse_proxy(text: &str) -> Option<Option<IpNet>> {
    if text == "none" { Some(None) } else { parse_network(text).map(Some) }
}

fn trusted_proxies(reader: &Reader) -> Result<Option<Vec<IpNet>>, SettingsError> {
    let Some(items) = reader.list(&TRUSTED_PROXIES)? else { return Ok(None) };
    if items.len() > 1 && items.contains(&None) {
        let (name, expected) = (TRUSTED_PROXIES.variable.name, TRUSTED_PROXIES.kind.expected());
        return Err(SettingsError::new(format!("{name}: expected {expected}, got none beside a network")));
    }
    Ok(Some(items.into_iter().flatten().collect()))
}

impl PrivacySettings {
    pub(super) fn read(reader: &Reader, stage: Environment) -> Result<Self, SettingsError> {
        let by_stage = if stage == Environment::Production { 3 } else { 1 };
        Ok(Self {
            search_days: reader.required(&RETENTION_SEARCH_DAYS)?,
            feedback_days: reader.required(&RETENTION_FEEDBACK_DAYS)?,
            popular_min_callers: reader.optional(&POPULAR_MIN_CALLERS)?.unwrap_or(by_stage),
        })
    }
}

impl RankingSettings {
    pub(super) fn read(reader: &Reader) -> Result<Self, SettingsError> {
        Ok(Self {
            prior_mean: reader.required(&RATING_PRIOR_MEAN)?,
            prior_weight: reader.required(&RATING_PRIOR_WEIGHT)?,
            half_life: reader.required(&TRENDING_HALF_LIFE)?,
        })
    }
}
