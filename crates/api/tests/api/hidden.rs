//! Builds that an admin has hidden.

use serde_json::{Value, json};

use crate::on_both;
use crate::support::players::{PLAYERS, admin_player, player};
use crate::support::{TestServer, knight, masked};

async fn moderate(server: &TestServer, id: &str, what: &str) -> Value {
    server.post(&format!("/admin/builds/{id}/{what}")).admin().await.expect(200).json()
}

on_both! {
    with PLAYERS
    async fn a_hidden_build_is_there_for_its_owner_and_admins_only(server) {
        let id = server.build(1, &knight("Hidden")).await;
        let path = format!("/builds/{id}");
        server.put(&format!("{path}/vote")).session(2).json(&json!({"rating": 5})).await.expect(200);
        let before = server.get(&path).session(1).await.expect(200);
        assert!(before.json().get("hidden").is_none());
        assert_eq!(moderate(server, &id, "hide").await, json!({"build_id": id, "hidden": true, "visibility": "public"}));
        assert_eq!(moderate(server, &id, "hide").await["hidden"], true, "once more changes nothing");

        let missing = server.get("/builds/b_0000000000").session(2).await.expect(404).text;
        for request in [server.get(&path), server.get(&path).session(2), server.get(&path).bearer(&player("p"))] {
            assert_eq!(request.await.expect(404).text.replace(&id, "b_0000000000"), missing);
        }
        for request in [server.get(&path).admin(), server.get(&path).bearer(&admin_player())] {
            assert_eq!(request.await.expect(200).json()["hidden"], true);
        }
        let owned = server.get(&path).session(1).await.expect(200);
        insta::assert_snapshot!("hidden_build", masked(&owned.text));
        assert_ne!(owned.header("etag"), before.header("etag"), "the owner's copy is out of date");

        for session in [1, 2] {
            let vote = format!("{path}/vote");
            server.get(&vote).session(session).await.expect(404);
            server.post(&vote).session(session).json(&json!({"rating": 1})).await.expect(404);
            server.put(&vote).session(session).json(&json!({"rating": 9})).await.expect(404);
            server.delete(&vote).session(session).await.expect(404);
        }
        let report = |session| server.post(&format!("{path}/report")).session(session).json(&json!({"reason": "r"}));
        assert_eq!(report(2).await.expect(404).error(), "build_not_found");
        report(1).await.expect(202);

        assert_eq!(moderate(server, &id, "restore").await["hidden"], false);
        let after = server.get(&path).session(2).await.expect(200).json();
        assert_eq!(after, before.json());
        server.put(&format!("{path}/vote")).session(1).json(&json!({"rating": 1})).await.expect(200);
    }
}

on_both! {
    with PLAYERS
    async fn a_hidden_build_can_be_deleted_by_its_owner_but_not_changed(server) {
        let id = server.build(1, &knight("Hidden")).await;
        let path = format!("/builds/{id}");
        moderate(server, &id, "hide").await;
        let change = json!({"name": "Other", "visibility": "public"});
        let refused = server.patch(&path).session(1).json(&change).await.expect(403);
        assert_eq!(refused.error(), "build_hidden");
        let refused = server.patch(&path).session(1).header("if-match", "\"7\"").json(&json!({"name": 5})).await;
        assert_eq!(refused.expect(403).error(), "build_hidden", "before 412 and 422");
        assert_eq!(server.patch(&path).session(2).json(&change).await.expect(404).error(), "build_not_found");
        assert_eq!(server.delete(&path).session(2).await.expect(404).error(), "build_not_found");
        assert_eq!(server.delete(&path).admin().await.expect(404).error(), "build_not_found");
        server.delete(&path).session(1).await.expect(200);
        server.get(&path).session(1).await.expect(404);
        assert_eq!(server.post(&format!("/admin/builds/{id}/restore")).admin().await.expect(404).error(), "build_not_found");
    }
}

