//! Faults that users of comparable systems reported: what real clients send. Each test names its row.

use std::io::Read as _;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::on_both;
use crate::support::players::{ADMIN_TOKEN, PLAYERS};
use crate::support::{TestServer, knight, session};

// Row 5: numbers in strings.
on_both! {
    async fn ratings_and_result_counts_may_be_digits_in_a_string(server) {
        let id = server.build(1, &knight("Rated")).await;
        let path = format!("/builds/{id}/vote");
        let vote = server.post(&path).session(2).json(&json!({"rating": "4"})).await.expect(200);
        assert_eq!(vote.json()["your_rating"], 4);
        let vote = server.put(&path).session(2).json(&json!({"rating": "5"})).await.expect(200);
        assert_eq!(vote.json()["your_rating"], 5);
        let search = |count: Value| server.post("/analytics/search")
            .json(&json!({"query": "tank", "search_mode": "quick", "result_count": count}));
        for good in [json!("3"), json!("0"), json!("2147483647"), json!(3)] {
            search(good).await.expect(201);
        }
        for (bad, fault) in [("2147483648", "range"), ("99999999999999999999", "range"), ("", "type"),
            ("-1", "type"), ("+1", "type"), ("1.0", "type"), ("1e3", "type"), (" 1", "type"), ("\u{663}", "type")] {
            let reply = search(json!(bad)).await.expect(422);
            assert_eq!(reply.faults(), [format!("result_count:{fault}")], "{bad}");
        }
        for (bad, fault) in [("up", "type"), ("6", "range"), ("0", "range"), ("4.5", "type")] {
            let reply = server.put(&path).session(2).json(&json!({"rating": bad})).await.expect(422);
            assert_eq!(reply.faults(), [format!("rating:{fault}")], "{bad}");
        }
    }
}

// Row 5: booleans in queries.
on_both! {
    with PLAYERS
    async fn booleans_in_queries_come_in_any_case_and_as_digits_or_words(server) {
        server.build(1, &knight("Plain")).await;
        for (text, expected) in [
            ("True", 0), ("TRUE", 0), ("1", 0), ("yes", 0), ("YES", 0),
            ("False", 1), ("FALSE", 1), ("0", 1), ("no", 1), ("No", 1),
        ] {
            let list = server.get(&format!("/builds?is_template={text}")).await.expect(200);
            assert_eq!(list.json()["total"], expected, "{text}");
        }
        server.get("/builds/popular?include_templates=Yes").await.expect(200);
        for path in ["/admin/feedback?reviewed=No&flagged=0", "/admin/builds?reported=False", "/admin/reports?resolved=NO"] {
            server.get(path).admin().await.expect(200);
        }
        for bad in ["2", "truee", "-1", "null", "y"] {
            let reply = server.get(&format!("/builds?is_template={bad}")).await.expect(422);
            assert_eq!(reply.faults(), ["is_template:type"], "{bad}");
        }
    }
}

/// Every list without an id in its path, and its parameters, none of which is required.
async fn lists(server: &TestServer) -> Vec<(String, Vec<String>)> {
    let document = server.get("/openapi.json").await.expect(200).json();
    let mut lists = vec![];
    for (path, operations) in document["paths"].as_object().unwrap() {
        let parameters = operations["get"]["parameters"].as_array().into_iter().flatten();
        let parameters: Vec<&Value> = parameters.filter(|it| it["in"] == "query").collect();
        let required = parameters.iter().any(|it| it["required"] == true);
        if let Some(path) = path.strip_prefix("/api/v1")
            && !(path.contains('{') || parameters.is_empty() || required)
        {
            let name = |it: &&Value| it["name"].as_str().unwrap().to_owned();
            lists.push((path.to_owned(), parameters.iter().map(name).collect()));
        }
    }
    lists
}

