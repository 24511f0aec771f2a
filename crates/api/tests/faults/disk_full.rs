//! F7: the disk of the database is full, and the alerts that show it.

use myashes_servers::{MOMENT, Postgres, PostgresOptions};
use myashes_testkit::TestDatabase;

use crate::alerts::{Phase, assert_fired};
use crate::load::Load;
use crate::service::{Service, is_ready};
use crate::small_disk::SmallDisk;
use crate::verdict::assert_clean;

/// Enough requests to use up what a database keeps in reserve.
const MOST_ROUNDS: u32 = 2000;

/// Rounds of requests while the service is well, or the disk full.
const ROUNDS: u32 = 5;

async fn survives(disk: &SmallDisk, url: &str, alerts: &[&str]) {
    let service = Service::start(url, &[]).await;
    let load = Load::on(&service.url()).await;
    let calm = Phase::run(&[&service], load.succeeds(0, ROUNDS)).await;
    disk.fill();
    let mut round = ROUNDS;
    loop {
        let answers = load.one_of_each(round).await;
        round += 1;
        for (what, status, took) in &answers {
            assert!([200, 201, 503].contains(status), "{what}: {status} after {took:?}");
        }
        if answers.iter().filter(|(_, status, _)| *status == 503).count() >= 3 {
            break;
        }
        assert!(round < MOST_ROUNDS, "the disk never became full");
    }
    let incident = async {
        for seed in 0..10 {
            assert_eq!(load.read_once(seed).await, 200, "reads need no disk space");
        }
        for _ in 0..ROUNDS {
            load.one_of_each(round).await;
            round += 1;
        }
        while url.starts_with("sqlite") && is_ready(service.port).await {
            load.one_of_each(round).await;
            round += 1;
            assert!(round < MOST_ROUNDS, "a database that cannot be written to stays ready");
        }
    };
    let incident = Phase::run(&[&service], incident).await;
    disk.empty();
    load.recovered().await;
    load.settle().await;
    let mut answers = load.one_of_each(round).await;
    while answers.iter().any(|(_, status, _)| *status == 503) && round < MOST_ROUNDS {
        tokio::time::sleep(MOMENT).await;
        round += 1;
        answers = load.one_of_each(round).await;
    }
    while !is_ready(service.port).await {
        tokio::time::sleep(MOMENT).await;
    }
    let well = Phase::run(&[&service], load.succeeds(round + 1, ROUNDS)).await;
    assert_fired(alerts, &calm, &incident, &well);
    assert_clean(&load.ledger, &TestDatabase::existing(url)).await;
    service.assert_never_panicked();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_stops_writes_alone_on_sqlite() {
    let Some(disk) = SmallDisk::mount(4) else { return };
    let url = format!("sqlite://{}/full.db", disk.path().display());
    survives(&disk, &url, &["MyashesDatabaseDown", "MyashesErrorsHigh"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_stops_writes_alone_on_postgres() {
    let Some(disk) = SmallDisk::mount(80) else { return };
    let options = PostgresOptions { tables: Some(disk.path().join("tables")), ..Default::default() };
    let Some(postgres) = Postgres::for_test_with(options) else { return };
    survives(&disk, &postgres.url(), &["MyashesErrorsHigh"]).await;
}
