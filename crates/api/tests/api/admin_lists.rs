//! Row 8 of other people's problems: all lists of admins page in the same ways.

use serde_json::{Value, json};

use crate::on_both;
use crate::support::players::PLAYERS;
use crate::support::{TestServer, knight};

/// Fills every list with seven entries; the paths of the lists and the name of what they hold.
async fn filled(server: &TestServer) -> Vec<(String, &'static str)> {
    let voted = server.build(1, &knight("Voted")).await;
    for n in 1..7 {
        server.build(1, &knight(&format!("Build {n}"))).await;
    }
    for n in 0..7_u32 {
        let body = json!({"query": format!("q{n}"), "response_snippet": "a", "rating": "down", "search_mode": "smart"});
        server.post("/feedback").json(&body).await.expect(201);
        let body = json!({"query": format!("nothing {n}"), "search_mode": "quick", "result_count": 0});
        server.post("/analytics/search").json(&body).await.expect(201);
        let body = json!({"query": format!("hidden {n}")});
        server.post("/admin/analytics/hidden-queries").admin().json(&body).await.expect(201);
        server
            .put(&format!("/builds/{voted}/vote"))
            .session(20 + n)
            .json(&json!({"rating": 3}))
            .await
            .expect(200);
        server
            .post(&format!("/builds/{voted}/report"))
            .session(20 + n)
            .json(&json!({"reason": "r"}))
            .await
            .expect(202);
    }
    vec![
        ("/admin/feedback".to_owned(), "items"),
        ("/admin/feedback/negative".to_owned(), "items"),
        ("/admin/analytics/zero-results".to_owned(), "queries"),
        ("/admin/analytics/hidden-queries".to_owned(), "queries"),
        ("/admin/builds".to_owned(), "items"),
        (format!("/admin/builds/{voted}/votes"), "items"),
        ("/admin/reports".to_owned(), "items"),
        ("/admin/audit".to_owned(), "items"),
    ]
}

async fn page(server: &TestServer, path: &str, query: &str) -> Value {
    server.get(&format!("{path}?{query}")).admin().await.expect(200).json()
}

on_both! {
    with PLAYERS
    async fn lists_page_by_number_and_by_cursor_alike(server) {
        for (path, name) in filled(server).await {
            let whole = page(server, &path, "limit=100").await;
            let all = whole[name].as_array().unwrap().clone();
            assert_eq!((all.len(), &whole["total"], &whole["next_cursor"]), (7, &json!(7), &Value::Null), "{path}: {whole}");
            let (mut numbered, mut followed, mut cursor) = (vec![], vec![], String::new());
            for number in 1..=4 {
                let it = page(server, &path, &format!("limit=2&page={number}")).await;
                assert_eq!((&it["page"], &it["limit"], &it["pages"], &it["total"]), (&json!(number), &json!(2), &json!(4), &json!(7)), "{path}");
                numbered.extend(it[name].as_array().unwrap().clone());
                let it = page(server, &path, &format!("limit=2&cursor={cursor}")).await;
                followed.extend(it[name].as_array().unwrap().clone());
                cursor = it["next_cursor"].as_str().unwrap_or_default().to_owned();
                assert_eq!(cursor.is_empty(), number == 4, "{path}");
            }
            assert_eq!(numbered, all, "{path}");
            assert_eq!(followed, all, "{path}");
        }
    }
}

on_both! {
    with PLAYERS
    async fn lists_take_dates(server) {
        for (path, name) in filled(server).await {
            for (query, expected) in [
                ("date_from=2000-01-01&date_to=2099-12-31", 7), ("date_from=2099-01-01", 0), ("date_to=2000-01-01", 0),
                ("date_from=2000-01-01T00:00:00Z", 7), ("date_from=&date_to=", 7),
            ] {
                let it = page(server, &path, query).await;
                let (found, total) = (it[name].as_array().unwrap().len(), it["total"].as_u64().unwrap());
                assert_eq!((found, total), (expected, expected as u64), "{path}?{query}");
            }
            let reply = server.get(&format!("{path}?date_from=yesterday&date_to=2026-13-01")).admin().await.expect(422);
            assert_eq!(reply.faults(), ["date_from:format", "date_to:format"], "{path}");
        }
    }
}

on_both! {
    with PLAYERS
    async fn a_page_too_deep_points_to_a_cursor_that_exists(server) {
        for (path, _) in filled(server).await {
            let reply = server.get(&format!("{path}?page=101&limit=100")).admin().await.expect(422);
            assert_eq!(reply.faults(), ["page:too_deep"], "{path}");
            let first = page(server, &path, "limit=3").await;
            let cursor = first["next_cursor"].as_str().unwrap().to_owned();
            let reply = server.get(&format!("{path}?page=1&cursor={cursor}")).admin().await.expect(422);
            assert_eq!(reply.faults(), ["cursor:contradiction"], "{path}");
            for bad in [format!("cursor={cursor}&date_from=2000-01-01"), "cursor=zz".to_owned()] {
                let reply = server.get(&format!("{path}?{bad}")).admin().await.expect(400);
                assert_eq!(reply.error(), "bad_request", "{path}");
            }
        }
        let of_builds = page(server, "/admin/builds", "limit=1").await["next_cursor"].as_str().unwrap().to_owned();
        server.get(&format!("/admin/audit?cursor={of_builds}")).admin().await.expect(400);
    }
}

on_both! {
    with PLAYERS
    async fn documented_parameters_are_those_that_exist(server) {
        let document = server.get("/openapi.json").await.expect(200).json();
        let documented = |path: &str| -> Vec<String> {
            let all = document["paths"][path]["get"]["parameters"].as_array().cloned().unwrap_or_default();
            let mut names: Vec<String> = all.iter().filter(|it| it["in"] == "query")
                .map(|it| it["name"].as_str().unwrap().to_owned()).collect();
            names.sort();
            names
        };
        let paging = ["cursor", "date_from", "date_to", "limit", "page"];
        let with = |more: &[&str]| {
            let mut names: Vec<String> = paging.iter().chain(more).map(|it| (*it).to_owned()).collect();
            names.sort();
            names
        };
        for (path, expected) in [
            ("/api/v1/admin/feedback", with(&["rating", "search_mode", "reviewed", "flagged", "query_search"])),
            ("/api/v1/admin/analytics/zero-results", with(&["days"])),
            ("/api/v1/admin/analytics/hidden-queries", with(&[])),
            ("/api/v1/admin/builds", with(&["reported"])),
            ("/api/v1/admin/builds/{id}/votes", with(&[])),
            ("/api/v1/admin/reports", with(&["resolved"])),
            ("/api/v1/admin/audit", with(&[])),
            ("/api/v1/admin/feedback/summary", vec!["days".to_owned()]),
            ("/api/v1/admin/feedback/patterns", vec!["days".to_owned()]),
            ("/api/v1/admin/feedback/trends", vec!["days".to_owned()]),
            ("/api/v1/admin/feedback/export", vec!["bom".to_owned(), "days".to_owned()]),
        ] {
            assert_eq!(documented(path), expected, "{path}");
        }
    }
}
