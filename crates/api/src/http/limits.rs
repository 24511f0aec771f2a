//! Rate limits at the edge: which bucket a request is charged to, and the headers that tell how it stands.
//!
//! What each route counts as is written beside it, in `routes/`.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use ipnet::IpNet;
use myashes_domain::Error;
use myashes_domain::limits::{Charge, LimitClass, Quota, RateLimiter, Standing};

use super::client_address::{ClientAddress, within};
use super::context::{Charged, RequestContext};
use crate::metrics;

/// An address stands for everybody behind it, so it gets more than one session does.
const ADDRESS_FACTOR: u32 = 5;

/// The quotas per minute, and who is spared the address limit.
#[derive(Debug, Clone)]
pub struct Quotas {
    pub reads: u32,
    pub lists: u32,
    pub writes: u32,
    pub creates: u32,
    pub votes: u32,
    pub new_sessions: u32,
    pub trusted_clients: Vec<IpNet>,
}

impl Quotas {
    /// What one caller gets.
    #[must_use]
    pub fn of(&self, class: LimitClass) -> Quota {
        let per_minute = match class {
            LimitClass::Reads => self.reads,
            LimitClass::Lists => self.lists,
            LimitClass::Creates => self.creates,
            LimitClass::Votes => self.votes,
            LimitClass::Writes => self.writes,
            LimitClass::NewSessions => self.new_sessions,
        };
        Quota { per_minute }
    }
}

/// Charges the address, and once more when a session had to be made for it.
///
/// # Errors
/// [`Error::RateLimited`].
pub async fn charge_address(
    limiter: &dyn RateLimiter,
    quotas: &Quotas,
    class: LimitClass,
    (address, counted): (std::net::IpAddr, ClientAddress),
    context: &RequestContext,
) -> Result<(), Error> {
    if within(address, &quotas.trusted_clients) {
        return Ok(());
    }
    let quota = Quota { per_minute: quotas.of(class).per_minute.saturating_mul(ADDRESS_FACTOR) };
    charge(limiter, class, format!("{}:a:{counted}", class.name()), quota, context).await?;
    if context.minted {
        let class = LimitClass::NewSessions;
        charge(limiter, class, format!("{}:a:{counted}", class.name()), quotas.of(class), context).await?;
    }
    Ok(())
}

/// Charges the caller: the player, else the session.
///
/// # Errors
/// [`Error::RateLimited`].
pub async fn charge_caller(
    limiter: &dyn RateLimiter,
    quotas: &Quotas,
    class: LimitClass,
    context: &RequestContext,
) -> Result<(), Error> {
    let fingerprint = context.caller().fingerprint();
    let half = u128::from_be_bytes(std::array::from_fn(|i| fingerprint[i]));
    charge(limiter, class, format!("{}:c:{half:032x}", class.name()), quotas.of(class), context).await
}

async fn charge(
    limiter: &dyn RateLimiter,
    class: LimitClass,
    bucket: String,
    quota: Quota,
    context: &RequestContext,
) -> Result<(), Error> {
    let standing = limiter.charge(&Charge { bucket, quota }).await;
    context.note(class.name(), standing);
    match standing.retry_after {
        None => Ok(()),
        Some(wait) => {
            metrics::rate_limited(class.name());
            Err(Error::RateLimited { retry_after: seconds_up(wait).max(1) })
        }
    }
}

/// Writes how the tighter bucket stands, in the old way and in the IETF's.
pub fn write_headers(headers: &mut HeaderMap, charged: Charged) {
    let Charged { class, standing } = charged;
    let Standing { limit, remaining, reset_after, .. } = standing;
    let reset = seconds_up(reset_after);
    let mut set = |name: &'static str, value: HeaderValue| {
        headers.insert(HeaderName::from_static(name), value);
    };
    set("x-ratelimit-limit", HeaderValue::from(limit));
    set("x-ratelimit-remaining", HeaderValue::from(remaining));
    set("x-ratelimit-reset", HeaderValue::from(reset));
    let policy = HeaderValue::try_from(format!("\"{class}\";q={limit};w=60"));
    let state = HeaderValue::try_from(format!("\"{class}\";r={remaining};t={reset}"));
    set("ratelimit-policy", policy.expect("digits and a class name are visible ASCII"));
    set("ratelimit", state.expect("digits and a class name are visible ASCII"));
}

fn seconds_up(duration: std::time::Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}
