//! Around the API: health, readiness, metrics, documents.

use std::collections::BTreeSet;

use myashes_testkit::{DatabaseKind, TestDatabase};
use reqwest::Method;
use serde_json::json;

use crate::on_both;
use crate::support::TestServer;

async fn until_ready(server: &TestServer) {
    while server.request(Method::GET, "/ready").await.status != 200 {
        tokio::task::yield_now().await;
    }
}

on_both! {
    async fn a_service_with_its_database_is_healthy_and_ready(server) {
        until_ready(server).await;
        let health = server.request(Method::GET, "/health").await.expect(200).json();
        assert_eq!(health["status"], "healthy");
        assert_eq!(health["version"], myashes_api::VERSION);
        assert_eq!(health["dependencies"]["database"]["status"], "healthy");
        assert!(health["dependencies"]["database"]["latency_ms"].is_number());
        assert_eq!(health["dependencies"]["cache"]["status"], "healthy");
        assert!(health["uptime_seconds"].is_u64());
        assert_eq!(health["identity"], "not configured");
        server.request(Method::GET, "/health/db").await.expect(200);
        assert_eq!(server.request(Method::GET, "/ready").await.expect(200).json(), json!({"ready": true}));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_database_it_is_alive_but_not_ready_and_says_503() {
    let away = TestDatabase::sqlite().await;
    let more = [
        ("DATABASE_URL", "postgres://user@127.0.0.1:9/none"),
        ("MIGRATE_ON_START", "false"),
        ("DB_POOL_TIMEOUT", "200ms"),
    ];
    let server = TestServer::start(away, &more).await;
    let health = server.request(Method::GET, "/health").await.expect(200).json();
    assert_eq!(health["status"], "unhealthy");
    assert_eq!(server.request(Method::GET, "/ready").await.expect(503).json(), json!({"ready": false}));
    server.request(Method::GET, "/health/db").await.expect(503);
    let reply = server.get("/builds").await.expect(503);
    assert_eq!(reply.error(), "service_unavailable");
    assert!(!reply.header("retry-after").is_empty());
    assert_eq!(reply.json()["request_id"], reply.header("x-request-id"));
    assert!(!reply.text.contains("127.0.0.1"), "{}", reply.text);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unmigrated_database_leaves_it_up_but_not_ready() {
    let Some(database) = TestDatabase::unmigrated(DatabaseKind::Postgres).await else { return };
    let server = TestServer::start(database, &[("MIGRATE_ON_START", "false")]).await;
    while server.request(Method::GET, "/health/db").await.status != 200 {
        tokio::task::yield_now().await;
    }
    server.request(Method::GET, "/ready").await.expect(503);
    server.request(Method::GET, "/health").await.expect(200);
    server.stop().await;
}

on_both! {
    async fn metrics_name_the_route_not_the_path(server) {
        server.get("/builds/b_abcdefghij").await.expect(404);
        server.get("/nowhere/canary-path").await.expect(404);
        let reply = server.request(Method::GET, "/metrics").await.expect(200);
        let line = |parts: &[&str]| reply.text.lines().any(|line| parts.iter().all(|part| line.contains(part)));
        assert!(line(&["http_requests_total{", "route=\"/api/v1/builds/{id}\"", "method=\"GET\"", "status=\"404\""]));
        assert!(line(&["http_request_duration_seconds_bucket{", "route=\"/api/v1/builds/{id}\"", "le=\"0.005\""]));
        assert!(line(&["http_requests_total{", "route=\"unmatched\""]));
        assert!(line(&["build_info{", "version="]));
        assert!(line(&["db_pool_wait_seconds_count"]));
        assert!(line(&["# HELP http_requests_total "]));
        assert!(!reply.text.contains("canary") && !reply.text.contains("b_abcdefghij"));
    }
}

on_both! {
    with [("ENV", "stage"), ("ALLOW_SQLITE_IN_PRODUCTION", "true"), ("TRUSTED_PROXIES", "none")]
    async fn metrics_are_on_the_main_port_in_development_only(server) {
        server.request(Method::GET, "/metrics").await.expect(404);
    }
}

on_both! {
    with [("DOCS_ENABLED", "false")]
    async fn documents_can_be_turned_off(server) {
        for path in ["/docs", "/openapi.json", "/api/v1/openapi.json", "/docs/swagger-ui.css"] {
            server.request(Method::GET, path).await.expect(404);
        }
    }
}

on_both! {
    async fn the_viewer_comes_whole_from_inside_the_binary(server) {
        let page = server.request(Method::GET, "/docs").await.expect(200).text;
        let files: Vec<&str> = page.split('"').filter(|part| part.starts_with("/api/v1/docs/")).collect();
        assert_eq!(files.len(), 4);
        for file in files {
            let reply = server.request(Method::GET, file).await.expect(200);
            assert!(reply.text.len() > 100, "{file}");
        }
        let start = server.request(Method::GET, "/docs/swagger-initializer.js").await.text;
        assert!(start.contains("/api/v1/openapi.json") && !start.contains("petstore"), "{start}");
        assert!(!page.contains("//cdn") && !page.contains("https:"), "nothing from elsewhere");
    }
}

on_both! {
    with [("IDENTITY_URL", "http://127.0.0.1:9")]
    async fn health_tells_when_the_identity_platform_keeps_failing(server) {
        let identity = async || server.request(Method::GET, "/health").await.expect(200).json()["identity"].clone();
        assert_eq!(identity().await, "configured");
        for n in 0..3 {
            server.get("/builds").bearer(&format!("opaque{n}")).await.expect(503);
        }
        assert_eq!(identity().await, "unreachable");
    }
}

on_both! {
    with [("AUTH_REQUIRED_FOR_WRITES", "true")]
    async fn monitors_of_the_older_service_find_their_status(server) {
        let status = server.get("/builds/health/status").await.expect(200).json();
        assert_eq!(status, serde_json::json!({"status": "operational", "auth_required_for_writes": true}));
    }
}

on_both! {
    async fn product_counters_are_there_before_their_first_event(server) {
        let metrics = server.request(Method::GET, "/metrics").await.expect(200).text;
        for name in ["builds_created_total ", "votes_cast_total ", "feedback_total{rating=\"up\",search_mode=\"deep\"} ",
            "searches_zero_results_total{search_mode=\"smart\"} ", "rate_limited_total{class=\"build_votes\"} "] {
            assert!(metrics.contains(name), "{name}");
        }
    }
}

on_both! {
    async fn the_document_is_the_same_at_both_addresses(server) {
        let one = server.request(Method::GET, "/openapi.json").await.expect(200);
        let two = server.request(Method::GET, "/api/v1/openapi.json").await.expect(200);
        assert_eq!(one.text, two.text);
        assert_eq!(one.json()["openapi"], "3.1.0");
    }
}

#[test]
fn each_operation_has_an_id_of_its_own() {
    let document =
        serde_json::to_value(myashes_api::openapi::document(myashes_api::routes::table())).unwrap();
    let items = document["paths"].as_object().unwrap().values();
    let operations = items.flat_map(|item| item.as_object().unwrap().values());
    let ids: Vec<&str> = operations.map(|it| it["operationId"].as_str().unwrap()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
    assert!(ids.len() > 40, "{ids:?}");
}

on_both! {
    async fn the_game_data_is_whole(server) {
        let game = server.get("/game").await.expect(200).json();
        assert_eq!(game["archetypes"].as_array().unwrap().len(), 8);
        assert_eq!(game["races"].as_array().unwrap().len(), 9);
        assert_eq!(game["classes"]["tank"]["fighter"], "Knight");
        assert_eq!(game["races"].as_array().unwrap().iter().find(|it| it["id"] == "pyrai").unwrap()["name"], "Py'rai");
    }
}
