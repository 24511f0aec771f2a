//! F1: `kill -9` of the service at random moments under mixed writes.

use std::time::Duration;

use myashes_testkit::{DatabaseKind, Dice, TestDatabase};

use crate::load::{Load, OnNoAnswer};
use crate::service::Service;
use crate::verdict::assert_clean;

async fn survives(kind: DatabaseKind, trials: u32) {
    let Some(database) = TestDatabase::new(kind).await else { return };
    let mut dice = Dice::new("killed_service");
    let mut service = Service::start(&database.url, &[]).await;
    let load = Load::on(&service.url()).await;
    for _ in 0..trials {
        let running = load.start(12, OnNoAnswer::Stop, &mut dice);
        running.answers(20 + dice.below(150)).await;
        tokio::time::sleep(Duration::from_micros(dice.below(5000))).await;
        service.kill();
        running.stop().await;
        // What the killed process left is looked at before anything new is written over it.
        assert_clean(&load.ledger, &database).await;
        service.restart().await;
        load.settle().await;
        assert_clean(&load.ledger, &database).await;
    }
    assert_eq!(load.ledger.answers(500, 599), 0, "{:?}", load.ledger.pages().statuses);
    service.assert_never_panicked();
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_on_sqlite() {
    survives(DatabaseKind::Sqlite, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_on_postgres() {
    survives(DatabaseKind::Postgres, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: 50 kills"]
async fn nothing_acknowledged_is_lost_on_sqlite_in_many_kills() {
    survives(DatabaseKind::Sqlite, 50).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: 50 kills"]
async fn nothing_acknowledged_is_lost_on_postgres_in_many_kills() {
    survives(DatabaseKind::Postgres, 50).await;
}
