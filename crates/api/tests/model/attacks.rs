//! Three attacks that once left counts unlike their votes, each by one client within the default limits.

use std::sync::Arc;

use myashes_testkit::{DatabaseKind, TestDatabase};
use serde_json::json;
use tokio::task::JoinSet;

use crate::consistency::assert_consistent;
use crate::support::players::{PLAYERS, player};
use crate::support::{TestServer, knight, session};

/// The attacker, and a stranger whose build is attacked.
const ATTACKER: u32 = 1;
const STRANGER: u32 = 900;

/// Tries of the double claim, half of them of two sessions and half of one; rounds of a vote and three erasures.
const CLAIMS: u32 = 80;
const ROUNDS: u32 = 50;

/// Votes of one caller who is erased in batches.
const MANY: usize = 400;

/// A service on a database of this kind; `None` where there is none of the kind.
pub async fn service(kind: DatabaseKind, more: &[(&str, &str)]) -> Option<Arc<TestServer>> {
    let database = TestDatabase::new(kind).await?;
    let settings: Vec<(&str, &str)> = PLAYERS.iter().chain(more).copied().collect();
    Some(Arc::new(TestServer::start(database, &settings).await))
}

pub async fn stop(server: Arc<TestServer>) {
    Arc::into_inner(server).expect("no client is left").stop().await;
}

/// Asks for an erasure until it is done, and returns the statuses.
pub async fn erase(server: &TestServer, number: u32) -> Vec<u16> {
    let mut statuses = vec![];
    loop {
        let status = server.delete("/me").session(number).await.status;
        statuses.push(status);
        if status != 202 {
            return statuses;
        }
    }
}

async fn vote(server: &TestServer, build: &str, number: u32, stars: u8) {
    let request = server.put(&format!("/builds/{build}/vote")).session(number);
    request.json(&json!({"rating": stars})).await.expect(200);
}

/// 50 rounds of a vote on each of two builds, then three erasures at once, whose caller has one address.
async fn erasures_at_once_take_only_the_callers_votes(kind: DatabaseKind) {
    let limits = [("RATE_LIMIT_ENABLED", "true"), ("TRUSTED_PROXIES", "127.0.0.0/8")];
    let Some(server) = service(kind, &limits).await else { return };
    let from = |request: crate::support::client::Request, address: u32| {
        request.header("x-forwarded-for", &format!("203.0.113.{}", address % 256))
    };
    let body = json!({"rating": 5});
    let made = from(server.post("/builds").session(STRANGER), 200).json(&knight("A stranger's")).await;
    let strangers = made.expect(201).json()["build_id"].as_str().unwrap().to_owned();
    for voter in 0..50 {
        let request = server.put(&format!("/builds/{strangers}/vote")).session(STRANGER + voter);
        from(request, 100 + voter).json(&body).await.expect(200);
    }
    let made = from(server.post("/builds").session(STRANGER), 200).json(&knight("The attacker's")).await;
    let own = made.expect(201).json()["build_id"].as_str().unwrap().to_owned();
    for round in 0..ROUNDS {
        // A session for each round, so that no limit of a session is met.
        let number = 2000 + round;
        for build in [&own, &strangers] {
            let request = server.put(&format!("/builds/{build}/vote")).session(number);
            let status = from(request, 7).json(&body).await.status;
            assert_eq!(status, 200, "round {round}");
        }
        let mut erasures = JoinSet::new();
        for _ in 0..3 {
            let request = from(server.delete("/me").session(number), 7);
            erasures.spawn(async move { request.await.status });
        }
        let statuses = erasures.join_all().await;
        assert!(statuses.iter().all(|it| matches!(it, 200 | 202)), "round {round}: {statuses:?}");
    }
    assert_consistent(&server.database).await;
    let count = |build: &str| {
        let query = format!(
            "SELECT r.vote_count FROM build_ranks r JOIN builds b ON b.id = r.build WHERE b.build_id = '{build}'"
        );
        let server = Arc::clone(&server);
        async move { server.database.count(&query).await }
    };
    assert!(count(&strangers).await >= 50, "the votes of others stay");
    for build in [&strangers, &own] {
        let shown = from(server.get(&format!("/builds/{build}")), 201).await.expect(200).json();
        assert!(shown["rating"].as_f64().is_none_or(|it| (1.0..=5.0).contains(&it)), "{shown}");
    }
    stop(server).await;
}

