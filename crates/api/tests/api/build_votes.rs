//! Row 6 of the security review: first votes of anonymous sessions per build, address and hour.

use serde_json::json;

use crate::on_both;
use crate::support::players::{PLAYERS, player};
use crate::support::{Reply, TestServer, knight};

const LIMITED: &[(&str, &str)] = &[
    ("RATE_LIMIT_ENABLED", "true"),
    ("RATE_LIMIT_BUILD_VOTES", "3"),
    ("TRUSTED_PROXIES", "127.0.0.1"),
    ("RATE_LIMIT_TRUSTED_CLIENTS", "192.0.2.0/24"),
    PLAYERS[0],
    PLAYERS[1],
    PLAYERS[2],
];

async fn vote(server: &TestServer, build: &str, session: u32, address: &str) -> Reply {
    let request = server.post(&format!("/builds/{build}/vote")).session(session);
    request.header("x-forwarded-for", address).json(&json!({"rating": 1})).await
}

on_both! {
    with LIMITED
    async fn one_address_cannot_vote_a_build_up_with_invented_sessions(server) {
        let (one, other) = (server.build(1, &knight("One")).await, server.build(1, &knight("Other")).await);
        for n in 0..3 {
            vote(server, &one, 10 + n, &format!("2001:db8:1:2::{n}")).await.expect(200);
        }
        let address = "2001:db8:1:2::ffff";
        let refused = vote(server, &one, 20, address).await.expect(429);
        assert_eq!(refused.error(), "rate_limited");
        assert_eq!(refused.json()["details"]["limit"], "build_votes");
        assert!(refused.json()["message"].as_str().unwrap().to_lowercase().contains("sign"), "{}", refused.text);
        let wait: u64 = refused.header("retry-after").parse().unwrap();
        assert!((1..=3600).contains(&wait) && refused.json()["details"]["retry_after"] == wait);
        let put = server.put(&format!("/builds/{one}/vote")).session(21).header("x-forwarded-for", address);
        put.json(&json!({"rating": 1})).await.expect(429);
        assert_eq!(server.get(&format!("/builds/{one}")).await.json()["vote_count"], 3);

        vote(server, &one, 10, address).await.expect(409);
        let change = server.put(&format!("/builds/{one}/vote")).session(10).header("x-forwarded-for", address);
        change.json(&json!({"rating": 4})).await.expect(200);
        vote(server, &other, 20, address).await.expect(200);
        vote(server, &one, 20, "2001:db8:1:3::1").await.expect(200);
        vote(server, &one, 22, "192.0.2.1").await.expect(200);
        let signed_in = server.post(&format!("/builds/{one}/vote")).session(23).bearer(&player("p1"));
        signed_in.header("x-forwarded-for", address).json(&json!({"rating": 5})).await.expect(200);
    }
}

on_both! {
    with LIMITED
    async fn only_first_votes_are_counted(server) {
        let id = server.build(1, &knight("Counted")).await;
        let address = "198.51.100.1";
        for _ in 0..5 {
            server.post("/builds/b_missing/vote").session(9).header("x-forwarded-for", address)
                .json(&json!({"rating": 1})).await.expect(404);
            server.post(&format!("/builds/{id}/vote")).session(9).header("x-forwarded-for", address)
                .json(&json!({"rating": 9})).await.expect(422);
        }
        vote(server, &id, 10, address).await.expect(200);
        for _ in 0..5 {
            vote(server, &id, 10, address).await.expect(409);
            server.put(&format!("/builds/{id}/vote")).session(10).header("x-forwarded-for", address)
                .json(&json!({"rating": 2})).await.expect(200);
        }
        let keyed = || server.post(&format!("/builds/{id}/vote")).session(11).key("k").header("x-forwarded-for", address);
        for _ in 0..5 {
            keyed().json(&json!({"rating": 3})).await.expect(200);
        }
        vote(server, &id, 12, address).await.expect(200);
        vote(server, &id, 13, address).await.expect(429);
    }
}
