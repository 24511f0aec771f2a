//! Searches and reports leave connections to everybody else.

use std::sync::Arc;

use myashes_testkit::{DatabaseKind, TestDatabase};
use tokio::task::JoinSet;
use tokio_postgres::NoTls;

use crate::support::TestServer;

/// The most statements that wait for the table of builds while these lists are requested at once. None gets the table:
/// each fails at the lock timeout.
async fn most_waiting(paths: &[String]) -> Option<i64> {
    let database = TestDatabase::new(DatabaseKind::Postgres).await?;
    let server = Arc::new(TestServer::start(database, &[("DB_POOL_SIZE", "4")]).await);
    let (client, connection) = tokio_postgres::connect(&server.database.url, NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    client.batch_execute("BEGIN; LOCK TABLE builds IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let mut lists = JoinSet::new();
    for path in paths {
        let (server, path) = (Arc::clone(&server), path.clone());
        lists.spawn(async move { server.get(&path).await.status });
    }
    let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'builds'::regclass \
                   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    let mut most = 0;
    while !lists.is_empty() {
        most = most.max(server.database.count(waiting).await);
        while let Some(status) = lists.try_join_next() {
            assert_eq!(status.unwrap(), 503, "no request could read the table");
        }
    }
    client.batch_execute("ROLLBACK").await.unwrap();
    drop(client);
    connection.await.unwrap().unwrap();
    Arc::into_inner(server).unwrap().stop().await;
    Some(most)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn searches_hold_at_most_half_of_the_connections() {
    let paths: Vec<String> = (0..8).map(|n| format!("/builds?search=term{n}")).collect();
    let Some(most) = most_waiting(&paths).await else { return };
    assert!((1..=2).contains(&most), "{most} of 4");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn equal_searches_at_once_run_once() {
    for path in ["/builds?search=knight&sort=rating", "/builds?search=knight&sort=relevance"] {
        let paths = vec![path.to_owned(); 8];
        let Some(most) = most_waiting(&paths).await else { return };
        assert_eq!(most, 1, "{path}");
    }
}
