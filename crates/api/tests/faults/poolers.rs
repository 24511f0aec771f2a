//! A connection pooler before PostgreSQL: only one that keeps sessions can be used.

use myashes_servers::Pgbouncer;
use myashes_testkit::{DatabaseKind, Dice, TestDatabase};
use tokio::task::JoinSet;

use crate::commands;
use crate::connections::connect;
use crate::load::{Load, OnNoAnswer};
use crate::service::Service;
use crate::verdict::assert_clean;

/// What the refusal says, besides where.
const REFUSAL: [&str; 3] = ["DATABASE_URL", "pool_mode = session", "pooler"];

/// The server's connections in a pooler.
const POOL: u32 = 4;

#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_that_does_not_keep_sessions_is_refused_and_left_as_it_was() {
    let Some(database) = TestDatabase::new(DatabaseKind::Postgres).await else { return };
    for mode in ["transaction", "statement"] {
        let Some(pooler) = Pgbouncer::for_test(&database.url, mode, POOL) else { return };
        for command in ["migrate", "serve", "doctor", "seed"] {
            let outcome = commands::run(command, &pooler.url(), &[]).await;
            outcome.assert_says(2, &REFUSAL, &[]);
        }
        let replica = [("DATABASE_READ_URL", &*pooler.url())];
        let outcome = commands::run("serve", &database.url, &replica).await;
        outcome.assert_says(2, &["DATABASE_READ_URL", "pool_mode = session"], &[]);

        let other = connect(&pooler.url()).await;
        for (setting, default) in [("enable_seqscan", "on"), ("statement_timeout", "0")] {
            let shown = other.simple_query(&format!("SHOW {setting}")).await.expect("an answer");
            let shown = shown.iter().find_map(|message| match message {
                tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0),
                _ => None,
            });
            assert_eq!(shown, Some(default), "{setting} of another program's session");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_recognised_while_other_programs_keep_it_busy() {
    let Some(database) = TestDatabase::new(DatabaseKind::Postgres).await else { return };
    let Some(pooler) = Pgbouncer::for_test(&database.url, "transaction", POOL) else { return };
    let mut others = JoinSet::new();
    for _ in 0..POOL + 2 {
        let client = connect(&pooler.url()).await;
        others.spawn(async move {
            while client.simple_query("BEGIN; SELECT count(*) FROM pg_class; COMMIT").await.is_ok() {}
        });
    }
    for _ in 0..5 {
        let outcome = commands::run("migrate", &pooler.url(), &[]).await;
        outcome.assert_says(2, &REFUSAL, &[]);
    }
    others.abort_all();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_that_keeps_sessions_is_used() {
    let Some(database) = TestDatabase::unmigrated(DatabaseKind::Postgres).await else { return };
    let Some(pooler) = Pgbouncer::for_test(&database.url, "session", 20) else { return };
    let service = Service::start(&pooler.url(), &[]).await;
    let load = Load::on(&service.url()).await;
    let mut dice = Dice::new("poolers");
    let running = load.start(12, OnNoAnswer::Continue, &mut dice);
    running.answers(200).await;
    running.stop().await;
    assert_eq!(load.ledger.answers(500, 599), 0, "{:?}", load.ledger.pages().statuses);
    assert_clean(&load.ledger, &database).await;
    service.assert_never_panicked();
}

/// The look at the sessions needs more than one connection, and does without.
#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_that_keeps_sessions_may_have_a_single_connection() {
    let Some(database) = TestDatabase::unmigrated(DatabaseKind::Postgres).await else { return };
    let Some(pooler) = Pgbouncer::for_test(&database.url, "session", 1) else { return };
    commands::run("migrate", &pooler.url(), &[]).await.assert_says(0, &[], &[]);
}
