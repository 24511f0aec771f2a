//! What goes wrong inside, and how the service ends.

use actix_web::HttpResponse;
use myashes_api::http::table::RouteSpec;
use myashes_api::routes;
use myashes_testkit::TestDatabase;
use reqwest::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{TestServer, knight, session};

async fn panicking() -> HttpResponse {
    panic!("canary of a panic");
}

fn with_a_panic() -> Vec<RouteSpec> {
    let mut table = routes::table();
    table.push(RouteSpec::undocumented("GET", "/api/v1/panic", None, panicking));
    table
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_is_a_500_in_the_one_shape_and_the_service_goes_on() {
    let server = TestServer::start_with(TestDatabase::sqlite().await, &[], with_a_panic).await;
    for _ in 0..8 {
        let panic = server.get("/panic").session(1).header("origin", "https://myashes.ai");
        let reply = panic.await.expect(500);
        assert_eq!(reply.error(), "internal_error");
        assert_eq!(reply.json()["request_id"], reply.header("x-request-id"));
        assert_eq!(reply.header("x-session-id"), session(1));
        assert_eq!(reply.header("access-control-allow-origin"), "https://myashes.ai");
        assert!(!reply.text.contains("canary"), "{}", reply.text);
    }
    server.get("/builds").await.expect(200);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_constants_of_the_ranking_than_the_stored_scores_have_stop_the_start() {
    let database = TestDatabase::sqlite().await;
    let again = || TestDatabase::existing(&database.url);
    let server = TestServer::start(again(), &[]).await;
    while server.request(Method::GET, "/ready").await.status != 200 {
        tokio::task::yield_now().await;
    }
    server.stop().await;
    let server = TestServer::start(again(), &[("RATING_PRIOR_WEIGHT", "9")]).await;
    let refusal = server.ended().await.unwrap_err().to_string();
    assert!(refusal.contains("RATING_PRIOR_WEIGHT") && refusal.contains("doctor --repair"), "{refusal}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_that_stops_says_so_and_finishes_what_it_began() {
    let mut server = TestServer::start(TestDatabase::sqlite().await, &[("SHUTDOWN_GRACE", "20s")]).await;
    while server.request(Method::GET, "/ready").await.status != 200 {
        tokio::task::yield_now().await;
    }
    let body = knight("Last").to_string();
    let head = format!(
        "POST /api/v1/builds HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    let mut socket = TcpStream::connect(("127.0.0.1", server.port)).await.unwrap();
    socket.write_all(head.as_bytes()).await.unwrap();
    socket.write_all(&body.as_bytes()[..10]).await.unwrap();
    // The service has certainly read the head once it answers a later request.
    server.request(Method::GET, "/health").await.expect(200);
    server.begin_to_stop();
    while server.request(Method::GET, "/ready").await.status != 503 {
        tokio::task::yield_now().await;
    }
    server.request(Method::GET, "/health").await.expect(200);
    server.get("/builds").await.expect(200);
    socket.write_all(&body.as_bytes()[10..]).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    server.stop().await;
}
