//! Clients that read and write through the proxy, one request after the other, until they are stopped.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use super::machine::Machine;

const CLIENTS: usize = 8;

pub struct Load {
    stopped: Arc<AtomicBool>,
    clients: Vec<JoinHandle<Vec<String>>>,
}

impl Load {
    pub fn start(machine: &Machine, build: &str) -> Self {
        let stopped = Arc::new(AtomicBool::new(false));
        let start = |_| {
            let (stopped, requests) = (Arc::clone(&stopped), requests(machine, build));
            std::thread::spawn(move || {
                let mut statuses = Vec::new();
                while !stopped.load(Ordering::Relaxed) {
                    for request in &requests {
                        let output = Command::new("curl").args(request).output().unwrap();
                        let text = String::from_utf8(output.stdout).unwrap();
                        statuses.extend(text.lines().map(str::to_owned));
                    }
                }
                statuses
            })
        };
        let clients = (0..CLIENTS).map(start).collect();
        Self { stopped, clients }
    }

    /// How many answers had which status; `000` is a request without an answer.
    pub fn stop(self) -> BTreeMap<String, usize> {
        self.stopped.store(true, Ordering::Relaxed);
        let mut counts = BTreeMap::new();
        for status in self.clients.into_iter().flat_map(|client| client.join().unwrap()) {
            *counts.entry(status).or_default() += 1;
        }
        counts
    }
}

/// Arguments of curl: twenty reads over one connection, then a write over another.
fn requests(machine: &Machine, build: &str) -> [Vec<String>; 2] {
    let certificate = machine.path("etc/letsencrypt/live/builds.example/fullchain.pem");
    let site = machine.https;
    let common = |path: &str| {
        let words =
            ["-s", "--noproxy", "*", "--output", "/dev/null", "--write-out", "%{http_code}\\n", "--cacert"];
        let mut words: Vec<String> = words.map(str::to_owned).to_vec();
        words.extend([certificate.display().to_string(), "--resolve".to_owned()]);
        words.push(format!("builds.example:{site}:127.0.0.1"));
        words.push(format!("https://builds.example:{site}/api/v1/{path}"));
        words
    };
    let mut write = common("feedback");
    let body = r#"{"query": "a", "response_snippet": "b", "rating": "up", "search_mode": "quick"}"#;
    write.extend(["-H", "Content-Type: application/json", "-d", body].map(str::to_owned));
    [common(&format!("builds/{build}?request=[1-20]")), write]
}
