//! F4: a frozen PostgreSQL, and a table that another session has locked, which exhausts the pool.

use std::time::{Duration, Instant};

use myashes_servers::{MOMENT, Postgres};
use myashes_testkit::{Dice, TestDatabase};

use crate::alerts::{Phase, assert_fired};
use crate::connections::connect;
use crate::load::{Load, OnNoAnswer};
use crate::service::{Service, is_ready};
use crate::verdict::assert_clean;

/// `REQUEST_TIMEOUT`.
const DEADLINE: Duration = Duration::from_secs(3);

const POOL_SIZE: usize = 4;

/// What a busy machine may add before a test sees an answer.
const SLACK: Duration = Duration::from_millis(700);

async fn stage() -> Option<(Postgres, Service, Load)> {
    let postgres = Postgres::for_test()?;
    // Each of the other timeouts alone would be longer.
    let limits = [
        ("REQUEST_TIMEOUT", "3s"),
        ("DB_POOL_TIMEOUT", "4s"),
        ("DB_STATEMENT_TIMEOUT", "20s"),
        ("DB_POOL_SIZE", &POOL_SIZE.to_string()),
    ];
    let service = Service::start(&postgres.url(), &limits).await;
    let load = Load::on(&service.url()).await;
    Some((postgres, service, load))
}

/// Sends requests of every kind concurrently for as long as the database does not answer.
async fn every_request_ends_in_time(service: &Service, load: &Load, lasting: Duration) {
    let began = Instant::now();
    let mut rounds = tokio::task::JoinSet::new();
    let mut number = 0;
    while began.elapsed() < lasting {
        // A few at once: more than there are connections, so that some wait for one.
        for _ in 0..4 {
            let load = load.clone();
            rounds.spawn(async move { load.one_of_each(number).await });
            number += 1;
        }
        let health = reqwest::Client::new().get(format!("{}/health", service.url()));
        let health = health.timeout(Duration::from_secs(2)).send().await.expect("/health answers");
        assert_eq!(health.status().as_u16(), 200);
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    let mut late = vec![];
    let mut unavailable = 0;
    for (what, status, took) in rounds.join_all().await.into_iter().flatten() {
        unavailable += u32::from(status == 503);
        if took > DEADLINE + SLACK || ![200, 201, 503].contains(&status) {
            late.push(format!("{what}: {status} after {took:?}"));
        }
    }
    assert!(unavailable > 0, "no request noticed that the database is frozen");
    assert!(late.is_empty(), "{} of {} requests:\n{}", late.len(), number * 5, late.join("\n"));
}

async fn outlives_a_freeze(lasting: Duration) {
    let Some((postgres, service, load)) = stage().await else { return };
    postgres.freeze();
    every_request_ends_in_time(&service, &load, lasting).await;
    postgres.thaw();
    load.recovered().await;
    is_whole(&postgres, &service, &load).await;
}

async fn outlives_a_lock(lasting: Duration) {
    let Some((postgres, service, load)) = stage().await else { return };
    let calm = Phase::run(&[&service], load.succeeds(2_000_000, 3)).await;
    let holder = connect(&postgres.url()).await;
    holder.batch_execute("BEGIN; LOCK TABLE builds").await.expect("the lock");
    // Until its end there are more requests than connections.
    let running = load.start(2 * POOL_SIZE, OnNoAnswer::Continue, &mut Dice::new("locked_table"));
    let incident = every_request_ends_in_time(&service, &load, lasting);
    let incident = Phase::run_until(&service, &busy_connections(POOL_SIZE), incident).await;
    holder.batch_execute("ROLLBACK").await.expect("the lock goes");
    running.stop().await;
    load.recovered().await;
    while !is_ready(service.port).await {
        tokio::time::sleep(MOMENT).await;
    }
    let recovery = load.succeeds(3_000_000, 3);
    let well = Phase::run_until(&service, &busy_connections(0), recovery).await;
    assert_fired(&["MyashesPoolExhausted", "MyashesErrorsHigh"], &calm, &incident, &well);
    is_whole(&postgres, &service, &load).await;
}

/// The line of the metrics that says so.
fn busy_connections(number: usize) -> String {
    format!("db_pool_connections{{pool=\"primary\",state=\"busy\"}} {number}")
}

async fn is_whole(postgres: &Postgres, service: &Service, load: &Load) {
    load.settle().await;
    load.succeeds(1_000_000, 1).await;
    let database = TestDatabase::existing(&postgres.url());
    assert_clean(&load.ledger, &database).await;
    database.assert_no_open_transaction().await;
    service.assert_never_panicked();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_database_delays_no_request_beyond_the_deadline() {
    outlives_a_freeze(Duration::from_secs(4)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_table_delays_no_request_beyond_the_deadline() {
    outlives_a_lock(Duration::from_secs(4)).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: 30 seconds frozen"]
async fn half_a_minute_of_frozen_database_delays_no_request_beyond_the_deadline() {
    outlives_a_freeze(Duration::from_secs(30)).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: 30 seconds locked"]
async fn half_a_minute_of_locked_table_delays_no_request_beyond_the_deadline() {
    outlives_a_lock(Duration::from_secs(30)).await;
}
