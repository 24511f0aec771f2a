//! A locked row holds up only its own build.

use std::sync::Arc;

use myashes_testkit::DatabaseKind;
use serde_json::json;
use tokio::task::{JoinHandle, JoinSet};
use tokio_postgres::{Client, NoTls};

use crate::attacks::{many_builds, service, stop};
use crate::consistency::assert_consistent;
use crate::support::players::player;
use crate::support::{TestServer, knight, session};

/// Enough votes on other builds for every lane of every batch to meet the locked one.
const OTHERS: u32 = 40;

/// Votes of the session that is claimed while a row of them is locked.
const CLAIMED: usize = 300;

/// No request reaches its deadline, and there are enough connections.
const SETTINGS: &[(&str, &str)] = &[("REQUEST_TIMEOUT", "60s"), ("DB_POOL_SIZE", "16")];

/// A foreign transaction that holds a build's score row.
struct ForeignLock {
    client: Client,
    connection: JoinHandle<Result<(), tokio_postgres::Error>>,
}

impl ForeignLock {
    async fn on(server: &TestServer, build: &str) -> Self {
        let rows = format!(
            "SELECT 1 FROM build_ranks r JOIN builds b ON b.id = r.build \
             WHERE b.build_id = '{build}' FOR UPDATE OF r"
        );
        Self::by(server, &rows).await
    }

    /// The lock that a query takes.
    async fn by(server: &TestServer, query: &str) -> Self {
        let (client, connection) = tokio_postgres::connect(&server.database.url, NoTls).await.unwrap();
        let connection = tokio::spawn(connection);
        client.batch_execute(&format!("BEGIN; {query}")).await.unwrap();
        Self { client, connection }
    }

    /// Holds the lock for longer than one statement waits for it.
    async fn hold_for_a_second(&self) {
        self.client.batch_execute("SELECT pg_sleep(1)").await.unwrap();
    }

    async fn release(self) {
        self.client.batch_execute("COMMIT").await.unwrap();
        drop(self.client);
        self.connection.await.unwrap().unwrap();
    }
}

fn put(server: &Arc<TestServer>, build: &str, number: u32) -> JoinHandle<u16> {
    let (server, path) = (Arc::clone(server), format!("/builds/{build}/vote"));
    tokio::spawn(async move { server.put(&path).session(number).json(&json!({"rating": 5})).await.status })
}

/// Votes on other builds until all are answered; the lock is held all the while.
async fn vote_on_others(server: &Arc<TestServer>, builds: &[String], first: u32) {
    let mut votes = JoinSet::new();
    for (number, build) in (first..first + OTHERS).zip(builds.iter().cycle()) {
        let vote = put(server, build, number);
        votes.spawn(async move { vote.await.unwrap() });
    }
    let statuses = votes.join_all().await;
    assert!(statuses.iter().all(|it| *it == 200), "{statuses:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_score_row_delays_no_vote_on_other_builds() {
    let Some(server) = service(DatabaseKind::Postgres, SETTINGS).await else { return };
    let locked = server.build(1, &knight("Locked")).await;
    let others = many_builds(&server, 4).await;
    let lock = ForeignLock::on(&server, &locked).await;
    // As many as there may be lanes.
    let waiting: Vec<_> = (100..108).map(|number| put(&server, &locked, number)).collect();
    server.database.until_a_session_waits().await;
    vote_on_others(&server, &others, 200).await;
    assert!(waiting.iter().all(|vote| !vote.is_finished()), "the votes on the locked build still wait");
    lock.release().await;
    for vote in waiting {
        assert_eq!(vote.await.unwrap(), 200, "they count once the row is free");
    }
    assert_consistent(&server.database).await;
    stop(server).await;
}

/// What meets a row that is locked for a second waits for it, and is answered once it is free.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_is_locked_for_a_second_fails_nothing() {
    let Some(server) = service(DatabaseKind::Postgres, SETTINGS).await else { return };
    let build = server.build(1, &knight("Changed")).await;
    let search = |number| {
        let body = json!({"query": "tank", "search_mode": "quick", "result_count": 1});
        server.post("/analytics/search").session(number).json(&body)
    };
    for number in 1..5 {
        search(number).await.expect(201);
    }
    let patch =
        |value: &str| server.patch(&format!("/builds/{build}")).session(1).json(&json!({"race": value}));
    let create = || server.post("/builds").session(2).json(&knight("Made"));
    let report =
        || server.post(&format!("/builds/{build}/report")).session(3).json(&json!({"reason": "spam"}));
    let vote =
        || server.post(&format!("/builds/{build}/vote")).session(4).key("k").json(&json!({"rating": 5}));
    let mut failed = vec![];
    for (table, requests) in [
        ("search_days", vec![search(1), search(2), server.delete("/me").session(3)]),
        ("facets", vec![patch("kaelar"), create(), server.delete("/me").session(2)]),
        ("build_ranks", vec![patch("vek"), vote(), server.delete("/me").session(4)]),
        ("builds", vec![patch("nikua"), report(), server.delete("/me").session(1)]),
    ] {
        let lock = ForeignLock::by(&server, &format!("SELECT 1 FROM {table} FOR UPDATE")).await;
        let mut asked = JoinSet::new();
        for request in requests {
            asked.spawn(async move { request.await });
        }
        server.database.until_a_session_waits().await;
        lock.hold_for_a_second().await;
        lock.release().await;
        let replies = asked.join_all().await;
        failed.extend(replies.into_iter().filter(|it| it.status >= 500).map(|it| (table, it.text)));
    }
    assert!(failed.is_empty(), "{failed:?}");
    assert_consistent(&server.database).await;
    stop(server).await;
}

