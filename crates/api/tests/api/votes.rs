//! Votes.

use serde_json::json;

use crate::on_both;
use crate::support::players::PLAYERS;
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
            (json!({"rating": "up"}), "rating:type"),
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
        let both = server.get("/me/votes?build_ids=b_x&cursor=00&limit=0").await.expect(422);
        assert_eq!(both.faults(), ["cursor:contradiction", "limit:range"]);
    }
}

on_both! {
    async fn all_of_ones_votes_are_listed_newest_first(server) {
        let mut ids = vec![];
        for number in 1..=5 {
            let id = server.build(1, &knight(&format!("Voted {number}"))).await;
            server.put(&format!("/builds/{id}/vote")).session(2).json(&json!({"rating": number})).await.expect(200);
            ids.push(id);
        }
        ids.reverse();
        let page = async |query: &str| server.get(&format!("/me/votes{query}")).session(2).await.expect(200).json();
        let all = page("").await;
        assert_eq!((&all["count"], &all["has_more"], &all["next_cursor"]), (&json!(5), &json!(false), &json!(null)));
        assert!(all["votes"][0]["cast_at"].as_str().unwrap().ends_with('Z'));
        let (mut seen, mut cursor) = (vec![], String::new());
        loop {
            let found = page(&format!("?limit=2{cursor}")).await;
            for vote in found["votes"].as_array().unwrap() {
                seen.push((vote["build_id"].as_str().unwrap().to_owned(), vote["your_rating"].as_i64().unwrap()));
            }
            let Some(next) = found["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert!(seen.iter().eq(ids.iter().cloned().zip([5, 4, 3, 2, 1]).collect::<Vec<_>>().iter()), "{seen:?}");
        assert_eq!(page("?build_ids=").await, all, "an empty list of ids is none");
        assert_eq!(page("?build_ids=,").await, json!({"votes": [], "count": 0}));
        for bad in ["?cursor=00", "?cursor=x"] {
            assert_eq!(server.get(&format!("/me/votes{bad}")).await.expect(400).error(), "bad_request");
        }
        let of_builds = server.get("/builds?limit=1").await.expect(200).json()["next_cursor"].as_str().unwrap().to_owned();
        server.get(&format!("/me/votes?cursor={of_builds}")).await.expect(400);
    }
}

on_both! {
    with PLAYERS
    async fn votes_on_builds_that_one_cannot_see_are_left_out(server) {
        let (private, hidden) = (server.build(1, &knight("Private")).await, server.build(1, &knight("Hidden")).await);
        let deleted = server.build(1, &knight("Deleted")).await;
        for id in [&private, &hidden, &deleted] {
            for session in [1, 2] {
                server.put(&format!("/builds/{id}/vote")).session(session).json(&json!({"rating": 4})).await.expect(200);
            }
        }
        server.patch(&format!("/builds/{private}")).session(1).json(&json!({"visibility": "private"})).await.expect(200);
        server.post(&format!("/admin/builds/{hidden}/hide")).admin().await.expect(200);
        server.delete(&format!("/builds/{deleted}")).session(1).await.expect(200);
        let of = async |session: u32, query: &str| {
            let found = server.get(&format!("/me/votes{query}")).session(session).await.expect(200).json();
            found["votes"].as_array().unwrap().iter().map(|it| it["build_id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let ids = format!("?build_ids={private},{hidden},{deleted}");
        for query in ["", &ids] {
            assert_eq!(of(2, query).await, Vec::<String>::new(), "{query}");
            assert_eq!(of(1, query).await, std::slice::from_ref(&private), "{query}");
        }
        server.post(&format!("/admin/builds/{hidden}/restore")).admin().await.expect(200);
        assert_eq!(of(2, "").await, [hidden]);
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
