//! A warning for operators whose proxy is not declared: behind it, all callers share one address's limit.

use std::sync::atomic::{AtomicI64, Ordering};

use actix_web::dev::RequestHead;
use actix_web::http::header::{FORWARDED, X_FORWARDED_FOR};
use ipnet::IpNet;
use myashes_domain::clock::Clock;

use super::client_address::within;
use crate::metrics;

const SECONDS_BETWEEN_WARNINGS: i64 = 60;

/// Limits the rate of the warning.
#[derive(Debug, Default)]
pub struct UntrustedProxyWarning {
    warned_at: AtomicI64,
}

impl UntrustedProxyWarning {
    /// Warns about forwarded headers from a peer that is not a trusted proxy, at most once a minute.
    pub fn check(&self, head: &RequestHead, trusted_proxies: &[IpNet], clock: &dyn Clock) {
        let names_addresses = head.headers().contains_key(X_FORWARDED_FOR);
        if !names_addresses && !head.headers().contains_key(FORWARDED) {
            return;
        }
        let Some(peer) = head.peer_addr.map(|peer| peer.ip().to_canonical()) else { return };
        if within(peer, trusted_proxies) {
            return;
        }
        if names_addresses {
            metrics::untrusted_forwarding();
        }
        let now = clock.now().micros() / 1_000_000;
        let last = self.warned_at.load(Ordering::Relaxed);
        if now - last < SECONDS_BETWEEN_WARNINGS {
            return;
        }
        if self.warned_at.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            tracing::warn!(
                %peer,
                "forwarded headers from a peer outside of TRUSTED_PROXIES are not believed; if this is your \
                 proxy, name its network there"
            );
        }
    }
}
