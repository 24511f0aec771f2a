//! A standby that lists are read from, and that stands still, and goes on again.

use std::time::{Duration, Instant};

use myashes_servers::{MOMENT, Postgres};

use crate::service::Service;

/// What a replica may add to one request at most, and what a busy machine adds.
const LONGEST: Duration = Duration::from_millis(2 * 500 + 700);

/// How long a standby may take to catch up, and to be asked again.
const RECOVERY: Duration = Duration::from_secs(60);

const LISTS: [&str; 4] =
    ["/builds", "/builds?search=knight&sort=rating", "/builds/popular", "/builds?tag=one&facets=true"];

/// Reads every list once; how long the slowest took.
async fn read_lists(service: &Service) -> Duration {
    let mut slowest = Duration::ZERO;
    for path in LISTS {
        let began = Instant::now();
        let answer = reqwest::get(format!("{}/api/v1{path}", service.url())).await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 200, "{path} after {:?}", began.elapsed());
        answer.bytes().await.expect("a body");
        slowest = slowest.max(began.elapsed());
    }
    slowest
}

async fn metric(service: &Service, name: &str) -> f64 {
    let text = service.metrics().await;
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {name}:\n{text}")).parse().expect("a number")
}

async fn is_done_without(lasting: Duration) {
    let Some(primary) = Postgres::for_test() else { return };
    let first = Service::start(&primary.url(), &[]).await;
    crate::load::Load::on(&first.url()).await;
    drop(first);
    let standby = primary.standby();
    let service = Service::start(&primary.url(), &[("DATABASE_READ_URL", &standby.url())]).await;
    read_lists(&service).await;
    assert_eq!(metric(&service, "db_replica_fallbacks_total").await, 0.0, "the standby answers");

    standby.freeze();
    let began = Instant::now();
    let mut slow = vec![];
    while began.elapsed() < lasting {
        let took = read_lists(&service).await;
        assert!(took <= LONGEST, "{took:?}, after {:?}", began.elapsed());
        slow.push(took);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(metric(&service, "db_replica_up").await, 0.0);
    assert!(metric(&service, "db_replica_fallbacks_total").await > 0.0);
    let many = slow.iter().filter(|took| **took > Duration::from_millis(400)).count();
    assert!(many * 3 <= slow.len() + 6, "the breaker stays closed: {slow:?}");

    standby.thaw();
    let began = Instant::now();
    while metric(&service, "db_replica_up").await < 1.0 {
        read_lists(&service).await;
        assert!(began.elapsed() < RECOVERY, "the standby is not asked again");
        tokio::time::sleep(MOMENT).await;
    }
    service.assert_never_panicked();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_standby_delays_no_request_for_long() {
    is_done_without(Duration::from_secs(4)).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: 75 seconds without the standby"]
async fn a_standby_that_is_away_for_75_seconds_fails_no_read() {
    is_done_without(Duration::from_secs(75)).await;
}
