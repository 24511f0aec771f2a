//! F8: two replicas behind a proxy are restarted one after the other, under load.

use std::time::{Duration, Instant};

use myashes_testkit::{DatabaseKind, TestDatabase};

use crate::dice::Dice;
use crate::load::{Load, OnNoAnswer};
use crate::proxy::Proxy;
use crate::service::Service;
use crate::verdict::assert_clean;

const GRACE: Duration = Duration::from_secs(5);

async fn loses_no_request(rounds: u32) {
    let Some(database) = TestDatabase::new(DatabaseKind::Postgres).await else { return };
    let mut dice = Dice::new("rolling_restart");
    let settings = [("SHUTDOWN_GRACE", "5s")];
    let mut replicas =
        [Service::start(&database.url, &settings).await, Service::start(&database.url, &settings).await];
    let proxy = Proxy::before(&[replicas[0].port, replicas[1].port]).await;
    let load = Load::on(&proxy.url()).await;
    let running = load.start(12, OnNoAnswer::Continue, &mut dice);
    for round in 0..rounds {
        for replica in &mut replicas {
            running.answers(50).await;
            let asked = Instant::now();
            assert_eq!(replica.terminate().await, Some(0), "it did not end by itself");
            let took = asked.elapsed();
            eprintln!("round {round}: a replica ended after {} ms", took.as_millis());
            assert!(took < GRACE, "it took {took:?} to end, its grace is {GRACE:?}");
            running.answers(20).await;
            replica.restart().await;
            proxy.sends_to(replica.port).await;
        }
    }
    running.answers(50).await;
    running.stop().await;
    let statuses = load.ledger.pages().statuses.clone();
    assert!(statuses.keys().all(|status| (200..500).contains(status)), "requests failed: {statuses:?}");
    assert_clean(&load.ledger, &database).await;
    replicas.iter().for_each(Service::assert_never_panicked);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_restart_loses_no_request() {
    loses_no_request(2).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: 20 rolling restarts"]
async fn twenty_rolling_restarts_lose_no_request() {
    loses_no_request(20).await;
}
