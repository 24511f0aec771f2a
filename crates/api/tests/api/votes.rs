//! Votes.

use serde_json::json;

use crate::on_both;
use crate::support::{knight, session};

on_both! {
    async fn a_vote_counts_once_for_each_session(server) {
        let id = server.build(1, &knight("Voted")).await;
        let path = format!("/builds/{id}/vote");
        let reply = server.post(&path).session(1).json(&json!({"rating": 4})).await.expect(200);
        assert_eq!(reply.text, format!(r#"{{"build_id":"{id}","your_rating":4,"avg_rating":4.0,"vote_count":1}}"#));
        let reply = server.post(&path).session(1).json(&json!({"rating": 5})).await.expect(409);
        assert_eq!(reply.error(), "already_voted");
        assert_eq!(reply.json()["details"]["your_rating"], 4);
        let reply = server.post(&path).session(2).json(&json!({"rating": 5})).await.expect(200);
        assert_eq!(reply.json()["avg_rating"], 4.5);
    }
}

on_both! {
    async fn a_vote_can_be_changed_withdrawn_and_seen(server) {
        let id = server.build(1, &knight("Voted")).await;
        let path = format!("/builds/{id}/vote");
        let none = server.get(&path).session(2).await.expect(200).json();
        assert_eq!(none, json!({"build_id": id, "your_rating": null, "avg_rating": null, "vote_count": 0}));
        server.put(&path).session(2).json(&json!({"rating": 1})).await.expect(200);
        let changed = server.put(&path).session(2).json(&json!({"rating": 3})).await.expect(200).json();
        assert_eq!((&changed["your_rating"], &changed["vote_count"]), (&json!(3), &json!(1)));
        assert_eq!(server.get(&path).session(2).await.json(), changed);
        let mine = server.get(&format!("/me/votes?build_ids={id},b_missing")).session(2).await.expect(200);
        assert_eq!(mine.json(), json!({"votes": [{"build_id": id, "your_rating": 3}], "count": 1}));
        let withdrawn = server.delete(&path).session(2).await.expect(200).json();
        assert_eq!(withdrawn, none);
        server.delete(&path).session(2).await.expect(200);
    }
}

on_both! {
    async fn a_vote_does_not_move_updated_at(server) {
        let id = server.build(1, &knight("Still")).await;
        let before = server.get(&format!("/builds/{id}")).await.json();
        server.put(&format!("/builds/{id}/vote")).session(2).json(&json!({"rating": 2})).await.expect(200);
        let after = server.get(&format!("/builds/{id}")).await.json();
        assert_eq!(after["updated_at"], before["updated_at"]);
        assert_eq!(after["rating"], 2.0);
    }
}

on_both! {
    async fn bad_votes_are_faults_on_builds_that_are_there(server) {
        let id = server.build(1, &knight("Voted")).await;
        let path = format!("/builds/{id}/vote");
        for (body, fault) in [
            (json!({}), "rating:required"),
            (json!({"rating": null}), "rating:null"),
            (json!({"rating": "5"}), "rating:type"),
            (json!({"rating": 4.5}), "rating:type"),
            (json!({"rating": 0}), "rating:range"),
            (json!({"rating": 6}), "rating:range"),
            (json!({"rating": 1e30}), "rating:range"),
        ] {
            assert_eq!(server.post(&path).json(&body).await.expect(422).faults(), [fault], "{body}");
        }
        let reply = server.post("/builds/b_missing/vote").json(&json!({"rating": 0})).await.expect(404);
        assert_eq!(reply.error(), "build_not_found");
        assert_eq!(server.get(&format!("/builds/{id}")).await.json()["vote_count"], 0);
    }
}

on_both! {
    async fn at_most_100_builds_are_asked_for_at_once(server) {
        let ids = vec!["b_aaaaaaaaaa"; 101].join(",");
        let reply = server.get(&format!("/me/votes?build_ids={ids}")).await.expect(422);
        assert_eq!(reply.faults(), ["build_ids:too_many"]);
        assert_eq!(server.get("/me/votes").await.expect(422).faults(), ["build_ids:required"]);
    }
}

on_both! {
    async fn sixty_four_votes_at_once_in_one_session_are_one(server) {
        let id = server.build(1, &knight("Stormed")).await;
        let url = server.url(&format!("/api/v1/builds/{id}/vote"));
        let mut votes = tokio::task::JoinSet::new();
        for _ in 0..64 {
            let request = server.client.post(&url).header("x-session-id", session(9));
            let request = request.json(&json!({"rating": 5}));
            votes.spawn(async move { request.send().await.unwrap().status().as_u16() });
        }
        let mut statuses = votes.join_all().await;
        statuses.sort_unstable();
        assert_eq!(statuses[0], 200);
        assert!(statuses[1..].iter().all(|status| *status == 409), "{statuses:?}");
        let build = server.get(&format!("/builds/{id}")).await.json();
        assert_eq!((&build["vote_count"], &build["rating"]), (&json!(1), &json!(5.0)));
    }
}
