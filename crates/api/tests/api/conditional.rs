//! ETags and preconditions.

use serde_json::json;

use crate::on_both;
use crate::support::knight;

on_both! {
    async fn a_known_version_is_not_sent_again(server) {
        let id = server.build(1, &knight("Cached")).await;
        let path = format!("/builds/{id}");
        let first = server.get(&path).session(1).await.expect(200);
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with("W/\"1."), "{tag}");
        for sent in [tag.as_str(), "*", &format!("\"x\", {tag}"), tag.trim_start_matches("W/")] {
            let reply = server.get(&path).session(1).header("if-none-match", sent).await.expect(304);
            assert_eq!(reply.header("etag"), tag);
            assert_eq!(reply.text, "");
            for name in ["cache-control", "vary", "x-session-id"] {
                assert_eq!(reply.header(name), first.header(name), "{name}");
            }
        }
        server.put(&format!("{path}/vote")).session(2).json(&json!({"rating": 5})).await.expect(200);
        let reply = server.get(&path).session(1).header("if-none-match", &tag).await.expect(200);
        assert_ne!(reply.header("etag"), tag, "a vote is shown, so it is another version");
    }
}

on_both! {
    async fn an_edit_fails_on_another_edit_but_not_on_a_vote(server) {
        let id = server.build(1, &knight("Edited")).await;
        let path = format!("/builds/{id}");
        let edit = |name: &str, tag: &str| {
            server.patch(&path).session(1).header("if-match", tag).json(&json!({"name": name}))
        };
        let tag = server.get(&path).session(1).await.header("etag").to_owned();
        server.put(&format!("{path}/vote")).session(2).json(&json!({"rating": 5})).await.expect(200);
        let second = edit("Two", &tag).await.expect(200).header("etag").to_owned();
        assert_ne!(second, tag);
        assert_eq!(edit("Three", &tag).await.expect(412).error(), "precondition_failed");
        edit("Three", "\"2\"").await.expect(200);
        edit("Four", "*").await.expect(200);
        edit("Five", "nonsense").await.expect(412);
        let reply = server.patch(&path).session(1).header("if-match", &tag).json(&json!({"name": 1})).await;
        assert_eq!(reply.status, 412, "412 comes before 422");
        let reply = server.patch(&path).session(2).header("if-match", "x").json(&json!({"name": "A"})).await;
        assert_eq!(reply.status, 403, "403 comes before 412");
    }
}
