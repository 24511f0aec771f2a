//! Shares of a day that replicas have in common.

use std::sync::Arc;
use std::time::Duration;

use myashes_adapters::redis::{RedisLink, SharedRateLimiter};
use myashes_domain::clock::Day;
use myashes_domain::limits::{DayShare, RateLimiter, ShareHolder};
use myashes_servers::Redis;
use tokio::task::JoinSet;

async fn replica(url: &str) -> Arc<SharedRateLimiter> {
    let link = RedisLink::open_with(url, Duration::from_secs(2)).unwrap();
    link.connected().await;
    Arc::new(SharedRateLimiter::new(link))
}

fn share(item: u64, holders: &[(&str, u32, Option<u32>)]) -> DayShare {
    let holder = |(bucket, per_item, items): &(&str, u32, Option<u32>)| ShareHolder {
        bucket: (*bucket).to_owned(),
        per_item: *per_item,
        items: *items,
    };
    let holders = holders.iter().map(holder).collect();
    DayShare { day: Day(20_000), remaining: Duration::from_secs(30), item, holders }
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_take_from_the_same_shares_and_from_all_holders_or_none() {
    let Some(redis) = Redis::for_test() else { return };
    let replicas = [replica(&redis.url()).await, replica(&redis.url()).await];
    let mut calls = JoinSet::new();
    for call in 0..100 {
        let limiter = Arc::clone(&replicas[call % 2]);
        let both = share(1, &[("caller", 9, None), ("address", 5, Some(2))]);
        calls.spawn(async move { limiter.take_share(&both).await });
    }
    assert_eq!(calls.join_all().await.into_iter().filter(|taken| *taken).count(), 5);
    let mut left = 0;
    while replicas[0].take_share(&share(1, &[("caller", 9, None)])).await {
        left += 1;
    }
    assert_eq!(left, 4, "a refusal takes nothing");
    let of = async |item| replicas[1].take_share(&share(item, &[("address", 9, Some(2))])).await;
    assert_eq!([of(2).await, of(3).await, of(3).await, of(2).await], [true, false, false, true]);
}

#[tokio::test(flavor = "multi_thread")]
async fn shares_are_hashes_of_ours_that_end_with_the_day_and_replace_what_they_are_not() {
    let Some(redis) = Redis::for_test() else { return };
    let limiter = replica(&redis.url()).await;
    let client = ::redis::Client::open(redis.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let key = "myashes:share:20000:a";
    ::redis::cmd("SET").arg(key).arg("other").query_async::<()>(&mut connection).await.unwrap();
    let one = share(1, &[("a", 1, Some(1))]);
    assert!(limiter.take_share(&one).await);
    assert!(!limiter.take_share(&one).await);
    let keys: Vec<String> = ::redis::cmd("KEYS").arg("*").query_async(&mut connection).await.unwrap();
    assert_eq!(keys, [key]);
    let ttl: i64 = ::redis::cmd("PTTL").arg(key).query_async(&mut connection).await.unwrap();
    assert!((1..=90_000).contains(&ttl), "{ttl}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_the_process_counts_shares_by_itself() {
    let link = RedisLink::open("redis://127.0.0.1:1/").unwrap();
    let limiter = SharedRateLimiter::new(link);
    let one = share(1, &[("a", 1, None)]);
    assert!(limiter.take_share(&one).await && !limiter.take_share(&one).await);
}
