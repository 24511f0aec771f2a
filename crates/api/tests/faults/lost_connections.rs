//! F3: `pg_terminate_backend` of every connection, again and again, under load.

use std::time::Duration;

use myashes_testkit::{DatabaseKind, Dice, TestDatabase};

use crate::load::{Load, OnNoAnswer};
use crate::service::Service;
use crate::verdict::assert_clean;

pub const TERMINATE: &str = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                         WHERE datname = current_database() AND pid <> pg_backend_pid()";

async fn survives(rounds: u32, apart: Duration) {
    let Some(database) = TestDatabase::new(DatabaseKind::Postgres).await else { return };
    let mut dice = Dice::new("lost_connections");
    let service = Service::start(&database.url, &[]).await;
    let load = Load::on(&service.url()).await;
    let running = load.start(8, OnNoAnswer::Continue, &mut dice);
    for round in 0..rounds {
        running.answers(30).await;
        tokio::time::sleep(apart).await;
        assert!(database.count(TERMINATE).await > 0);
        for reader in 0..8 {
            let status = load.read_once(u64::from(round * 8 + reader)).await;
            assert_eq!(status, 200, "a read was not tried again on another connection");
        }
    }
    running.answers(30).await;
    running.stop().await;
    for round in 0..4 {
        let answers = load.one_of_each(round).await;
        assert!(answers.iter().all(|(_, status, _)| (200..300).contains(status)), "{answers:?}");
    }
    load.settle().await;
    assert_clean(&load.ledger, &database).await;
    let statuses = load.ledger.pages().statuses.clone();
    assert!(statuses.keys().all(|status| ![0, 500].contains(status)), "{statuses:?}");
    service.assert_never_panicked();
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_are_tried_again_and_no_dead_connection_is_kept() {
    survives(3, Duration::ZERO).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: a minute of lost connections"]
async fn reads_are_tried_again_for_a_minute_of_lost_connections() {
    survives(30, Duration::from_secs(2)).await;
}