// Row 7.
on_both! {
    with PLAYERS
    async fn an_empty_query_parameter_is_none_on_every_route(server) {
        server.build(1, &knight("Listed")).await;
        let lists = lists(server).await;
        assert!(lists.iter().any(|(path, names)| path == "/builds" && names.len() > 10));
        for (path, names) in lists {
            for name in &names {
                server.get(&format!("{path}?{name}=")).session(1).admin().await.expect(200);
                server.get(&format!("{path}?{name}")).session(1).admin().await.expect(200);
            }
            let all: Vec<String> = names.iter().map(|name| format!("{name}=")).collect();
            server.get(&format!("{path}?{}", all.join("&"))).session(1).admin().await.expect(200);
        }
        let page = server.get("/builds?page=&cursor=&limit=&sort=").await.expect(200).json();
        assert_eq!((&page["page"], &page["limit"], &page["total"]), (&json!(1), &json!(20), &json!(1)));
    }
}

/// The head and the body that come back for these bytes; the service must close the connection.
async fn exchange(server: &TestServer, request: &str) -> (String, Vec<u8>) {
    let mut socket = TcpStream::connect(("127.0.0.1", server.port)).await.unwrap();
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = vec![];
    tokio::time::timeout(Duration::from_secs(30), socket.read_to_end(&mut bytes))
        .await
        .expect("it closes")
        .unwrap();
    let end = bytes.windows(4).position(|it| it == b"\r\n\r\n").expect("a head") + 4;
    (String::from_utf8_lossy(&bytes[..end]).to_lowercase(), bytes[end..].to_vec())
}

// Row 10: HTTP/1.0.
on_both! {
    with PLAYERS
    async fn nothing_is_sent_chunked_to_http_1_0(server) {
        for n in 0..5 {
            server.build(1, &knight(&format!("Build {n}"))).await;
        }
        let body = json!({"query": "q", "response_snippet": "a", "rating": "down", "search_mode": "smart"});
        server.post("/feedback").json(&body).await.expect(201);
        for more in ["", "connection: keep-alive\r\n"] {
            let get = |path: &str, version: &str, accepted: &str| format!(
                "GET {path} HTTP/{version}\r\nhost: x\r\nx-admin-token: {ADMIN_TOKEN}\r\naccept-encoding: {accepted}\r\n{more}\r\n"
            );
            // Its length is known, so that it would be kept if the client asked for that.
            let whole = get("/api/v1/builds", "1.0", "gzip").replace("connection: keep-alive\r\n", "");
            let (head, body) = exchange(server, &whole).await;
            assert!(head.contains("content-encoding: gzip") && !head.contains("transfer-encoding"), "{head}");
            assert!(head.contains(&format!("content-length: {}", body.len())), "{head}");
            let mut text = String::new();
            flate2::read::GzDecoder::new(&body[..]).read_to_string(&mut text).expect("plain gzip");
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["total"], 5);
            for accepted in ["identity", "gzip"] {
                let (head, body) = exchange(server, &get("/api/v1/admin/feedback/export", "1.0", accepted)).await;
                assert!(head.starts_with("http/1.") && head.contains(" 200 ") && !head.contains("transfer-encoding"), "{head}");
                assert!(!head.contains("content-length") && !head.contains("keep-alive"), "{head}");
                if accepted == "identity" {
                    assert!(String::from_utf8(body).unwrap().contains("feedback_id"));
                }
            }
        }
        let (head, _) = exchange(server, &format!(
            "GET /api/v1/admin/feedback/export HTTP/1.1\r\nhost: x\r\nx-admin-token: {ADMIN_TOKEN}\r\nconnection: close\r\n\r\n"
        )).await;
        assert!(head.contains("transfer-encoding: chunked"), "{head}");
    }
}

// Row 10: charset and BOM.
on_both! {
    async fn a_body_may_say_utf8_and_begin_with_a_bom(server) {
        let body = knight("Marked").to_string();
        for kind in ["application/json; charset=utf8", "application/json;charset=UTF8", "application/json; charset=\"utf8\""] {
            server.post("/builds").text(kind, body.clone()).await.expect(201);
        }
        server.post("/builds").text("application/json; charset=utf-16", body.clone()).await.expect(415);
        let marked = format!("\u{feff}{body}");
        let id = server.post("/builds").session(1).raw(marked).await.expect(201).json()["build_id"].as_str().unwrap().to_owned();
        server.patch(&format!("/builds/{id}")).session(1).raw("\u{feff}{\"name\": \"Again\"}").await.expect(200);
        for bad in ["\u{feff}", "\u{feff}\u{feff}{}", "{}\u{feff}"] {
            server.post("/builds").raw(bad).await.expect(400);
        }
    }
}

