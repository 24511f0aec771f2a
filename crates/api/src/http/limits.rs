//! Rate limits of requests: the buckets that a request is charged to, and the headers with their state.
//!
//! The limit class of each route is declared with it, in `routes/`.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use myashes_domain::Error;
use myashes_domain::analytics::SearchSource;
use myashes_domain::ids::BuildId;
use myashes_domain::limits::{
    BUILD_VOTES, Charge, LimitClass, Quota, RateLimitStatus, RateLimiter, SITE_FACTOR,
};

use super::client_address::ClientAddress;
use super::context::{ReportedLimit, RequestContext};
use crate::http::services::Services;
use crate::settings::LimitSettings;

/// An address may be shared by many callers, so it gets more than one session does.
const ADDRESS_FACTOR: u32 = 5;

/// New card images for one address.
const CARDS_PER_MINUTE: u32 = 30;

/// The headers with the state of the limits, and their meaning.
pub const HEADERS: &[(&str, &str)] = &[
    ("X-RateLimit-Limit", "Requests per minute of the tighter bucket"),
    ("X-RateLimit-Remaining", "Requests left in the tighter bucket"),
    ("X-RateLimit-Reset", "Seconds until the tighter bucket is full"),
    ("RateLimit", "Requests left in the caller's and in the address's bucket"),
    ("RateLimit-Policy", "Quotas and windows of both buckets"),
];

impl LimitSettings {
    /// The quota of one caller.
    #[must_use]
    pub fn quota(&self, class: LimitClass) -> Quota {
        Quota::per_minute(match class {
            LimitClass::Reads => self.reads,
            LimitClass::Lists => self.lists,
            LimitClass::Creates => self.creates,
            LimitClass::Votes => self.votes,
            LimitClass::Writes => self.writes,
        })
    }
}

/// Charges the client's address.
///
/// # Errors
/// [`Error::RateLimited`].
pub async fn charge_address(
    limiter: &dyn RateLimiter,
    limits: &LimitSettings,
    class: LimitClass,
    client: ClientAddress,
    context: &RequestContext,
) -> Result<(), Error> {
    if client.is_within(&limits.trusted_clients) {
        return Ok(());
    }
    for charge in address_charges(class.into_str(), limits.quota(class).times(ADDRESS_FACTOR), client) {
        let status = limiter.charge(&charge).await;
        context.note(|charged| charged.note_address(class, status));
        admitted(class.into_str(), status)?;
    }
    Ok(())
}

/// Charges the caller: the player, else the session.
///
/// # Errors
/// [`Error::RateLimited`].
pub async fn charge_caller(
    limiter: &dyn RateLimiter,
    limits: &LimitSettings,
    class: LimitClass,
    context: &RequestContext,
) -> Result<(), Error> {
    let fingerprint = context.caller().fingerprint();
    let half = u128::from_be_bytes(std::array::from_fn(|i| fingerprint[i]));
    let bucket = format!("{}:c:{half:032x}", class.into_str());
    let status = limiter.charge(&Charge { bucket, quota: limits.quota(class) }).await;
    context.note(|charged| charged.note_caller(class, status));
    admitted(class.into_str(), status)
}

/// Whether a first vote of this caller is to be charged: they are anonymous, and the request is not from a trusted
/// client.
#[must_use]
pub fn limits_first_votes(services: &Services, context: &RequestContext) -> bool {
    let limits = services.rules.limits.as_ref();
    let trusted =
        limits.zip(context.client.get()).is_none_or(|(it, client)| client.is_within(&it.trusted_clients));
    !trusted && context.caller().player.is_none()
}

/// Charges the client's address for a first vote on `build`.
///
/// # Errors
/// [`Error::RateLimited`].
pub async fn charge_first_vote(
    services: &Services,
    context: &RequestContext,
    build: &BuildId,
) -> Result<(), Error> {
    let Some((limits, client)) = services.rules.limits.as_ref().zip(context.client.get()) else {
        return Ok(());
    };
    let name = format!("{BUILD_VOTES}:{build}");
    for charge in address_charges(&name, Quota::per_hour(limits.build_votes), *client) {
        admitted(BUILD_VOTES, services.limiter.charge(&charge).await)?;
    }
    Ok(())
}

/// Whether the client's address may have one more card image rendered.
pub async fn admits_card(services: &Services, context: &RequestContext) -> bool {
    let Some((limits, client)) = services.rules.limits.as_ref().zip(context.client.get()) else {
        return true;
    };
    if client.is_within(&limits.trusted_clients) {
        return true;
    }
    for charge in address_charges("cards", Quota::per_minute(CARDS_PER_MINUTE), *client) {
        if services.limiter.charge(&charge).await.retry_after.is_some() {
            return false;
        }
    }
    true
}

/// Where a search came from, as limits count addresses.
#[must_use]
pub fn search_source(services: &Services, context: &RequestContext) -> SearchSource {
    let Some((limits, client)) = services.rules.limits.as_ref().zip(context.client.get()) else {
        return SearchSource::Unlimited;
    };
    if client.is_within(&limits.trusted_clients) {
        return SearchSource::TrustedClient;
    }
    SearchSource::Address {
        address: client.counted().to_string(),
        site: client.site().map(|site| site.to_string()),
    }
}

/// The buckets of an address: its own, and its site's.
fn address_charges(name: &str, quota: Quota, client: ClientAddress) -> impl Iterator<Item = Charge> {
    let own = Charge { bucket: format!("{name}:a:{}", client.counted()), quota };
    let site = client
        .site()
        .map(|site| Charge { bucket: format!("{name}:s:{site}"), quota: quota.times(SITE_FACTOR) });
    std::iter::once(own).chain(site)
}

fn admitted(limit: &'static str, status: RateLimitStatus) -> Result<(), Error> {
    match status.retry_after {
        None => Ok(()),
        Some(wait) => Err(Error::RateLimited { limit, retry_after: seconds_up(wait).max(1) }),
    }
}

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");
const BUCKETS: HeaderName = HeaderName::from_static("ratelimit");
const POLICIES: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Writes the state of the tighter bucket in the older headers, and of both in those of the IETF draft.
pub fn write_headers(headers: &mut HeaderMap, charged: ReportedLimit) {
    let Some(tighter) = charged.tighter() else { return };
    headers.insert(LIMIT, HeaderValue::from(tighter.limit));
    headers.insert(REMAINING, HeaderValue::from(tighter.remaining));
    headers.insert(RESET, HeaderValue::from(seconds_up(tighter.reset_after)));
    let class = charged.class.into_str();
    let (mut buckets, mut policies) = (String::new(), String::new());
    for (of, status) in [("", charged.caller), ("-address", charged.address)] {
        let Some(RateLimitStatus { limit, remaining, .. }) = status else { continue };
        let separator = if buckets.is_empty() { "" } else { ", " };
        buckets += &format!("{separator}\"{class}{of}\";r={remaining}");
        policies += &format!("{separator}\"{class}{of}\";q={limit};w=60");
    }
    for (name, list) in [(BUCKETS, buckets), (POLICIES, policies)] {
        headers.insert(name, list.try_into().expect("digits and class names are visible ASCII"));
    }
}

fn seconds_up(duration: std::time::Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}
