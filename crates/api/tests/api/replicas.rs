//! Two services that share one Redis.

use myashes_servers::Redis;
use myashes_testkit::TestDatabase;

use crate::support::TestServer;

async fn replica(redis: &str) -> TestServer {
    let more = [
        ("REDIS_URL", redis),
        ("RATE_LIMIT_ENABLED", "true"),
        ("RATE_LIMIT_LISTS", "10"),
        ("RATE_LIMIT_READS", "1000"),
        ("TRUSTED_PROXIES", "127.0.0.1"),
    ];
    let server = TestServer::start(TestDatabase::sqlite().await, &more).await;
    reaches_redis(&server).await;
    server
}

/// Waits until the service has reached its Redis.
pub async fn reaches_redis(server: &TestServer) {
    while server.request(reqwest::Method::GET, "/health").await.json()["dependencies"]["cache"]["status"]
        != "healthy"
    {
        tokio::task::yield_now().await;
    }
}

/// How many of 40 lists in one session pass, sent to both in turn. None may be a fault of ours.
async fn passed(replicas: [&TestServer; 2], number: u32) -> usize {
    let mut statuses = Vec::new();
    for n in 0..40 {
        statuses.push(replicas[n % 2].get("/builds").session(number).await.status);
    }
    assert!(statuses.iter().all(|status| matches!(status, 200 | 429)), "{statuses:?}");
    statuses.iter().filter(|status| **status == 200).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_share_one_limit_and_hold_it_alone_once_redis_is_killed() {
    let Some(mut redis) = Redis::for_test() else { return };
    let (one, two) = (replica(&redis.url()).await, replica(&redis.url()).await);
    let together = passed([&one, &two], 1).await;
    // GCRA gives back one every six seconds, and a debug build may take that long.
    assert!((10..=13).contains(&together), "{together}");
    redis.kill();
    let apart = passed([&one, &two], 2).await;
    assert!((20..=26).contains(&apart), "each by itself: {apart}");
    let health = one.request(reqwest::Method::GET, "/health").await.expect(200);
    assert!(health.json()["status"] != "unhealthy");
    one.stop().await;
    two.stop().await;
}