on_both! {
    with PLAYERS
    async fn a_hidden_build_leaves_every_list_at_once(server) {
        let id = server.build(1, &knight("Hidden")).await;
        server.put(&format!("/builds/{id}/vote")).session(2).json(&json!({"rating": 5})).await.expect(200);
        let lists = ["/builds", "/builds?search=hidden", "/builds?tag=pvp", "/builds?race=vek", "/builds?sort=rating",
            "/builds?search=hidden&sort=relevance", "/builds/popular"];
        let seen = async || {
            let mut seen = vec![];
            for list in lists {
                seen.push(server.get(list).await.expect(200).json()["builds"].as_array().unwrap().len());
            }
            seen.push(server.get("/builds").await.expect(200).json()["total"].as_u64().unwrap() as usize);
            seen
        };
        assert_eq!(seen().await, [1; 8]);
        moderate(server, &id, "hide").await;
        assert_eq!(seen().await, [0; 8]);
        let mine = server.get("/builds/mine").session(1).await.expect(200).json();
        assert_eq!((&mine["total"], &mine["builds"][0]["hidden"]), (&json!(1), &json!(true)));
        let all = server.get("/admin/builds").admin().await.expect(200).json();
        assert_eq!((&all["total"], &all["items"][0]["hidden"], &all["items"][0]["visibility"]),
            (&json!(1), &json!(true), &json!("public")));
        moderate(server, &id, "restore").await;
        let mut restored = seen().await;
        // The ranking of the popular ones may be a minute old.
        restored.remove(lists.len() - 1);
        assert_eq!(restored, [1; 7]);
        let mine = server.get("/builds/mine").session(1).await.expect(200).json();
        assert!(mine["builds"][0].get("hidden").is_none());
    }
}

on_both! {
    with PLAYERS
    async fn a_hidden_private_build_is_its_owners_alone(server) {
        let mut body = knight("Hidden");
        body["visibility"] = json!("private");
        let id = server.build(1, &body).await;
        moderate(server, &id, "hide").await;
        server.get(&format!("/builds/{id}")).admin().await.expect(404);
        let owned = server.get(&format!("/builds/{id}")).session(1).await.expect(200).json();
        assert_eq!((&owned["hidden"], &owned["visibility"]), (&json!(true), &json!("private")));
        assert_eq!(moderate(server, &id, "restore").await["visibility"], "private");
        server.get(&format!("/builds/{id}")).session(2).await.expect(404);
    }
}

on_both! {
    with PLAYERS
    async fn hiding_and_restoring_are_audited_and_replayed(server) {
        let id = server.build(1, &knight("Canary name")).await;
        for what in ["hide", "restore", "hide"] {
            let path = format!("/admin/builds/{id}/{what}");
            let post = || server.post(&path).bearer(&admin_player()).session(7).key(what);
            assert_eq!(post().await.expect(200).text, post().await.expect(200).text);
        }
        let build = server.get(&format!("/builds/{id}")).session(1).await.expect(200).json();
        assert!(build.get("hidden").is_none(), "a replay is not carried out again");
        assert_eq!(server.post("/admin/builds/b_missing/hide").admin().await.expect(404).error(), "build_not_found");
        let log = server.get("/admin/audit").admin().await.expect(200);
        let lines: Vec<Value> = log.json()["items"].as_array().unwrap().iter()
            .map(|it| json!([it["actor"], it["action"], it["target"], it["details"]])).collect();
        assert_eq!(lines, [json!(["player:boss", "build.restore", id, {}]), json!(["player:boss", "build.hide", id, {}])]);
        assert!(!log.text.contains("Canary"), "{}", log.text);
    }
}

on_both! {
    with PLAYERS
    async fn an_admins_reason_is_in_the_audit_log(server) {
        let id = server.build(1, &knight("Disputed")).await;
        let path = format!("/admin/builds/{id}");
        for (what, reason) in [("/hide", "case+17"), ("/restore", "case+17+is+closed")] {
            server.post(&format!("{path}{what}?reason={reason}")).admin().await.expect(200);
        }
        for wrong in ["x".repeat(501), "%E2%80%8B".to_owned(), "a&reason=b".to_owned()] {
            let reply = server.post(&format!("{path}/hide?reason={wrong}")).admin().await.expect(422);
            assert_eq!(reply.json()["details"]["errors"][0]["field"], "reason");
        }
        server.delete(&format!("{path}?reason=case+18")).admin().await.expect(200);
        let log = server.get("/admin/audit").admin().await.expect(200).json();
        let lines: Vec<_> = log["items"].as_array().unwrap().iter()
            .map(|it| (it["action"].as_str().unwrap(), it["details"]["reason"].as_str().unwrap())).collect();
        let expected =
            [("build.delete", "case 18"), ("build.restore", "case 17 is closed"), ("build.hide", "case 17")];
        assert_eq!(lines, expected);
    }
}
