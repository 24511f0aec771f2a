//! Votes that an admin removes together.

use myashes_domain::session::SessionHash;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::players::{PLAYERS, admin_player, player};
use crate::support::{TestServer, knight, session};

async fn vote(server: &TestServer, id: &str, number: u32, stars: u32) {
    let request = server.post(&format!("/builds/{id}/vote")).session(number);
    request.json(&json!({"rating": stars})).await.expect(200);
}

on_both! {
    with PLAYERS
    async fn an_attack_is_removed_with_one_call(server) {
        let id = server.build(1, &knight("Attacked")).await;
        for (voter, stars) in (2..32).map(|voter| (voter, 1)).chain([(40, 5), (41, 4)]) {
            vote(server, &id, voter, stars).await;
        }
        let path = format!("/admin/builds/{id}/votes?rating=1");
        let expected = json!({"removed": 30, "by_rating": [30, 0, 0, 0, 0]});
        let before = server.get(&format!("/builds/{id}")).await.expect(200);
        assert_eq!(server.delete(&format!("{path}&dry_run=true")).admin().await.expect(200).json(), expected);
        assert_eq!(server.get(&format!("/builds/{id}")).await.expect(200).text, before.text);
        assert_eq!(server.get("/admin/audit").admin().await.expect(200).json()["total"], 0);

        assert_eq!(server.delete(&path).bearer(&admin_player()).await.expect(200).json(), expected);
        let build = server.get(&format!("/builds/{id}")).await.expect(200).json();
        assert_eq!((&build["vote_count"], &build["rating"]), (&json!(2), &json!(4.5)));
        let log = server.get("/admin/audit").admin().await.expect(200).json();
        assert_eq!(log["total"], 1);
        let line = &log["items"][0];
        assert_eq!((&line["actor"], &line["action"], &line["target"], &line["details"]),
            (&json!("player:boss"), &json!("vote.delete_many"), &json!(id), &expected));
    }
}

on_both! {
    with PLAYERS
    async fn votes_are_removed_by_voter_and_by_time(server) {
        let (id, other) = (server.build(1, &knight("One")).await, server.build(1, &knight("Other")).await);
        for voter in [2, 3] {
            vote(server, &id, voter, voter).await;
            vote(server, &other, voter, voter).await;
        }
        server.post(&format!("/builds/{id}/vote")).session(4).bearer(&player("p")).json(&json!({"rating": 4})).await.expect(200);
        let listed = async |id: &str| {
            let reply = server.get(&format!("/admin/builds/{id}/votes")).admin().await.expect(200);
            assert!(!reply.text.contains("sess"), "{}", reply.text);
            let items = reply.json()["items"].as_array().unwrap().clone();
            items.into_iter().map(|it| (it["rating"].as_i64().unwrap(), it["voter"].as_str().unwrap().to_owned())).collect::<Vec<_>>()
        };
        let votes = listed(&id).await;
        assert_eq!(votes.iter().map(|(stars, _)| *stars).collect::<Vec<_>>(), [4, 3, 2]);
        assert_eq!(votes[1..], listed(&other).await[..], "a voter is the same on every build");
        let stored: String = SessionHash::of(&session(2)).0.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(!stored.contains(votes[2].1.trim_start_matches("v_")));

        let remove = async |query: &str| {
            server.delete(&format!("/admin/builds/{id}/votes?{query}")).admin().await.expect(200).json()["removed"].clone()
        };
        assert_eq!(remove("to=2020-01-01").await, 0);
        assert_eq!(remove(&format!("voter={}&rating=5", votes[2].1)).await, 0, "all conditions have to hold");
        assert_eq!(remove(&format!("voter={}", votes[2].1)).await, 1);
        assert_eq!(remove(&format!("voter={}&dry_run=true", votes[0].1)).await, 1);
        assert_eq!(remove("from=2020-01-01T00:00:00Z&to=2099-12-31&dry_run=false").await, 2);
        assert_eq!(listed(&id).await, []);
        assert_eq!(listed(&other).await.len(), 2);
    }
}

on_both! {
    with PLAYERS
    async fn a_removal_without_a_condition_or_with_an_unknown_one_is_refused(server) {
        let id = server.build(1, &knight("Careful")).await;
        vote(server, &id, 2, 1).await;
        let path = |id: &str, query: &str| format!("/admin/builds/{id}/votes{query}");
        let twelve = format!("?voter=v_{}", "0".repeat(23));
        for (query, faults) in [
            ("", vec!["from:required"]),
            ("?dry_run=true", vec!["from:required"]),
            ("?ratings=1", vec!["from:required", "ratings:unknown"]),
            ("?rating=1&until=2026-01-01", vec!["until:unknown"]),
            ("?rating=1&Rating=2&x", vec!["Rating:unknown", "x:unknown"]),
            ("?rating=6&from=yesterday&to=x&dry_run=maybe&y=1", vec!["dry_run:type", "from:format", "rating:range", "to:format", "y:unknown"]),
            ("?rating=1&rating=2", vec!["rating:duplicate"]),
            (&twelve, vec!["voter:format"]),
        ] {
            let reply = server.delete(&path(&id, query)).admin().await.expect(422);
            assert_eq!(reply.faults(), faults, "{query}");
        }
        for query in ["", "?rating=1", "?rating=9", "?x=1"] {
            let reply = server.delete(&path("b_missing", query)).admin().await.expect(404);
            assert_eq!(reply.error(), "build_not_found", "{query}");
        }
        assert_eq!(server.delete(&path(&id, "?rating=%ff")).admin().await.expect(400).error(), "bad_request");
        assert_eq!(server.delete(&path(&id, "")).await.expect(401).error(), "authentication_required");
        let build: Value = server.get(&format!("/builds/{id}")).await.expect(200).json();
        assert_eq!(build["vote_count"], 1, "nothing was removed");
        assert_eq!(server.get("/admin/audit").admin().await.expect(200).json()["total"], 0);
    }
}
