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

/// GraphQL errors with these codes; an empty one stands for an error without a code.
fn errors(codes: &[&str]) -> Behaviour {
    let error = |code: &&str| match *code {
        "" => json!({"message": "no"}),
        code => json!({"message": "no", "extensions": {"code": code}}),
    };
    Behaviour::json(&json!({"data": null, "errors": codes.iter().map(error).collect::<Vec<_>>()}))
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

/// Row 4 of the security review.
#[tokio::test]
async fn a_bad_token_is_remembered_for_sixty_seconds() {
    for answer in
        [refusing(), Behaviour::json(&validated(&Value::Null)), Behaviour::StoredResponse(401, "{}".into())]
    {
        let server = TestServer::start(answer).await;
        let (identity, clock) = asking(&server);
        for _ in 0..3 {
            assert_eq!(check(&identity, "t").await, Outcome::Bad);
            clock.advance_seconds(19);
        }
        assert_eq!(server.requests(), 1);
        server.become_(vouching());
        clock.advance_seconds(3);
        check(&identity, "t").await.player();
    }
}

#[tokio::test]
async fn one_token_sent_many_times_at_once_is_asked_about_once() {
    let Behaviour::StoredResponse(_, body) = vouching() else { unreachable!() };
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
    let Behaviour::StoredResponse(_, body) = vouching() else { unreachable!() };
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
        Behaviour::StoredResponse(500, "oops".to_owned()),
        Behaviour::StoredResponse(404, "{}".to_owned()),
        Behaviour::StoredResponse(429, "{}".to_owned()),
        Behaviour::StoredResponse(302, String::new()),
        Behaviour::StoredResponse(200, "<html>".to_owned()),
        Behaviour::StoredResponse(200, "{}".to_owned()),
        Behaviour::json(&json!({"data": null})),
        Behaviour::json(&json!({"errors": "down"})),
        errors(&["INTERNAL_SERVER_ERROR"]),
        errors(&["UNAUTHENTICATED", "DOWNSTREAM_SERVICE_ERROR"]),
        Behaviour::json(&json!({"errors": [{"message": "down", "extensions": {"code": 7}}]})),
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
    let server = TestServer::start(Behaviour::StoredResponse(500, String::new())).await;
    let (identity, clock) = asking(&server);
    for n in 0..50 {
        assert_eq!(check(&identity, &format!("token-{n}")).await, Outcome::Unchecked);
    }
    assert_eq!(server.requests(), 3);
    server.become_(vouching());
    clock.advance_seconds(1);
    check(&identity, "t").await.player();
}

/// Row 5 of the security review: what the platform's answers mean.
#[tokio::test]
async fn the_platform_says_bad_by_status_and_by_error_code() {
    let bad = [
        Behaviour::StoredResponse(400, "no JSON".to_owned()),
        Behaviour::StoredResponse(401, String::new()),
        Behaviour::StoredResponse(403, "{}".to_owned()),
        errors(&["UNAUTHENTICATED"]),
        errors(&["FORBIDDEN"]),
        errors(&["BAD_USER_INPUT", ""]),
    ];
    for behaviour in bad {
        let server = TestServer::start(behaviour).await;
        let (identity, _) = asking(&server);
        for _ in 0..2 {
            assert_eq!(check(&identity, "t").await, Outcome::Bad);
        }
        assert_eq!(server.requests(), 1);
    }
}

/// Row 5 of the security review.
#[tokio::test]
async fn errors_without_a_code_make_a_token_bad_and_are_not_remembered() {
    let server = TestServer::start(errors(&[""])).await;
    let (identity, _) = asking(&server);
    for _ in 0..2 {
        assert_eq!(check(&identity, "t").await, Outcome::Bad);
    }
    assert_eq!(server.requests(), 2);
    server.become_(vouching());
    check(&identity, "t").await.player();
}

/// Row 5 of the security review: answers about a token, whatever they say, do not open the breaker.
#[tokio::test]
async fn only_a_platform_that_cannot_answer_opens_the_breaker() {
    let answers = [
        errors(&[""]),
        errors(&["INTERNAL_SERVER_ERROR"]),
        Behaviour::StoredResponse(401, String::new()),
        Behaviour::StoredResponse(404, String::new()),
        Behaviour::StoredResponse(200, "<html>".to_owned()),
        Behaviour::StoredResponse(302, String::new()),
    ];
    for answer in answers {
        let server = TestServer::start(answer).await;
        let (identity, _) = asking(&server);
        for n in 0..10 {
            check(&identity, &format!("token-{n}")).await;
        }
        server.become_(vouching());
        check(&identity, "good").await.player();
    }
    for failure in [Behaviour::StoredResponse(503, String::new()), Behaviour::Drop] {
        let server = TestServer::start(failure).await;
        let (identity, _) = asking(&server);
        for n in 0..10 {
            assert_eq!(check(&identity, &format!("token-{n}")).await, Outcome::Unchecked);
        }
        server.become_(vouching());
        assert_eq!(check(&identity, "good").await, Outcome::Unchecked);
    }
}

/// Row 5 of the security review: one probe, however long it takes, and none lost with a caller who leaves.
#[tokio::test]
async fn a_breaker_that_is_half_open_lets_one_probe_through() {
    let server = TestServer::start(Behaviour::StoredResponse(500, String::new())).await;
    let (identity, clock) = asking(&server);
    for n in 0..3 {
        check(&identity, &format!("token-{n}")).await;
        server.asked().await;
    }
    let Behaviour::StoredResponse(_, body) = vouching() else { unreachable!() };
    server.become_(Behaviour::Hold(body));
    clock.advance_seconds(1);
    let probe = |token: &'static str| {
        let identity = Arc::clone(&identity);
        tokio::spawn(async move { check(&identity, token).await })
    };
    let first = probe("first");
    server.asked().await;
    clock.advance_seconds(100);
    assert_eq!(check(&identity, "second").await, Outcome::Unchecked, "one probe at a time");
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    let third = probe("third");
    server.asked().await;
    server.become_(vouching());
    server.release();
    server.release();
    third.await.unwrap().player();
    check(&identity, "fourth").await.player();
}

/// Row 5 of the security review.
#[tokio::test]
async fn what_is_remembered_outlives_the_platform() {
    let server = TestServer::start(vouching()).await;
    let (identity, _) = asking(&server);
    check(&identity, "known").await.player();
    server.become_(Behaviour::Drop);
    for n in 0..5 {
        assert_eq!(check(&identity, &format!("unknown-{n}")).await, Outcome::Unchecked);
        check(&identity, "known").await.player();
    }
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
