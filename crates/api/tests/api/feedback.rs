//! Feedback and search analytics.

use serde_json::json;

use crate::on_both;
use crate::support::masked;

on_both! {
    async fn feedback_is_acknowledged(server) {
        let body = json!({"query": "best tank?", "response_snippet": "x".repeat(900), "rating": "up",
            "search_mode": "smart"});
        let reply = server.post("/feedback").session(1).json(&body).await.expect(201);
        assert_eq!(masked(&reply.text), r#"{"feedback_id":"[id]","received_at":"[instant]"}"#);
    }
}

on_both! {
    async fn faulty_feedback_is_refused_whole(server) {
        let body = json!({"query": "", "response_snippet": 1, "rating": "maybe", "comment": "c".repeat(1001)});
        let reply = server.post("/feedback").json(&body).await.expect(422);
        insta::assert_snapshot!("faults_of_feedback", reply.text);
    }
}

on_both! {
    async fn searches_are_counted_by_folded_query_and_mode(server) {
        let search = |query: &str, mode: &str| {
            let body = json!({"query": query, "search_mode": mode, "result_count": 3});
            server.post("/analytics/search").session(1).json(&body)
        };
        let reply = search("Best TANK", "quick").await.expect(201);
        assert_eq!(reply.text, r#"{"recorded":true}"#);
        search("best  tank", "quick").await.expect(201);
        search("best  tank", "quick").await.expect(201);
        search("best tank", "deep").await.expect(201);
        let popular = server.get("/analytics/popular-queries").await.expect(200).json();
        assert_eq!(popular["period_days"], 7);
        let first = &popular["queries"][0];
        assert_eq!((&first["count"], &first["search_mode"]), (&json!(3), &json!("quick")));
        assert_eq!(popular["queries"].as_array().unwrap().len(), 2);
        let deep = server.get("/analytics/popular-queries?search_mode=deep&days=1&limit=1").await.json();
        assert_eq!(deep["queries"], json!([{"query": "best tank", "count": 1, "search_mode": "deep"}]));
    }
}

on_both! {
    async fn faulty_searches_are_refused(server) {
        let body = json!({"query": "q", "search_mode": "fast", "result_count": 2_147_483_648_i64});
        let reply = server.post("/analytics/search").json(&body).await.expect(422);
        assert_eq!(reply.faults(), ["result_count:range", "search_mode:one_of"]);
        let reply = server.get("/analytics/popular-queries?days=91&limit=0&search_mode=x").await.expect(422);
        assert_eq!(reply.faults(), ["days:range", "limit:range", "search_mode:one_of"]);
    }
}

on_both! {
    with [("POPULAR_MIN_CALLERS", "2")]
    async fn queries_of_too_few_callers_are_not_shown(server) {
        let body = json!({"query": "my own name", "search_mode": "quick", "result_count": 0});
        for caller in [1, 1, 1] {
            server.post("/analytics/search").session(caller).json(&body).await.expect(201);
        }
        assert_eq!(server.get("/analytics/popular-queries").await.json()["queries"], json!([]));
        server.post("/analytics/search").session(2).json(&body).await.expect(201);
        // A report that takes long may be a little old.
        let count = async || server.get("/analytics/popular-queries").await.json()["queries"][0]["count"].clone();
        while count().await != 4 {
            tokio::task::yield_now().await;
        }
    }
}
