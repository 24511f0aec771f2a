//! What every answer has.

use reqwest::Method;
use serde_json::json;

use crate::on_both;
use crate::support::{knight, session};

on_both! {
    async fn a_session_is_kept_and_a_missing_or_malformed_one_is_made(server) {
        let kept = server.get("/builds").session(5).await.expect(200);
        assert_eq!(kept.header("x-session-id"), session(5));
        for bad in [None, Some("sess_XYZ"), Some("sess_0123456789ABCDEF01234567"), Some("")] {
            let mut request = server.get("/builds");
            if let Some(bad) = bad {
                request = request.header("x-session-id", bad);
            }
            let made = request.await.expect(200).header("x-session-id").to_owned();
            assert!(made.starts_with("sess_") && made.len() == 29 && Some(made.as_str()) != bad, "{made}");
        }
        let (one, two) = (server.get("/builds").await, server.get("/builds").await);
        assert_ne!(one.header("x-session-id"), two.header("x-session-id"));
    }
}

on_both! {
    async fn no_shared_cache_can_hand_one_callers_answer_to_another(server) {
        let id = server.build(1, &knight("Cached")).await;
        for path in ["/builds", "/game", "/nowhere", &format!("/builds/{id}"), "/me/export", "/builds/%zz"] {
            let reply = server.get(path).await;
            assert!(reply.header("cache-control").starts_with("private, no-"), "{path}");
            assert_eq!(reply.header("vary"), "Origin, X-Session-ID, Authorization, X-Admin-Token, Accept-Encoding", "{path}");
            assert_eq!(reply.headers.get_all("vary").iter().count(), 1, "{path}");
            assert!(!reply.header("x-session-id").is_empty(), "{path}");
            assert!(!reply.header("x-request-id").is_empty(), "{path}");
        }
    }
}

on_both! {
    async fn request_ids_are_taken_when_they_are_harmless_and_always_given(server) {
        let reply = server.get("/builds").header("x-request-id", "trace-1.A_b").await;
        assert_eq!(reply.header("x-request-id"), "trace-1.A_b");
        for bad in ["has space", "", &"x".repeat(65), "a/b"] {
            let given = server.get("/builds").header("x-request-id", bad).await.header("x-request-id").to_owned();
            assert!(given.len() == 16 && given != bad, "{given}");
        }
    }
}

on_both! {
    async fn a_trailing_slash_means_the_same_route(server) {
        let id = server.build(1, &knight("Slash")).await;
        for path in ["/builds/", &format!("/builds/{id}/"), "/builds/popular/?limit=1", "/game//"] {
            server.get(path).await.expect(200);
        }
        server.post("/builds/").json(&knight("Slash")).await.expect(201);
        server.request(Method::GET, "/health/").await.expect(200);
    }
}

on_both! {
    async fn head_works_wherever_get_does(server) {
        let id = server.build(1, &knight("Head")).await;
        for path in ["/api/v1/builds", "/health", "/", &format!("/api/v1/builds/{id}"), "/api/v1/game"] {
            let get = server.request(Method::GET, path).session(1).await.expect(200);
            let head = server.request(Method::HEAD, path).session(1).await.expect(200);
            assert_eq!(head.text, "", "{path}");
            assert_eq!(head.header("content-type"), get.header("content-type"));
            assert_eq!(head.header("etag"), get.header("etag"));
        }
    }
}

on_both! {
    async fn errors_have_one_shape_on_every_path(server) {
        for (reply, status, code) in [
            (server.get("/nowhere").await, 404, "not_found"),
            (server.request(Method::GET, "/else/where").await, 404, "not_found"),
            (server.request(Method::DELETE, "/").await, 405, "method_not_allowed"),
            (server.put("/builds").await, 405, "method_not_allowed"),
            (server.get("/feedback").await, 405, "method_not_allowed"),
            (server.request(Method::from_bytes(b"BREW").unwrap(), "/api/v1/builds").await, 405, "method_not_allowed"),
            (server.get("/builds/%zz").await, 400, "bad_request"),
            (server.get("/builds/a%00b").await, 400, "bad_request"),
            (server.get("/builds/%ff").await, 400, "bad_request"),
            (server.get(&format!("/builds?search={}", "x".repeat(9000))).await, 414, "uri_too_long"),
            (server.get("/builds").header("x-big", &"x".repeat(17_000)).await, 431, "headers_too_large"),
            (server.post("/builds").text("text/plain", "{}").await, 415, "unsupported_media_type"),
            (server.post("/builds").raw("{").await, 400, "bad_request"),
            (server.post("/builds").raw(" ".repeat(65_537)).await, 413, "payload_too_large"),
            (server.get("/builds").header("authorization", "Bearer x").await, 401, "authentication_failed"),
        ] {
            let json = reply.json();
            assert_eq!((reply.status, json["error"].as_str().unwrap()), (status, code), "{}", reply.text);
            assert_eq!(json["status"], status);
            assert!(json["message"].as_str().unwrap().len() > 10);
            assert_eq!(reply.header("content-type"), "application/json");
        }
        assert_eq!(server.put("/builds").await.header("allow"), "GET, HEAD, POST, OPTIONS");
        let options = server.request(Method::OPTIONS, "/api/v1/feedback").await.expect(204);
        assert_eq!(options.header("allow"), "POST, OPTIONS");
    }
}

on_both! {
    async fn large_answers_are_compressed_when_asked_and_small_ones_are_not(server) {
        for n in 0..5 {
            server.build(1, &knight(&format!("Build {n}"))).await;
        }
        for (asked, got) in [
            ("gzip", "gzip"), ("br", "br"), ("zstd", "zstd"), ("gzip;q=0, br", "br"), ("identity", ""),
            ("gzip;q=0.5, zstd;q=0.9", "zstd"), ("x-unknown", ""),
        ] {
            let reply = server.client.get(server.url("/api/v1/builds")).header("accept-encoding", asked);
            let reply = reply.send().await.unwrap();
            let encoding = reply.headers().get("content-encoding").map_or("", |it| it.to_str().unwrap());
            assert_eq!(encoding, got, "{asked}");
            assert_eq!(reply.headers()["vary"], "Origin, X-Session-ID, Authorization, X-Admin-Token, Accept-Encoding");
            let body = reply.bytes().await.unwrap();
            assert_eq!(body.len() < 1000, !got.is_empty(), "{asked}: {}", body.len());
        }
        let small = server.client.get(server.url("/")).header("accept-encoding", "gzip").send().await.unwrap();
        assert!(!small.headers().contains_key("content-encoding"));
    }
}

on_both! {
    async fn identity_claimed_in_headers_counts_for_nothing(server) {
        let status = server.get("/builds/auth/status")
            .header("x-steam-id", "76561198000000001").header("x-player-id", "p1")
            .header("x-forwarded-host", "evil.example").await.expect(200);
        assert_eq!(status.json(), json!({"authenticated": false, "player_id": null, "steam_id": null,
            "display_name": null, "tier": "anonymous"}));
        let build = server.post("/builds").header("x-steam-id", "7656").header("x-forwarded-host", "evil.example")
            .json(&knight("Spoof")).await.expect(201);
        assert_eq!(build.json()["creator"]["steam_id"], json!(null));
        assert!(!build.text.contains("evil"));
    }
}
