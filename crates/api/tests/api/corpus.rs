//! Texts that break things elsewhere: nothing here answers 5xx, and both databases answer alike.

use serde_json::{Value, json};

use crate::on_both;
use crate::support::knight;

/// Each text, and the status that a build of this name gets.
const TEXTS: &[(&str, u16)] = &[
    ("'; DROP TABLE builds; --", 201),
    ("\" OR 1=1 --", 201),
    ("%_\\%", 201),
    ("{{7*7}} ${7*7} <%= 7*7 %>", 201),
    ("=cmd|' /C calc'!A0", 201),
    ("<script>alert(1)</script>", 201),
    ("\u{202e}gnp.exe", 201),
    ("\u{feff}bom", 201),
    ("e\u{301}\u{301}\u{301}", 201),
    ("👩‍👩‍👧‍👦 🛡️", 201),
    ("İIıi ß ς Σ ﬁ ＦＵＬＬ", 201),
    ("line\nbreak\ttab", 201),
    ("\u{1}\u{7f}\u{85}", 422),
    ("\u{fffd}\u{fffe}\u{10ffff}", 201),
    ("null", 201),
    ("\u{3000}", 422),
    ("a\0b", 422),
];

on_both! {
    async fn every_text_is_stored_as_it_is_or_refused_and_can_be_searched_for(server) {
        for (text, status) in TEXTS {
            let mut body = knight(text);
            body["description"] = json!(text);
            body["tags"] = json!([]);
            body["build_data"] = json!({ *text: text });
            let reply = server.post("/builds").session(1).json(&body).await;
            assert_eq!(reply.status, *status, "{text:?}: {}", reply.text);
            if *status == 201 {
                let id = reply.json()["build_id"].as_str().unwrap().to_owned();
                let build = server.get(&format!("/builds/{id}")).await.expect(200).json();
                assert_eq!((&build["name"], &build["build_data"][text]), (&json!(text.trim()), &json!(text)));
            }
            let encoded: String = text.bytes().map(|b| format!("%{b:02x}")).collect();
            for query in ["search", "class_name", "race", "tag", "game_version", "primary_archetype", "cursor", "sort"] {
                let reply = server.get(&format!("/builds?{query}={encoded}")).await;
                assert!(reply.status < 500, "{query}={text:?}");
            }
            assert!(server.get(&format!("/builds/{encoded}")).await.status < 500, "{text:?}");
            let search = json!({"query": text, "search_mode": "quick", "result_count": 0});
            assert!(server.post("/analytics/search").session(1).json(&search).await.status < 500, "{text:?}");
            let said = json!({"query": text, "response_snippet": text, "comment": text, "rating": "up", "search_mode": "deep"});
            assert!(server.post("/feedback").session(1).json(&said).await.status < 500, "{text:?}");
        }
        let found = server.get("/builds?search=DROP%20TABLE&sort=relevance").await.expect(200).json();
        assert_eq!(found["total"], 1);
        let wide = server.get("/builds?search=full").await.expect(200).json();
        assert_eq!(wide["total"], 1, "full-width letters are folded");
    }
}

on_both! {
    async fn any_json_in_any_field_is_answered_without_a_fault_of_ours(server) {
        let odd = [json!(null), json!(true), json!(-1), json!(1.5), json!(1e300), json!(u64::MAX), json!(""), json!([]),
            json!([null]), json!([["x"]]), json!({}), json!({"a": null})];
        for field in ["name", "description", "primary_archetype", "race", "is_public", "visibility", "tags", "build_data"] {
            for value in &odd {
                let mut body = knight("Odd");
                body[field] = value.clone();
                let reply = server.post("/builds").session(1).json(&body).await;
                assert!(matches!(reply.status, 201 | 422), "{field}={value}: {}", reply.text);
                if reply.status == 422 {
                    assert!(reply.faults().iter().all(|it| it.starts_with(field) || it.starts_with("is_public")), "{}", reply.text);
                }
            }
        }
        for value in &odd {
            for field in ["query", "response_snippet", "rating", "search_mode", "comment", "result_count"] {
                let mut body: Value = json!({"query": "q", "response_snippet": "r", "rating": "up", "search_mode": "deep", "result_count": 1});
                body[field] = value.clone();
                for path in ["/feedback", "/analytics/search"] {
                    let reply = server.post(path).session(1).json(&body).await;
                    assert!(matches!(reply.status, 201 | 422), "{path} {field}={value}: {}", reply.text);
                }
            }
        }
    }
}
