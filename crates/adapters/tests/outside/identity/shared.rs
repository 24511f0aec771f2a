//! What replicas know of each other's tokens, on a real Redis.

use std::sync::Arc;

use myashes_adapters::identity::{Identity, IdentityOptions};
use myashes_adapters::redis::RedisLink;

use crate::redis_server::shared_url;
use myashes_testkit::ManualClock;

use super::platform::vouching;
use super::server::{Behaviour, TestServer};
use super::{Outcome, check, options};

async fn replica(redis: &str, platform: &TestServer, clock: &Arc<ManualClock>) -> Identity {
    let link = RedisLink::open_with(redis, std::time::Duration::from_secs(2)).unwrap();
    link.connected().await;
    let options = IdentityOptions { platform_url: Some(platform.url.clone()), ..options() };
    Identity::new(options, Arc::clone(clock) as _, Some(link)).unwrap()
}

/// A token no other run has used.
fn fresh_token() -> String {
    use myashes_domain::ids::Entropy;
    let mut bytes = [0; 8];
    myashes_adapters::system::SystemEntropy.fill(&mut bytes);
    format!("canary-{:x}", u64::from_ne_bytes(bytes))
}

#[tokio::test]
async fn what_one_replica_has_asked_the_others_know() {
    let Some(url) = shared_url() else { return };
    let server = TestServer::start(vouching()).await;
    let clock = Arc::new(ManualClock::new());
    let (one, two) = (replica(&url, &server, &clock).await, replica(&url, &server, &clock).await);
    let token = fresh_token();
    let player = check(&one, &token).await.player();
    assert_eq!(check(&two, &token).await.player(), player);
    assert_eq!(server.requests(), 1);
    // What one knows from another ends when the first would have asked again.
    server.become_(Behaviour::Answer(500, String::new()));
    clock.advance_seconds(301);
    assert_eq!(check(&two, &token).await, Outcome::Unchecked);
}

#[tokio::test]
async fn redis_holds_no_token_and_nothing_for_ever() {
    let Some(url) = shared_url() else { return };
    let server = TestServer::start(vouching()).await;
    let token = fresh_token();
    check(&replica(&url, &server, &Arc::new(ManualClock::new())).await, &token).await.player();
    let client = ::redis::Client::open(url).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let keys: Vec<String> =
        ::redis::cmd("KEYS").arg("myashes:token:*").query_async(&mut connection).await.unwrap();
    assert!(!keys.is_empty());
    for key in keys {
        let value: Option<String> = ::redis::cmd("GET").arg(&key).query_async(&mut connection).await.unwrap();
        assert!(!key.contains(&token) && !value.unwrap_or_default().contains(&token));
        let ttl: i64 = ::redis::cmd("PTTL").arg(&key).query_async(&mut connection).await.unwrap();
        assert!(ttl != -1, "{key} never expires");
    }
}
