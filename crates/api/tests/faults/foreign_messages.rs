//! F3 on a PostgreSQL that speaks German: what happened must not be read from what it says.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use myashes_servers::{Folder, Postgres, PostgresOptions};
use myashes_testkit::{Dice, TestDatabase, skip_without};

use crate::connections::connect;
use crate::load::{Load, OnNoAnswer};
use crate::lost_connections::TERMINATE;
use crate::service::Service;

/// Reads between two terminations.
const READS: u64 = 40;

/// A PostgreSQL with German messages; `None` where there are none, which CI does not let pass.
fn german() -> Option<Postgres> {
    let folder = Folder::for_server("postgres").expect("a temporary folder");
    let locales = folder.path().join("locales");
    std::fs::create_dir_all(&locales).expect("a folder for the locale");
    if !made_locale(&locales.join("de_DE.UTF-8")) {
        return skip_without("localedef and the sources of de_DE.UTF-8");
    }
    let (folder, locales) = (Some(folder), Some(locales));
    let settings = vec!["lc_messages=de_DE.UTF-8".to_owned()];
    Postgres::for_test_with(PostgresOptions { folder, locales, settings, ..Default::default() })
}

fn made_locale(to: &Path) -> bool {
    let made = Command::new("localedef").args(["-i", "de_DE", "-f", "UTF-8"]).arg(to).output();
    // It warns of what the sources of the locale lack, and makes it all the same.
    made.is_ok() && to.join("LC_CTYPE").is_file()
}

async fn reads_survive(rounds: u32, apart: Duration) {
    let Some(postgres) = german() else { return };
    let admin = connect(&postgres.url()).await;
    let refused = admin.batch_execute("SELECT * FROM nowhere").await.expect_err("no such table");
    let said = refused.as_db_error().expect("the server's word").message().to_owned();
    if !said.contains("existiert nicht") {
        skip_without::<()>(&format!("German messages of PostgreSQL ({said})"));
        return;
    }
    let mut dice = Dice::new("foreign_messages");
    let service = Service::start(&postgres.url(), &[]).await;
    let load = Load::on(&service.url()).await;
    let running = load.start(4, OnNoAnswer::Continue, &mut dice);
    for round in 0..rounds {
        running.answers(20).await;
        tokio::time::sleep(apart).await;
        admin.simple_query(TERMINATE).await.expect("they are ended");
        for reader in 0..READS {
            let status = load.read_once(u64::from(round) * READS + reader).await;
            assert_eq!(status, 200, "a read was not tried again on another connection");
        }
    }
    running.stop().await;
    load.settle().await;
    let statuses = load.ledger.pages().statuses.clone();
    assert!(statuses.keys().all(|status| ![0, 500].contains(status)), "{statuses:?}");
    crate::verdict::assert_clean(&load.ledger, &TestDatabase::existing(&postgres.url())).await;
    service.assert_never_panicked();
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_are_tried_again_in_whatever_language_connections_are_ended() {
    reads_survive(3, Duration::ZERO).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: a minute of lost connections in German"]
async fn reads_are_tried_again_for_a_minute_of_connections_that_are_ended_in_german() {
    reads_survive(30, Duration::from_secs(2)).await;
}
