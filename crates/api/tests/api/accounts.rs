//! What is the caller's: claiming it, taking it along, erasing it.

use myashes_domain::session::SessionHash;
use myashes_testkit::{DatabaseKind, TestDatabase};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::on_both;
use crate::support::players::{PLAYERS, player};
use crate::support::{knight, masked, session};

on_both! {
    with PLAYERS
    async fn a_claim_gives_the_sessions_things_to_the_player(server) {
        let token = player("p1");
        let (own, other) = (server.build(1, &knight("Own")).await, server.build(9, &knight("Other")).await);
        server.put(&format!("/builds/{other}/vote")).session(1).json(&json!({"rating": 2})).await.expect(200);
        server.put(&format!("/builds/{own}/vote")).session(1).json(&json!({"rating": 1})).await.expect(200);
        server.put(&format!("/builds/{other}/vote")).session(2).bearer(&token).json(&json!({"rating": 4})).await.expect(200);
        let claim = |n| server.post("/builds/auth/claim").session(n).json(&json!({"session_id": session(1)}));
        assert_eq!(claim(1).await.expect(401).error(), "authentication_required");
        assert_eq!(claim(2).bearer(&token).await.expect(403).error(), "session_mismatch");
        let reply = claim(1).bearer(&token).await.expect(200).json();
        assert_eq!((&reply["claimed_count"], &reply["build_ids"]), (&json!(1), &json!([own])));
        let build = server.get(&format!("/builds/{own}")).await.json();
        assert_eq!((&build["created_by"], &build["updated_at"]), (&json!("Name of p1"), &build["created_at"]));
        let build = server.get(&format!("/builds/{other}")).await.json();
        assert_eq!((&build["vote_count"], &build["rating"]), (&json!(1), &json!(4.0)), "the player's vote stayed");
        server.patch(&format!("/builds/{own}")).session(1).json(&json!({"name": "x"})).await.expect(403);
        server.patch(&format!("/builds/{own}")).session(5).bearer(&token).json(&json!({"name": "x"})).await.expect(200);
        let again = claim(1).bearer(&token).await.expect(200).json();
        assert_eq!(again["claimed_count"], 0);
        let reply = server.post("/builds/auth/claim").session(1).bearer(&token).json(&json!({"session_id": "x"})).await.expect(422);
        assert_eq!(reply.faults(), ["session_id:format"]);
    }
}

on_both! {
    with PLAYERS
    async fn another_players_vote_is_neither_shown_nor_changed(server) {
        let id = server.build(9, &knight("Voted")).await;
        let path = format!("/builds/{id}/vote");
        server.put(&path).session(1).bearer(&player("p1")).json(&json!({"rating": 5})).await.expect(200);
        for reply in [server.get(&path).session(1).await, server.delete(&path).session(1).await] {
            assert_eq!(reply.expect(200).json()["your_rating"], json!(null));
        }
        let reply = server.post(&path).session(1).json(&json!({"rating": 1})).await.expect(409);
        assert!(reply.json().get("details").is_none(), "{}", reply.text);
        assert_eq!(server.get(&format!("/builds/{id}")).await.json()["rating"], 5.0);
        let seen = server.get(&path).session(4).bearer(&player("p1")).await.json();
        assert_eq!(seen["your_rating"], 5);
    }
}

on_both! {
    with PLAYERS
    async fn an_export_holds_all_of_the_callers_things_and_no_secret(server) {
        let id = server.build(1, &knight("Exported")).await;
        server.put(&format!("/builds/{id}/vote")).session(1).json(&json!({"rating": 3})).await.expect(200);
        let search = json!({"query": "my search", "search_mode": "deep", "result_count": 0});
        server.post("/analytics/search").session(1).key("k1").json(&search).await.expect(201);
        let feedback = json!({"query": "my question", "response_snippet": "a", "rating": "up", "search_mode": "quick"});
        server.post("/feedback").session(1).json(&feedback).await.expect(201);
        server.post(&format!("/builds/{id}/report")).session(1).json(&json!({"reason": "my reason"})).await.expect(202);
        server.build(2, &knight("Another caller's")).await;
        let export = server.get("/me/export").session(1).await.expect(200);
        for text in ["Exported", "my search", "my question", "my reason", "k1"] {
            assert!(export.text.contains(text), "{text}: {}", export.text);
        }
        let parts = export.json();
        for (kind, item) in [
            ("builds", json!({"build_id": id, "primary_archetype": "tank", "secondary_archetype": "fighter", "tags": ["pvp"],
                "build_data": {"skills": ["charge"]}, "visibility": "public", "hidden": false})),
            ("votes", json!({"build_id": id, "rating": 3})),
            ("reports", json!({"build_id": id, "reason": "my reason"})),
            ("idempotency_keys", json!({"key": "k1", "status": 201, "build_id": null, "response": {"recorded": true}})),
        ] {
            for (name, value) in item.as_object().unwrap() {
                assert_eq!(&parts[kind][0][name], value, "{kind} {name}");
            }
        }
        assert!(!export.text.contains("Another caller"));
        assert!(!export.text.contains(&session(1)) && !export.text.contains("session"));
        assert_eq!(export.header("cache-control"), "private, no-store");
        let nothing = server.get("/me/export").session(3).await.expect(200);
        assert_eq!(masked(&nothing.text), r#"{"exported_at":"[instant]","builds":[],"votes":[],"feedback":[],"searches":[],"reports":[],"idempotency_keys":[]}"#);
    }
}

/// Gives the session of the only build this many more like it, some 30 KB each.
async fn multiply_builds(database: &TestDatabase, times: u32) {
    let columns = "name, description, primary_archetype, secondary_archetype, class_name, race, visibility, is_template, \
                   tags, build_data, game_version, search_text, session, player_id, created_at, updated_at";
    let copies = format!(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {times}) \
         INSERT INTO builds (build_id, {columns}) SELECT 'b_copy' || n.n, {columns} FROM builds, n"
    );
    database.execute(&copies).await.unwrap();
}

