//! F8: two replicas behind a proxy are restarted one after the other, under load. A release that fails is taken back.

use std::time::{Duration, Instant};

use myashes_servers::Postgres;
use myashes_testkit::{DatabaseKind, Dice, TestDatabase};

use crate::alerts::{Phase, assert_fired};
use crate::connections::connect;
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

/// Ends one replica once the other, which was started anew, takes its requests.
async fn switch(proxy: &Proxy, from: &mut Service, to: &mut Service) {
    to.restart().await;
    proxy.sends_to(to.port).await;
    assert_eq!(from.terminate().await, Some(0), "it did not end by itself");
}

/// The role of the release that fails: it is ready, since it can read, and its writes are refused.
const READER: &str = "CREATE ROLE reader LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader; \
                      GRANT INSERT ON ranking_constants TO reader";

#[tokio::test(flavor = "multi_thread")]
async fn a_release_that_fails_fires_an_alert_until_the_one_before_serves_again() {
    let Some(postgres) = Postgres::for_test() else { return };
    let short = ("SHUTDOWN_GRACE", "5s");
    let mut old = Service::start(&postgres.url(), &[short]).await;
    let admin = connect(&postgres.url()).await;
    admin.batch_execute(READER).await.expect("a superuser");
    let as_reader = postgres.url().replace("postgres@", "reader@");
    let mut new = Service::start(&as_reader, &[short, ("MIGRATE_ON_START", "false")]).await;
    new.kill();
    let proxy = Proxy::before(&[old.port, new.port]).await;
    let load = Load::on(&proxy.url()).await;
    let calm = Phase::run(&[&old], load.succeeds(0, 5)).await;

    switch(&proxy, &mut old, &mut new).await;
    let incident = async {
        for round in 5..10 {
            let answers = load.one_of_each(round).await;
            assert!(answers.iter().any(|(_, status, _)| *status == 503), "{answers:?}");
        }
    };
    let incident = Phase::run(&[&new], incident).await;
    new.logs(&["ERROR", r#""method":"POST""#, r#""route":"/api/v1/feedback""#, "permission denied"]).await;

    switch(&proxy, &mut new, &mut old).await;
    let well = Phase::run(&[&old], load.succeeds(10, 5)).await;
    assert_fired(&["MyashesErrorsHigh"], &calm, &incident, &well);
    load.settle().await;
    assert_clean(&load.ledger, &TestDatabase::existing(&postgres.url())).await;
    [old, new].iter().for_each(Service::assert_never_panicked);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: 20 rolling restarts"]
async fn twenty_rolling_restarts_lose_no_request() {
    loses_no_request(20).await;
}
