//! What becomes of requests for which there is no place, and of those that are not done in time.

use std::time::{Duration, Instant};

use actix_web::HttpResponse;
use myashes_api::http::body::JsonBody;
use myashes_api::http::table::RouteSpec;
use myashes_domain::limits::LimitClass;
use myashes_testkit::TestDatabase;
use reqwest::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::support::{TestServer, session};

/// One permit for each request that may end.
static GATE: Semaphore = Semaphore::const_new(0);

/// More than there are places (`http/admission.rs`), so that some wait for as long as the gate is closed.
const CROWD: usize = 400;

/// Longer than a crowd needs to get in each other's way, on a busy machine too.
const REFUSAL_TIMEOUT: Duration = Duration::from_secs(60);

fn with_a_gate() -> Vec<RouteSpec> {
    let mut routes = myashes_api::routes::table();
    routes.push(RouteSpec::undocumented("GET", "/gate", LimitClass::Reads, || async {
        GATE.acquire().await.unwrap().forget();
        HttpResponse::Ok().finish()
    }));
    routes.push(RouteSpec::undocumented("GET", "/never", LimitClass::Reads, || async {
        std::future::pending::<HttpResponse>().await
    }));
    routes.push(RouteSpec::undocumented("POST", "/body", LimitClass::Writes, |_: JsonBody| async {
        HttpResponse::Ok().finish()
    }));
    routes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_without_a_place_get_a_retry_after_and_probes_need_none() {
    let server = TestServer::start_with(TestDatabase::sqlite().await, &[], with_a_gate).await;
    let mut at_work = JoinSet::new();
    let wait_at_gate = |at_work: &mut JoinSet<u16>, count| {
        for _ in 0..count {
            let request = server.client.get(server.url("/gate"));
            at_work.spawn(async move { request.send().await.unwrap().status().as_u16() });
        }
    };
    wait_at_gate(&mut at_work, CROWD);
    let (began, mut refused) = (Instant::now(), None);
    while refused.is_none() && began.elapsed() < REFUSAL_TIMEOUT {
        // Those that wait give up their places after a while.
        wait_at_gate(&mut at_work, 8);
        let reply = server.get("/builds").session(1).await;
        refused = (reply.status == 503).then_some(reply);
    }
    let refused = refused.expect("no request is refused");
    assert_eq!((refused.error().as_str(), refused.header("retry-after")), ("service_unavailable", "1"));
    assert_eq!(refused.header("x-session-id"), session(1), "it is an answer like any other");
    assert!(!refused.json()["request_id"].as_str().unwrap().is_empty());
    for path in ["/health", "/health/db", "/ready", "/metrics"] {
        server.request(Method::GET, path).await.expect(200);
    }
    let metrics = server.request(Method::GET, "/metrics").await.text;
    assert!(metrics.contains("request_wait_seconds_count") && !metrics.contains("requests_shed_total 0\n"));
    GATE.add_permits(at_work.len());
    let statuses = at_work.join_all().await;
    assert!(statuses.iter().all(|status| [200, 503].contains(status)), "{statuses:?}");
    assert!(statuses.iter().filter(|status| **status == 200).count() >= 128, "{statuses:?}");
    server.get("/builds").session(1).await.expect(200);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_done_in_time_is_a_503() {
    let settings = [("REQUEST_TIMEOUT", "300ms")];
    let server = TestServer::start_with(TestDatabase::sqlite().await, &settings, with_a_gate).await;
    let late = server.request(Method::GET, "/never").await.expect(503);
    assert_eq!((late.error().as_str(), late.header("retry-after")), ("service_unavailable", "2"));
    server.request(Method::GET, "/health").await.expect(200);
    server.stop().await;
}

/// The body has a deadline of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_deadline_begins_with_the_last_byte_of_the_body() {
    let settings = [("REQUEST_TIMEOUT", "300ms")];
    let server = TestServer::start_with(TestDatabase::sqlite().await, &settings, with_a_gate).await;
    let mut stream = TcpStream::connect(("127.0.0.1", server.port)).await.unwrap();
    let head =
        "POST /body HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{";
    stream.write_all(head.as_bytes()).await.unwrap();
    // Each of these takes as long as the deadline.
    for _ in 0..2 {
        server.request(Method::GET, "/never").await.expect(503);
    }
    stream.write_all(b"}").await.unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    server.stop().await;
}
