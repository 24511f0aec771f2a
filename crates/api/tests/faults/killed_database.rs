//! F2: `kill -9` of the PostgreSQL postmaster under mixed writes, and the alerts that show it.

use std::time::Duration;

use myashes_servers::{MOMENT, Postgres};
use myashes_testkit::{Dice, TestDatabase};

use crate::alerts::{Phase, assert_fired};
use crate::load::{Load, OnNoAnswer};
use crate::service::{Service, is_ready};
use crate::verdict::assert_clean;

/// How soon after the database the service must be back.
const RECOVERY: Duration = Duration::from_secs(2);

async fn survives(trials: u32) {
    let Some(mut postgres) = Postgres::for_test() else { return };
    let mut dice = Dice::new("killed_database");
    let service = Service::start(&postgres.url(), &[("LOG_LEVEL", "warn,myashes_api::health=info")]).await;
    let load = Load::on(&service.url()).await;
    for trial in 0..trials {
        let running = load.start(8, OnNoAnswer::Continue, &mut dice);
        let calm = Phase::run(&[&service], running.answers(20 + dice.below(150))).await;
        let before = load.ledger.answers(503, 503);
        postgres.kill();
        let incident = async {
            running.answers(40).await;
            while is_ready(service.port).await {
                tokio::time::sleep(MOMENT).await;
            }
        };
        let incident = Phase::run(&[&service], incident).await;
        assert!(load.ledger.answers(503, 503) > before, "the service did not notice");
        postgres.restart();
        let took = load.recovered().await;
        eprintln!("trial {trial}: recovered {} ms after the database", took.as_millis());
        assert!(took < RECOVERY, "it took {took:?} to recover");
        running.stop().await;
        while !is_ready(service.port).await {
            tokio::time::sleep(MOMENT).await;
        }
        // Not one of the connections that died is handed out now.
        let well = Phase::run(&[&service], load.succeeds(trial * 100, 3)).await;
        assert_fired(&["MyashesDatabaseDown", "MyashesErrorsHigh"], &calm, &incident, &well);
        let log = service.log();
        assert!(log.contains("\"the database cannot be used\""), "{log}");
        let returns = log.matches("\"the database answers again\"").count();
        assert_eq!(returns, trial as usize + 1, "each return is logged once:\n{log}");
        load.settle().await;
        assert_clean(&load.ledger, &TestDatabase::existing(&postgres.url())).await;
    }
    let pages = load.ledger.pages();
    assert!(pages.statuses.keys().all(|status| ![0, 500].contains(status)), "{:?}", pages.statuses);
    drop(pages);
    service.assert_never_panicked();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_outlives_its_database() {
    survives(2).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: 20 kills"]
async fn the_service_outlives_its_database_many_times() {
    survives(20).await;
}
