//! F10: a standby is promoted while its primary is killed under load, and a database is restored to a point in time
//! from its archived log: what CloudNativePG promises, rehearsed with PostgreSQL alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use myashes_servers::{MOMENT, Postgres, PostgresOptions};
use myashes_testkit::{Dice, TestDatabase};
use tempfile::TempDir;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::connections::connect;
use crate::load::{Load, OnNoAnswer};
use crate::service::Service;
use crate::verdict::assert_clean;

/// How soon after the promotion the service must write again.
const RECOVERY: Duration = Duration::from_secs(5);

/// The address of a cluster: each connection goes to the server that is the primary at that moment.
struct ClusterAddress {
    port: u16,
    primary: Arc<AtomicU16>,
    _connections: JoinSet<()>,
}

impl ClusterAddress {
    async fn of(primary: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("it is bound").port();
        let primary = Arc::new(AtomicU16::new(primary));
        let current = Arc::clone(&primary);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((mut client, _)) = listener.accept().await {
                let port = current.load(Ordering::Acquire);
                connections.spawn(async move {
                    if let Ok(mut server) = TcpStream::connect(("127.0.0.1", port)).await {
                        copy_bidirectional(&mut client, &mut server).await.ok();
                    }
                });
            }
        });
        Self { port, primary, _connections: tasks }
    }

    fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

async fn execute(server: &Postgres, statements: &[&str]) {
    let admin = connect(&server.url()).await;
    for statement in statements {
        admin.simple_query(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}

/// The text that a query returns.
async fn value(server: &Postgres, query: &str) -> String {
    let admin = connect(&server.url()).await;
    let row = admin.query_one(query, &[]).await.unwrap_or_else(|error| panic!("{query}: {error}"));
    row.get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_when_a_standby_is_promoted_under_load() {
    let Some(mut primary) = Postgres::for_test() else { return };
    let standby = primary.standby();
    // A commit is acknowledged once the standby has it, too.
    execute(&primary, &["ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()"]).await;
    while value(&primary, "SELECT coalesce(max(sync_state), '') FROM pg_stat_replication").await != "sync" {
        tokio::time::sleep(MOMENT).await;
    }
    let address = ClusterAddress::of(primary.port()).await;
    let mut dice = Dice::new("fail_over");
    let service = Service::start(&address.url(), &[]).await;
    let load = Load::on(&service.url()).await;
    let running = load.start(8, OnNoAnswer::Continue, &mut dice);
    running.answers(300).await;
    primary.kill();
    running.answers(40).await;
    execute(&standby, &["SELECT pg_promote(true, 60)"]).await;
    address.primary.store(standby.port(), Ordering::Release);
    let took = load.recovered().await;
    eprintln!("the first write is acknowledged {} ms after the promotion", took.as_millis());
    assert!(took <= RECOVERY, "it took {took:?} to recover");
    running.answers(300).await;
    running.stop().await;
    load.settle().await;
    assert_clean(&load.ledger, &TestDatabase::existing(&standby.url())).await;
    let statuses = load.ledger.pages().statuses.clone();
    assert!(statuses.keys().all(|status| ![0, 500].contains(status)), "{statuses:?}");
    service.assert_never_panicked();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_is_restored_to_a_point_in_time_with_all_that_was_acknowledged_before_it() {
    let archive = TempDir::new().expect("a temporary folder");
    let log = archive.path().display();
    let settings =
        vec!["archive_mode=on".to_owned(), format!("archive_command=test ! -f {log}/%f && cp %p {log}/%f")];
    let options = PostgresOptions { settings, ..Default::default() };
    let Some(primary) = Postgres::for_test_with(options) else { return };
    primary.hand_over(archive.path());
    let mut dice = Dice::new("point_in_time");
    let service = Service::start(&primary.url(), &[]).await;
    let load = Load::on(&service.url()).await;
    let mut restored = primary.backup(&[]);
    let running = load.start(8, OnNoAnswer::Continue, &mut dice);
    running.answers(400).await;
    running.stop().await;
    load.settle().await;
    execute(&primary, &["SELECT pg_create_restore_point('before the mistake')", "DELETE FROM votes"]).await;
    let last = value(&primary, "SELECT pg_walfile_name(pg_switch_wal())").await;
    while value(&primary, "SELECT coalesce(last_archived_wal, '') FROM pg_stat_archiver").await < last {
        tokio::time::sleep(MOMENT).await;
    }
    restored.write("recovery.signal", "");
    restored.write(
        "postgresql.auto.conf",
        &format!(
            "restore_command = 'cp {log}/%f %p'\nrecovery_target_name = 'before the mistake'\n\
             recovery_target_action = 'promote'\n"
        ),
    );
    restored.restart();
    while value(&restored, "SELECT pg_is_in_recovery()::text").await != "false" {
        tokio::time::sleep(MOMENT).await;
    }
    assert_clean(&load.ledger, &TestDatabase::existing(&restored.url())).await;
    let after = Service::start(&restored.url(), &[]).await;
    let answers = Load::on(&after.url()).await.one_of_each(1).await;
    assert!(answers.iter().all(|(_, status, _)| (200..300).contains(status)), "{answers:?}");
    service.assert_never_panicked();
    after.assert_never_panicked();
}
