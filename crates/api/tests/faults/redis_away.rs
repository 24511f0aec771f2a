//! F5: Redis killed, frozen, and started again with nothing in it.

use std::time::{Duration, Instant};

use myashes_servers::{MOMENT, Redis};
use myashes_testkit::{DatabaseKind, TestDatabase};
use reqwest::Client;

use crate::load::session;
use crate::service::Service;

/// Reads per minute and session.
const LIMIT: u64 = 20;

/// What a minute's limit gives back while a test asks.
const REGAINED: u64 = 8;

/// What one request waits for a Redis that hangs, once.
const HANG: Duration = Duration::from_millis(50);

struct Stage {
    redis: Redis,
    service: Service,
    client: Client,
    sessions: u64,
    _database: TestDatabase,
}

impl Stage {
    async fn new() -> Option<Self> {
        let database = TestDatabase::new(DatabaseKind::Sqlite).await?;
        let redis = Redis::for_test()?;
        let limit = LIMIT.to_string();
        let settings = [
            ("REDIS_URL", redis.url()),
            ("RATE_LIMIT_ENABLED", "true".into()),
            ("RATE_LIMIT_READS", limit),
            // The limit of the address is not what is tried here.
            ("RATE_LIMIT_TRUSTED_CLIENTS", "127.0.0.0/8".into()),
        ];
        let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, &**value)).collect();
        let service = Service::start(&database.url, &settings).await;
        let stage = Self { redis, service, client: Client::new(), sessions: 0, _database: database };
        stage.cache_is("healthy").await;
        Some(stage)
    }

    /// Asks three times as much as a new session may; how much of it passed, and how long it took.
    async fn passed(&mut self) -> (u64, Duration) {
        self.sessions += 1;
        let me = session(7, self.sessions);
        let (began, mut passed) = (Instant::now(), 0);
        for _ in 0..3 * LIMIT {
            let request = self.client.get(format!("{}/api/v1/game", self.service.url()));
            let answer = request.header("x-session-id", &me).send().await.expect("an answer");
            match answer.status().as_u16() {
                200 => passed += 1,
                429 => {}
                other => panic!("{other} because Redis is away"),
            }
        }
        (passed, began.elapsed())
    }

    /// That the limit holds, neither looser nor tighter.
    async fn limit_holds(&mut self) -> Duration {
        let (passed, took) = self.passed().await;
        assert!((LIMIT..=LIMIT + REGAINED).contains(&passed), "{passed} passed a limit of {LIMIT}");
        took
    }

    /// Waits until /health says so of the cache.
    async fn cache_is(&self, status: &str) {
        loop {
            let answer = self.client.get(format!("{}/health", self.service.url())).send().await;
            let health: serde_json::Value = answer.expect("/health answers").json().await.expect("JSON");
            if health["dependencies"]["cache"]["status"] == status {
                return;
            }
            tokio::time::sleep(MOMENT).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_hold_and_nothing_fails_without_redis() {
    let Some(mut stage) = Stage::new().await else { return };
    stage.limit_holds().await;

    stage.redis.kill();
    stage.limit_holds().await;

    stage.redis.restart();
    stage.cache_is("healthy").await;
    stage.limit_holds().await;

    stage.redis.freeze();
    let took = stage.limit_holds().await;
    // Had each request waited, this would be three seconds.
    assert!(took < HANG * (3 * LIMIT as u32) / 2, "{took:?}: the breaker does not keep callers from waiting");
    stage.redis.thaw();
    stage.cache_is("healthy").await;
    stage.limit_holds().await;
    stage.service.assert_never_panicked();
}
