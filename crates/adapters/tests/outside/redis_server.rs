//! Redis for tests: the one that `TEST_REDIS_URL` names, or one of a test's own that it may kill, made with
//! the `redis-server` of this machine. Where there is none, tests print that and pass, but fail when `CI=true`.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use myashes_testkit::skip_without;

/// The Redis all tests share, `None` when there is none and that is fine.
#[expect(clippy::disallowed_methods, reason = "tests get their servers from the environment")]
pub fn shared_url() -> Option<String> {
    let url = std::env::var("TEST_REDIS_URL").ok();
    url.or_else(|| skip_without("TEST_REDIS_URL, which `cargo xtask test` sets"))
}

/// A Redis of one test's own on a port of loopback. It ends with the value.
pub struct OwnRedis {
    child: Child,
    port: u16,
}

impl OwnRedis {
    pub fn start() -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        match spawn(port) {
            Ok(child) => Some(Self { child, port }),
            Err(error) => skip_without(&format!("redis-server ({error})")),
        }
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// A new and empty one on the same port.
    pub fn restart(&mut self) {
        self.child = spawn(self.port).unwrap();
    }

    /// Stops the process without ending it: connections stay open, nothing answers.
    pub fn freeze(&self) {
        self.signal("-STOP");
    }

    pub fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }
}

impl Drop for OwnRedis {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn spawn(port: u16) -> std::io::Result<Child> {
    Command::new("redis-server")
        .args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", "", "--appendonly", "no"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}
