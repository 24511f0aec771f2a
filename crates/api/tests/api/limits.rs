//! Rate limits.

use crate::on_both;
use crate::support::{TestServer, knight, session};

/// Small quotas, so that they are reached soon. An address gets five times as much.
const TIGHT: &[(&str, &str)] = &[
    ("RATE_LIMIT_ENABLED", "true"),
    ("RATE_LIMIT_READS", "4"),
    ("RATE_LIMIT_LISTS", "3"),
    ("RATE_LIMIT_CREATES", "2"),
    ("TRUSTED_PROXIES", "127.0.0.0/8"),
];

async fn list(server: &TestServer, number: u32, address: &str) -> u16 {
    server.get("/builds").session(number).header("x-forwarded-for", address).await.status
}

on_both! {
    with TIGHT
    async fn a_caller_has_a_budget_for_each_kind_of_request(server) {
        for left in (0..3).rev() {
            let reply = server.get("/builds").session(1).await.expect(200);
            assert_eq!(reply.header("x-ratelimit-limit"), "3");
            assert_eq!(reply.header("x-ratelimit-remaining"), left.to_string());
            assert!(reply.header("x-ratelimit-reset").parse::<u64>().unwrap() <= 60);
            assert_eq!(reply.header("ratelimit-policy"), "\"lists\";q=3;w=60, \"lists-address\";q=15;w=60");
            assert_eq!(reply.header("ratelimit"), format!("\"lists\";r={left}, \"lists-address\";r={}", left + 12));
        }
        let reply = server.get("/builds").session(1).await.expect(429);
        assert_eq!(reply.error(), "rate_limited");
        let wait = reply.header("retry-after").parse::<u64>().unwrap();
        assert!((1..=60).contains(&wait));
        assert_eq!(reply.json()["details"]["retry_after"], wait);
        assert_eq!(reply.json()["details"]["limit"], "lists");
        assert_eq!(reply.header("x-session-id"), session(1));
        server.get("/game").session(1).await.expect(200);
        server.get("/builds").session(2).await.expect(200);
        for _ in 0..2 {
            server.post("/builds").session(1).json(&knight("Limited")).await.expect(201);
        }
        server.post("/builds").session(1).raw("not even read").await.expect(429);
    }
}

on_both! {
    with TIGHT
    async fn a_new_session_for_every_request_buys_nothing(server) {
        let mut passed = 0;
        for n in 0..40 {
            passed += u32::from(list(server, 1000 + n, "198.51.100.7").await == 200);
        }
        assert_eq!(passed, 15, "five times the quota of a session");
        assert_eq!(list(server, 1, "198.51.100.8").await, 200, "another address has its own");
    }
}

on_both! {
    with TIGHT
    async fn addresses_within_one_64_share_their_budget(server) {
        let mut passed = 0;
        for n in 0..40 {
            passed += u32::from(list(server, 2000 + n, &format!("2001:db8:1:2::{n:x}")).await == 200);
        }
        assert_eq!(passed, 15);
        assert_eq!(list(server, 1, "2001:db8:1:3::1").await, 200);
    }
}

on_both! {
    with [TIGHT[0], TIGHT[2], ("TRUSTED_PROXIES", "none")]
    async fn a_stranger_cannot_name_another_address(server) {
        let mut passed = 0;
        for n in 0..40 {
            passed += u32::from(list(server, 3000 + n, &format!("198.51.100.{n}")).await == 200);
        }
        assert_eq!(passed, 15);
    }
}

on_both! {
    with [TIGHT[0], TIGHT[2], TIGHT[4], ("RATE_LIMIT_TRUSTED_CLIENTS", "198.51.100.0/24")]
    async fn trusted_clients_skip_the_address_limit_and_their_callers_do_not(server) {
        for n in 0..20 {
            assert_eq!(list(server, 4000 + n, "198.51.100.7").await, 200);
        }
        for left in [true, true, true, false] {
            assert_eq!(list(server, 1, "198.51.100.7").await == 200, left);
        }
    }
}

on_both! {
    with TIGHT
    async fn health_and_preflights_are_not_charged(server) {
        for _ in 0..30 {
            let health = server.request(reqwest::Method::GET, "/health").await.expect(200);
            assert_eq!(health.header("x-ratelimit-limit"), "");
            let preflight = server.request(reqwest::Method::OPTIONS, "/api/v1/builds")
                .header("origin", "https://myashes.ai").header("access-control-request-method", "POST").await;
            preflight.expect(204);
        }
        server.get("/builds").session(1).await.expect(200);
    }
}

on_both! {
    with TIGHT
    async fn unknown_paths_and_bad_tokens_are_charged_too(server) {
        let mut statuses = Vec::new();
        for n in 0..22 {
            let path = if n % 2 == 0 { "/nowhere" } else { "/game" };
            statuses.push(server.get(path).session(5000 + n).bearer("bad").header("x-forwarded-for", "198.51.100.20").await.status);
        }
        assert_eq!(statuses[..20].iter().filter(|status| **status == 401).count(), 20, "{statuses:?}");
        assert_eq!(statuses[20..], [429, 429], "the address comes before the token");
    }
}