// Row 10: 201 with ETag.
on_both! {
    async fn a_created_build_comes_with_its_etag_also_when_replayed(server) {
        let create = || server.post("/builds").session(1).key("etag").json(&knight("Tagged"));
        let (first, replayed) = (create().await.expect(201), create().await.expect(201));
        let id = first.json()["build_id"].as_str().unwrap().to_owned();
        let read = server.get(&format!("/builds/{id}")).await.expect(200);
        assert!(!read.header("etag").is_empty());
        assert_eq!(first.header("etag"), read.header("etag"));
        assert_eq!(replayed.header("etag"), read.header("etag"));
        let changed = server.patch(&format!("/builds/{id}")).session(1).header("if-match", first.header("etag"))
            .json(&json!({"name": "Changed"})).await.expect(200);
        assert_ne!(changed.header("etag"), first.header("etag"));
    }
}

// Row 10: origins with default ports.
on_both! {
    with [("BACKEND_CORS_ORIGINS", "https://c.example:443, http://d.example:80/, https://e.example:8443, http://f.example:443")]
    async fn origins_with_default_ports_match_what_browsers_send(server) {
        for (origin, allowed) in [
            ("https://c.example", true), ("http://d.example", true), ("https://e.example:8443", true),
            ("http://f.example:443", true), ("https://e.example", false), ("http://c.example", false),
        ] {
            let reply = server.get("/builds").header("origin", origin).await.expect(200);
            assert_eq!(reply.header("access-control-allow-origin"), if allowed { origin } else { "" }, "{origin}");
        }
    }
}

// Row 19.
on_both! {
    with PLAYERS
    async fn names_hold_at_least_one_visible_character(server) {
        let id = server.build(1, &knight("Seen")).await;
        for invisible in [
            "\u{200b}", "\u{2800}", "\u{e0000}", "\u{e0041}\u{e007f}", "\u{3164}", "\u{200d}\u{200c}", "\u{ad}", "\u{feff}",
            "\u{202e}", "\u{2060}", "\u{115f}", "\u{ffa0}", "\u{fe0f}", "\u{180e}", "\u{34f}", "\u{61c}",
            "\u{2800} \u{200b}", "\u{7}", "\u{1d159}", "\u{e0100}", "\u{fff9}", "\u{17b4}", "\u{2028}\u{200b}",
        ] {
            let reply = server.post("/builds").session(1).json(&knight(invisible)).await.expect(422);
            assert_eq!(reply.faults().len(), 1, "{invisible:?}");
            assert!(reply.faults()[0].starts_with("name:"), "{invisible:?}");
            server.patch(&format!("/builds/{id}")).session(1).json(&json!({"name": invisible})).await.expect(422);
            let mut tagged = knight("Tagged");
            tagged["tags"] = json!(["pvp", invisible]);
            let reply = server.post("/builds").session(1).json(&tagged).await.expect(422);
            assert!(reply.faults()[0].starts_with("tags:"), "{invisible:?}");
            server.post(&format!("/builds/{id}/report")).session(2).json(&json!({"reason": invisible})).await.expect(422);
        }
        for visible in ["a", "\u{200b}x\u{200b}", "🛡\u{fe0f}", "نمی\u{200c}خواهم", "戦士", "\u{1f468}\u{200d}\u{1f469}", "."] {
            let build = server.post("/builds").session(1).json(&knight(visible)).await.expect(201).json();
            assert_eq!(build["name"], visible);
        }
        assert_eq!(server.get("/builds").header("x-session-id", &session(1)).await.json()["total"], 8);
    }
}
