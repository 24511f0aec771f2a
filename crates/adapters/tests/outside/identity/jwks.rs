//! Keys that rotate, and a place that publishes them which is not always there.

use std::sync::Arc;
use std::time::Duration;

use jsonwebtoken::Algorithm;
use myashes_adapters::identity::{Identity, IdentityOptions, JwtKeySource, JwtOptions};
use serde_json::json;
use tokio::task::JoinSet;

use super::keys::{START, Signer, claims, claims_with};
use super::server::{Behaviour, TestServer};
use super::{Outcome, check, identity, options};
use myashes_testkit::ManualClock;

fn publishing(signers: &[&Signer]) -> Behaviour {
    let keys: Vec<_> = signers.iter().map(|signer| signer.published()).collect();
    Behaviour::json(&json!({"keys": keys}))
}

fn fetching_from(url: &str, timeout: Duration) -> (Arc<Identity>, Arc<ManualClock>) {
    let jwt = JwtOptions { issuer: None, audience: None, keys: JwtKeySource::Jwks(format!("{url}/jwks")) };
    let clock = Arc::new(ManualClock::new());
    (identity(IdentityOptions { jwt: Some(jwt), timeout, ..options() }, &clock), clock)
}

fn patient(server: &TestServer) -> (Arc<Identity>, Arc<ManualClock>) {
    fetching_from(&server.url, Duration::from_secs(20))
}

fn signer(kid: &str) -> Signer {
    Signer::new(Algorithm::ES256, kid)
}

fn lasting() -> serde_json::Value {
    claims_with(json!({"exp": START + 86_400}))
}

#[tokio::test]
async fn the_set_is_fetched_once_for_many_tokens() {
    let k1 = signer("k1");
    let server = TestServer::start(publishing(&[&k1])).await;
    let (identity, _) = patient(&server);
    let mut checks = JoinSet::new();
    for _ in 0..32 {
        let (identity, token) = (Arc::clone(&identity), k1.sign(&claims()));
        checks.spawn(async move { check(&identity, &token).await.player() });
    }
    assert_eq!(checks.join_all().await.len(), 32);
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_rotated_key_is_found_and_the_old_one_is_out() {
    let (old, new) = (signer("old"), signer("new"));
    let server = TestServer::start(publishing(&[&old])).await;
    let (identity, clock) = patient(&server);
    check(&identity, &old.sign(&lasting())).await.player();
    server.become_(publishing(&[&new]));
    clock.advance_seconds(11);
    check(&identity, &new.sign(&lasting())).await.player();
    assert_eq!(check(&identity, &old.sign(&lasting())).await, Outcome::Bad);
}

#[tokio::test]
async fn unknown_keys_cannot_make_us_fetch_again_and_again() {
    let k1 = signer("k1");
    let server = TestServer::start(publishing(&[&k1])).await;
    let (identity, clock) = patient(&server);
    check(&identity, &k1.sign(&lasting())).await.player();
    for n in 0..20 {
        assert_eq!(check(&identity, &signer(&format!("unknown-{n}")).sign(&lasting())).await, Outcome::Bad);
    }
    assert_eq!(server.requests(), 1, "within the floor nothing is fetched");
    clock.advance_seconds(11);
    for n in 0..20 {
        assert_eq!(check(&identity, &signer(&format!("unknown-{n}")).sign(&lasting())).await, Outcome::Bad);
    }
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn noise_is_refused_without_a_fetch() {
    let server = TestServer::start(publishing(&[])).await;
    let (identity, _) = patient(&server);
    assert_eq!(check(&identity, "a.b.c").await, Outcome::Bad);
    let hs256 = super::keys::hs256(b"secret", &claims());
    assert_eq!(check(&identity, &hs256).await, Outcome::Bad);
    assert_eq!(server.requests(), 0);
}

#[tokio::test]
async fn without_any_keys_a_token_cannot_be_checked() {
    let k1 = signer("k1");
    let broken = [
        Behaviour::StoredResponse(500, "oops".to_owned()),
        Behaviour::StoredResponse(200, "<html>".to_owned()),
        Behaviour::StoredResponse(200, "{\"keys\":[]}".to_owned()),
        Behaviour::StoredResponse(302, String::new()),
        Behaviour::StoredResponse(200, format!("{{\"keys\":[],\"x\":\"{}\"}}", "x".repeat(2 << 20))),
        Behaviour::Drop,
    ];
    for behaviour in broken {
        let server = TestServer::start(behaviour).await;
        let (identity, clock) = patient(&server);
        assert_eq!(check(&identity, &k1.sign(&lasting())).await, Outcome::Unchecked);
        server.become_(publishing(&[&k1]));
        clock.advance_seconds(11);
        check(&identity, &k1.sign(&lasting())).await.player();
    }
}

#[tokio::test]
async fn a_place_that_is_absent_or_hangs_makes_a_token_uncheckable_and_not_bad() {
    let k1 = signer("k1");
    // Nothing listens on the discard port of loopback.
    let (absent, _) = fetching_from("http://127.0.0.1:9", Duration::from_secs(20));
    assert_eq!(check(&absent, &k1.sign(&claims())).await, Outcome::Unchecked);
    let server = TestServer::start(Behaviour::Hang).await;
    let (hanging, _) = fetching_from(&server.url, Duration::from_millis(100));
    assert_eq!(check(&hanging, &k1.sign(&claims())).await, Outcome::Unchecked);
    assert_eq!(check(&hanging, &k1.sign(&claims())).await, Outcome::Unchecked);
    assert_eq!(server.requests(), 1, "the second token did not wait for another fetch");
}

#[tokio::test]
async fn known_keys_outlive_the_place_that_published_them() {
    let k1 = signer("k1");
    let server = TestServer::start(publishing(&[&k1])).await;
    let (identity, clock) = patient(&server);
    check(&identity, &k1.sign(&lasting())).await.player();
    server.become_(Behaviour::StoredResponse(503, String::new()));
    for _ in 0..3 {
        clock.advance_seconds(3600);
        check(&identity, &k1.sign(&lasting())).await.player();
    }
    // An unknown key may be a new one, which cannot be checked now.
    clock.advance_seconds(11);
    assert_eq!(check(&identity, &signer("k2").sign(&lasting())).await, Outcome::Unchecked);
    // The known keys still distinguish forged tokens from valid ones.
    assert_eq!(check(&identity, &signer("k1").sign(&lasting())).await, Outcome::Bad);
}

#[tokio::test]
async fn an_old_set_is_renewed_behind_the_scenes() {
    let k1 = signer("k1");
    let server = TestServer::start(publishing(&[&k1])).await;
    let (identity, clock) = patient(&server);
    check(&identity, &k1.sign(&lasting())).await.player();
    server.asked().await;
    server.become_(publishing(&[&signer("k2")]));
    clock.advance_seconds(301);
    check(&identity, &k1.sign(&lasting())).await.player();
    server.asked().await;
    assert_eq!(server.requests(), 2);
}