/// Two claims at once for one player: of two sessions that voted on the same builds, and of one session twice.
async fn two_claims_at_once_lose_no_vote(kind: DatabaseKind) {
    let Some(server) = service(kind, &[]).await else { return };
    let mut builds = vec![];
    for _ in 0..3 {
        builds.push(server.build(STRANGER, &knight("Voted on")).await);
    }
    for round in 0..CLAIMS {
        let token = player(&format!("player-{round}"));
        let sessions = [3000 + 2 * round, 3001 + 2 * round];
        let claimed = if round % 2 == 0 { sessions } else { [sessions[0]; 2] };
        for (number, stars) in sessions.into_iter().zip([4, 2]) {
            for build in &builds {
                vote(&server, build, number, stars).await;
            }
        }
        let mut claims = JoinSet::new();
        for number in claimed {
            let body = json!({"session_id": session(number)});
            let request = server.post("/builds/auth/claim").session(number).bearer(&token).json(&body);
            claims.spawn(async move { request.await });
        }
        for reply in claims.join_all().await {
            assert!(matches!(reply.status, 200 | 202), "round {round}: {} {}", reply.status, reply.text);
        }
        for build in &builds {
            let seen = server.get(&format!("/builds/{build}/vote")).session(9999).bearer(&token).await;
            let seen = seen.expect(200).json()["your_rating"].as_u64();
            let expected: &[u64] = if round % 2 == 0 { &[2, 4] } else { &[4] };
            assert!(seen.is_some_and(|it| expected.contains(&it)), "round {round}: the player has {seen:?}");
        }
        let stored = format!("SELECT count(*) FROM votes WHERE player_id = 'player-{round}'");
        assert_eq!(server.database.count(&stored).await, 3, "round {round}");
    }
    // Of each even round three votes are left, of each odd one the other session's three, too.
    let left = server.database.count("SELECT count(*) FROM votes").await;
    assert_eq!(left, i64::from(3 * CLAIMS + 3 * CLAIMS / 2));
    assert_consistent(&server.database).await;
    stop(server).await;
}

/// One client that has voted often asks for its erasure, one request after the other, as the responses ask it to.
async fn an_erasure_in_batches_leaves_every_count_right(kind: DatabaseKind) {
    let Some(server) = service(kind, &[]).await else { return };
    let builds = many_builds(&server, MANY).await;
    for (index, build) in builds.iter().enumerate() {
        let stars = u8::try_from(index % 5 + 1).unwrap();
        vote(&server, build, ATTACKER, stars).await;
        if index % 4 == 0 {
            vote(&server, build, STRANGER + 1, 3).await;
        }
    }
    let statuses = erase(&server, ATTACKER).await;
    assert_eq!(statuses.last(), Some(&200), "{statuses:?}");
    assert_consistent(&server.database).await;
    let left = server.database.count("SELECT count(*) FROM votes").await;
    assert_eq!(left, i64::try_from(MANY.div_ceil(4)).unwrap(), "the votes of others stay");
    // What is voted afterwards is not erased any more.
    vote(&server, &builds[0], ATTACKER, 5).await;
    let seen = server.get(&format!("/builds/{}/vote", builds[0])).session(ATTACKER).await.expect(200);
    assert_eq!(seen.json()["your_rating"], 5);
    assert_consistent(&server.database).await;
    stop(server).await;
}

/// Builds of a stranger.
pub async fn many_builds(server: &Arc<TestServer>, count: usize) -> Vec<String> {
    let mut making = JoinSet::new();
    for _ in 0..count {
        let server = Arc::clone(server);
        making.spawn(async move { server.build(STRANGER, &knight("One of many")).await });
    }
    making.join_all().await
}

macro_rules! on_each_database {
    ($($attack:ident: $sqlite:ident, $postgres:ident;)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $sqlite() {
                $attack(DatabaseKind::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $postgres() {
                $attack(DatabaseKind::Postgres).await;
            }
        )*
    };
}
pub(crate) use on_each_database;

on_each_database! {
    erasures_at_once_take_only_the_callers_votes:
        erasures_at_once_take_only_the_callers_votes_on_sqlite,
        erasures_at_once_take_only_the_callers_votes_on_postgres;
    two_claims_at_once_lose_no_vote:
        two_claims_at_once_lose_no_vote_on_sqlite,
        two_claims_at_once_lose_no_vote_on_postgres;
    an_erasure_in_batches_leaves_every_count_right:
        an_erasure_in_batches_leaves_every_count_right_on_sqlite,
        an_erasure_in_batches_leaves_every_count_right_on_postgres;
}
