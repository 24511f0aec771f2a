//! Clients of the public address that call all the while: one reads, one writes and records what was acknowledged.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Request;

/// Between two requests for a list, which has a limit of its own.
const READS: u32 = 50;

/// What the writer knows: the text of each acknowledged row is its own.
#[derive(Default)]
pub struct Ledger {
    /// Name and id of builds.
    pub builds: Vec<(String, String)>,
    /// Ids of the builds that were voted on.
    pub votes: Vec<String>,
    pub feedback: Vec<String>,
    /// How often each status came; 0 is a request without an answer.
    pub statuses: BTreeMap<u16, usize>,
    /// Refused while writes were not paused, and what has no place in a ledger.
    pub failures: Vec<String>,
}

pub struct Clients {
    stopped: Arc<AtomicBool>,
    paused: Arc<AtomicBool>,
    ledger: Arc<Mutex<Ledger>>,
    reader: JoinHandle<BTreeMap<u16, usize>>,
    writer: JoinHandle<()>,
}

impl Clients {
    pub fn start(site: &str) -> Self {
        let [stopped, paused] = [false, false].map(|it| Arc::new(AtomicBool::new(it)));
        let ledger = Arc::new(Mutex::new(Ledger::default()));
        let reader = {
            let (stopped, site) = (Arc::clone(&stopped), site.to_owned());
            std::thread::spawn(move || read(&site, &stopped))
        };
        let writer = {
            let (stopped, paused, ledger) = (Arc::clone(&stopped), Arc::clone(&paused), Arc::clone(&ledger));
            let site = site.to_owned();
            std::thread::spawn(move || {
                for number in 0.. {
                    if stopped.load(Ordering::Relaxed) {
                        return;
                    }
                    write(&site, number, &paused, &ledger);
                }
            })
        };
        Self { stopped, paused, ledger, reader, writer }
    }

    /// From here on a write may be answered by 503, or may not.
    pub fn expect_pause(&self, paused: bool) {
        self.paused.store(paused, Ordering::SeqCst);
    }

    /// Waits for so many more acknowledged builds.
    pub fn builds(&self, more: usize) {
        let count = || self.ledger.lock().unwrap().builds.len();
        let until = count() + more;
        while count() < until {
            assert!(!self.writer.is_finished(), "the writer has ended");
            moment();
        }
    }

    /// Ends both; the statuses that the reader saw, and the ledger.
    pub fn stop(self) -> (BTreeMap<u16, usize>, Ledger) {
        self.stopped.store(true, Ordering::Relaxed);
        self.writer.join().unwrap();
        let read = self.reader.join().unwrap();
        (read, std::mem::take(&mut *self.ledger.lock().unwrap()))
    }
}

/// One request over a connection of its own: its status and its body.
pub fn call(method: &str, url: &str, session: &str, body: Option<&Value>) -> (u16, Value) {
    let agent: Agent = Agent::config_builder().http_status_as_error(false).proxy(None).build().into();
    let request = Request::builder().method(method).uri(url).header("X-Session-ID", session);
    let answer = match body {
        Some(body) => {
            let request = request.header("Content-Type", "application/json");
            agent.run(request.body(body.to_string()).unwrap())
        }
        None => agent.run(request.body(()).unwrap()),
    };
    let Ok(mut answer) = answer else { return (0, Value::Null) };
    let body = answer.body_mut().read_to_string().unwrap_or_default();
    (answer.status().as_u16(), serde_json::from_str(&body).unwrap_or_default())
}

fn session(number: u32) -> String {
    format!("sess_{number:024x}")
}

fn read(site: &str, stopped: &AtomicBool) -> BTreeMap<u16, usize> {
    let mut statuses = BTreeMap::new();
    for number in 0.. {
        if stopped.load(Ordering::Relaxed) {
            break;
        }
        let path = if number % READS == 0 { "builds?limit=5" } else { "builds/b_00000001" };
        let (status, _) = call("GET", &format!("{site}/api/v1/{path}"), &session(1_000_000 + number), None);
        *statuses.entry(status).or_default() += 1;
    }
    statuses
}

/// Between two looks at something that tells nothing of itself.
#[expect(clippy::disallowed_methods, reason = "a program of another process is looked at again and again")]
pub fn moment() {
    std::thread::sleep(Duration::from_millis(10));
}

/// A build, a vote on it, and feedback.
fn write(site: &str, number: u32, paused: &AtomicBool, ledger: &Mutex<Ledger>) {
    let post = |path: &str, body: Value| -> Option<Value> {
        let may_be_paused = paused.load(Ordering::SeqCst);
        let url = format!("{site}/api/v1/{path}");
        let (status, answer) = call("POST", &url, &session(2_000_000 + number), Some(&body));
        let mut ledger = ledger.lock().unwrap();
        *ledger.statuses.entry(status).or_default() += 1;
        let may_be_paused = may_be_paused || paused.load(Ordering::SeqCst);
        let done = [200, 201].contains(&status);
        let paused = status == 503 && may_be_paused;
        if !done && !paused {
            ledger.failures.push(format!("POST {path}: {status} {answer}"));
        }
        done.then_some(answer)
    };
    let name = format!("load {number}");
    let build =
        json!({"name": name, "primary_archetype": "tank", "secondary_archetype": "fighter", "race": "vek"});
    if let Some(build) = post("builds", build) {
        let id = build["build_id"].as_str().unwrap().to_owned();
        let voted = post(&format!("builds/{id}/vote"), json!({"rating": 4})).is_some();
        let mut ledger = ledger.lock().unwrap();
        ledger.builds.push((name.clone(), id.clone()));
        ledger.votes.extend(voted.then_some(id));
    }
    let feedback = json!({"query": name, "response_snippet": "b", "rating": "up", "search_mode": "quick"});
    if post("feedback", feedback).is_some() {
        ledger.lock().unwrap().feedback.push(name);
    }
}
