//! Canaries: session ids, tokens and passwords turn up nowhere but at their owner's.

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use myashes_testkit::{DatabaseKind, TestDatabase};
use serde_json::json;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::on_both;
use crate::support::knight;
use crate::support::players::{ADMIN_TOKEN, PLAYERS, SECRET, player};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Everything that the service logs from now on, in detail.
fn log() -> &'static Log {
    static LOG: OnceLock<Log> = OnceLock::new();
    LOG.get_or_init(|| {
        let log = Log::default();
        let ours = "info,myashes=trace,myashes_api=trace,myashes_adapters=trace,myashes_domain=trace,actix_web=debug";
        let subscriber = tracing_subscriber::fmt().with_env_filter(EnvFilter::new(ours)).with_writer(log.clone());
        tracing::subscriber::set_global_default(subscriber.finish()).expect("the only subscriber of these tests");
        log
    })
}

/// Every byte that the database holds.
pub async fn dump(database: &TestDatabase) -> String {
    match database.kind {
        DatabaseKind::Sqlite => {
            let file = Path::new(database.url.trim_start_matches("sqlite://"));
            let mut all = Vec::new();
            for file in std::fs::read_dir(file.parent().unwrap()).unwrap() {
                all.extend(std::fs::read(file.unwrap().path()).unwrap());
            }
            String::from_utf8_lossy(&all).into_owned()
        }
        DatabaseKind::Postgres => {
            let tables = "SELECT table_name::text AS line FROM information_schema.tables \
                          WHERE table_schema = 'public'";
            let mut all = String::new();
            for table in database.texts(tables).await {
                let rows = database.texts(&format!("SELECT t::text AS line FROM \"{table}\" t")).await;
                all.extend(rows);
            }
            // What a backup holds, where its program is installed.
            let dump = tokio::process::Command::new("pg_dump").arg(&database.url).output().await;
            if let Ok(dump) = dump {
                assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
                all.push_str(&String::from_utf8_lossy(&dump.stdout));
            }
            all
        }
    }
}

on_both! {
    with PLAYERS
    async fn no_secret_is_logged_counted_or_stored(server) {
        let log = log();
        let canary = "sess_c0ffeec0ffeec0ffeec0ffee";
        let token = player("canary-player");
        let id = server.post("/builds").header("x-session-id", canary).key("canary-key").json(&knight("Visible name"))
            .await.expect(201).json()["build_id"].as_str().unwrap().to_owned();
        let vote = json!({"rating": 5});
        server.put(&format!("/builds/{id}/vote")).header("x-session-id", canary).json(&vote).await.expect(200);
        server.post("/builds/auth/claim").header("x-session-id", canary).bearer(&token).key("claim")
            .json(&json!({"session_id": canary})).await.expect(200);
        server.get("/me/export").header("x-session-id", canary).bearer(&token).await.expect(200);
        server.get(&format!("/builds?search={canary}&token={token}")).await.expect(200);
        server.get("/builds").header("x-session-id", canary).bearer(&format!("{token}x")).await.expect(401);
        server.get("/admin/audit").admin().await.expect(200);
        server.get("/admin/audit").header("x-admin-token", "canary-guess").await.expect(403);
        server.post("/builds/auth/claim").bearer(&token).json(&json!({"session_id": "canary-wrong"})).await.expect(422);
        let metrics = server.request(reqwest::Method::GET, "/metrics").await.expect(200).text;
        let stored = dump(&server.database).await;
        let logged = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
        assert!(stored.contains("Visible name"), "the dump is one");
        assert!(logged.contains("/api/v1/builds/{id}/vote"), "the log is one");
        let signature = token.rsplit('.').next().unwrap();
        for secret in [canary, &canary[5..], &token, signature, ADMIN_TOKEN, SECRET, "canary-guess", "canary-wrong"] {
            for (place, text) in [("log", &logged), ("metrics", &metrics), ("database", &stored)] {
                assert!(!text.contains(secret), "{secret} is in the {place}");
            }
        }
    }
}
