//! How much is let through, how long things are kept, and the constants of the ranking.

use std::time::Duration;

use ipnet::IpNet;

use super::Stage;
use super::error::SettingsError;
use super::reader::{Reader, must};
use super::values::parse_network;

/// Requests per minute, and who stands outside of the limits.
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
    /// Peers whose `X-Forwarded-For` is believed. `None` when nobody has said; empty for `none`.
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
        let amount = |name| reader.number::<u32>(name, 1..=1_000_000);
        let networks = "networks such as 10.0.0.0/8 with commas between";
        let trusted = reader.list("RATE_LIMIT_TRUSTED_CLIENTS", networks, parse_network)?;
        Ok(Self {
            enabled: must("RATE_LIMIT_ENABLED", reader.bool("RATE_LIMIT_ENABLED")?),
            reads: amount("RATE_LIMIT_READS")?,
            lists: amount("RATE_LIMIT_LISTS")?,
            writes: amount("RATE_LIMIT_WRITES")?,
            creates: amount("RATE_LIMIT_CREATES")?,
            votes: amount("RATE_LIMIT_VOTES")?,
            build_votes: amount("RATE_LIMIT_BUILD_VOTES")?,
            trusted_clients: trusted.unwrap_or_default(),
            trusted_proxies: trusted_proxies(reader)?,
        })
    }
}

fn trusted_proxies(reader: &Reader) -> Result<Option<Vec<IpNet>>, SettingsError> {
    const NAME: &str = "TRUSTED_PROXIES";
    let expected = "networks such as 10.0.0.0/8 with commas between, or none";
    let item = |text: &str| if text == "none" { Some(None) } else { parse_network(text).map(Some) };
    let Some(items) = reader.list(NAME, expected, item)? else { return Ok(None) };
    if items.len() > 1 && items.contains(&None) {
        return Err(SettingsError::new(format!("{NAME}: expected {expected}, got none beside a network")));
    }
    Ok(Some(items.into_iter().flatten().collect()))
}

impl PrivacySettings {
    pub(super) fn read(reader: &Reader, stage: Stage) -> Result<Self, SettingsError> {
        let callers = reader.number_or_unset("POPULAR_MIN_CALLERS", 1..=20)?;
        Ok(Self {
            search_days: reader.number("RETENTION_SEARCH_DAYS", 0..=36_500)?,
            feedback_days: reader.number("RETENTION_FEEDBACK_DAYS", 0..=36_500)?,
            popular_min_callers: callers.unwrap_or(if stage == Stage::Production { 3 } else { 1 }),
        })
    }
}

impl RankingSettings {
    pub(super) fn read(reader: &Reader) -> Result<Self, SettingsError> {
        // Below three hours a day's weights would leave the range in which doubles add up exactly enough.
        let half_life = Duration::from_secs(3 * 3600)..=Duration::from_secs(365 * 86_400);
        Ok(Self {
            prior_mean: reader.number("RATING_PRIOR_MEAN", 1.0..=5.0)?,
            prior_weight: reader.number("RATING_PRIOR_WEIGHT", 0.1..=10_000.0)?,
            half_life: reader.duration("TRENDING_HALF_LIFE", half_life)?,
        })
    }
}
