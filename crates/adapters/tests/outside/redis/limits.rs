//! One limit over several replicas.

use std::sync::Arc;
use std::time::Duration;

use myashes_adapters::redis::{RedisLink, SharedRateLimiter};
use myashes_domain::health::Dependency;
use myashes_domain::ids::Entropy;
use myashes_domain::limits::{Charge, Quota, RateLimiter};
use myashes_servers::{Redis, skip_without};
use tokio::task::JoinSet;

/// The Redis that all tests share, `None` when there is none and that is fine.
#[expect(clippy::disallowed_methods, reason = "tests get their servers from the environment")]
fn shared_url() -> Option<String> {
    let url = std::env::var("TEST_REDIS_URL").ok();
    url.or_else(|| skip_without("TEST_REDIS_URL, which `cargo xtask test` sets"))
}

async fn replica(url: &str) -> (Arc<RedisLink>, Arc<SharedRateLimiter>) {
    // A machine that runs many tests at once must not trip the breaker.
    let link = RedisLink::open_with(url, Duration::from_secs(2)).unwrap();
    link.connected().await;
    (Arc::clone(&link), Arc::new(SharedRateLimiter::new(link)))
}

/// A bucket that no other test charges.
fn fresh(per_minute: u32) -> Charge {
    let mut bytes = [0; 8];
    myashes_adapters::system::SystemEntropy.fill(&mut bytes);
    Charge { bucket: format!("test:{:x}", u64::from_ne_bytes(bytes)), quota: Quota::per_minute(per_minute) }
}

