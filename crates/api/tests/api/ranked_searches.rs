//! Which searches count towards popular queries: one address alone cannot make a query popular.

use myashes_domain::analytics::SPARE_CALLERS;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::on_both;
use crate::support::{Reply, TestServer, session};

const LIMITED: &[(&str, &str)] = &[
    ("RATE_LIMIT_ENABLED", "true"),
    ("RATE_LIMIT_WRITES", "100000"),
    ("RATE_LIMIT_LISTS", "100000"),
    ("TRUSTED_PROXIES", "127.0.0.1"),
    ("RATE_LIMIT_TRUSTED_CLIENTS", "192.0.2.0/24"),
];
const THREE_CALLERS: &[(&str, &str)] =
    &[LIMITED[0], LIMITED[1], LIMITED[2], LIMITED[3], LIMITED[4], ("POPULAR_MIN_CALLERS", "3")];

/// The searches that are stored, and those of them that are counted.
const STORED: &str = "SELECT count(*) FROM searches";
const RANKED: &str = "SELECT coalesce(CAST(sum(searches) AS bigint), 0) FROM search_days";

async fn search(server: &TestServer, number: u32, address: &str, query: &str, mode: &str) -> Reply {
    let body = json!({"query": query, "search_mode": mode, "result_count": 3});
    let request = server.post("/analytics/search").session(number).header("x-forwarded-for", address);
    request.json(&body).await.expect(201)
}

/// Searches for `query` once in each of the sessions.
async fn search_in(server: &TestServer, sessions: std::ops::Range<u32>, address: &str, query: &str) {
    for number in sessions {
        search(server, number, address, query, "quick").await;
    }
}

async fn popular(server: &TestServer) -> Vec<(String, u64)> {
    let reply = server.get("/analytics/popular-queries").await.expect(200).json();
    let shown = |it: &Value| (it["query"].as_str().unwrap().to_owned(), it["count"].as_u64().unwrap());
    reply["queries"].as_array().unwrap().iter().map(shown).collect()
}

/// Asks until the popular queries are these: a report that takes long may be a little old.
async fn assert_popular(server: &TestServer, expected: &[(&str, u64)]) {
    let expected: Vec<(String, u64)> =
        expected.iter().map(|(query, count)| ((*query).into(), *count)).collect();
    let mut shown = vec![];
    for _ in 0..500 {
        shown = popular(server).await;
        if shown == expected {
            return;
        }
    }
    assert_eq!(shown, expected);
}

