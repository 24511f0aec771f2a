//! What makes a JWT good or bad.

use jsonwebtoken::{Algorithm, EncodingKey};
use myashes_adapters::identity::{Identity, IdentityOptions, JwtKeySource, JwtOptions};
use serde_json::{Value, json};
use std::sync::Arc;

use super::keys::{AUDIENCE, ISSUER, START, Signer, claims, claims_with, hs256, sign};
use super::server::{Behaviour, TestServer};
use super::{Outcome, check, identity, options};
use myashes_testkit::ManualClock;

const SECRET: &[u8] = b"a secret of at least thirty-two bytes";

fn with_secret() -> (Arc<Identity>, Arc<ManualClock>) {
    let keys = JwtKeySource::Hs256(SECRET.to_vec());
    let jwt = JwtOptions { issuer: Some(ISSUER.to_owned()), audience: Some(AUDIENCE.to_owned()), keys };
    let clock = Arc::new(ManualClock::new());
    (identity(IdentityOptions { jwt: Some(jwt), ..options() }, &clock), clock)
}

async fn with_published(keys: &[Value]) -> (Arc<Identity>, TestServer) {
    let server = TestServer::start(Behaviour::json(&json!({"keys": keys}))).await;
    let keys = JwtKeySource::Jwks(format!("{}/jwks", server.url));
    let jwt = JwtOptions { issuer: Some(ISSUER.to_owned()), audience: Some(AUDIENCE.to_owned()), keys };
    (identity(IdentityOptions { jwt: Some(jwt), ..options() }, &Arc::new(ManualClock::new())), server)
}

/// A token put together by hand, so that header and signature can be anything.
fn forged(header: &Value, claims: &Value, signature: &str) -> String {
    let part = |value: &Value| base64_url(value.to_string().as_bytes());
    format!("{}.{}.{signature}", part(header), part(claims))
}

fn base64_url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut group = [0; 3];
        group[..chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        for digit in 0..=chunk.len() {
            text.push(char::from(LETTERS[(bits >> (18 - 6 * digit)) as usize & 63]));
        }
    }
    text
}

#[tokio::test]
async fn every_claim_of_the_contract_is_used() {
    let (identity, _) = with_secret();
    let claims = claims_with(json!({
        "steam_id": "76561198000000000", "name": "Ashes", "tier": "premium", "roles": ["admin"],
        "aud": ["other", AUDIENCE],
    }));
    let player = check(&identity, &hs256(SECRET, &claims)).await.player();
    assert_eq!(player.player_id, "p1");
    assert_eq!(player.steam_id.as_deref(), Some("76561198000000000"));
    assert_eq!(player.display_name.as_deref(), Some("Ashes"));
    assert_eq!((player.tier.as_str(), player.roles), ("premium", vec!["admin".to_owned()]));
}

#[tokio::test]
async fn without_a_tier_it_is_free() {
    let (identity, _) = with_secret();
    assert_eq!(check(&identity, &hs256(SECRET, &claims())).await.player().tier, "free");
}

#[tokio::test]
async fn a_token_whose_claims_do_not_fit_is_bad() {
    let (identity, _) = with_secret();
    let cases = [
        ("wrong issuer", json!({"iss": "https://evil.example"})),
        ("no issuer", json!({"iss": null})),
        ("wrong audience", json!({"aud": "another-service"})),
        ("no audience", json!({"aud": null})),
        ("expired", json!({"exp": START - 60})),
        ("no expiry", json!({"exp": null})),
        ("expiry as text", json!({"exp": "never"})),
        ("not yet valid", json!({"nbf": START + 120})),
        ("no subject", json!({"sub": null})),
        ("empty subject", json!({"sub": ""})),
        ("subject of another type", json!({"sub": 7})),
        ("subject with NUL", json!({"sub": "p\u{0}1"})),
        // Row 17 of the security review.
        ("issuer as a list", json!({"iss": [ISSUER]})),
        ("subject with a bidi override", json!({"sub": "p\u{202e}1"})),
        ("subject with an isolate", json!({"sub": "p\u{2066}1"})),
        ("subject with a zero-width space", json!({"sub": "p\u{200b}1"})),
        ("subject with a line separator", json!({"sub": "p\u{2028}1"})),
        ("subject of white space", json!({"sub": " "})),
        ("long subject", json!({"sub": "p".repeat(129)})),
    ];
    for (what, changes) in cases {
        let token = hs256(SECRET, &claims_with(changes));
        assert_eq!(check(&identity, &token).await, Outcome::Bad, "{what}");
    }
}