/// How many of `calls` concurrent charges pass, dealt out to the limiters in turn.
async fn passed(limiters: &[Arc<SharedRateLimiter>], charge: &Charge, calls: usize) -> usize {
    let mut tasks = JoinSet::new();
    for call in 0..calls {
        let (limiter, charge) = (Arc::clone(&limiters[call % limiters.len()]), charge.clone());
        tasks.spawn(async move { limiter.charge(&charge).await.retry_after.is_none() });
    }
    tasks.join_all().await.into_iter().filter(|passed| *passed).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_thousand_concurrent_calls_two_replicas_let_exactly_the_quota_pass() {
    let Some(url) = shared_url() else { return };
    let (one, two) = (replica(&url).await, replica(&url).await);
    // Ten per minute: one more would need six seconds to be earned back.
    let passed = passed(&[Arc::clone(&one.1), Arc::clone(&two.1)], &fresh(10), 1000).await;
    assert!(one.0.is_connected() && two.0.is_connected(), "the shared limit was in use throughout");
    assert_eq!(passed, 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standing_counts_down_and_names_the_wait() {
    let Some(url) = shared_url() else { return };
    let (_link, limiter) = replica(&url).await;
    let charge = fresh(2);
    let first = limiter.charge(&charge).await;
    assert_eq!((first.limit, first.remaining, first.retry_after), (2, 1, None));
    assert!((29..=30).contains(&first.reset_after.as_secs()), "{first:?}");
    assert_eq!(limiter.charge(&charge).await.remaining, 0);
    let refused = limiter.charge(&charge).await;
    assert!(refused.retry_after.is_some_and(|wait| (28..=30).contains(&wait.as_secs())), "{refused:?}");
    assert_eq!(refused.remaining, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_key_is_ours_and_expires() {
    let Some(redis) = Redis::for_test() else { return };
    let (_link, limiter) = replica(&redis.url()).await;
    for _ in 0..5 {
        limiter.charge(&fresh(3)).await;
    }
    let client = ::redis::Client::open(redis.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let keys: Vec<String> = ::redis::cmd("KEYS").arg("*").query_async(&mut connection).await.unwrap();
    assert_eq!(keys.len(), 5);
    for key in keys {
        let ttl: i64 = ::redis::cmd("PTTL").arg(&key).query_async(&mut connection).await.unwrap();
        assert!(key.starts_with("myashes:") && (1..=60_000).contains(&ttl), "{key} {ttl}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_the_process_holds_the_limits_by_itself() {
    // Nothing listens on the discard port of loopback.
    let limiter = Arc::new(SharedRateLimiter::new(RedisLink::open("redis://127.0.0.1:9/").unwrap()));
    assert_eq!(passed(&[limiter], &fresh(7), 100).await, 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_killed_in_the_middle_leaves_limits_and_comes_back_shared() {
    let Some(mut redis) = Redis::for_test() else { return };
    let (link, one) = replica(&redis.url()).await;
    let (other, two) = replica(&redis.url()).await;
    let charge = fresh(10);
    assert_eq!(passed(std::slice::from_ref(&one), &charge, 4).await, 4);
    assert_eq!(passed(std::slice::from_ref(&two), &charge, 100).await, 6);

    redis.kill();
    assert!(link.ping().await.is_err() && other.ping().await.is_err());
    assert_eq!(
        passed(std::slice::from_ref(&one), &charge, 100).await,
        6,
        "what it has not let through itself"
    );
    assert_eq!(passed(std::slice::from_ref(&one), &charge, 100).await, 0);
    assert_eq!(passed(std::slice::from_ref(&two), &charge, 100).await, 4);

    redis.restart();
    link.connected().await;
    other.connected().await;
    assert!(link.ping().await.is_ok());
    // The new server does not have the script, which is loaded again automatically.
    assert_eq!(passed(&[one, two], &fresh(10), 100).await, 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_redis_is_left_alone_until_it_answers_again() {
    let Some(redis) = Redis::for_test() else { return };
    let (link, limiter) = replica(&redis.url()).await;
    let charge = fresh(10);
    assert_eq!(limiter.charge(&charge).await.remaining, 9);
    redis.freeze();
    assert_eq!(limiter.charge(&charge).await.remaining, 8, "answered by the process's own bucket");
    assert!(!link.is_connected());
    assert_eq!(passed(&[Arc::clone(&limiter)], &charge, 100).await, 8);
    redis.thaw();
    link.connected().await;
    // The frozen server may still have counted the charge that was given up.
    assert!(limiter.charge(&charge).await.remaining >= 7);
}

#[tokio::test]
async fn a_url_that_is_not_understood_is_refused_without_being_shown() {
    let error = RedisLink::open("redis://:hunter2@host:notaport/").map(|_| ()).unwrap_err();
    assert!(error.0.starts_with("REDIS_URL") && !error.0.contains("hunter2"), "{error}");
}

/// Row 26 of the security review: an error reply is not an outage.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_another_type_is_replaced_and_the_link_stays() {
    let Some(redis) = Redis::for_test() else { return };
    let (link, limiter) = replica(&redis.url()).await;
    let charge = fresh(3);
    assert_eq!(limiter.charge(&charge).await.remaining, 2);
    let client = ::redis::Client::open(redis.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let keys: Vec<String> = ::redis::cmd("KEYS").arg("*").query_async(&mut connection).await.unwrap();
    let [key] = &keys[..] else { panic!("{keys:?}") };
    for value in ["nan", "inf", "text"] {
        ::redis::cmd("SET").arg(key).arg(value).query_async::<()>(&mut connection).await.unwrap();
        while limiter.charge(&charge).await.retry_after.is_none() {}
    }
    ::redis::cmd("DEL").arg(key).query_async::<()>(&mut connection).await.unwrap();
    ::redis::cmd("RPUSH").arg(key).arg("x").query_async::<()>(&mut connection).await.unwrap();
    assert_eq!(limiter.charge(&charge).await.remaining, 2, "the bucket begins anew");
    assert_eq!(limiter.charge(&charge).await.remaining, 1, "and it is shared");
    let kind: String = ::redis::cmd("TYPE").arg(key).query_async(&mut connection).await.unwrap();
    assert_eq!(kind, "string");
    assert!(link.is_connected());
}

/// Row 26 of the security review: a command that Redis refuses fails alone.
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_command_leaves_the_link_and_the_process_holds_the_limit() {
    let Some(redis) = Redis::for_test() else { return };
    let (link, limiter) = replica(&redis.url()).await;
    let client = ::redis::Client::open(redis.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    ::redis::cmd("ACL")
        .arg(&["SETUSER", "default", "-@scripting"])
        .query_async::<()>(&mut connection)
        .await
        .unwrap();
    assert_eq!(passed(&[limiter], &fresh(7), 100).await, 7);
    assert!(link.is_connected() && link.ping().await.is_ok());
}
