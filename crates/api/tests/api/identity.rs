//! Who the caller is: good tokens, bad tokens, and tokens that cannot be checked.

use serde_json::json;

use crate::on_both;
use crate::support::players::{PLAYERS, SECRET, player, sign, token_with};
use crate::support::{knight, session};

on_both! {
    with PLAYERS
    async fn a_good_token_is_a_player(server) {
        let status = server.get("/builds/auth/status").bearer(&player("p1")).await.expect(200);
        assert_eq!(status.text, r#"{"authenticated":true,"player_id":"p1","steam_id":"76561198000000001","display_name":"Name of p1","tier":"gold"}"#);
        let build = server.post("/builds").bearer(&player("p1")).json(&knight("Mine")).await.expect(201).json();
        assert_eq!(build["created_by"], "Name of p1");
        assert_eq!(build["creator"], json!({"display_name": "Name of p1", "steam_id": "76561198000000001",
            "is_authenticated": true}));
    }
}

on_both! {
    with PLAYERS
    async fn a_bad_token_is_401_on_every_route_and_never_anonymous(server) {
        let unsigned = {
            let good = player("p1");
            let claims = good.split('.').nth(1).unwrap().to_owned();
            format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{claims}.")
        };
        let forged = sign(&json!({"sub": "p1", "iss": "https://id.example", "aud": "myashes", "exp": 4_102_444_800_i64}), "another");
        for bad in [
            unsigned.as_str(), &forged, "opaque", "a.b.c", "",
            &token_with(json!({"sub": "p1", "iss": "https://evil.example"})),
            &token_with(json!({"sub": "p1", "aud": "other"})),
            &token_with(json!({"sub": "p1", "exp": 1_000_000_000})),
            &token_with(json!({"name": "no sub"})),
            &sign(&json!({"sub": "p1", "iss": "https://id.example", "aud": "myashes"}), SECRET),
        ] {
            for path in ["/builds", "/builds/auth/status", "/game"] {
                let reply = server.get(path).bearer(bad).await.expect(401);
                assert_eq!(reply.error(), "authentication_failed", "{bad} {path}");
            }
            server.post("/builds").bearer(bad).json(&knight("No")).await.expect(401);
        }
        let basic = server.get("/builds").header("authorization", "Basic dTpw").await.expect(401);
        assert_eq!(basic.error(), "authentication_failed");
        assert_eq!(server.get("/builds").await.json()["total"], 0);
    }
}

on_both! {
    with [("IDENTITY_URL", "http://127.0.0.1:9"), ("IDENTITY_TIMEOUT", "500ms")]
    async fn a_token_that_cannot_be_checked_now_is_503(server) {
        let reply = server.get("/builds").bearer("opaque").await.expect(503);
        assert_eq!(reply.error(), "service_unavailable");
        server.get("/builds").await.expect(200);
    }
}

on_both! {
    with [("AUTH_REQUIRED_FOR_WRITES", "true"), PLAYERS[0], PLAYERS[1], PLAYERS[2]]
    async fn writes_can_be_kept_for_players(server) {
        let token = player("p1");
        let id = server.post("/builds").bearer(&token).json(&knight("Mine")).await.expect(201).json()["build_id"].as_str().unwrap().to_owned();
        for request in [
            server.post("/builds").raw("not json"),
            server.patch(&format!("/builds/{id}")).json(&json!({"name": "x"})),
            server.delete(&format!("/builds/{id}")),
            server.post(&format!("/builds/{id}/vote")).json(&json!({"rating": 5})),
            server.put(&format!("/builds/{id}/vote")).json(&json!({"rating": 5})),
            server.delete(&format!("/builds/{id}/vote")),
        ] {
            assert_eq!(request.session(1).await.expect(401).error(), "authentication_required");
        }
        server.get(&format!("/builds/{id}")).await.expect(200);
        let feedback = json!({"query": "q", "response_snippet": "a", "rating": "up", "search_mode": "quick"});
        server.post("/feedback").json(&feedback).await.expect(201);
        server.put(&format!("/builds/{id}/vote")).bearer(&token).json(&json!({"rating": 5})).await.expect(200);
    }
}

on_both! {
    with PLAYERS
    async fn a_players_build_is_theirs_in_every_session_and_not_the_sessions(server) {
        let token = player("p1");
        let mut body = knight("Private");
        body["visibility"] = json!("private");
        let build = server.post("/builds").session(1).bearer(&token).json(&body).await.expect(201).json();
        let path = format!("/builds/{}", build["build_id"].as_str().unwrap());
        server.get(&path).session(2).bearer(&token).await.expect(200);
        server.get(&path).session(1).await.expect(404);
        server.get(&path).session(1).bearer(&player("p2")).await.expect(404);
        let mine = server.get("/builds/mine").header("x-session-id", &session(3)).bearer(&token).await.json();
        assert_eq!(mine["total"], 1);
    }
}
