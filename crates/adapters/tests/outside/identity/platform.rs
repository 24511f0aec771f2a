//! The identity platform, as it should be and as it should not.

use std::sync::Arc;
use std::time::Duration;

use myashes_adapters::identity::{Identity, IdentityOptions};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::server::{Behaviour, TestServer};
use super::{Outcome, check, identity, options};
use myashes_testkit::ManualClock;

pub fn validated(fields: &Value) -> Value {
    json!({"data": {"validateToken": fields}})
}

pub fn vouching() -> Behaviour {
    Behaviour::json(&validated(&json!({
        "valid": true, "playerId": "p1", "steamId": "765", "steamDisplayName": "Ashes", "tier": "premium",
    })))
}

fn refusing() -> Behaviour {
    Behaviour::json(&validated(&json!({"valid": false, "playerId": null})))
}

fn asking(server: &TestServer) -> (Arc<Identity>, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new());
    let options = IdentityOptions { platform_url: Some(server.url.clone()), ..options() };
    (identity(options, &clock), clock)
}

#[tokio::test]
async fn the_platform_is_asked_as_agreed() {
    let server = TestServer::start(vouching()).await;
    let (identity, _) = asking(&server);
    let player = check(&identity, "opaque-token").await.player();
    assert_eq!((player.player_id.as_str(), player.tier.as_str()), ("p1", "premium"));
    assert_eq!((player.steam_id.as_deref(), player.display_name.as_deref()), (Some("765"), Some("Ashes")));
    assert!(player.roles.is_empty());
    let question: Value = serde_json::from_str(&server.bodies()[0]).unwrap();
    assert_eq!(question["variables"], json!({"token": "opaque-token"}));
    let query = question["query"].as_str().unwrap();
    assert!(query.contains("validateToken(token: $token) { valid playerId steamId steamDisplayName tier }"));
}

#[tokio::test]
async fn a_yes_is_remembered_for_its_time_and_no_longer() {
    let server = TestServer::start(vouching()).await;
    let (identity, clock) = asking(&server);
    for _ in 0..3 {
        check(&identity, "t").await.player();
    }
    assert_eq!(server.requests(), 1);
    clock.advance_seconds(299);
    check(&identity, "t").await.player();
    assert_eq!(server.requests(), 1);
    server.become_(refusing());
    clock.advance_seconds(1);
    assert_eq!(check(&identity, "t").await, Outcome::Bad);
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn with_a_time_of_zero_every_token_is_asked_about() {
    let server = TestServer::start(vouching()).await;
    let options = IdentityOptions {
        platform_url: Some(server.url.clone()),
        token_cache_ttl: Duration::ZERO,
        ..options()
    };
    let identity = identity(options, &Arc::new(ManualClock::new()));
    for _ in 0..3 {
        check(&identity, "t").await.player();
    }
    assert_eq!(server.requests(), 3);
}

#[tokio::test]
async fn a_no_is_remembered_for_a_few_seconds() {
    for answer in [refusing(), Behaviour::json(&validated(&Value::Null))] {
        let server = TestServer::start(answer).await;
        let (identity, clock) = asking(&server);
        for _ in 0..3 {
            assert_eq!(check(&identity, "t").await, Outcome::Bad);
        }
        assert_eq!(server.requests(), 1);
        server.become_(vouching());
        clock.advance_seconds(6);
        check(&identity, "t").await.player();
    }
}

#[tokio::test]
async fn one_token_sent_many_times_at_once_is_asked_about_once() {
    let Behaviour::Answer(_, body) = vouching() else { unreachable!() };
    let server = TestServer::start(Behaviour::Hold(body)).await;
    let (identity, _) = asking(&server);
    let mut checks = JoinSet::new();
    for _ in 0..32 {
        let identity = Arc::clone(&identity);
        checks.spawn(async move { check(&identity, "t").await.player() });
    }
    server.asked().await;
    server.release();
    assert_eq!(checks.join_all().await.len(), 32);
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_caller_who_hangs_up_does_not_take_the_others_down() {
    let Behaviour::Answer(_, body) = vouching() else { unreachable!() };
    let server = TestServer::start(Behaviour::Hold(body)).await;
    let (identity, _) = asking(&server);
    let first = tokio::spawn({
        let identity = Arc::clone(&identity);
        async move { check(&identity, "t").await }
    });
    server.asked().await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    server.become_(vouching());
    check(&identity, "t").await.player();
}

#[tokio::test]
async fn connections_are_used_again() {
    let server = TestServer::start(vouching()).await;
    let (identity, _) = asking(&server);
    for n in 0..10 {
        check(&identity, &format!("token-{n}")).await.player();
    }
    assert_eq!((server.requests(), server.connections()), (10, 1));
}

#[tokio::test]
async fn an_answer_that_says_nothing_clear_is_neither_yes_nor_no() {
    let unclear = [
        Behaviour::Answer(500, "oops".to_owned()),
        Behaviour::Answer(401, "{}".to_owned()),
        Behaviour::Answer(302, String::new()),
        Behaviour::Answer(200, "<html>".to_owned()),
        Behaviour::Answer(200, "{}".to_owned()),
        Behaviour::json(&json!({"data": null, "errors": [{"message": "down"}]})),
        Behaviour::json(&validated(&json!({"valid": "true", "playerId": "p1"}))),
        Behaviour::json(&validated(&json!({"valid": true}))),
        Behaviour::json(&validated(&json!({"valid": true, "playerId": ""}))),
        Behaviour::Drop,
    ];
    for behaviour in unclear {
        let server = TestServer::start(behaviour).await;
        let (identity, _) = asking(&server);
        assert_eq!(check(&identity, "t").await, Outcome::Unchecked);
        server.become_(vouching());
        check(&identity, "t").await.player();
    }
}

#[tokio::test]
async fn a_platform_that_keeps_failing_is_left_alone_and_tried_again() {
    let server = TestServer::start(Behaviour::Answer(500, String::new())).await;
    let (identity, clock) = asking(&server);
    for n in 0..50 {
        assert_eq!(check(&identity, &format!("token-{n}")).await, Outcome::Unchecked);
    }
    assert_eq!(server.requests(), 3);
    server.become_(vouching());
    clock.advance_seconds(1);
    check(&identity, "t").await.player();
}

#[tokio::test]
async fn what_is_remembered_outlives_the_platform() {
    let server = TestServer::start(vouching()).await;
    let (identity, _) = asking(&server);
    check(&identity, "known").await.player();
    server.become_(Behaviour::Drop);
    assert_eq!(check(&identity, "unknown").await, Outcome::Unchecked);
    check(&identity, "known").await.player();
}

#[tokio::test]
async fn a_platform_that_is_absent_or_hangs_makes_a_token_uncheckable() {
    let server = TestServer::start(Behaviour::Hang).await;
    for url in [server.url.as_str(), "http://127.0.0.1:9"] {
        let options = IdentityOptions {
            platform_url: Some(url.to_owned()),
            timeout: Duration::from_millis(100),
            ..options()
        };
        assert_eq!(check(&identity(options, &Arc::new(ManualClock::new())), "t").await, Outcome::Unchecked);
    }
}

#[tokio::test]
async fn what_cannot_be_a_token_is_not_asked_about() {
    let server = TestServer::start(vouching()).await;
    let (identity, _) = asking(&server);
    for token in ["", "with space", "ümlaut", "nul\0", &"x".repeat(5000)] {
        assert_eq!(check(&identity, token).await, Outcome::Bad);
    }
    assert_eq!(server.requests(), 0);
}
