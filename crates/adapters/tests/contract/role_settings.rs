//! Settings that an administrator has given to the role or the database, and that sessions of this service do
//! without.

use std::collections::BTreeSet;
use std::time::Duration;

use myashes_adapters::Storage;
use myashes_adapters::migrations::Migrator;
use myashes_testkit::{DatabaseKind, TestDatabase};
use tokio_postgres::{Client, NoTls};

/// The advisory lock that a migrator holds: the letters `migrate`.
const LOCK: i64 = 0x6d_6967_7261_7465;

/// Polling interval for state that sends no notification.
const MOMENT: Duration = Duration::from_millis(10);

/// How often a migrator must have tried to get the lock: longer in all than any of the timeouts below.
const ASKED: usize = 4;

/// Gives every session of the database short timeouts, as `ALTER ROLE … SET` does for those of a role.
async fn set_short_timeouts(database: &TestDatabase, millis: u32) {
    let name = database.texts("SELECT current_database()::text AS line").await.remove(0);
    for setting in
        ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "idle_session_timeout"]
    {
        database.execute(&format!("ALTER DATABASE {name} SET {setting} = '{millis}ms'")).await.unwrap();
    }
}

/// A session of the test's own, with the database's settings.
async fn session(
    database: &TestDatabase,
) -> (Client, impl Future<Output = Result<(), tokio_postgres::Error>> + use<>) {
    tokio_postgres::connect(&database.url, NoTls).await.unwrap()
}

/// The same, without any timeout.
async fn session_without_timeouts(database: &TestDatabase) -> Client {
    let (client, connection) = session(database).await;
    tokio::spawn(connection);
    client
        .batch_execute("SET statement_timeout = 0; SET lock_timeout = 0; SET idle_session_timeout = 0")
        .await
        .unwrap();
    client
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_migrator_waits_for_another_whatever_timeouts_its_role_has() {
    let Some(database) = TestDatabase::unmigrated(DatabaseKind::Postgres).await else { return };
    set_short_timeouts(&database, 250).await;
    let other = session_without_timeouts(&database).await;
    other.execute("SELECT pg_advisory_lock($1)", &[&LOCK]).await.unwrap();
    let migrator = Migrator::new(&database.options()).unwrap();
    let migration = tokio::spawn(async move { migrator.up().await });
    let mut asked = BTreeSet::new();
    while asked.len() < ASKED {
        assert!(!migration.is_finished(), "it does not wait: {:?}", migration.await.unwrap());
        let looks = "SELECT query_start::text FROM pg_stat_activity WHERE application_name = 'myashes' \
                     AND datname = current_database() AND query LIKE '%advisory_lock%'";
        asked.extend(other.query(looks, &[]).await.unwrap().iter().map(|row| row.get::<_, String>(0)));
        tokio::time::sleep(MOMENT).await;
    }
    other.execute("SELECT pg_advisory_unlock($1)", &[&LOCK]).await.unwrap();
    assert!(!migration.await.unwrap().unwrap().is_empty());
}

/// Otherwise CREATE INDEX CONCURRENTLY, which waits for every snapshot, and the migrators that wait for it would wait
/// for each other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_migrator_that_waits_holds_no_snapshot() {
    let Some(database) = TestDatabase::unmigrated(DatabaseKind::Postgres).await else { return };
    let other = session_without_timeouts(&database).await;
    other.execute("SELECT pg_advisory_lock($1)", &[&LOCK]).await.unwrap();
    other.batch_execute("CREATE TABLE wide (id bigint)").await.unwrap();
    let migrator = Migrator::new(&database.options()).unwrap();
    let migration = tokio::spawn(async move { migrator.up().await });
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'myashes' \
                   AND datname = current_database() AND query LIKE '%advisory_lock%'";
    while other.query_one(waiting, &[]).await.unwrap().get::<_, i64>(0) == 0 {
        tokio::time::sleep(MOMENT).await;
    }
    other.batch_execute("SET statement_timeout = '60s'").await.unwrap();
    other.batch_execute("CREATE INDEX CONCURRENTLY wide_id ON wide (id)").await.unwrap();
    other.execute("SELECT pg_advisory_unlock($1)", &[&LOCK]).await.unwrap();
    assert!(!migration.await.unwrap().unwrap().is_empty());
}

/// What waits for the lock of a table holds back all that comes to the table later.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_migration_that_finds_its_table_in_use_lets_others_pass_and_tries_again() {
    let Some(database) = TestDatabase::new(DatabaseKind::Postgres).await else { return };
    let migrator = Migrator::new(&database.options()).unwrap();
    // Down to the one that renames `receipts`.
    let mut reverted = vec![];
    while !reverted.last().is_some_and(|name: &String| name.ends_with("idempotency_records")) {
        reverted.extend(migrator.revert(1).await.unwrap());
    }
    let backup = session_without_timeouts(&database).await;
    backup.batch_execute("BEGIN; LOCK TABLE receipts IN ACCESS SHARE MODE").await.unwrap();
    let other = session_without_timeouts(&database).await;
    // As a session of the service.
    other.batch_execute("SET lock_timeout = '500ms'").await.unwrap();
    let migration = tokio::spawn(async move { migrator.up().await });
    let mut attempts = BTreeSet::new();
    while attempts.len() < 3 {
        assert!(!migration.is_finished(), "it does not wait: {:?}", migration.await.unwrap());
        other.batch_execute("SELECT count(*) FROM receipts").await.unwrap();
        let waits = "SELECT xact_start::text FROM pg_stat_activity WHERE application_name = 'myashes' \
                     AND datname = current_database() AND wait_event_type = 'Lock'";
        attempts.extend(other.query(waits, &[]).await.unwrap().iter().map(|row| row.get::<_, String>(0)));
        tokio::time::sleep(MOMENT).await;
    }
    backup.batch_execute("COMMIT").await.unwrap();
    assert_eq!(migration.await.unwrap().unwrap().len(), reverted.len());
}

/// The process id of the only session of a pool, once the sessions that checked the server are closed.
async fn only_session(watcher: &Client) -> i32 {
    let open = "SELECT pid FROM pg_stat_activity WHERE application_name = 'myashes' AND datname = current_database()";
    loop {
        match &watcher.query(open, &[]).await.unwrap()[..] {
            [] => panic!("the pool has no session any more"),
            [row] => return row.get(0),
            _ => {}
        }
        tokio::time::sleep(MOMENT).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_of_the_pool_stay_open_when_idle_ones_are_closed() {
    let Some(database) = TestDatabase::new(DatabaseKind::Postgres).await else { return };
    set_short_timeouts(&database, 250).await;
    let watcher = session_without_timeouts(&database).await;
    let storage = Storage::open(&database.options()).unwrap();
    storage.schema.ping().await.unwrap();
    let pid = only_session(&watcher).await;
    // A session without settings of its own that is idle from now on is closed later than the other would be.
    let (_idle, connection) = session(&database).await;
    let closed = connection.await.unwrap_err().to_string();
    assert!(!closed.is_empty());
    assert_eq!(only_session(&watcher).await, pid);
    storage.schema.ping().await.unwrap();
    assert_eq!(only_session(&watcher).await, pid);
}