/// The lock is the one that a change of the count takes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_write_waits_for_the_count_of_a_facet() {
    let Some(server) = service(DatabaseKind::Postgres, SETTINGS).await else { return };
    let build = server.build(1, &knight("Counted")).await;
    let lock = ForeignLock::by(&server, "SELECT 1 FROM facets FOR NO KEY UPDATE").await;
    server.post("/builds").session(2).json(&knight("Another")).await.expect(201);
    let path = format!("/builds/{build}");
    server.patch(&path).session(1).json(&json!({"visibility": "private"})).await.expect(200);
    server.delete(&path).session(1).await.expect(200);
    server.delete("/me").session(2).await.expect(200);
    assert_consistent(&server.database).await;
    lock.release().await;
    stop(server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_of_many_votes_delays_no_vote_on_other_builds() {
    let Some(server) = service(DatabaseKind::Postgres, SETTINGS).await else { return };
    let builds = many_builds(&server, CLAIMED).await;
    for build in &builds {
        assert_eq!(put(&server, build, 1).await.unwrap(), 200);
    }
    let others = many_builds(&server, 4).await;
    // The claim is stopped in the middle by a row that it needs.
    let lock = ForeignLock::on(&server, &builds[CLAIMED / 2]).await;
    let token = player("claimer");
    let claiming = {
        let (server, token) = (Arc::clone(&server), token.clone());
        tokio::spawn(async move {
            let body = json!({"session_id": session(1)});
            server.post("/builds/auth/claim").session(1).bearer(&token).json(&body).await.status
        })
    };
    server.database.until_a_session_waits().await;
    let waiting: Vec<_> = (100..108).map(|number| put(&server, &builds[CLAIMED / 2], number)).collect();
    vote_on_others(&server, &others, 200).await;
    lock.release().await;
    let mut status = claiming.await.unwrap();
    while status == 202 {
        let body = json!({"session_id": session(1)});
        status = server.post("/builds/auth/claim").session(1).bearer(&token).json(&body).await.status;
    }
    assert_eq!(status, 200);
    for vote in waiting {
        assert_eq!(vote.await.unwrap(), 200);
    }
    let claimed = server.database.count("SELECT count(*) FROM votes WHERE player_id = 'claimer'").await;
    assert_eq!(claimed, i64::try_from(CLAIMED).unwrap());
    assert_consistent(&server.database).await;
    stop(server).await;
}
