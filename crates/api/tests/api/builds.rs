//! One build: made, read, changed, deleted.

use serde_json::{Value, json};

use crate::on_both;
use crate::support::{knight, masked};

on_both! {
    async fn a_created_build_is_returned_whole_and_read_back_alike(server) {
        let created = server.post("/builds").session(1).json(&knight("Iron Wall")).await.expect(201);
        insta::assert_snapshot!("created_build", masked(&created.text));
        let id = created.json()["build_id"].as_str().unwrap().to_owned();
        assert_eq!(created.header("location"), format!("/api/v1/builds/{id}"));
        assert!(id.starts_with("b_") && id.len() == 12, "{id}");
        let read = server.get(&format!("/builds/{id}")).session(2).await.expect(200);
        assert_eq!(read.json(), created.json());
    }
}

on_both! {
    async fn text_is_trimmed_and_ids_are_lowered(server) {
        let body = json!({
            "name": "  Näme  ", "description": "  ", "primary_archetype": " TANK", "race": "Vek",
            "secondary_archetype": "Fighter", "tags": ["PvP", " pvp ", "Raid"],
        });
        let build = server.post("/builds").json(&body).await.expect(201).json();
        assert_eq!(build["name"], "Näme");
        assert_eq!(build["description"], Value::Null);
        assert_eq!(build["primary_archetype"], "tank");
        assert_eq!(build["race"], "vek");
        assert_eq!(build["tags"], json!(["pvp", "raid"]));
        assert_eq!(build["build_data"], Value::Null);
    }
}

on_both! {
    async fn every_error_of_a_body_is_reported_at_once(server) {
        let body = json!({
            "name": "  ", "description": 7, "primary_archetype": "wizard", "race": null,
            "is_public": true, "visibility": "private", "tags": ["a".repeat(31)], "build_data": [],
        });
        let reply = server.post("/builds").json(&body).await.expect(422);
        insta::assert_snapshot!("faults_of_a_build", reply.text);
        let deep = "{\"a\":".repeat(17) + "1" + &"}".repeat(17);
        let body = format!(r#"{{"name":"a\u0000","tags":{},"build_data":{deep}}}"#, json!((0..11).map(|n| n.to_string()).collect::<Vec<_>>()));
        let reply = server.post("/builds").raw(body).await.expect(422);
        assert_eq!(reply.faults(), [
            "build_data:too_deep", "name:nul", "primary_archetype:required", "race:required",
            "secondary_archetype:required", "tags:too_many",
        ]);
        assert_eq!(server.get("/builds").await.json()["total"], 0);
    }
}

on_both! {
    async fn lengths_count_characters_not_bytes(server) {
        let mut body = knight(&"é".repeat(100));
        body["description"] = json!("界".repeat(2000));
        server.post("/builds").json(&body).await.expect(201);
        let reply = server.post("/builds").json(&knight(&"é".repeat(101))).await.expect(422);
        assert_eq!(reply.faults(), ["name:length"]);
        body["build_data"] = json!({"a": "x".repeat(33_000)});
        let reply = server.post("/builds").json(&body).await.expect(422);
        assert_eq!(reply.faults(), ["build_data:too_large"]);
    }
}

on_both! {
    async fn is_public_and_visibility_say_the_same_thing_in_two_ways(server) {
        for (given, visibility, public) in [
            (json!({}), "public", true),
            (json!({"is_public": false}), "private", false),
            (json!({"visibility": "unlisted"}), "unlisted", false),
            (json!({"visibility": "unlisted", "is_public": false}), "unlisted", false),
        ] {
            let mut body = knight("Seen");
            body.as_object_mut().unwrap().extend(given.as_object().unwrap().clone());
            let build = server.post("/builds").session(1).json(&body).await.expect(201).json();
            assert_eq!((&build["visibility"], &build["is_public"]), (&json!(visibility), &json!(public)));
        }
        let mut body = knight("Seen");
        body["visibility"] = json!("unlisted");
        let id = server.build(1, &body).await;
        let hide = json!({"is_public": false});
        let build = server.patch(&format!("/builds/{id}")).session(1).json(&hide).await.expect(200).json();
        assert_eq!(build["visibility"], "unlisted", "false leaves unlisted as it is");
    }
}

on_both! {
    async fn private_builds_do_not_exist_for_others(server) {
        let mut body = knight("Secret");
        body["visibility"] = json!("private");
        let id = server.build(1, &body).await;
        server.get(&format!("/builds/{id}")).session(1).await.expect(200);
        let hidden = server.get(&format!("/builds/{id}")).session(2).await.expect(404);
        let absent = server.get("/builds/b_aaaaaaaaaa").session(2).await.expect(404);
        assert_eq!(hidden.text.replace(&id, "X"), absent.text.replace("b_aaaaaaaaaa", "X"));
        for request in [
            server.patch(&format!("/builds/{id}")).json(&json!({"name": "Mine"})),
            server.patch(&format!("/builds/{id}")).json(&json!({"name": 1})),
            server.delete(&format!("/builds/{id}")),
            server.get(&format!("/builds/{id}/vote")),
            server.delete(&format!("/builds/{id}/vote")),
            server.put(&format!("/builds/{id}/vote")).json(&json!({"rating": 5})),
            server.post(&format!("/builds/{id}/vote")).json(&json!({"rating": 5})),
            server.post(&format!("/builds/{id}/vote")).json(&json!({"rating": 9})),
        ] {
            let reply = request.session(2).await.expect(404);
            assert_eq!(reply.text, hidden.text);
        }
    }
}

on_both! {
    async fn owners_change_builds_and_others_do_not(server) {
        let id = server.build(1, &knight("Before")).await;
        let path = format!("/builds/{id}");
        let before = server.get(&path).session(1).await.json();
        let change = json!({"name": "After", "secondary_archetype": "mage", "description": "New", "tags": [],
            "build_data": null});
        let after = server.patch(&path).session(1).json(&change).await.expect(200).json();
        assert_eq!(after["name"], "After");
        assert_eq!(after["class_name"], "Spellshield");
        assert_eq!(after["build_data"], Value::Null);
        assert_eq!(after["tags"], json!([]));
        assert_eq!(after["created_at"], before["created_at"]);
        assert_ne!(after["updated_at"], before["updated_at"]);
        let reply = server.patch(&path).session(2).json(&change).await.expect(403);
        assert_eq!(reply.error(), "not_owner");
        let reply = server.patch(&path).session(2).json(&json!({"name": null})).await.expect(403);
        assert_eq!(reply.error(), "not_owner", "403 comes before 422");
        let reply = server.patch(&path).session(1).json(&json!({"name": null, "tags": null})).await.expect(422);
        assert_eq!(reply.faults(), ["name:null", "tags:null"]);
        assert_eq!(server.delete(&path).session(2).await.expect(403).error(), "not_owner");
    }
}

on_both! {
    async fn a_build_is_deleted_with_its_votes(server) {
        let id = server.build(1, &knight("Deleted")).await;
        let path = format!("/builds/{id}");
        server.post(&format!("{path}/vote")).session(2).json(&json!({"rating": 5})).await.expect(200);
        let reply = server.delete(&path).session(1).await.expect(200);
        assert_eq!(reply.json(), json!({"build_id": id, "deleted": true, "message": "Build deleted successfully"}));
        server.get(&path).session(1).await.expect(404);
        server.delete(&path).session(1).await.expect(404);
        let votes = server.get(&format!("/me/votes?build_ids={id}")).session(2).await.expect(200).json();
        assert_eq!(votes, json!({"votes": [], "count": 0}));
    }
}
