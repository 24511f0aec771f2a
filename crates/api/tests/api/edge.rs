//! What the edge does before and after a handler: rows 13, 15 and 16 of the security review, rows 1, 6 and 9
//! of the faults found with other people's problems.

use myashes_testkit::TestDatabase;
use reqwest::Method;
use reqwest::header::HeaderValue;
use serde_json::json;

use crate::on_both;
use crate::support::TestServer;
use crate::support::players::{PLAYERS, admin_player, token_with};

const READS: &[(&str, &str)] =
    &[("RATE_LIMIT_ENABLED", "true"), ("RATE_LIMIT_READS", "2"), ("TRUSTED_PROXIES", "127.0.0.1")];

/// Row 16: an address gets five times the quota of a session.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_but_health_and_metrics_is_charged() {
    let server = TestServer::start(TestDatabase::sqlite().await, READS).await;
    let paths = [
        "/",
        "/openapi.json",
        "/api/v1/openapi.json",
        "/docs",
        "/docs/swagger-ui.css",
        "/%zz",
        "/api/v1/builds/%ff",
        "/elsewhere",
    ];
    for (n, path) in paths.iter().enumerate() {
        let address = format!("198.51.100.{n}");
        let ask = || server.request(Method::GET, path).header("x-forwarded-for", &address);
        for _ in 0..10 {
            assert_ne!(ask().await.status, 429, "{path}");
        }
        let refused = ask().await.expect(429);
        assert_eq!(refused.json()["details"]["limit"], "reads", "{path}");
        assert!(!refused.header("retry-after").is_empty());
    }
    let big = "x".repeat(17_000);
    let ask =
        || server.request(Method::GET, "/").header("x-forwarded-for", "198.51.100.99").header("x-big", &big);
    for _ in 0..10 {
        ask().await.expect(431);
    }
    ask().await.expect(429);
    for path in ["/health", "/health/db", "/ready", "/metrics"] {
        for _ in 0..15 {
            assert_ne!(server.request(Method::GET, path).await.status, 429, "{path}");
        }
    }
    server.stop().await;
}

/// Row 15: an IPv6 /48 gets sixteen times what an address gets.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn addresses_within_one_48_share_a_wider_budget() {
    let server = TestServer::start(TestDatabase::sqlite().await, READS).await;
    let ask = async |network: u32, subnet: u32| {
        let address = format!("2001:db8:{network:x}:{subnet:x}::1");
        server.request(Method::GET, "/").header("x-forwarded-for", &address).await.status
    };
    // No /64 sends more than a tenth of its own limit.
    let mut passed = 0;
    while passed < 2000 && ask(1, passed).await == 200 {
        passed += 1;
    }
    assert!((160..2000).contains(&passed), "{passed}");
    assert_eq!(ask(2, 1).await, 200);
    server.stop().await;
}

/// Row 16: files of the viewer are compressed once and cached by clients.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_have_tags_and_files_named_by_hash_are_immutable() {
    let server = TestServer::start(TestDatabase::sqlite().await, &[]).await;
    let page = server.request(Method::GET, "/docs").await.expect(200);
    let files: Vec<&str> = page.text.split('"').filter(|part| part.starts_with("/api/v1/docs/")).collect();
    let mut paths = vec!["/docs", "/openapi.json", "/api/v1/openapi.json", "/docs/swagger-ui.css"];
    paths.extend(&files);
    for path in paths {
        let reply = server.request(Method::GET, path).await.expect(200);
        let (tag, immutable) = (reply.header("etag").to_owned(), files.contains(&path));
        assert!(!tag.is_empty(), "{path}");
        assert_eq!(reply.header("cache-control").contains("immutable"), immutable, "{path}");
        let again = server.request(Method::GET, path).header("if-none-match", &tag).await.expect(304);
        assert_eq!((again.text.as_str(), again.header("etag")), ("", tag.as_str()), "{path}");
    }
    let wrong = server.request(Method::GET, "/docs/swagger-ui.css?v=0").await.expect(200);
    assert!(!wrong.header("cache-control").contains("immutable"));
    for (asked, got) in [("gzip", "gzip"), ("br", "br"), ("zstd", "zstd"), ("identity", "")] {
        for path in ["/openapi.json", "/docs/swagger-ui-bundle.js"] {
            let mut lengths = Vec::new();
            for _ in 0..2 {
                let reply = server
                    .client
                    .get(server.url(path))
                    .header("accept-encoding", asked)
                    .send()
                    .await
                    .unwrap();
                let encoding = reply.headers().get("content-encoding").map_or("", |it| it.to_str().unwrap());
                assert_eq!(encoding, got, "{path}");
                let length: usize = reply.headers()["content-length"].to_str().unwrap().parse().unwrap();
                lengths.push((length, reply.bytes().await.unwrap().len()));
            }
            assert_eq!(lengths[0], lengths[1], "the same bytes each time, whose number is known before");
        }
    }
    server.stop().await;
}

/// Row 15.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_viewer_may_load_nothing_from_elsewhere() {
    let server = TestServer::start(TestDatabase::sqlite().await, &[]).await;
    let policy = server.request(Method::GET, "/docs").await.header("content-security-policy").to_owned();
    for part in [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.split(';').any(|it| it.trim() == part), "{part}: {policy}");
    }
    server.stop().await;
}

