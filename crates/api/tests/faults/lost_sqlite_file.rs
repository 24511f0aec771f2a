//! The SQLite file goes away, or becomes another one, while the service is running.

use std::path::PathBuf;

use myashes_servers::MOMENT;
use reqwest::Client;
use serde_json::json;
use tempfile::TempDir;

use crate::load::session;
use crate::service::{Service, is_ready};

struct Stage {
    folder: TempDir,
    service: Service,
    client: Client,
}

impl Stage {
    async fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let url = format!("sqlite://{}", folder.path().join("data/live.db").display());
        let stage = Self { service: Service::start(&url, &[]).await, client: Client::new(), folder };
        assert_eq!(stage.create().await, 201);
        stage
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn file(&self) -> PathBuf {
        self.data().join("live.db")
    }

    /// The status of a new build.
    async fn create(&self) -> u16 {
        let build = json!({
            "name": "Kept", "primary_archetype": "tank", "secondary_archetype": "cleric", "race": "dunir",
        });
        let request = self.client.post(format!("{}/api/v1/builds", self.service.url()));
        let answer = request.header("x-session-id", session(1, 1)).json(&build).send().await;
        answer.expect("an answer").status().as_u16()
    }

    /// That nothing is acknowledged, the service is not ready, and its log names the file and what to do.
    async fn refuses_writes(&self, what: &str) {
        assert_eq!(self.create().await, 503, "at once, before any look at the health");
        while is_ready(self.service.port).await {
            tokio::time::sleep(MOMENT).await;
        }
        let health = self.client.get(format!("{}/health", self.service.url())).send().await;
        let health: serde_json::Value = health.expect("/health answers").json().await.expect("JSON");
        assert_eq!(health["dependencies"]["database"]["status"], "unhealthy", "{health}");
        let file = self.file().display().to_string();
        let line = |line: &str| line.contains("ERROR") && line.contains(&file) && line.contains(what);
        while !self.service.log().lines().any(line) {
            tokio::time::sleep(MOMENT).await;
        }
        assert_eq!(self.create().await, 503);
    }

    async fn is_well_again(&self) {
        while !is_ready(self.service.port).await {
            tokio::time::sleep(MOMENT).await;
        }
        assert_eq!(self.create().await, 201);
        self.service.assert_never_panicked();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_sqlite_file_stops_writes() {
    let stage = Stage::new().await;
    std::fs::remove_file(stage.file()).expect("the file was there");
    stage.refuses_writes("is missing").await;
    assert!(!stage.file().exists(), "no empty file takes its place");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sqlite_file_that_was_moved_away_and_back_is_used_again() {
    let stage = Stage::new().await;
    let elsewhere = stage.folder.path().join("elsewhere.db");
    std::fs::rename(stage.file(), &elsewhere).expect("the file was there");
    stage.refuses_writes("is missing").await;
    std::fs::rename(&elsewhere, stage.file()).expect("the file was there");
    stage.is_well_again().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sqlite_file_that_was_replaced_stops_writes() {
    let stage = Stage::new().await;
    let copy = stage.folder.path().join("copy.db");
    std::fs::copy(stage.file(), &copy).expect("the file was there");
    std::fs::rename(&copy, stage.file()).expect("the file was there");
    stage.refuses_writes("was replaced").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_was_moved_away_stops_writes() {
    let stage = Stage::new().await;
    let elsewhere = stage.folder.path().join("elsewhere");
    std::fs::rename(stage.data(), &elsewhere).expect("the folder was there");
    stage.refuses_writes("is missing").await;
    std::fs::rename(&elsewhere, stage.data()).expect("the folder was there");
    stage.is_well_again().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_write_ahead_log_stops_writes() {
    let stage = Stage::new().await;
    std::fs::remove_file(stage.data().join("live.db-wal")).expect("the file was there");
    stage.refuses_writes("-wal").await;
}
