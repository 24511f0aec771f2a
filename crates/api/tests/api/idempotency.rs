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
    async fn refusals_are_kept_but_for_those_of_the_form_and_of_authentication(server) {
        let vote = || server.post("/builds/b_abcdefghij/vote").session(1).key("none").json(&json!({"rating": 5}));
        assert_eq!(vote().await.expect(404).text, vote().await.expect(404).text);
        let kept = async || server.database.count("SELECT count(*) FROM idempotency_records").await;
        assert_eq!(kept().await, 1);
        let claim = || server.post("/builds/auth/claim").session(1).key("claim").json(&json!({"session_id": session(1)}));
        claim().await.expect(401);
        let create = server.post("/builds").session(1).key("claim").json(&knight("Free")).await;
        create.expect(201);
        assert_eq!(kept().await, 2);
    }
}

on_both! {
    async fn errors_of_a_body_are_reported_and_not_stored(server) {
        let long = format!("{{{}}}", vec![r#""name": 1"#; 5_000].join(","));
        for (key, body, status) in [("a", r#"{"name": 1}"#, 422), ("b", "{", 400), ("c", "[]", 422), ("d", &long, 422)] {
            let send = || server.post("/builds").session(1).key(key).raw(body.to_owned());
            assert_eq!(send().await.expect(status).text, send().await.expect(status).text, "{key}");
        }
        assert_eq!(server.database.count("SELECT count(*) FROM idempotency_records").await, 0);
        for key in ["a", "b", "c", "d"] {
            server.post("/builds").session(1).key(key).json(&knight("Corrected")).await.expect(201);
        }
    }
}

on_both! {
    with PLAYERS
    async fn a_claim_moves_the_records_of_what_it_takes(server) {
        let mut body = knight("Canary of a private build");
        body["visibility"] = json!("private");
        let create = || server.post("/builds").session(1).key("k").json(&body);
        let first = create().await.expect(201);
        let voted = server.build(9, &knight("Voted")).await;
        let vote = |n| server.post(&format!("/builds/{voted}/vote")).session(n).key("v").json(&json!({"rating": 4}));
        let cast = vote(1).await.expect(200);
        let token = player("p1");
        let claim = json!({"session_id": session(1)});
        server.post("/builds/auth/claim").session(1).bearer(&token).json(&claim).await.expect(200);
        let again = server.post("/builds").session(2).bearer(&token).key("k").json(&body).await.expect(201);
        assert_eq!(again.text, first.text, "the player's key replays it in every session");
        assert_eq!(vote(2).bearer(&token).await.expect(200).text, cast.text);
        let anew = create().await.expect(201);
        assert_ne!(anew.json()["build_id"], first.json()["build_id"], "the session's key replays it no longer");
        let export = server.get("/me/export").session(5).bearer(&token).await.expect(200).json();
        let mut keys: Vec<_> = export["idempotency_keys"].as_array().unwrap().iter().collect();
        keys.sort_by_key(|it| it["key"].as_str().unwrap().to_owned());
        assert_eq!(keys.iter().map(|it| &it["key"]).collect::<Vec<_>>(), [&json!("k"), &json!("v")]);
        assert_eq!((&keys[0]["status"], &keys[0]["response"]), (&json!(201), &first.json()));
        assert_eq!(keys[1]["build_id"], json!(voted));
        while server.delete("/me").session(2).bearer(&token).await.status == 202 {}
        server.delete("/me").session(1).await.expect(200);
        assert_eq!(server.database.count("SELECT count(*) FROM idempotency_records").await, 0);
    }
}

on_both! {
    with PLAYERS
    async fn a_record_goes_with_what_it_is_about(server) {
        let kept = async || server.database.count("SELECT count(*) FROM idempotency_records").await;
        let id = server.post("/builds").session(1).key("k").json(&knight("Short")).await.expect(201).json()["build_id"]
            .as_str().unwrap().to_owned();
        let rating = json!({"rating": 3});
        server.post(&format!("/builds/{id}/vote")).session(2).key("v").json(&rating).await.expect(200);
        server.post(&format!("/builds/{id}/vote")).session(2).key("w").json(&rating).await.expect(409);
        server.post(&format!("/builds/{id}/report")).session(3).key("r").json(&json!({"reason": "of a report"})).await.expect(202);
        assert_eq!(kept().await, 4);
        server.delete(&format!("/builds/{id}")).session(1).await.expect(200);
        assert_eq!(kept().await, 0);
        let feedback = json!({"query": "q", "response_snippet": "a", "rating": "down", "search_mode": "quick", "comment": "of feedback"});
        let id = server.post("/feedback").session(4).json(&feedback).await.expect(201).json()["feedback_id"].as_str().unwrap().to_owned();
        let review = json!({"reviewed_by": "boss"});
        server.post(&format!("/admin/feedback/{id}/review")).session(8).admin().key("f").json(&review).await.expect(200);
        let build = server.build(9, &knight("Reported")).await;
        server.post(&format!("/builds/{build}/report")).session(4).json(&json!({"reason": "of a report"})).await.expect(202);
        let reports = server.get("/admin/reports").session(8).admin().await.expect(200).json();
        let report = reports["items"][0]["report_id"].as_str().unwrap().to_owned();
        server.post(&format!("/admin/reports/{report}/resolve")).session(8).admin().key("g").raw("").await.expect(200);
        assert_eq!(kept().await, 2);
        server.delete("/me").session(4).await.expect(200);
        assert_eq!(kept().await, 0, "an admin's record holds the text that was reviewed");
    }
}

on_both! {
    async fn keys_are_visible_ascii_and_need_a_caller(server) {
        for bad in ["", "with space", &"x".repeat(256), "t\tab"] {
            let reply = server.post("/builds").session(1).key(bad).json(&knight("Bad")).await.expect(422);
            assert_eq!(reply.faults(), ["Idempotency-Key:format"], "{bad:?}");
        }
        let reply = server.post("/builds").key("abc").json(&knight("Without a session")).await.expect(422);
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