on_both! {
    with LIMITED
    async fn a_caller_adds_at_most_three_to_the_count_of_a_query(server) {
        for n in 0..5 {
            // Another address makes no other caller.
            let reply = search(server, 1, &format!("198.51.100.{n}"), "Best Tank", "quick").await;
            assert_eq!(reply.text, r#"{"recorded":true}"#, "the response does not show it");
        }
        assert_eq!(server.database.count(STORED).await, 5);
        assert_eq!(server.database.count(RANKED).await, 3);
        search(server, 1, "198.51.100.1", "best  tank", "deep").await;
        search(server, 1, "198.51.100.1", "best mage", "quick").await;
        search(server, 2, "198.51.100.1", "best tank", "quick").await;
        assert_eq!(server.database.count(RANKED).await, 6, "another mode, query and caller");
        assert_popular(server, &[("Best Tank", 4), ("best mage", 1), ("best  tank", 1)]).await;
    }
}

on_both! {
    with LIMITED
    async fn an_address_adds_at_most_twenty_to_the_count_of_a_query(server) {
        for n in 0..25 {
            search(server, n, &format!("2001:db8:1:2::{n}"), "loud", "quick").await;
        }
        assert_eq!(server.database.count(RANKED).await, 20);
        search_in(server, 30..31, "2001:db8:1:3::1", "loud").await;
        assert_eq!(server.database.count(RANKED).await, 21, "another address");
        search_in(server, 40..65, "192.0.2.1", "loud").await;
        assert_eq!(server.database.count(RANKED).await, 46, "a trusted client's callers");
        assert_eq!(server.database.count(STORED).await, 51);
    }
}

on_both! {
    with LIMITED
    async fn new_queries_of_an_address_past_500_are_stored_unranked(server) {
        let address = "198.51.100.1";
        for first in (0..510).step_by(30) {
            let mut searches = JoinSet::new();
            for n in first..first + 30 {
                let request = server.post("/analytics/search").session(n).header("x-forwarded-for", address);
                let body = json!({"query": format!("query {n}"), "search_mode": "quick", "result_count": 1});
                searches.spawn(async move { request.json(&body).await.status });
            }
            assert!(searches.join_all().await.into_iter().all(|status| status == 201));
        }
        let queries = "SELECT count(*) FROM search_days";
        assert_eq!(server.database.count(STORED).await, 510);
        assert_eq!(server.database.count(queries).await, 500);
        search(server, 1, address, "one too many", "quick").await;
        search(server, 2, address, "one too many", "quick").await;
        assert_eq!(server.database.count(queries).await, 500, "not at the second try either");
        assert_eq!(server.database.count(RANKED).await, 500);
        search(server, 600, address, "query 1", "quick").await;
        assert_eq!(server.database.count(RANKED).await, 501, "a query that the address has searched for already");
        search(server, 1, "198.51.100.2", "one too many", "quick").await;
        assert_eq!(server.database.count(queries).await, 501, "another address");
        let metrics = server.request(reqwest::Method::GET, "/metrics").await.expect(200).text;
        assert!(metrics.contains("searches_unranked_total{search_mode=\"quick\"}"), "{metrics}");
    }
}

on_both! {
    with THREE_CALLERS
    async fn invented_sessions_of_one_address_do_not_make_a_query_popular(server) {
        search_in(server, 0..12, "198.51.100.1", "my ad").await;
        search_in(server, 20..21, "198.51.100.2", "my ad").await;
        assert!(popular(server).await.is_empty(), "callers enough, but of two addresses");
        search_in(server, 30..31, "198.51.100.3", "my ad").await;
        assert_popular(server, &[("my ad", 14)]).await;
        search_in(server, 40..42, "192.0.2.1", "through the site").await;
        search_in(server, 42..43, "192.0.2.2", "through the site").await;
        assert_popular(server, &[("my ad", 14), ("through the site", 3)]).await;
    }
}

on_both! {
    with THREE_CALLERS
    async fn an_address_is_kept_as_a_hash_and_no_more_often_than_the_threshold_needs(server) {
        for n in 0..6 {
            search(server, n, &format!("203.0.113.{n}"), "kept", "quick").await;
            search(server, 10 + n, &format!("203.0.113.{n}"), "kept", "quick").await;
        }
        let hashes = "SELECT count(*) FROM search_callers WHERE length(address) > 0";
        assert_eq!(server.database.count(hashes).await, 3);
        let callers = server.database.count("SELECT count(*) FROM search_callers").await;
        assert_eq!(callers, i64::from(3 + SPARE_CALLERS));
        // Under a key of the day, one address has another hash for each query.
        search(server, 1, "203.0.113.1", "other", "quick").await;
        let distinct = "SELECT count(DISTINCT address) FROM search_callers WHERE length(address) > 0";
        assert_eq!(server.database.count(distinct).await, 4);
        assert_eq!(server.database.count("SELECT count(*) FROM search_address_keys").await, 1);
    }
}

on_both! {
    with LIMITED
    async fn erasing_a_caller_leaves_no_unranked_search_and_every_count_exact(server) {
        for _ in 0..5 {
            search(server, 1, "198.51.100.1", "mine", "quick").await;
        }
        search(server, 2, "198.51.100.1", "mine", "quick").await;
        server.delete("/me").header("x-session-id", &session(1)).await.expect(200);
        assert_eq!(server.database.count(STORED).await, 1);
        assert_eq!(server.database.count(RANKED).await, 1);
    }
}