on_both! {
    async fn an_export_is_streamed_and_two_run_at_once(server) {
        let mut body = knight("Copied");
        body["build_data"] = json!({"note": "x".repeat(30_000)});
        server.build(1, &body).await;
        multiply_builds(&server.database, 999).await;
        let open = |n| {
            let request = server.client.get(server.url("/api/v1/me/export")).header("x-session-id", session(n));
            async move { request.send().await.unwrap() }
        };
        let (first, second) = (open(1).await, open(1).await);
        assert_eq!((first.status().as_u16(), second.status().as_u16()), (200, 200));
        let third = server.get("/me/export").session(1).await.expect(429);
        assert_eq!(third.error(), "rate_limited");
        assert!(third.header("retry-after").parse::<u64>().unwrap() > 0);
        server.get("/me/export").session(2).await.expect(200);
        drop(second);
        let whole: serde_json::Value = first.json().await.unwrap();
        assert_eq!(whole["builds"].as_array().unwrap().len(), 1_000);
        let mut ids: Vec<_> = whole["builds"].as_array().unwrap().iter().map(|it| it["build_id"].as_str().unwrap()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 1_000);
        // The place of the one that hung up is free once the service has seen that.
        while server.get("/me/export").session(1).await.status == 429 {}
    }
}

on_both! {
    with PLAYERS
    async fn an_erasure_leaves_nothing_and_every_aggregate_exact(server) {
        let kept = server.build(2, &knight("Kept")).await;
        server.put(&format!("/builds/{kept}/vote")).session(2).json(&json!({"rating": 1})).await.expect(200);
        server.put(&format!("/builds/{kept}/vote")).session(1).json(&json!({"rating": 5})).await.expect(200);
        for n in 0..3 {
            server.build(1, &knight(&format!("Erased {n}"))).await;
        }
        server.post("/analytics/search").session(1).key("k").json(&json!({"query": "q", "search_mode": "deep", "result_count": 0})).await.expect(201);
        while server.delete("/me").session(1).await.status == 202 {}
        let export = server.get("/me/export").session(1).await.expect(200).json();
        for kind in ["builds", "votes", "feedback", "searches", "reports", "idempotency_keys"] {
            assert_eq!(export[kind], json!([]), "{kind}");
        }
        let build = server.get(&format!("/builds/{kept}")).await.json();
        assert_eq!((&build["vote_count"], &build["rating"]), (&json!(1), &json!(1.0)));
        assert_eq!(server.get("/builds/mine").session(1).await.json()["total"], 0);
    }
}

/// Bytes as a literal that both databases read.
fn literal(database: &TestDatabase, bytes: &[u8]) -> String {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    match database.kind {
        DatabaseKind::Sqlite => format!("X'{digits}'"),
        DatabaseKind::Postgres => format!("'\\x{digits}'::bytea"),
    }
}

on_both! {
    async fn an_erasure_whose_process_ended_is_carried_to_its_end(server) {
        let kept = server.build(2, &knight("Kept")).await;
        server.put(&format!("/builds/{kept}/vote")).session(1).json(&json!({"rating": 5})).await.expect(200);
        server.build(1, &knight("Mine")).await;
        // What a process leaves that was killed between two batches.
        let session = SessionHash::of(&session(1)).0;
        let (hash, key) = (literal(&server.database, &session), literal(&server.database, &Sha256::digest(session)));
        let long_ago = match server.database.kind {
            DatabaseKind::Sqlite => "0",
            DatabaseKind::Postgres => "'1970-01-01T00:00:00Z'",
        };
        let job = format!(
            "INSERT INTO account_jobs (kind, job_key, session, accepted_at, resumed_at) \
             VALUES ('erasure', {key}, {hash}, {long_ago}, {long_ago})"
        );
        server.database.execute(&job).await.unwrap();
        while server.database.count("SELECT count(*) FROM account_jobs").await > 0 {}
        assert_eq!(server.get("/builds/mine").session(1).await.json()["total"], 0);
        let build = server.get(&format!("/builds/{kept}")).await.json();
        assert_eq!((&build["vote_count"], &build["rating_distribution"]), (&json!(0), &json!([0, 0, 0, 0, 0])));
    }
}