#[tokio::test]
async fn a_token_ends_when_its_time_is_over() {
    let (identity, clock) = with_secret();
    let token = hs256(SECRET, &claims());
    check(&identity, &token).await.player();
    clock.advance_seconds(301);
    check(&identity, &token).await.player(); // within the leeway
    clock.advance_seconds(59);
    assert_eq!(check(&identity, &token).await, Outcome::Bad);
}

#[tokio::test]
async fn only_the_issuers_signature_is_accepted() {
    let (identity, _) = with_secret();
    let header = |alg: &str| json!({"alg": alg, "typ": "JWT"});
    let good = hs256(SECRET, &claims());
    let (head, _) = good.rsplit_once('.').unwrap();
    let rs256 = Signer::new(Algorithm::RS256, "k1").sign(&claims());
    let cases = [
        ("no algorithm", forged(&header("none"), &claims(), "")),
        ("NONE", forged(&header("NONE"), &claims(), "")),
        ("another secret", hs256(b"another secret", &claims())),
        ("no signature", format!("{head}.")),
        ("another signature", format!("{head}.AAAA")),
        (
            "another algorithm of the family",
            sign(Algorithm::HS512, None, &EncodingKey::from_secret(SECRET), &claims()),
        ),
        ("another family", rs256),
        ("an empty token", "..".to_owned()),
        ("noise", "a.b.c".to_owned()),
        ("too long", format!("{head}.{}", "A".repeat(10_000))),
    ];
    for (what, token) in cases {
        assert_eq!(check(&identity, &token).await, Outcome::Bad, "{what}");
    }
}

#[tokio::test]
async fn an_extension_that_must_be_understood_makes_a_token_bad() {
    let (identity, _) = with_secret();
    let mut header = jsonwebtoken::Header::new(Algorithm::HS256);
    header.crit = Some(vec!["b64".to_owned()]);
    let token = jsonwebtoken::encode(&header, &claims(), &EncodingKey::from_secret(SECRET)).unwrap();
    assert_eq!(check(&identity, &token).await, Outcome::Bad);
}

/// A token with this header, rightly signed by the library of the tests under the service's own secret.
fn signed(header: &Value) -> String {
    let head = format!(
        "{}.{}",
        base64_url(header.to_string().as_bytes()),
        base64_url(claims().to_string().as_bytes())
    );
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, SECRET);
    format!("{head}.{}", base64_url(aws_lc_rs::hmac::sign(&key, head.as_bytes()).as_ref()))
}

/// Row 17 of the security review.
#[tokio::test]
async fn headers_that_change_what_is_signed_make_a_token_bad() {
    let (identity, _) = with_secret();
    check(&identity, &signed(&json!({"alg": "HS256"}))).await.player();
    check(&identity, &signed(&json!({"alg": "HS256", "b64": true}))).await.player();
    for header in [
        json!({"alg": "HS256", "b64": false}),
        json!({"alg": "HS256", "b64": "true"}),
        json!({"alg": "HS256", "crit": ["exp"]}),
        json!({"alg": "HS256", "crit": ["b64"], "b64": true}),
        json!({"alg": "HS256", "crit": []}),
    ] {
        assert_eq!(check(&identity, &signed(&header)).await, Outcome::Bad, "{header}");
    }
}

