//! A server that speaks just enough of the protocol to be connected to, and then hangs on every script: it
//! counts what reaches it, which shows the breaker without looking at a watch.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use myashes_adapters::redis::{RedisLink, SharedRateLimiter};
use myashes_domain::limits::{Charge, Quota, RateLimiter};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

#[tokio::test(flavor = "multi_thread")]
async fn only_the_first_charge_waits_for_a_redis_that_hangs() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}/", listener.local_addr().unwrap());
    let scripts = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&scripts);
    let server = tokio::spawn(async move {
        // One connection only: the keeper's next attempts get no answer, so that the breaker stays open.
        let (stream, _) = listener.accept().await.unwrap();
        answer(stream, &seen).await;
    });
    let link = RedisLink::open(&url).unwrap();
    link.connected().await;
    let limiter = SharedRateLimiter::new(link);
    let charge = Charge { bucket: "hanging".to_owned(), quota: Quota::per_minute(10) };
    let mut passed = 0;
    for _ in 0..100 {
        passed += usize::from(limiter.charge(&charge).await.retry_after.is_none());
    }
    assert_eq!(passed, 10);
    assert_eq!(scripts.load(Ordering::SeqCst), 1, "scripts that reached the server");
    server.abort();
}

async fn answer(stream: TcpStream, scripts: &AtomicUsize) {
    let mut stream = BufReader::new(stream);
    while let Some(command) = command(&mut stream).await {
        match command.first().map(|name| name.to_ascii_uppercase()).as_deref() {
            Some("EVALSHA") => {
                scripts.fetch_add(1, Ordering::SeqCst);
            }
            Some("PING") => stream.get_mut().write_all(b"+PONG\r\n").await.unwrap(),
            _ => stream.get_mut().write_all(b"+OK\r\n").await.unwrap(),
        }
    }
}

/// One command as an array of bulk strings, `None` at the end of the stream.
async fn command(stream: &mut BufReader<TcpStream>) -> Option<Vec<String>> {
    let words = number(stream, '*').await?;
    let mut command = Vec::new();
    for _ in 0..words {
        let mut word = vec![0; number(stream, '$').await? + 2];
        stream.read_exact(&mut word).await.ok()?;
        word.truncate(word.len() - 2);
        command.push(String::from_utf8_lossy(&word).into_owned());
    }
    Some(command)
}

async fn number(stream: &mut BufReader<TcpStream>, kind: char) -> Option<usize> {
    let mut line = String::new();
    stream.read_line(&mut line).await.ok()?;
    line.trim_end().strip_prefix(kind)?.parse().ok()
}
