//! A server of one's own for each test, and a client that reads as the test does.

pub mod client;
pub mod players;
pub mod server;

pub use client::{Reply, masked};
pub use server::TestServer;

/// A session of a test, different for each number.
pub fn session(number: u32) -> String {
    format!("sess_{number:024x}")
}

/// A build that is accepted as it is.
pub fn knight(name: &str) -> serde_json::Value {
    serde_json::json!({
        "name": name, "primary_archetype": "tank", "secondary_archetype": "fighter", "race": "vek",
        "tags": ["pvp"], "build_data": {"skills": ["charge"]},
    })
}

/// Declares one promise and holds it against both databases, with more configuration where it is given.
#[macro_export]
macro_rules! on_both {
    (async fn $name:ident($server:ident) $body:block) => {
        $crate::on_both!(with [] async fn $name($server) $body);
    };
    (with [$($setting:expr),*] async fn $name:ident($server:ident) $body:block) => {
        $crate::on_both!(with_all (&[$($setting),*]) async fn $name($server) $body);
    };
    (with $settings:ident async fn $name:ident($server:ident) $body:block) => {
        $crate::on_both!(with_all ($settings) async fn $name($server) $body);
    };
    (with_all ($settings:expr) async fn $name:ident($server:ident) $body:block) => {
        mod $name {
            #[allow(unused_imports, reason = "not every promise needs all of its file's imports")]
            use super::*;

            async fn promise($server: &$crate::support::TestServer) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let database = myashes_testkit::TestDatabase::sqlite().await;
                let server = $crate::support::TestServer::start(database, $settings).await;
                promise(&server).await;
                server.stop().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let kind = myashes_testkit::DatabaseKind::Postgres;
                let Some(database) = myashes_testkit::TestDatabase::new(kind).await else { return };
                let server = $crate::support::TestServer::start(database, $settings).await;
                promise(&server).await;
                server.stop().await;
            }
        }
    };
}
