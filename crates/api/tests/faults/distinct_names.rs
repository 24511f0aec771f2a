//! M1: sessions, addresses, search terms and ids that are never the same twice.

use std::net::Ipv6Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use myashes_testkit::TestDatabase;
use reqwest::Client;
use tokio::task::JoinSet;

use crate::load::session;
use crate::service::Service;

/// What the service may hold under any load (P8).
const MAX_MEMORY: u64 = 96 * 1024 * 1024;

const CLIENTS: usize = 16;

/// Series of metrics that appear with the first requests of a kind.
const FIRST_REQUESTS: u64 = 200;

/// The number of series that `/metrics` shows.
async fn series(service: &Service) -> usize {
    service.metrics().await.lines().filter(|line| !line.starts_with('#')).count()
}

/// Sends the requests of a visitor whom the service has never seen before, in a session and from an address of its own.
async fn request(client: &Client, url: &str, number: u64) {
    let session = session(u32::try_from(number >> 32).expect("a small number"), number);
    // Each in a /48 of its own, since those have limits, too.
    let address = Ipv6Addr::from(((0x2000_0000_0000 + u128::from(number)) << 80) | 1).to_string();
    let path = match number % 4 {
        0 => format!("/builds?search=term{number}"),
        1 => format!("/builds/b_{number}"),
        2 => format!("/builds?creator=player{number}&tag=tag{number}"),
        _ => format!("/me/votes?build_ids=b_{number}"),
    };
    let request = client.get(format!("{url}/api/v1{path}")).header("x-session-id", session);
    let reply = request.header("x-forwarded-for", address).send().await.expect("an answer");
    assert!([200, 404, 503].contains(&reply.status().as_u16()), "{path}: {}", reply.status());
    reply.bytes().await.expect("a body");
}

async fn memory_and_series_stay_bounded(requests: u64) {
    let settings = [("RATE_LIMIT_ENABLED", "true"), ("TRUSTED_PROXIES", "127.0.0.1")];
    let database = TestDatabase::sqlite().await;
    let service = Service::start(&database.url, &settings).await;
    let (client, next) = (Client::new(), Arc::new(AtomicU64::new(0)));
    let send = async |until: u64| {
        let mut tasks = JoinSet::new();
        for _ in 0..CLIENTS {
            let (client, next, url) = (client.clone(), Arc::clone(&next), service.url());
            tasks.spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= until {
                        return;
                    }
                    request(&client, &url, number).await;
                }
            });
        }
        tasks.join_all().await;
    };
    send(FIRST_REQUESTS).await;
    // The first look at the metrics adds its own.
    series(&service).await;
    let first = series(&service).await;
    send(requests).await;
    assert_eq!(series(&service).await, first, "series of metrics that names have made");
    let memory = service.resident_memory();
    eprintln!("{requests} requests: {} MiB, {first} series", memory / 1024 / 1024);
    assert!(memory <= MAX_MEMORY, "{memory} bytes");
    service.assert_never_panicked();
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_are_never_the_same_twice_take_no_memory() {
    memory_and_series_stay_bounded(4_000).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: 200,000 requests"]
async fn two_hundred_thousand_names_take_no_memory() {
    memory_and_series_stay_bounded(200_000).await;
}
