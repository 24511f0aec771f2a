//! Metrics, under the names that dashboards and alerts use.
//!
//! | name | labels |
//! |---|---|
//! | `http_requests_total`, `http_request_duration_seconds` | `method`, `route` (its template), `status` |
//! | `builds_created_total`, `votes_cast_total` | |
//! | `feedback_total` | `rating`, `search_mode` |
//! | `searches_total`, `searches_zero_results_total`, `searches_unranked_total` | `search_mode` |
//! | `rate_limited_total` | `class` |
//! | `rate_limit_local_fallbacks_total`, `idempotency_replays_total` | |
//! | `connections_open` | |
//! | `connections_overdue_total` | `phase`: `idle`, `head`, `unread_body` |
//! | `requests_shed_total`, `request_wait_seconds` | requests without a place, and the wait of those that found none at once |
//! | `requests_at_work`, `request_places` | |
//! | `sessions_active` | sessions that made a request within the last five to ten minutes, on this replica |
//! | `db_pool_connections`, `db_pool_connections_max` | `pool`, and `state` of the former |
//! | `db_pool_wait_seconds`, `db_up`, `cache_up` | |
//! | `db_replica_up` | 0 while the circuit breaker of the replica is open; only with a replica |
//! | `db_replica_fallbacks_total` | reads that the primary answered in its place |
//! | `db_transaction_retries_total` | transactions tried again after a conflict with another one |
//! | `db_constraint_violations_total` | changes that a CHECK of the schema refused: each is a defect |
//! | `http_untrusted_forwarded_for_total` | requests with `X-Forwarded-For` from a peer outside of `TRUSTED_PROXIES` |
//! | `card_queue_length`, `cards_replaced_total` | card images to render; those that the card of the class has replaced |
//! | `process_resident_memory_bytes` | |
//! | `build_info` | `version`, `revision` |

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::OnceLock;
use std::time::Duration;

use actix_web::http::Method;
use metrics::{
    Counter, Histogram, Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use myashes_domain::feedback::{SearchMode, Thumb};
use myashes_domain::limits::{BUILD_VOTES, EXPORTS, LimitClass, TOKENS};

const SECONDS: &[f64] =
    &[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Begins to record; a second call changes nothing.
pub fn install() {
    RECORDER.get_or_init(|| {
        let builder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS)
            .ok()?;
        let handle = builder.install_recorder().ok()?;
        describe();
        gauge!("build_info", "version" => crate::VERSION, "revision" => crate::REVISION).set(1.0);
        Some(handle)
    });
}

/// What Prometheus shows beside each name.
fn describe() {
    describe_counter!("http_requests_total", "Requests answered");
    describe_histogram!(
        "http_request_duration_seconds",
        Unit::Seconds,
        "From a request's head to its answer"
    );
    describe_counter!("builds_created_total", "Builds created");
    describe_counter!("votes_cast_total", "Votes cast or changed");
    describe_counter!("feedback_total", "Thumbs up and down on the assistant's answers");
    describe_counter!("searches_total", "Searches recorded");
    describe_counter!("searches_zero_results_total", "Searches recorded that found nothing");
    describe_counter!(
        "searches_unranked_total",
        "Searches recorded beyond the daily shares of their caller or address, which do not count"
    );
    describe_counter!("rate_limited_total", "Requests refused by a rate limit");
    describe_counter!("rate_limit_local_fallbacks_total", "Charges held in the process, for want of Redis");
    describe_counter!("idempotency_replays_total", "First answers given again to a repeated Idempotency-Key");
    describe_counter!("requests_shed_total", "Requests refused for want of a place to work at");
    describe_histogram!(
        "request_wait_seconds",
        Unit::Seconds,
        "Wait of those that found no place at once, whether they got one or not"
    );
    describe_gauge!("requests_at_work", "Requests that have a place");
    describe_gauge!("request_places", "Requests that may be at work at once, which follows their latency");
    counter!("requests_shed_total").absolute(0);
    describe_gauge!("connections_open", "Connections of clients");
    describe_counter!(
        "connections_overdue_total",
        "Connections closed for their silence, or for their slow bytes"
    );
    describe_gauge!("sessions_active", "Sessions seen here within the last five to ten minutes");
    describe_counter!(
        "http_untrusted_forwarded_for_total",
        "Requests with X-Forwarded-For from a peer outside of TRUSTED_PROXIES"
    );
    counter!("http_untrusted_forwarded_for_total").increment(0);
    counter!("cards_replaced_total").increment(0);
    describe_gauge!("card_queue_length", "Card images that are rendered or wait for it");
    describe_counter!("cards_replaced_total", "Card images that the card of the class stood in for");
    describe_gauge!("db_pool_connections", "Connections in the pool");
    describe_gauge!("db_pool_connections_max", "Connections that the pool may have");
    describe_histogram!("db_pool_wait_seconds", Unit::Seconds, "Wait for a connection of the pool");
    describe_gauge!("db_up", "Whether the database answered when last asked");
    describe_gauge!("db_replica_up", "Whether the replica is asked");
    describe_counter!(
        "db_replica_fallbacks_total",
        "Reads that the primary answered in place of the replica"
    );
    describe_gauge!("cache_up", "Whether the cache answered when last asked");
    describe_counter!("db_transaction_retries_total", "Transactions tried again after they met another one");
    describe_counter!("db_constraint_violations_total", "Changes that a CHECK of the schema refused");
    counter!("db_transaction_retries_total").absolute(0);
    counter!("db_constraint_violations_total").absolute(0);
    initialise();
    describe_gauge!("process_resident_memory_bytes", Unit::Bytes, "Resident memory");
    describe_gauge!("build_info", "Always 1; the labels name the version and the commit");
}

/// Counters begin at 0: one that appears with its first event hides that event from `increase()`.
fn initialise() {
    use LimitClass::{Creates, Lists, Reads, Votes, Writes};
    counter!("builds_created_total").increment(0);
    counter!("votes_cast_total").increment(0);
    counter!("idempotency_replays_total").increment(0);
    counter!("rate_limit_local_fallbacks_total").increment(0);
    for mode in SearchMode::ALL.iter().map(|mode| mode.into_str()) {
        for rating in [Thumb::Up, Thumb::Down].map(|it| it.into_str()) {
            counter!("feedback_total", "rating" => rating, "search_mode" => mode).increment(0);
        }
        counter!("searches_total", "search_mode" => mode).increment(0);
        counter!("searches_zero_results_total", "search_mode" => mode).increment(0);
        counter!("searches_unranked_total", "search_mode" => mode).increment(0);
    }
    let classes = [Reads, Lists, Creates, Votes, Writes].map(|it| it.into_str());
    for class in classes.into_iter().chain([BUILD_VOTES, EXPORTS, TOKENS]) {
        counter!("rate_limited_total", "class" => class).increment(0);
    }
}

/// Everything recorded so far, in Prometheus' text format.
#[must_use]
pub fn render() -> String {
    if let Some(bytes) = resident_memory() {
        gauge!("process_resident_memory_bytes").set(bytes as f64);
    }
    RECORDER.get().and_then(Option::as_ref).map(PrometheusHandle::render).unwrap_or_default()
}

/// Drains what histograms have gathered; to be called every few seconds.
pub fn upkeep() {
    if let Some(handle) = RECORDER.get().and_then(Option::as_ref) {
        handle.run_upkeep();
    }
}

type Instruments = HashMap<(*const u8, usize, u16), (Counter, Histogram)>;

thread_local! {
    /// Cached, since looking an instrument up by its labels costs more than using it.
    static REQUESTS: RefCell<Instruments> = RefCell::default();
}

/// One request that was answered.
pub fn request(route: &'static str, method: &Method, status: u16, took: Duration) {
    let method = match method.as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS") => known,
        _ => "OTHER",
    };
    REQUESTS.with_borrow_mut(|known| {
        let key = (route.as_ptr(), method.len() << 8 | usize::from(method.as_bytes()[0]), status);
        let (count, duration) = known.entry(key).or_insert_with(|| {
            let labels =
                [("method", method.to_owned()), ("route", route.to_owned()), ("status", status.to_string())];
            (counter!("http_requests_total", &labels), histogram!("http_request_duration_seconds", &labels))
        });
        count.increment(1);
        duration.record(took.as_secs_f64());
    });
}