/// Sessions are the API's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_around_the_api_knows_no_session() {
    let server = TestServer::start(TestDatabase::sqlite().await, &[]).await;
    for path in [
        "/",
        "/health",
        "/health/db",
        "/ready",
        "/docs",
        "/openapi.json",
        "/api/v1/openapi.json",
        "/elsewhere",
    ] {
        let reply = server.request(Method::GET, path).session(1).await;
        assert_eq!(reply.header("x-session-id"), "", "{path}");
        assert!(!reply.header("vary").contains("X-Session-ID"), "{path}");
    }
    for path in ["/api/v1/game", "/api/v1/nowhere", "/api/v1/builds/%zz"] {
        assert!(!server.request(Method::GET, path).await.header("x-session-id").is_empty(), "{path}");
    }
    server.stop().await;
}

/// Row 1 of the faults: whatever a client sends, a proxy that appends has the last word.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invalid_forwarded_address_hides_no_client() {
    let more = [READS, &[("RATE_LIMIT_TRUSTED_CLIENTS", "127.0.0.1")]].concat();
    let server = TestServer::start(TestDatabase::sqlite().await, &more).await;
    let ask = async |lines: &[&[u8]]| {
        let mut request = server.client.get(server.url("/"));
        for line in lines {
            request = request.header("x-forwarded-for", HeaderValue::from_bytes(line).unwrap());
        }
        request.send().await.unwrap().status().as_u16()
    };
    let forms: [&[&[u8]]; 10] = [
        &["é, 198.51.100.7".as_bytes()],
        &[b"\xff\xfe, 198.51.100.7"],
        &[b"198.51.100.7, "],
        &[b"198.51.100.7,,"],
        &[b"\"198.51.100.7:80\""],
        &["é".as_bytes(), b"198.51.100.7"],
        &[b"1.1.1.1", b"198.51.100.7, 127.0.0.1"],
        &[b"unknown, 198.51.100.7:4711"],
        &[b"\", 198.51.100.7"],
        &[b"198.51.100.7"],
    ];
    for form in forms {
        assert_eq!(ask(form).await, 200, "{form:?}");
    }
    for form in forms {
        assert_eq!(ask(form).await, 429, "{form:?}");
    }
    let zones: [&[&[u8]]; 3] = [&[b"fe80::1%eth0"], &[b"\"[fe80::1%25eth0]:80\""], &[b"[fe80::1]"]];
    for n in 0..11 {
        assert_eq!(ask(zones[n % 3]).await == 200, n < 10);
    }
    // Not known is not the proxy, which is a trusted client here.
    for n in 0..11 {
        assert_eq!(ask(&[b"unknown"]).await == 200, n < 10);
    }
    for _ in 0..15 {
        assert_eq!(ask(&[]).await, 200);
    }
    server.stop().await;
}

on_both! {
    with PLAYERS
    async fn names_that_say_nothing_or_pretend_are_none(server) {
        let shown = async |name: &str| {
            let token = token_with(json!({"sub": "0123456789abcdef", "name": name}));
            let status = server.get("/builds/auth/status").bearer(&token).await.expect(200).json();
            status["display_name"].as_str().unwrap_or("null").to_owned()
        };
        for none in ["", " ", "MyAshes Official", "myashes  OFFICIAL", "ＭｙＡｓｈｅｓ Official", "My\u{200b}Ashes Official",
            "MyAshes\u{202e} Official", "Anonymous", "\u{200b}\u{2060}", "\u{2800}", "\u{3164}\u{115f}", "\u{202e}",
            "\u{e0041}\u{e0042}", "\u{200d}\u{200c}"] {
            assert_eq!(shown(none).await, "Player 01234567", "{none:?}");
        }
        for (name, expected) in [
            ("Zoe\u{308}", "Zoë"), ("a\u{202e}b\u{7}c", "abc"), (" two \t words ", "two words"),
            ("\u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645}", "\u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645}"),
            ("\u{915}\u{94d}\u{200d}\u{937}", "\u{915}\u{94d}\u{200d}\u{937}"), ("a\u{200d} b", "a b"),
        ] {
            assert_eq!(shown(name).await, expected, "{name:?}");
        }
        let nameless = token_with(json!({"sub": "0123456789abcdef"}));
        let status = server.get("/builds/auth/status").bearer(&nameless).await.expect(200).json();
        assert_eq!(status["display_name"], "Player 01234567");
    }
}

on_both! {
    with PLAYERS
    async fn actors_of_the_audit_log_are_typed(server) {
        let hide = || server.post("/admin/analytics/hidden-queries").json(&json!({"query": "typed"}));
        let pretender = token_with(json!({"sub": "admin-token", "roles": ["admin"]}));
        hide().bearer(&pretender).await.expect(201);
        server.delete("/admin/analytics/hidden-queries?query=typed").bearer(&admin_player()).await;
        hide().admin().await;
        let log = server.get("/admin/audit").admin().await.expect(200).json();
        for line in log["items"].as_array().unwrap() {
            let actor = line["actor"].as_str().unwrap();
            assert!(["token:admin", "player:admin-token", "player:boss"].contains(&actor), "{actor}");
        }
        assert_eq!(log["items"].as_array().unwrap().last().unwrap()["actor"], "player:admin-token");
    }
}

on_both! {
    async fn an_allowed_origin_may_send_any_header(server) {
        let preflight = async |origin: &str, asked: &str| {
            server.request(Method::OPTIONS, "/api/v1/builds").header("origin", origin)
                .header("access-control-request-method", "GET")
                .header("access-control-request-headers", asked).await.expect(204)
        };
        for asked in ["cache-control,pragma", "x-requested-with", "sentry-trace, baggage, tracestate", "x-anything"] {
            let reply = preflight("https://myashes.ai", asked).await;
            assert_eq!(reply.header("access-control-allow-headers"), asked);
            let other = preflight("https://evil.example", asked).await;
            assert_eq!(other.header("access-control-allow-headers"), "");
        }
    }
}
