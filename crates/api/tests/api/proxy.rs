//! Behind a real reverse proxy.

use std::net::{IpAddr, Ipv4Addr};

use myashes_servers::{Nginx, free_port};
use myashes_testkit::TestDatabase;

use crate::support::{TestServer, session};

/// The address that the proxy calls from; its clients come from others.
const PROXY: &str = "127.0.0.9";

/// How many of 40 lists pass, each in a session of its own, from a client with this last part of its address.
/// It claims a new address each time.
async fn passed(proxy: u16, client: u8) -> usize {
    let address = IpAddr::V4(Ipv4Addr::new(127, 0, 0, client));
    let http = reqwest::Client::builder().local_address(address).build().unwrap();
    let mut passed = 0;
    for n in 0..40 {
        let request = http.get(format!("http://127.0.0.1:{proxy}/api/v1/builds"));
        let request = request.header("x-session-id", session(u32::from(client) * 100 + n));
        let reply = request.header("x-forwarded-for", format!("203.0.113.{n}")).send().await.unwrap();
        assert!(matches!(reply.status().as_u16(), 200 | 429), "{}", reply.status());
        passed += usize::from(reply.status() == 200);
    }
    passed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_clients_behind_a_proxy_have_separate_budgets() {
    let more = [("RATE_LIMIT_ENABLED", "true"), ("RATE_LIMIT_LISTS", "3"), ("TRUSTED_PROXIES", PROXY)];
    let server = TestServer::start(TestDatabase::sqlite().await, &more).await;
    let port = free_port();
    let forward = format!(
        "location / {{\nproxy_pass http://127.0.0.1:{};\nproxy_bind {PROXY};\n\
         proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;\n}}\n",
        server.port
    );
    let Some(_proxy) = Nginx::for_test(port, &forward) else { return };
    assert_eq!(passed(port, 2).await, 15, "five times the quota of a session");
    assert_eq!(passed(port, 3).await, 15, "another client has its own");
    server.stop().await;
}
