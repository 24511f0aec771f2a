//! Idempotency keys.

use serde_json::json;

use crate::on_both;
use crate::support::players::{PLAYERS, player};
use crate::support::{TestServer, knight, session};

async fn stored(server: &TestServer) -> u64 {
    server.get("/builds/mine").session(1).await.json()["total"].as_u64().unwrap()
}

on_both! {
    async fn a_repeated_request_gets_the_first_answer_exactly(server) {
        let create = || server.post("/builds").session(1).key("abc").json(&knight("Once"));
        let (first, second) = (create().await.expect(201), create().await.expect(201));
        assert_eq!(first.text, second.text);
        assert_eq!(first.header("location"), second.header("location"));
        assert_eq!(stored(server).await, 1);
        let id = first.json()["build_id"].as_str().unwrap().to_owned();
        let vote = || server.post(&format!("/builds/{id}/vote")).session(1).key("v").json(&json!({"rating": 5}));
        assert_eq!(vote().await.expect(200).text, vote().await.expect(200).text);
    }
}

on_both! {
    async fn a_key_belongs_to_its_caller_and_its_request(server) {
        server.post("/builds").session(1).key("abc").json(&knight("One")).await.expect(201);
        let reply = server.post("/builds").session(1).key("abc").json(&knight("Two")).await.expect(422);
        assert_eq!(reply.error(), "idempotency_key_reused");
        let search = json!({"query": "q", "search_mode": "deep", "result_count": 0});
        let reply = server.post("/analytics/search").session(1).key("abc").json(&search).await.expect(422);
        assert_eq!(reply.error(), "idempotency_key_reused");
        server.post("/builds").session(2).key("abc").json(&knight("Two")).await.expect(201);
        assert_eq!(stored(server).await, 1);
    }
}

on_both! {
    with PLAYERS
    async fn a_players_key_holds_in_every_session(server) {
        let create = |n| server.post("/builds").session(n).bearer(&player("p1")).key("abc").json(&knight("Once"));
        assert_eq!(create(1).await.expect(201).text, create(2).await.expect(201).text);
    }
}

on_both! {
    async fn refusals_are_kept_too_and_authentication_is_not(server) {
        let bad = || server.post("/builds").session(1).key("bad").json(&json!({"name": 1}));
        assert_eq!(bad().await.expect(422).text, bad().await.expect(422).text);
        let broken = || server.post("/builds").session(1).key("broken").raw("{");
        broken().await.expect(400);
        let reply = server.post("/builds").session(1).key("broken").json(&knight("Mended")).await.expect(422);
        assert_eq!(reply.error(), "idempotency_key_reused");
        let vote = || server.post("/builds/b_abcdefghij/vote").session(1).key("none").json(&json!({"rating": 5}));
        assert_eq!(vote().await.expect(404).text, vote().await.expect(404).text);
        let claim = || server.post("/builds/auth/claim").session(1).key("claim").json(&json!({"session_id": session(1)}));
        claim().await.expect(401);
        let create = server.post("/builds").session(1).key("claim").json(&knight("Free")).await;
        create.expect(201);
    }
}

on_both! {
    async fn keys_are_visible_ascii_and_need_a_caller(server) {
        for bad in ["", "with space", &"x".repeat(256), "t\tab"] {
            let reply = server.post("/builds").session(1).key(bad).json(&knight("Bad")).await.expect(422);
            assert_eq!(reply.faults(), ["Idempotency-Key:format"], "{bad:?}");
        }
        let reply = server.post("/builds").key("abc").json(&knight("Nobody's")).await.expect(422);
        assert_eq!(reply.faults(), ["Idempotency-Key:session_required"]);
        server.post("/builds").session(1).key(&"x".repeat(255)).json(&knight("Good")).await.expect(201);
        server.put("/builds/b_abcdefghij/vote").session(1).key("").json(&json!({"rating": 5})).await.expect(404);
    }
}

on_both! {
    async fn sixty_four_posts_at_once_with_one_key_make_one_build(server) {
        let mut posts = tokio::task::JoinSet::new();
        for _ in 0..64 {
            let request = server.client.post(server.url("/api/v1/builds")).header("x-session-id", session(1));
            let request = request.header("idempotency-key", "storm").json(&knight("Once"));
            posts.spawn(async move {
                let response = request.send().await.unwrap();
                (response.status().as_u16(), response.text().await.unwrap())
            });
        }
        let replies = posts.join_all().await;
        let made: Vec<&String> = replies.iter().filter(|(status, _)| *status == 201).map(|(_, text)| text).collect();
        assert!(!made.is_empty() && made.iter().all(|text| *text == made[0]));
        assert!(replies.iter().all(|(status, _)| matches!(status, 201 | 409)), "{replies:?}");
        assert_eq!(stored(server).await, 1);
    }
}
