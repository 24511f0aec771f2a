//! Requests that are odd, late or broken off, as bytes on a socket.

use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::on_both;
use crate::support::{TestServer, knight};

/// Sends these bytes and reads until the service closes, 30 seconds at most.
async fn exchange(server: &TestServer, bytes: &[u8]) -> String {
    let mut socket = TcpStream::connect(("127.0.0.1", server.port)).await.unwrap();
    socket.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    let reading = tokio::time::timeout(Duration::from_secs(30), socket.read_to_end(&mut answer));
    let _ = reading.await.expect("the service closes in time");
    String::from_utf8_lossy(&answer).into_owned()
}

fn post(headers: &str, body: &str) -> Vec<u8> {
    format!("POST /api/v1/builds HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n{headers}\r\n{body}").into_bytes()
}

on_both! {
    async fn media_types_are_json_in_utf8_and_nothing_else(server) {
        let body = knight("Typed").to_string();
        for good in ["application/json", "application/json; charset=UTF-8", "application/merge-patch+json"] {
            server.post("/builds").text(good, body.clone()).await.expect(201);
        }
        for bad in ["", "text/json", "application/json; charset=latin1", "multipart/form-data"] {
            server.post("/builds").text(bad, body.clone()).await.expect(415);
        }
        let reply = server.post("/builds").header("content-encoding", "gzip").raw(body).await.expect(415);
        assert_eq!(reply.error(), "unsupported_media_type");
    }
}

on_both! {
    async fn what_is_not_json_is_400_and_stores_nothing(server) {
        for body in ["", "nonsense", r#"{"name":"\ud800"}"#, "{}{}", "{\"name\": \"a\u{1}\"}"] {
            let reply = server.post("/builds").raw(body.to_owned()).await.expect(400);
            assert_eq!(reply.error(), "bad_request");
        }
        server.post("/builds").raw(&b"{\"name\": \"\xff\"}"[..]).await.expect(400);
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        for (body, fault) in [
            (r#"{"build_data":{"n":1e400}}"#, "body:range"), (r#"{"unknown":-1e999}"#, "body:range"), (&*deep, "body:too_deep"),
            ("[]", "body:type"), ("null", "body:type"), (r#"{"name":"a","name":"b"}"#, "name:duplicate"),
            (r#"{"build_data":{"x":1,"x":2}}"#, "x:duplicate"),
        ] {
            assert_eq!(server.post("/builds").raw(body.to_owned()).await.expect(422).faults(), [fault], "{body}");
        }
        assert_eq!(server.get("/builds").await.json()["total"], 0);
    }
}

on_both! {
    async fn numbers_and_unknown_keys_in_build_data_come_back_as_they_were(server) {
        let mut body = knight("Kept");
        body["build_data"] = json!({"ratio": 0.1, "big": 9_007_199_254_740_993_i64, "exact": 123_456_789.123_456_79,
            "text": "🛡 <b>\"'%_\\", "list": [1, [2, {"deep": null}]]});
        body["unknown"] = json!({"ignored": true});
        let id = server.build(1, &body).await;
        let build = server.get(&format!("/builds/{id}")).await.json();
        assert_eq!(build["build_data"], body["build_data"]);
        assert!(build.get("unknown").is_none());
    }
}

on_both! {
    async fn a_body_may_be_64_kib_and_not_a_byte_more(server) {
        let mut body = knight("Sized").to_string();
        body.extend(std::iter::repeat_n(' ', 65_536 - body.len()));
        server.post("/builds").raw(body.clone()).await.expect(201);
        body.push(' ');
        server.post("/builds").raw(body.clone()).await.expect(413);
        let chunked = post("transfer-encoding: chunked\r\n", &format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len()));
        assert!(exchange(server, &chunked).await.starts_with("HTTP/1.1 413"), "announced or not");
    }
}

on_both! {
    async fn a_slow_body_is_answered_with_a_timeout(server) {
        let answer = exchange(server, &post("content-length: 100\r\n", "{\"name\":")).await;
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
        assert!(answer.contains("request_timeout"), "{answer}");
    }
}

on_both! {
    async fn a_slow_head_is_given_up(server) {
        let answer = exchange(server, b"GET /api/v1/builds HTTP/1.1\r\nhost: x\r\nx-slow: ").await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    }
}

on_both! {
    async fn a_request_that_two_readers_would_read_differently_is_refused(server) {
        for headers in [
            "content-length: 5\r\ntransfer-encoding: chunked\r\n",
            "content-length: 5\r\ncontent-length: 6\r\n",
            "content-length: +5\r\n",
            "transfer-encoding: gzip, chunked, identity\r\n",
        ] {
            let smuggled = "0\r\n\r\nGET /api/v1/game HTTP/1.1\r\nhost: x\r\n\r\n";
            let answer = exchange(server, &post(headers, smuggled)).await;
            assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{headers}: {answer}");
            assert!(answer.starts_with("HTTP/1.1 4"), "{headers}: {answer}");
        }
    }
}

on_both! {
    async fn clients_that_hang_up_leave_the_service_whole(server) {
        let id = server.build(1, &knight("Hung up")).await;
        let body = r#"{"rating":5}"#;
        for n in 0..60 {
            let mut socket = TcpStream::connect(("127.0.0.1", server.port)).await.unwrap();
            let request = format!(
                "PUT /api/v1/builds/{id}/vote HTTP/1.1\r\nhost: x\r\nx-session-id: {}\r\ncontent-type: \
                 application/json\r\ncontent-length: {}\r\n\r\n{body}",
                crate::support::session(n), body.len()
            );
            socket.write_all(&request.as_bytes()[..request.len() - (n as usize % 3)]).await.unwrap();
            drop(socket);
        }
        // Every vote was either carried out whole or not at all; one more session finds the pool in order.
        for n in 0..60 {
            server.put(&format!("/builds/{id}/vote")).session(n).json(&json!({"rating": 5})).await.expect(200);
        }
        let build = server.get(&format!("/builds/{id}")).await.json();
        assert_eq!((&build["vote_count"], &build["rating"]), (&json!(60), &json!(5.0)));
    }
}
