//! Throw-away databases.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio_postgres::{Config, NoTls};

static NUMBER: AtomicU32 = AtomicU32::new(0);

fn unique_name() -> String {
    format!("myashes_api_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed))
}

/// A database that goes away with its value.
pub enum TestDatabase {
    Sqlite(PathBuf),
    Postgres { admin: Box<Config>, url: String, name: String },
}

impl TestDatabase {
    pub fn sqlite() -> Self {
        Self::Sqlite(std::env::temp_dir().join(unique_name()))
    }

    /// `None` where there is no PostgreSQL to test with, which CI does not let pass.
    pub async fn postgres() -> Option<Self> {
        let variable = |name| myashes_api::settings::Settings::environment().remove(name);
        let Some(base) = variable("TEST_DATABASE_URL").filter(|url| !url.is_empty()) else {
            assert!(variable("CI").is_none_or(|ci| ci != "true"), "CI needs TEST_DATABASE_URL");
            eprintln!("SKIPPED: TEST_DATABASE_URL is not set, so nothing was tried on PostgreSQL");
            return None;
        };
        let admin: Config = base.parse().expect("TEST_DATABASE_URL is a PostgreSQL URL");
        let name = unique_name();
        execute(&admin, &format!("CREATE DATABASE {name}")).await;
        let (before, query) = base.split_once('?').map_or((base.as_str(), ""), |(url, query)| (url, query));
        let authority = before.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        let query = if query.is_empty() { String::new() } else { format!("?{query}") };
        let url = format!("{authority}/{name}{query}");
        Some(Self::Postgres { admin: Box::new(admin), url, name })
    }

    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => format!("sqlite://{}/test.db", folder.display()),
            Self::Postgres { url, .. } => url.clone(),
        }
    }
}

async fn execute(config: &Config, sql: &str) {
    let (client, connection) = config.connect(NoTls).await.expect("TEST_DATABASE_URL can be reached");
    let connection = tokio::spawn(connection);
    client.batch_execute(sql).await.expect(sql);
    drop(client);
    let _ = connection.await;
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        match self {
            Self::Sqlite(folder) => {
                let _ = std::fs::remove_dir_all(folder);
            }
            Self::Postgres { admin, name, .. } => {
                let (admin, sql) = (admin.clone(), format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
                // A runtime cannot be entered from within another, so this one has a thread of its own.
                let dropping = std::thread::spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                    runtime.expect("a small runtime").block_on(execute(&admin, &sql));
                });
                let _ = dropping.join();
            }
        }
    }
}