/// Counts a request whose `X-Forwarded-For` is ignored, since its peer is not trusted.
pub fn untrusted_forwarding() {
    counter!("http_untrusted_forwarded_for_total").increment(1);
}

/// How many card images are rendered or wait for it.
pub fn card_queue(length: usize) {
    gauge!("card_queue_length").set(length as f64);
}

/// Counts a card image that the card of the class has replaced.
pub fn card_replaced() {
    counter!("cards_replaced_total").increment(1);
}

pub fn build_created() {
    counter!("builds_created_total").increment(1);
}

pub fn vote_cast() {
    counter!("votes_cast_total").increment(1);
}

pub fn feedback(rating: &'static str, search_mode: &'static str) {
    counter!("feedback_total", "rating" => rating, "search_mode" => search_mode).increment(1);
}

pub fn search(search_mode: &'static str, found_nothing: bool, ranked: bool) {
    counter!("searches_total", "search_mode" => search_mode).increment(1);
    if found_nothing {
        counter!("searches_zero_results_total", "search_mode" => search_mode).increment(1);
    }
    if !ranked {
        counter!("searches_unranked_total", "search_mode" => search_mode).increment(1);
    }
}

pub fn rate_limited(class: &'static str) {
    counter!("rate_limited_total", "class" => class).increment(1);
}

pub fn replayed() {
    counter!("idempotency_replays_total").increment(1);
}

/// A request found no place.
pub fn request_shed() {
    counter!("requests_shed_total").increment(1);
}

/// A request found no place at once, and waited for so long.
pub fn waited_for_place(wait: Duration) {
    histogram!("request_wait_seconds").record(wait.as_secs_f64());
}

pub fn places(at_work: usize, places: usize) {
    gauge!("requests_at_work").set(at_work as f64);
    gauge!("request_places").set(places as f64);
}

pub fn connection_opened() {
    gauge!("connections_open").increment(1.0);
}

pub fn connection_closed() {
    gauge!("connections_open").decrement(1.0);
}

/// So many connections were closed since this phase had lasted too long.
pub fn connections_overdue(phase: &'static str, count: u64) {
    counter!("connections_overdue_total", "phase" => phase).increment(count);
}

/// Connections that a pool may have.
pub fn pool_max(name: &'static str, connections: usize) {
    gauge!("db_pool_connections_max", "pool" => name).set(connections as f64);
}

/// Connections of a pool.
pub fn pool(name: &'static str, idle: usize, busy: usize) {
    gauge!("db_pool_connections", "pool" => name, "state" => "idle").set(idle as f64);
    gauge!("db_pool_connections", "pool" => name, "state" => "busy").set(busy as f64);
}

/// Whether a dependency answers: `db` or `cache`.
pub fn up(dependency: &'static str, up: bool) {
    let value = if up { 1.0 } else { 0.0 };
    match dependency {
        "db" => gauge!("db_up").set(value),
        _ => gauge!("cache_up").set(value),
    }
}

pub fn sessions_active(count: u64) {
    gauge!("sessions_active").set(count as f64);
}

/// From `/proc`; `None` on other systems than Linux.
fn resident_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1024)
}
