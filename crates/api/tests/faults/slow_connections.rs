//! S7: clients that keep a connection and send nothing more, or send it too slowly; and many of them.

use std::time::{Duration, Instant};

use myashes_testkit::TestDatabase;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::load::session;
use crate::service::Service;

/// Longer than any connection may drip: a body's deadline, the linger after an answer, and what a sweep and a busy
/// machine add.
const TOO_LONG: Duration = Duration::from_secs(30);

/// Opens a connection, and has one request on it answered.
async fn kept_connection(port: u16) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("it listens");
    let get = format!("GET /health HTTP/1.1\r\nhost: x\r\nx-session-id: {}\r\n\r\n", session(1, 1));
    stream.write_all(get.as_bytes()).await.expect("it reads");
    answer(&mut stream).await;
    stream
}

/// Reads one answer, whose body comes with its head.
async fn answer(stream: &mut TcpStream) -> String {
    let (mut text, mut piece) = (String::new(), [0; 4096]);
    while !text.contains("\r\n\r\n") {
        let length = stream.read(&mut piece).await.expect("an answer");
        assert!(length > 0, "it was closed: {text}");
        text.push_str(&String::from_utf8_lossy(&piece[..length]));
    }
    text
}

/// Sends a byte now and then until the other side has had enough.
async fn is_closed_while_it_drips(mut stream: TcpStream, drip: &[u8]) {
    let (began, mut nothing) = (Instant::now(), [0; 4096]);
    loop {
        assert!(began.elapsed() < TOO_LONG, "it stays");
        let read = tokio::time::timeout(Duration::from_millis(500), stream.read(&mut nothing)).await;
        if matches!(read, Ok(Ok(0) | Err(_))) || stream.write_all(drip).await.is_err() {
            return;
        }
    }
}

/// Waits without a word until the other side has had enough.
async fn is_closed(mut stream: TcpStream) {
    let mut nothing = [0; 4096];
    let closed = async { while !matches!(stream.read(&mut nothing).await, Ok(0) | Err(_)) {} };
    tokio::time::timeout(TOO_LONG, closed).await.expect("it stays");
}

const DRIP: &[u8] = b"1\r\nx\r\n";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: waits for the deadlines of heads and bodies"]
async fn what_comes_too_slowly_on_a_kept_connection_ends_it() {
    let database = TestDatabase::sqlite().await;
    let service = Service::start(&database.url, &[]).await;
    let port = service.port;
    let mut clients = JoinSet::new();
    clients.spawn(async move { is_closed_while_it_drips(kept_connection(port).await, b"G").await });
    clients.spawn(async move {
        let mut second_head_stops = kept_connection(port).await;
        second_head_stops.write_all(b"G").await.expect("it reads");
        is_closed(second_head_stops).await;
    });
    let refused = format!("POST /api/v1/builds HTTP/1.1\r\nx-session-id: {}\r\n", session(1, 1));
    for head in
        ["GET /health HTTP/1.1\r\n", "DELETE /api/v1/me HTTP/1.1\r\n", "POST /nowhere HTTP/1.1\r\n", &refused]
    {
        let head = format!("{head}host: x\r\ntransfer-encoding: chunked\r\n\r\n");
        clients.spawn(async move {
            let mut stream = kept_connection(port).await;
            stream.write_all(head.as_bytes()).await.expect("it reads");
            is_closed_while_it_drips(stream, DRIP).await;
        });
    }
    clients.spawn(async move {
        let mut body_stops = kept_connection(port).await;
        let head = b"GET /health HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n";
        body_stops.write_all(head).await.expect("it reads");
        is_closed(body_stops).await;
    });
    while let Some(ended) = clients.join_next().await {
        ended.expect("a client that is closed");
    }
    let metrics = service.metrics().await;
    for phase in ["head", "unread_body"] {
        assert!(metrics.contains(&format!("connections_overdue_total{{phase=\"{phase}\"}}")), "{metrics}");
    }
    service.assert_never_panicked();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: 5,000 connections"]
async fn a_newcomer_is_served_while_5_000_connections_idle() {
    newcomers_are_served(5_000, None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_usual_soft_limit_of_descriptors_does_not_count() {
    newcomers_are_served(1_200, Some(1024)).await;
}

async fn newcomers_are_served(connections: usize, soft_limit: Option<u32>) {
    rustix::process::setrlimit(rustix::process::Resource::Nofile, most_descriptors())
        .expect("as many as may be");
    let database = TestDatabase::sqlite().await;
    let service = Service::start_limited(&database.url, soft_limit).await;
    let mut idle = Vec::new();
    while idle.len() < connections {
        idle.push(kept_connection(service.port).await);
    }
    for _ in 0..10 {
        let mut newcomer = kept_connection(service.port).await;
        newcomer.write_all(b"GET /ready HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("it reads");
        assert!(answer(&mut newcomer).await.starts_with("HTTP/1.1 200"));
    }
    drop(idle);
    service.assert_never_panicked();
}

fn most_descriptors() -> rustix::process::Rlimit {
    let maximum = rustix::process::getrlimit(rustix::process::Resource::Nofile).maximum;
    rustix::process::Rlimit { current: maximum, maximum }
}
