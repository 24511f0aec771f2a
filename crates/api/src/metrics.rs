//! Metrics, under the names that dashboards and alerts use.

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
        begin_at_zero();
        gauge!("build_info", "version" => crate::VERSION, "revision" => crate::REVISION).set(1.0);
        Some(handle)
    });
}

/// Counters, and what Prometheus shows beside their names. They begin at 0: one that appears with its first event hides
/// that event from `increase()`.
const COUNTERS: [(&str, &str); 10] = [
    ("builds_created_total", "Builds created"),
    ("votes_cast_total", "Votes cast or changed"),
    ("rate_limit_local_fallbacks_total", "Charges held in the process, for want of Redis"),
    ("idempotency_replays_total", "First answers given again to a repeated Idempotency-Key"),
    ("requests_shed_total", "Requests refused for want of a place to work at"),
    (
        "http_untrusted_forwarded_for_total",
        "Requests with X-Forwarded-For from a peer outside of TRUSTED_PROXIES",
    ),
    ("cards_replaced_total", "Card images that the card of the class stood in for"),
    ("db_replica_fallbacks_total", "Reads that the primary answered in place of the replica"),
    ("db_transaction_retries_total", "Transactions tried again after they met another one"),
    ("db_constraint_violations_total", "Changes that a CHECK of the schema refused: each is a defect"),
];

/// Counters with labels.
const LABELLED_COUNTERS: [(&str, &str); 7] = [
    // `method`, `route` (its template), `status`
    ("http_requests_total", "Requests answered"),
    // `rating`, `search_mode`
    ("feedback_total", "Thumbs up and down on the assistant's answers"),
    // `search_mode`
    ("searches_total", "Searches recorded"),
    ("searches_zero_results_total", "Searches recorded that found nothing"),
    (
        "searches_unranked_total",
        "Searches recorded beyond the daily shares of their caller or address, which do not count",
    ),
    // `class`
    ("rate_limited_total", "Requests refused by a rate limit"),
    // `phase`: `idle`, `head`, `unread_body`
    ("connections_overdue_total", "Connections closed for their silence, or for their slow bytes"),
];

const GAUGES: [(&str, &str); 12] = [
    ("requests_at_work", "Requests that have a place"),
    ("request_places", "Requests that may be at work at once, which follows their latency"),
    ("connections_open", "Connections of clients"),
    ("sessions_active", "Sessions seen here within the last five to ten minutes"),
    ("card_queue_length", "Card images that are rendered or wait for it"),
    // `pool`, and `state` of the former
    ("db_pool_connections", "Connections in the pool"),
    ("db_pool_connections_max", "Connections that the pool may have"),
    ("db_up", "Whether the database answered when last asked"),
    // Only with a replica.
    ("db_replica_up", "Whether the replica is asked: 0 while its circuit breaker is open"),
    ("cache_up", "Whether the cache answered when last asked"),
    ("process_resident_memory_bytes", "Resident memory"),
    // `version`, `revision`
    ("build_info", "Always 1; the labels name the version and the commit"),
];

const HISTOGRAMS: [(&str, &str); 3] = [
    // `method`, `route` (its template), `status`
    ("http_request_duration_seconds", "From a request's head to its answer"),
    ("request_wait_seconds", "Wait of those that found no place at once, whether they got one or not"),
    ("db_pool_wait_seconds", "Wait for a connection of the pool"),
];

/// The names of all metrics.
pub fn names() -> impl Iterator<Item = &'static str> {
    let all = COUNTERS.into_iter().chain(LABELLED_COUNTERS).chain(GAUGES).chain(HISTOGRAMS);
    all.map(|(name, _)| name)
}

fn describe() {
    for (name, help) in COUNTERS.into_iter().chain(LABELLED_COUNTERS) {
        describe_counter!(name, help);
    }
    for (name, help) in GAUGES {
        describe_gauge!(name, help);
    }
    for (name, help) in HISTOGRAMS {
        describe_histogram!(name, Unit::Seconds, help);
    }
}

fn begin_at_zero() {
    use LimitClass::{Creates, Lists, Reads, Votes, Writes};
    for (name, _) in COUNTERS {
        counter!(name).absolute(0);
    }
    for mode in SearchMode::ALL.iter().map(|mode| mode.into_str()) {
        for rating in [Thumb::Up, Thumb::Down].map(|it| it.into_str()) {
            counter!("feedback_total", "rating" => rating, "search_mode" => mode).increment(0);
        }
        for name in ["searches_total", "searches_zero_results_total", "searches_unranked_total"] {
            counter!(name, "search_mode" => mode).increment(0);
        }
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
