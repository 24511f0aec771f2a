//! C1 and C2: everybody at once on one build, and one client that asks many times at once.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use myashes_servers::MOMENT;
use myashes_testkit::{DatabaseKind, TestDatabase};
use reqwest::{Client, RequestBuilder};
use serde_json::json;
use tokio::task::JoinSet;

use crate::load::session;
use crate::service::Service;
use crate::verdict::broken_promises;

/// How many requests one client has under way at once.
const AT_ONCE: usize = 64;

/// How long a vote that is shed is repeated.
const RETRY_DEADLINE: Duration = Duration::from_secs(60);

async fn build(client: &Client, service: &Service) -> String {
    let body = json!({"name": "contested", "primary_archetype": "mage", "secondary_archetype": "mage",
                      "race": "vek", "tags": ["a", "b"]});
    let made = client.post(format!("{}/api/v1/builds", service.url())).json(&body).send().await;
    let made: serde_json::Value = made.expect("an answer").json().await.expect("JSON");
    made["build_id"].as_str().expect("an id").to_owned()
}

/// `sessions` sessions change their vote on one build, each so many times at once, at two replicas.
async fn the_tally_is_exact(sessions: u32, each: usize) {
    let Some(database) = TestDatabase::new(DatabaseKind::Postgres).await else { return };
    let services = [Service::start(&database.url, &[]).await, Service::start(&database.url, &[]).await];
    let client = Client::new();
    let build = build(&client, &services[0]).await;
    let urls = services.each_ref().map(|it| format!("{}/api/v1/builds/{build}/vote", it.url()));
    let urls = Arc::new(urls);
    // All sessions side by side, as many at a time as there can be connections to both replicas.
    let mut waiting = (0..sessions).rev().collect::<Vec<_>>();
    let mut voters = JoinSet::new();
    let mut failed = vec![];
    loop {
        while voters.len() < 16
            && let Some(number) = waiting.pop()
        {
            let (client, urls) = (client.clone(), Arc::clone(&urls));
            voters.spawn(async move { vote_often(&client, &urls[..], number, each).await });
        }
        match voters.join_next().await {
            Some(statuses) => failed.extend(statuses.expect("no panic").into_iter().filter(|it| *it != 200)),
            None => break,
        }
    }
    assert!(failed.is_empty(), "{} answers were not 200: {failed:?}", failed.len());
    assert_eq!(database.count("SELECT count(*) FROM votes").await, i64::from(sessions));
    assert_eq!(database.count("SELECT vote_count FROM build_ranks").await, i64::from(sessions));
    let broken = broken_promises(&database).await;
    assert!(broken.is_empty(), "{broken:?}");
}

async fn vote_often(client: &Client, urls: &[String], number: u32, each: usize) -> Vec<u16> {
    let me = session(6, u64::from(number));
    let mut asked = JoinSet::new();
    for attempt in 0..each {
        let url = &urls[(attempt + number as usize) % urls.len()];
        let body = json!({"rating": (attempt + number as usize) % 5 + 1});
        let request = client.put(url).header("x-session-id", &me).json(&body);
        asked.spawn(answered(request));
    }
    asked.join_all().await
}

/// The status of an answer. There are more requests than places: one that is shed is repeated.
async fn answered(request: RequestBuilder) -> u16 {
    let began = Instant::now();
    loop {
        let again = request.try_clone().expect("its body is at hand");
        let answer = again.send().await;
        match answer.map(|answer| (answer.status().as_u16(), answer.headers().contains_key("retry-after"))) {
            Ok((503, true)) if began.elapsed() < RETRY_DEADLINE => tokio::time::sleep(MOMENT).await,
            Ok((status, _)) => return status,
            Err(_) => return 0,
        }
    }
}

async fn one_of_many_votes_counts(kind: DatabaseKind) {
    let Some(database) = TestDatabase::new(kind).await else { return };
    let service = Service::start(&database.url, &[]).await;
    let client = Client::new();
    let build = build(&client, &service).await;
    let url = format!("{}/api/v1/builds/{build}/vote", service.url());
    let mut asked = JoinSet::new();
    for attempt in 0..AT_ONCE {
        let request = client.post(&url).header("x-session-id", session(6, 1));
        let request = request.json(&json!({"rating": attempt % 5 + 1}));
        asked.spawn(async move { request.send().await.expect("an answer").status().as_u16() });
    }
    let mut statuses = asked.join_all().await;
    statuses.sort_unstable();
    assert_eq!((statuses[0], &statuses[1..]), (200, &[409; AT_ONCE - 1][..]));
    assert_eq!(database.count("SELECT count(*) FROM votes").await, 1);
    let broken = broken_promises(&database).await;
    assert!(broken.is_empty(), "{broken:?}");
}

async fn one_of_many_posts_is_carried_out(kind: DatabaseKind) {
    let Some(database) = TestDatabase::new(kind).await else { return };
    let service = Service::start(&database.url, &[]).await;
    let client = Client::new();
    let before = database.count("SELECT count(*) FROM builds").await;
    let body = json!({"name": "once", "primary_archetype": "bard", "secondary_archetype": "bard",
                      "race": "vek", "tags": ["a", "b"]});
    let mut asked = JoinSet::new();
    for _ in 0..AT_ONCE {
        let request = client.post(format!("{}/api/v1/builds", service.url())).json(&body);
        let request = request.header("x-session-id", session(6, 1)).header("idempotency-key", "one-key");
        asked.spawn(async move {
            let answer = request.send().await.expect("an answer");
            (answer.status().as_u16(), answer.text().await.expect("a whole body"))
        });
    }
    let answers = asked.join_all().await;
    let bodies: BTreeSet<&String> =
        answers.iter().filter(|(status, _)| *status == 201).map(|(_, body)| body).collect();
    assert_eq!(bodies.len(), 1, "one answer, replayed to all: {answers:?}");
    let conflict = |body: &String| body.contains("idempotency_conflict");
    assert!(answers.iter().all(|(status, body)| *status == 201 || conflict(body)), "{answers:?}");
    assert_eq!(database.count("SELECT count(*) FROM builds").await, before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_replicas_count_votes_on_one_build_exactly() {
    the_tally_is_exact(60, 16).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: 1,000 sessions × 64 votes"]
async fn two_replicas_count_64_000_votes_on_one_build_exactly() {
    the_tally_is_exact(1000, AT_ONCE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one_sessions_votes_at_once_one_counts_on_sqlite() {
    one_of_many_votes_counts(DatabaseKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one_sessions_votes_at_once_one_counts_on_postgres() {
    one_of_many_votes_counts(DatabaseKind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one_keys_posts_at_once_one_is_carried_out_on_sqlite() {
    one_of_many_posts_is_carried_out(DatabaseKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one_keys_posts_at_once_one_is_carried_out_on_postgres() {
    one_of_many_posts_is_carried_out(DatabaseKind::Postgres).await;
}
