//! A Redis user with restricted rights, or one that does not exist.

use myashes_servers::{MOMENT, Redis};
use myashes_testkit::{DatabaseKind, TestDatabase};
use reqwest::Client;
use serde_json::{Value, json};

use crate::load::session;
use crate::service::Service;

const PASSWORD: &str = "hunter2-of-tests";

/// Reads per minute and session, and what a minute gives back while a test asks.
const LIMIT: usize = 20;
const REGAINED: usize = 8;

struct Stage {
    redis: Redis,
    replicas: [Service; 2],
    client: Client,
    _databases: [TestDatabase; 2],
}

impl Stage {
    /// Two services that share a Redis, as a user with these rights.
    async fn with(rights: &str) -> Option<Self> {
        let redis = Redis::for_test()?;
        let made = redis.execute(&format!("ACL SETUSER limited on >{PASSWORD} {rights}"));
        assert!(made.starts_with("+OK"), "{made}");
        let databases =
            [TestDatabase::new(DatabaseKind::Sqlite).await?, TestDatabase::new(DatabaseKind::Sqlite).await?];
        let url = redis.url().replace("redis://", &format!("redis://limited:{PASSWORD}@"));
        let limit = LIMIT.to_string();
        let settings = [
            ("REDIS_URL", &*url),
            ("RATE_LIMIT_ENABLED", "true"),
            ("RATE_LIMIT_READS", &limit),
            ("RATE_LIMIT_TRUSTED_CLIENTS", "127.0.0.0/8"),
        ];
        let replicas = [
            Service::start(&databases[0].url, &settings).await,
            Service::start(&databases[1].url, &settings).await,
        ];
        Some(Self { redis, replicas, client: Client::new(), _databases: databases })
    }

    async fn cache_is(&self, status: &str) {
        for replica in &self.replicas {
            loop {
                let answer = self.client.get(format!("{}/health", replica.url())).send().await;
                let health: Value = answer.expect("/health answers").json().await.expect("JSON");
                if health["dependencies"]["cache"]["status"] == status {
                    break;
                }
                tokio::time::sleep(MOMENT).await;
            }
        }
    }

    /// Makes builds on both, each of which is announced to the other.
    async fn announce(&self) {
        for number in 0..6 {
            let build = json!({
                "name": "Announced", "primary_archetype": "tank", "secondary_archetype": "cleric",
                "race": "dunir",
            });
            let request = self.client.post(format!("{}/api/v1/builds", self.replicas[number % 2].url()));
            let answer = request.header("x-session-id", session(3, 0)).json(&build).send().await;
            let answer = answer.expect("an answer");
            assert_eq!(answer.status().as_u16(), 201);
            let build: Value = answer.json().await.expect("JSON");
            let id = build["build_id"].as_str().expect("an id");
            let path = format!("{}/api/v1/builds/{id}", self.replicas[number % 2].url());
            let request = self.client.patch(path).header("x-session-id", session(3, 0));
            let answer = request.json(&json!({"name": "Announced again"})).send().await.expect("an answer");
            assert_eq!(answer.status().as_u16(), 200);
        }
    }

    /// How many of three times the limit pass, asked of both in turn.
    async fn passed(&self, number: u64) -> usize {
        let mut passed = 0;
        for n in 0..3 * LIMIT {
            let request = self.client.get(format!("{}/api/v1/game", self.replicas[n % 2].url()));
            let answer = request.header("x-session-id", session(4, number)).send().await;
            passed += usize::from(answer.expect("an answer").status().as_u16() == 200);
        }
        passed
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_without_channels_publishes_nothing_and_limits_stay_shared() {
    let Some(stage) = Stage::with("~* +@all").await else { return };
    stage.cache_is("healthy").await;
    stage.announce().await;
    for replica in &stage.replicas {
        let line = replica.logs(&["WARN", "PUBLISH"]).await;
        for part in ["&myashes:changed:*", "limited", "ACL SETUSER"] {
            assert!(line.contains(part), "{part:?} is missing in {line}");
        }
        replica.logs(&["WARN", "SUBSCRIBE", "&myashes:changed:*"]).await;
    }
    stage.announce().await;
    let passed = stage.passed(1).await;
    assert!((LIMIT..=LIMIT + REGAINED).contains(&passed), "{passed} passed a shared limit of {LIMIT}");
    stage.cache_is("healthy").await;
    for replica in &stage.replicas {
        let log = replica.log();
        assert_eq!(log.lines().filter(|line| line.contains("PUBLISH")).count(), 1, "{log}");
        assert_eq!(log.lines().filter(|line| line.contains("SUBSCRIBE")).count(), 1, "{log}");
        assert!(!log.contains(PASSWORD), "{log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rights_that_the_manual_lists_are_enough() {
    let manual = include_str!("../../../../docs/OPERATIONS.md");
    let rights = manual.lines().find_map(|line| line.strip_prefix("ACL SETUSER myashes on >PASSWORD "));
    let Some(stage) = Stage::with(rights.expect("the manual lists them")).await else { return };
    stage.cache_is("healthy").await;
    stage.announce().await;
    let passed = stage.passed(1).await;
    assert!((LIMIT..=LIMIT + REGAINED).contains(&passed), "{passed} passed a shared limit of {LIMIT}");
    let refused = stage.redis.execute("ACL LOG");
    assert!(refused.starts_with("*0"), "{refused}");
    for replica in &stage.replicas {
        assert!(!replica.log().contains("Redis refuses"), "{}", replica.log());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_without_the_right_to_the_script_is_warned_of_once() {
    let Some(stage) = Stage::with("~* &* +@all -@scripting").await else { return };
    stage.cache_is("healthy").await;
    let passed = stage.passed(1).await;
    assert!(passed <= 2 * (LIMIT + REGAINED), "each holds the limit by itself: {passed}");
    for replica in &stage.replicas {
        let line = replica.logs(&["WARN", "+evalsha"]).await;
        assert!(line.contains("limited"), "{line}");
        assert_eq!(replica.log().matches("+evalsha").count(), 1, "{}", replica.log());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_of_redis_is_named_and_never_shown() {
    let Some(stage) = Stage::with("~* &* +@all").await else { return };
    stage.cache_is("healthy").await;
    let wrong = "not-the-password-of-tests";
    let url = stage.redis.url().replace("redis://", &format!("redis://limited:{wrong}@"));
    let Some(database) = TestDatabase::new(DatabaseKind::Sqlite).await else { return };
    let service = Service::start(&database.url, &[("REDIS_URL", &url)]).await;
    let port = stage.redis.port().to_string();
    service.logs(&["WARN", "REDIS_URL", "REDIS_PASSWORD", "limited", &port, "authentication failed"]).await;
    assert!(!service.log().contains(wrong), "{}", service.log());
}
