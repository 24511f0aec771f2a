//! Two services that share one Redis.

use std::path::Path;
use std::process::Stdio;

use myashes_testkit::{TestDatabase, skip_without};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};

use crate::support::TestServer;

/// A Redis of one's own, to be killed in the middle. `None` where none is installed, which CI does not let
/// pass.
pub async fn redis(folder: &Path) -> Option<(Child, String)> {
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let started = Command::new("redis-server")
        .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port", &port.to_string()])
        .args(["--rdbcompression", "no", "--dir"])
        .arg(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn();
    let Ok(child) = started else {
        return skip_without("redis-server");
    };
    while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        tokio::task::yield_now().await;
    }
    Some((child, format!("redis://127.0.0.1:{port}")))
}

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
    let folder = tempfile::tempdir().unwrap();
    let Some((mut redis, url)) = redis(folder.path()).await else { return };
    let (one, two) = (replica(&url).await, replica(&url).await);
    let together = passed([&one, &two], 1).await;
    // GCRA gives back one every six seconds, and a debug build may take that long.
    assert!((10..=13).contains(&together), "{together}");
    redis.kill().await.unwrap();
    let apart = passed([&one, &two], 2).await;
    assert!((20..=26).contains(&apart), "each by itself: {apart}");
    let health = one.request(reqwest::Method::GET, "/health").await.expect(200);
    assert!(health.json()["status"] != "unhealthy");
    one.stop().await;
    two.stop().await;
}
