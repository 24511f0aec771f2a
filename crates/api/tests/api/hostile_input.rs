//! The security review: requests that grow or change on their way. Each test names its row.

use serde_json::{Value, json};

use crate::on_both;
use crate::support::knight;

// Row 24.
on_both! {
    async fn a_refusal_has_one_error_per_field_and_at_most_50(server) {
        let repeated = vec!["page"; 1600].join("&");
        let reply = server.get(&format!("/builds?{repeated}")).await.expect(422);
        assert_eq!(reply.faults(), ["page:duplicate"]);
        assert!(reply.text.len() < 1000, "{}", reply.text.len());
        let reply = server.get("/builds?tag=%00&tag=%00&page=0&limit=x&limit=y&tag=").await.expect(422);
        assert_eq!(reply.faults(), ["tag:nul", "limit:duplicate"]);
        let keys: Vec<String> = (0..500).map(|n| format!("\"k{n}\":1,\"k{n}\":2")).collect();
        let reply = server.post("/builds").raw(format!("{{{}}}", keys.join(","))).await.expect(422);
        assert_eq!(reply.faults().len(), 50);
        assert!(reply.text.len() < 6000, "{}", reply.text.len());
        let tags: Vec<String> = (0..500).map(|_| "x".repeat(31)).collect();
        let mut body = knight("");
        body["tags"] = json!(tags);
        let reply = server.post("/builds").json(&body).await.expect(422);
        assert_eq!(reply.faults(), ["name:length", "tags:length"]);
    }
}

/// The value of `build_data` in a build's JSON, byte for byte.
fn build_data(text: &str) -> String {
    let build: std::collections::HashMap<String, Box<serde_json::value::RawValue>> =
        serde_json::from_str(text).unwrap();
    build["build_data"].get().to_owned()
}

// Row 25.
on_both! {
    async fn numbers_in_build_data_come_back_as_they_were_sent(server) {
        let numbers = [
            "18446744073709551616", "-9223372036854775809", "1e-400", "-0", "-0.0", "1.0", "1e2", "1E+2", "0.10",
            "100000000000000000000000000000000", "0.1000000000000000055511151231257827", "9007199254740993", "5e-324",
        ];
        let sent = format!("{{\"n\":[{}],\"s\":\"1e-400 \\\"-0\"}}", numbers.join(","));
        let rest = "\"primary_archetype\":\"tank\",\"secondary_archetype\":\"fighter\",\"race\":\"vek\"";
        let body = format!("{{\"name\":\"Exact\",{rest}, \"build_data\" : {} }}", sent.replace(',', " ,\n"));
        let created = server.post("/builds").session(1).key("exact").raw(body.clone()).await.expect(201);
        assert_eq!(build_data(&created.text), sent);
        let id = created.json()["build_id"].as_str().unwrap().to_owned();
        assert_eq!(server.post("/builds").session(1).key("exact").raw(body).await.expect(201).text, created.text);
        assert_eq!(build_data(&server.get(&format!("/builds/{id}")).await.expect(200).text), sent);
        let patch = "{\"build_data\":{\"x\":-0,\"y\":1e-400}}";
        let changed = server.patch(&format!("/builds/{id}")).session(1).raw(patch).await.expect(200);
        assert_eq!(build_data(&changed.text), "{\"x\":-0,\"y\":1e-400}");
        for (bad, status) in [("{\"x\":1e400}", 422), ("{\"x\":01}", 400), ("{\"x\":NaN}", 400), ("[1]", 422), ("\"{}\"", 422), ("7", 422)] {
            server.patch(&format!("/builds/{id}")).session(1).raw(format!("{{\"build_data\":{bad}}}")).await.expect(status);
        }
        let export = server.get("/me/export").session(1).await.expect(200).text;
        assert!(export.contains("\"build_data\":{\"x\":-0,\"y\":1e-400}"), "as stored: {export}");
        assert!(export.contains(&format!("\"build_data\":{sent}")), "the kept answer of the creation: {export}");
        let none: Value = server.patch(&format!("/builds/{id}")).session(1).raw("{\"build_data\":null}").await.expect(200).json();
        assert_eq!(none["build_data"], Value::Null);
    }
}
