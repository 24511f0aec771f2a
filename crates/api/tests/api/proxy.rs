//! Behind a real reverse proxy.

use std::net::{IpAddr, Ipv4Addr};
use std::process::Stdio;

use myashes_api::settings::Settings;
use myashes_testkit::TestDatabase;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};

use crate::support::{TestServer, session};

/// The address that the proxy calls from; its clients come from others.
const PROXY: &str = "127.0.0.9";

struct Nginx {
    port: u16,
    _child: Child,
    _folder: TempDir,
}

/// nginx before the service on `upstream`. `None` where it is not installed, which CI does not let pass.
async fn nginx(upstream: u16) -> Option<Nginx> {
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().display();
    let buffers: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {at}/{kind};\n"))
        .concat();
    // One process, so that nothing is left of it once it is killed.
    let configuration = format!(
        "daemon off;\nmaster_process off;\npid {at}/pid;\nerror_log stderr;\nevents {{}}\n\
         http {{\naccess_log off;\n{buffers}server {{\nlisten 127.0.0.1:{port};\nlocation / {{\n\
         proxy_pass http://127.0.0.1:{upstream};\nproxy_bind {PROXY};\n\
         proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;\n}}\n}}\n}}\n"
    );
    let file = folder.path().join("nginx.conf");
    std::fs::write(&file, configuration).unwrap();
    let start = |program: &str| {
        let mut command = Command::new(program);
        command.args(["-e", "stderr", "-p"]).arg(folder.path()).arg("-c").arg(&file);
        command.stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true).spawn()
    };
    let Ok(child) = start("nginx").or_else(|_| start("/usr/sbin/nginx")) else {
        let ci = Settings::environment().remove("CI");
        assert!(ci.is_none_or(|ci| ci != "true"), "CI needs nginx");
        eprintln!("SKIPPED: nginx is not installed");
        return None;
    };
    while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        tokio::task::yield_now().await;
    }
    Some(Nginx { port, _child: child, _folder: folder })
}

/// How many of 40 lists pass, each in a session of its own, from a client with this last part of its address.
/// It claims a new address each time.
async fn passed(proxy: &Nginx, client: u8) -> usize {
    let address = IpAddr::V4(Ipv4Addr::new(127, 0, 0, client));
    let http = reqwest::Client::builder().local_address(address).build().unwrap();
    let mut passed = 0;
    for n in 0..40 {
        let request = http.get(format!("http://127.0.0.1:{}/api/v1/builds", proxy.port));
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
    let Some(proxy) = nginx(server.port).await else { return };
    assert_eq!(passed(&proxy, 2).await, 15, "five times the quota of a session");
    assert_eq!(passed(&proxy, 3).await, 15, "another client has its own");
    server.stop().await;
}