/// Row 17 of the security review: a token does not choose where its key comes from.
#[tokio::test]
async fn urls_in_a_header_are_not_fetched() {
    let elsewhere = TestServer::start(Behaviour::json(&json!({"keys": []}))).await;
    let (identity, _) = with_secret();
    let header = json!({"alg": "HS256", "jku": elsewhere.url, "x5u": elsewhere.url});
    check(&identity, &signed(&header)).await.player();
    let signer = Signer::new(Algorithm::ES256, "k1");
    let (published, _server) = with_published(&[signer.published()]).await;
    let mut header = jsonwebtoken::Header::new(Algorithm::ES256);
    header.kid = Some("unknown".to_owned());
    header.jku = Some(elsewhere.url.clone());
    header.x5u = Some(elsewhere.url.clone());
    let token = jsonwebtoken::encode(&header, &claims(), signer.key()).unwrap();
    assert_eq!(check(&published, &token).await, Outcome::Bad);
    assert_eq!(elsewhere.connections(), 0);
}

#[tokio::test]
async fn every_published_algorithm_is_checked() {
    for algorithm in [Algorithm::RS256, Algorithm::PS256, Algorithm::ES256, Algorithm::EdDSA] {
        let signer = Signer::new(algorithm, "k1");
        let (identity, _server) = with_published(&[signer.published()]).await;
        assert_eq!(check(&identity, &signer.sign(&claims())).await.player().player_id, "p1", "{algorithm:?}");
        let other = Signer::new(algorithm, "k1");
        assert_eq!(check(&identity, &other.sign(&claims())).await, Outcome::Bad, "{algorithm:?}");
    }
}

#[tokio::test]
async fn a_published_key_is_never_a_shared_secret() {
    let signer = Signer::new(Algorithm::RS256, "k1");
    let published = signer.published();
    let (identity, _server) = with_published(std::slice::from_ref(&published)).await;
    let mut secrets = vec![published.to_string().into_bytes()];
    secrets.push(published["n"].as_str().unwrap().as_bytes().to_vec());
    for secret in secrets {
        let token = sign(Algorithm::HS256, Some("k1"), &EncodingKey::from_secret(&secret), &claims());
        assert_eq!(check(&identity, &token).await, Outcome::Bad);
    }
}

#[tokio::test]
async fn a_symmetric_key_in_a_public_set_is_not_used() {
    let octets = json!({"kty": "oct", "kid": "k1", "alg": "HS256", "k": base64_url(SECRET)});
    let (identity, _server) =
        with_published(&[octets, Signer::new(Algorithm::ES256, "k2").published()]).await;
    let token = sign(Algorithm::HS256, Some("k1"), &EncodingKey::from_secret(SECRET), &claims());
    assert_eq!(check(&identity, &token).await, Outcome::Bad);
}

#[tokio::test]
async fn a_key_signs_only_what_it_is_published_for() {
    let signer = Signer::new(Algorithm::RS256, "k1");
    let mut for_pss = signer.published();
    for_pss["alg"] = json!("PS256");
    let mut for_encryption = signer.published();
    for_encryption["use"] = json!("enc");
    for key in [for_pss, for_encryption] {
        let other = Signer::new(Algorithm::ES256, "k2").published();
        let (identity, _server) = with_published(&[key, other]).await;
        assert_eq!(check(&identity, &signer.sign(&claims())).await, Outcome::Bad);
    }
}

#[tokio::test]
async fn kinds_of_keys_we_do_not_know_leave_the_others_usable() {
    let signer = Signer::new(Algorithm::EdDSA, "k1");
    let strange = [
        json!({"kty": "AKP", "kid": "pq", "alg": "ML-DSA-44"}),
        json!({"kty": "EC", "crv": "P-999"}),
        json!(7),
    ];
    let keys: Vec<_> = strange.into_iter().chain([signer.published()]).collect();
    let (identity, _server) = with_published(&keys).await;
    check(&identity, &signer.sign(&claims())).await.player();
}

#[tokio::test]
async fn a_token_that_names_no_key_is_tried_with_those_that_fit() {
    let signers = [Signer::new(Algorithm::ES256, "a"), Signer::new(Algorithm::ES256, "b")];
    let (identity, _server) = with_published(&signers.each_ref().map(Signer::published)).await;
    for signer in &signers {
        check(&identity, &signer.sign_without_kid(&claims())).await.player();
    }
    let stranger = Signer::new(Algorithm::ES256, "a");
    assert_eq!(check(&identity, &stranger.sign_without_kid(&claims())).await, Outcome::Bad);
}
