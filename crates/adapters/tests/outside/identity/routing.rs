//! Which token goes where.

use std::sync::Arc;

use myashes_adapters::identity::{IdentityOptions, JwtKeySource, JwtOptions};

use super::keys::{claims, hs256};
use super::platform::vouching;
use super::server::TestServer;
use super::{Outcome, check, identity, options};
use myashes_testkit::ManualClock;

const SECRET: &[u8] = b"a secret of at least thirty-two bytes";

fn jwt() -> Option<JwtOptions> {
    Some(JwtOptions { issuer: None, audience: None, keys: JwtKeySource::Hs256(SECRET.to_vec()) })
}

#[tokio::test]
async fn three_segments_are_checked_here_and_never_shown_to_the_platform() {
    let server = TestServer::start(vouching()).await;
    let options = IdentityOptions { jwt: jwt(), platform_url: Some(server.url.clone()), ..options() };
    let identity = identity(options, &Arc::new(ManualClock::new()));
    check(&identity, &hs256(SECRET, &claims())).await.player();
    assert_eq!(check(&identity, &hs256(b"forged", &claims())).await, Outcome::Bad);
    assert_eq!(server.requests(), 0);
    check(&identity, "opaque").await.player();
    check(&identity, "two.segments").await.player();
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn without_a_local_check_every_token_goes_to_the_platform() {
    let server = TestServer::start(vouching()).await;
    let options = IdentityOptions { platform_url: Some(server.url.clone()), ..options() };
    check(&identity(options, &Arc::new(ManualClock::new())), "a.b.c").await.player();
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_token_that_cannot_be_checked_is_refused_and_never_anonymous() {
    let unconfigured = identity(options(), &Arc::new(ManualClock::new()));
    assert_eq!(check(&unconfigured, "opaque").await, Outcome::Bad);
    assert_eq!(check(&unconfigured, &hs256(SECRET, &claims())).await, Outcome::Bad);
    let only_jwt = identity(IdentityOptions { jwt: jwt(), ..options() }, &Arc::new(ManualClock::new()));
    assert_eq!(check(&only_jwt, "opaque").await, Outcome::Bad);
}
