//! A flood of requests: the rate limits refuse it, the log stays short, and an administrator sees where it comes from.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use myashes_servers::MOMENT;
use myashes_testkit::TestDatabase;
use reqwest::Client;
use serde_json::Value;
use tokio::task::JoinSet;

use crate::alerts::{Phase, assert_fired};
use crate::load::session;
use crate::service::Service;

const CLIENTS: u32 = 8;

/// Requests of each client.
const REQUESTS: u32 = 250;

/// When the last of them must be logged.
const LOGGED: Duration = Duration::from_secs(60);

const ADMIN_TOKEN: &str = "token-of-the-administrator-of-a-test";

/// The log has a line for each second and limit; a flood that lasts for longer has no place in a test.
const MOST_LINES: usize = 120;

/// The networks whose addresses take turns in the flood, the first one for three quarters of it.
const ADDRESSES: [&str; 4] = ["198.51.100.7", "198.51.100.8", "198.51.100.9", "2001:db8:7:1::5"];

#[derive(Clone)]
struct Visitors {
    client: Client,
    url: String,
}

impl Visitors {
    /// A list for a visitor that sends a new session with each request.
    async fn list(&self, number: u32, address: &str) -> u16 {
        let request = self.client.get(format!("{}/api/v1/builds", self.url));
        let request = request.header("x-session-id", session(number, 0)).header("x-forwarded-for", address);
        request.send().await.expect("an answer").status().as_u16()
    }

    /// How many requests of the flood had which status.
    async fn flood(&self) -> BTreeMap<u16, u64> {
        let mut clients = JoinSet::new();
        for number in 0..CLIENTS {
            let visitors = self.clone();
            clients.spawn(async move {
                let mut statuses: BTreeMap<u16, u64> = BTreeMap::new();
                for request in 0..REQUESTS {
                    let address = ADDRESSES[request as usize % ADDRESSES.len()];
                    let status = visitors.list(1_000 * number + request, address).await;
                    *statuses.entry(status).or_default() += 1;
                }
                statuses
            });
        }
        let mut statuses = BTreeMap::new();
        for (status, count) in clients.join_all().await.into_iter().flatten() {
            *statuses.entry(status).or_default() += count;
        }
        statuses
    }

    /// Visitors from elsewhere, who meet no limit.
    async fn visit(&self, network: u32) {
        for number in 0..20 {
            let address = format!("203.0.113.{}", network + number);
            assert_eq!(self.list(1_000_000 + number, &address).await, 200);
        }
    }
}

/// The lines of the log about refused requests, and the sum of their counts.
fn refused(service: &Service) -> (usize, u64) {
    let log = service.log();
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let counts: Vec<u64> =
        lines.filter_map(|line| line["count"].as_u64().filter(|_| line["limit"] == "lists")).collect();
    (counts.len(), counts.iter().sum())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_refused_counted_and_traced_to_its_networks() {
    let database = TestDatabase::sqlite().await;
    let settings = [
        ("RATE_LIMIT_ENABLED", "true"),
        ("RATE_LIMIT_LISTS", "5"),
        ("TRUSTED_PROXIES", "127.0.0.1/32"),
        ("ADMIN_TOKEN", ADMIN_TOKEN),
        ("LOG_LEVEL", "info"),
    ];
    let service = Service::start(&database.url, &settings).await;
    let visitors = Visitors { client: Client::new(), url: service.url() };
    let calm = Phase::run(&[&service], visitors.visit(0)).await;

    let mut statuses = BTreeMap::new();
    let flood = async { statuses = visitors.flood().await };
    let incident = Phase::run(&[&service], flood).await;
    assert!(statuses.keys().all(|status| [200, 429].contains(status)), "{statuses:?}");
    let (passed, limited) = (statuses[&200], statuses[&429]);
    assert!(limited > 4 * passed, "{statuses:?}");
    let ended = Instant::now();
    while refused(&service).1 < limited {
        assert!(ended.elapsed() < LOGGED, "{:?} of {limited} are logged", refused(&service));
        tokio::time::sleep(MOMENT).await;
    }
    let (lines, counted) = refused(&service);
    assert_eq!(counted, limited);
    assert!(lines <= MOST_LINES, "{lines} lines");

    let log = service.log();
    assert_eq!(log.matches("\"status\":429").count(), 0, "no line for each refused request");
    assert_eq!(log.matches("\"/ready\"").count(), 0, "no line for each probe");
    assert!(
        log.contains("\"status\":200") && !log.contains("198.51.100"),
        "other requests, and no addresses"
    );
    let request = visitors.client.get(format!("{}/api/v1/admin/limited-networks", service.url()));
    let answer = request.header("x-admin-token", ADMIN_TOKEN).send().await.expect("an answer");
    let body: Value = answer.json().await.expect("JSON");
    let networks: BTreeMap<&str, u64> = body["networks"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| (it["network"].as_str().expect("a network"), it["refused"].as_u64().expect("a count")))
        .collect();
    assert_eq!(networks.keys().copied().collect::<Vec<_>>(), ["198.51.100.0/24", "2001:db8:7::/48"]);
    assert_eq!(networks.values().sum::<u64>(), limited);
    assert_eq!(body["networks"][0]["network"], "198.51.100.0/24", "the busiest first");

    let well = Phase::run(&[&service], visitors.visit(100)).await;
    assert_fired(&["MyashesRateLimitingMany"], &calm, &incident, &well);
    service.assert_never_panicked();
}
