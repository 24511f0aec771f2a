//! The service under test with demo builds.

use myashes_servers::{Nginx, free_port};
use myashes_testkit::TestDatabase;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::support::players::ADMIN_TOKEN;
use crate::support::{TestServer, knight};

/// Enough for a second page of the gallery beside the starter builds.
const DEMO_BUILDS: &str = "30";

/// Where the pages are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mount {
    Root,
    /// Below `/api/pages` behind an nginx that forwards `/api/` alone.
    ApiPages,
}

pub struct Site {
    pub server: TestServer,
    /// Scheme, host and port of the pages.
    pub origin: String,
    mount_path: &'static str,
    _proxy: Option<Nginx>,
}

impl Site {
    /// `None` where nginx is needed and not installed.
    pub async fn start(mount: Mount) -> Option<Self> {
        let database = TestDatabase::sqlite().await;
        seed(&database).await;
        match mount {
            Mount::Root => {
                let server = TestServer::start(database, &[("ADMIN_TOKEN", ADMIN_TOKEN)]).await;
                let origin = format!("http://127.0.0.1:{}", server.port);
                Some(Self { server, origin, mount_path: "", _proxy: None })
            }
            Mount::ApiPages => {
                let (mount_path, port) = ("/api/pages", free_port());
                let origin = format!("http://127.0.0.1:{port}");
                let public_url = format!("{origin}{mount_path}");
                let settings =
                    [("ADMIN_TOKEN", ADMIN_TOKEN), ("PUBLIC_URL", &*public_url), ("WEBSITE_URL", &*origin)];
                let server = TestServer::start(database, &settings).await;
                let forward = format!(
                    "location /api/ {{\nproxy_pass http://127.0.0.1:{};\n}}\nlocation / {{\nreturn 404;\n}}\n",
                    server.port
                );
                let proxy = Nginx::for_test(port, &forward)?;
                Some(Self { server, origin, mount_path, _proxy: Some(proxy) })
            }
        }
    }

    /// The URL of a page.
    pub fn url(&self, path: &str) -> String {
        format!("{}{}{path}", self.origin, self.mount_path)
    }

    /// Creates a build of session 1 that no demo build resembles by name; its id.
    pub async fn build(&self, name: &str) -> String {
        let mut build = knight(name);
        build["description"] = json!("Holds the gate while others talk.");
        self.server.build(1, &build).await
    }

    /// A build as the API returns it.
    pub async fn stored(&self, id: &str) -> Value {
        self.server.get(&format!("/builds/{id}")).await.expect(200).json()
    }

    /// Sends feedback; its id.
    pub async fn feedback(&self, query: &str, rating: &str) -> String {
        let body = json!({"query": query, "response_snippet": "An answer.", "rating": rating, "search_mode": "smart"});
        let reply = self.server.post("/feedback").session(2).json(&body).await.expect(201);
        reply.json()["feedback_id"].as_str().unwrap().to_owned()
    }

    /// Reports a build, each session once.
    pub async fn report(&self, session: u32, id: &str, reason: &str) {
        let report = self.server.post(&format!("/builds/{id}/report")).session(session);
        let reply = report.json(&json!({"reason": reason})).await;
        assert!(matches!(reply.status, 200..=299), "{}", reply.text);
    }
}

async fn seed(database: &TestDatabase) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_myashes"));
    command.env_clear().env("DATABASE_URL", &database.url).args(["seed", "--demo", DEMO_BUILDS]);
    let output = command.output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
