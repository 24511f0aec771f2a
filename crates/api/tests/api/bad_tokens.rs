//! Row 4 of the security review: guesses at opaque tokens.

use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::{App, HttpResponse, HttpServer, web};
use futures_util::future::join_all;
use myashes_testkit::TestDatabase;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::TestServer;

/// An identity platform that knows the tokens that begin with `good`, and counts what it is asked.
#[derive(Default)]
struct Platform {
    asked: AtomicUsize,
}

async fn validate(platform: web::Data<Platform>, question: web::Json<Value>) -> HttpResponse {
    platform.asked.fetch_add(1, Ordering::SeqCst);
    let token = question["variables"]["token"].as_str().unwrap();
    let player = json!({"valid": token.starts_with("good"), "playerId": token});
    HttpResponse::Ok().json(json!({"data": {"validateToken": player}}))
}

async fn start(more: &[(&str, &str)]) -> (TestServer, web::Data<Platform>) {
    let platform = web::Data::new(Platform::default());
    let shared = platform.clone();
    let app = move || App::new().app_data(shared.clone()).route("/graphql", web::post().to(validate));
    let server = HttpServer::new(app).workers(1).disable_signals().bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", server.addrs()[0]);
    tokio::spawn(server.run());
    let own = [
        ("IDENTITY_URL", url.as_str()),
        ("TRUSTED_PROXIES", "127.0.0.1"),
        ("RATE_LIMIT_ENABLED", "true"),
        ("RATE_LIMIT_READS", "1000"),
    ];
    let more: Vec<_> = own.iter().chain(more).copied().collect();
    (TestServer::start(TestDatabase::sqlite().await, &more).await, platform)
}

async fn status(server: &TestServer, token: &str, address: &str) -> u16 {
    server.get("/game").bearer(token).header("x-forwarded-for", address).await.status
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn routes_outside_the_api_and_the_document_look_at_no_token() {
    let (server, platform) = start(&[]).await;
    let paths = ["/", "/health", "/metrics", "/docs", "/openapi.json", "/api/v1/openapi.json"];
    for path in paths {
        server.request(Method::GET, path).bearer("guess").await.expect(200);
    }
    server.request(Method::GET, "/elsewhere").bearer("guess").await.expect(404);
    server.request(Method::DELETE, "/docs").bearer("guess").await.expect(405);
    assert_eq!(platform.asked.load(Ordering::SeqCst), 0);
    server.get("/nowhere").bearer("guess").await.expect(401);
    server.delete("/builds").bearer("guess").await.expect(401);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_bad_tokens_of_one_address_end_its_guesses_and_leave_good_tokens_alone() {
    let (server, platform) = start(&[]).await;
    let address = "2001:db8:1:2::1";
    assert_eq!(status(&server, "good-early", address).await, 200);
    for n in 0..30 {
        assert_eq!(status(&server, &format!("guess-{n}"), &format!("2001:db8:1:2::{n:x}")).await, 401);
    }
    let refused =
        server.get("/game").bearer("good-late").header("x-forwarded-for", address).await.expect(429);
    assert_eq!(refused.error(), "rate_limited");
    assert_eq!(refused.json()["details"]["limit"], "tokens");
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait) && refused.json()["details"]["retry_after"] == wait);
    assert_eq!(status(&server, "guess-0", address).await, 401, "a token known to be bad is answered");
    assert_eq!(status(&server, "good-early", address).await, 200, "a token known to be good goes on");
    server.get("/game").header("x-forwarded-for", address).await.expect(200);
    assert_eq!(status(&server, "good-other", "2001:db8:1:3::1").await, 200, "another address");
    assert_eq!(status(&server, "good-other", address).await, 200, "found good elsewhere");
    assert_eq!(platform.asked.load(Ordering::SeqCst), 32);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guesses_at_once_are_bounded_too_and_good_tokens_at_once_are_not() {
    let (server, platform) = start(&[]).await;
    let good: Vec<String> = (0..80).map(|n| format!("good-{n}")).collect();
    let statuses = join_all(good.iter().map(|token| status(&server, token, "198.51.100.1"))).await;
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    let before = platform.asked.load(Ordering::SeqCst);
    let guesses: Vec<String> = (0..80).map(|n| format!("guess-{n}")).collect();
    let statuses = join_all(guesses.iter().map(|token| status(&server, token, "198.51.100.2"))).await;
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 30, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 50, "{statuses:?}");
    assert_eq!(platform.asked.load(Ordering::SeqCst) - before, 30);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trusted_clients_may_pass_on_as_many_bad_tokens_as_they_get() {
    let (server, _) = start(&[("RATE_LIMIT_TRUSTED_CLIENTS", "198.51.100.0/24")]).await;
    for n in 0..40 {
        assert_eq!(status(&server, &format!("guess-{n}"), "198.51.100.7").await, 401);
    }
    server.stop().await;
}
