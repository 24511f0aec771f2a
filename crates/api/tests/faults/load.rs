//! Concurrent clients that send all kinds of requests, and record each step in the ledger.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use myashes_servers::MOMENT;
use myashes_testkit::Dice;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::ledger::{CastVote, Fate, Kind, Ledger, Open, Wish};

/// Longer than the service may take for any request.
const CLIENT_TIMEOUT: Duration = Duration::from_secs(30);

/// Sessions of each client: few enough that they vote on the same builds again and again.
const SESSIONS: u64 = 6;

/// How long the service may take to recover.
const RECOVERY: Duration = Duration::from_secs(60);

/// What a client does when a request gets no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnNoAnswer {
    /// Stops: the service was killed.
    Stop,
    /// Continues with the next request.
    Continue,
}

/// Clients of one service and what they share.
#[derive(Clone)]
pub struct Load {
    url: Arc<str>,
    client: Client,
    pub ledger: Arc<Ledger>,
    builds: Arc<[String]>,
    next_client: Arc<AtomicU32>,
}

/// Clients at work.
pub struct Running {
    ledger: Arc<Ledger>,
    stop: watch::Sender<bool>,
    clients: JoinSet<()>,
}

/// An answer: its status, 0 for none, and its body.
struct Reply(u16, Value);

impl Load {
    /// Clients of the service at `url`, after a few builds have been made for them to vote on.
    pub async fn on(url: &str) -> Self {
        let client = Client::builder().timeout(CLIENT_TIMEOUT).build().expect("a client");
        let ledger = Arc::default();
        let builds = Arc::from([]);
        let mut load = Self { url: url.into(), client, ledger, builds, next_client: Arc::default() };
        let mut builds = vec![];
        for number in 0..6 {
            let Reply(status, body) = load.create(&session(0, 0), &format!("subject {number}"), None).await;
            assert_eq!(status, 201, "{body}");
            builds.push(body["build_id"].as_str().expect("an id").to_owned());
        }
        load.builds = builds.into();
        load
    }

    /// Sets clients to work.
    pub fn start(&self, clients: usize, on_no_answer: OnNoAnswer, dice: &mut Dice) -> Running {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        for _ in 0..clients {
            let number = self.next_client.fetch_add(1, Ordering::Relaxed) + 1;
            let (load, dice, stopped) = (self.clone(), dice.split(), stopped.clone());
            tasks.spawn(async move { load.work(number, on_no_answer, dice, stopped).await });
        }
        Running { ledger: Arc::clone(&self.ledger), stop, clients: tasks }
    }

    async fn work(
        &self,
        number: u32,
        on_no_answer: OnNoAnswer,
        mut dice: Dice,
        stopped: watch::Receiver<bool>,
    ) {
        let mut sessions: Vec<String> = (0..SESSIONS).map(|n| session(number, n)).collect();
        for step in 0.. {
            if *stopped.borrow() {
                return;
            }
            let which = dice.index(sessions.len());
            let text = format!("client {number} step {step}");
            let status = match dice.below(20) {
                0..8 => self.vote(&sessions[which], &mut dice).await,
                8..12 => self.search(&sessions[which], &text, 3).await,
                12..14 => self.feedback(&sessions[which], &text, "up").await,
                14 => self.create(&sessions[which], &text, None).await.0,
                15 => self.create(&sessions[which], &text, Some(&text.replace(' ', "-"))).await.0,
                16 => self.feedback(&sessions[which], &text, "sideways").await,
                17 => self.search(&sessions[which], &text, -1).await,
                _ => self.read(&mut dice).await,
            };
            if status == 0 && on_no_answer == OnNoAnswer::Stop {
                return;
            }
            if status == 0 || status >= 500 {
                // What was begun may still happen: this session's next step must not be mistaken for it.
                sessions[which] = session(number, SESSIONS + step);
                tokio::time::sleep(MOMENT).await;
            }
        }
    }

    async fn vote(&self, session: &str, dice: &mut Dice) -> u16 {
        let build = &self.builds[dice.index(self.builds.len())];
        let stars = dice.below(5) as i64 + 1;
        let (wish, method) = match dice.below(5) {
            0..2 => (Wish::First(stars), Method::POST),
            2..4 => (Wish::Change(stars), Method::PUT),
            _ => (Wish::Withdraw, Method::DELETE),
        };
        self.ledger.intend_vote(build, session, wish);
        let request = self.request(method, &format!("/builds/{build}/vote"), session);
        let request = if wish == Wish::Withdraw { request } else { request.json(&json!({"rating": stars})) };
        let Reply(status, body) = self.send(request).await;
        let reported = [&body["your_rating"], &body["details"]["your_rating"]];
        let reported = reported.into_iter().find(|it| it.is_i64()).map(|it| it.as_i64());
        let reported: Option<CastVote> =
            if fate(status) == Fate::Acknowledged { reported.or(Some(None)) } else { reported };
        self.ledger.learn_vote(build, session, wish, fate(status), reported);
        status
    }

    async fn search(&self, session: &str, query: &str, result_count: i32) -> u16 {
        self.ledger.intend(Kind::Search, query);
        let body = json!({"query": query, "search_mode": "quick", "result_count": result_count});
        let Reply(status, _) = self.send(self.post("/analytics/search", session).json(&body)).await;
        self.ledger.learn(Kind::Search, query, fate(status));
        status
    }

    async fn feedback(&self, session: &str, query: &str, rating: &str) -> u16 {
        self.ledger.intend(Kind::Feedback, query);
        let body =
            json!({"query": query, "response_snippet": "a snippet", "rating": rating, "search_mode": "deep"});
        let Reply(status, _) = self.send(self.post("/feedback", session).json(&body)).await;
        self.ledger.learn(Kind::Feedback, query, fate(status));
        status
    }

    async fn create(&self, session: &str, name: &str, key: Option<&str>) -> Reply {
        self.ledger.intend(Kind::Build, name);
        let answer = self.post_build(session, name, key).await;
        self.ledger.learn(Kind::Build, name, fate(answer.0));
        if let (Fate::Unknown, Some(key)) = (fate(answer.0), key) {
            let open = Open { session: session.to_owned(), key: key.to_owned(), name: name.to_owned() };
            self.ledger.pages().open.push(open);
        }
        answer
    }

    async fn post_build(&self, session: &str, name: &str, key: Option<&str>) -> Reply {
        let body = json!({
            "name": name, "primary_archetype": "tank", "secondary_archetype": "fighter", "race": "vek",
            "tags": ["one", "two"], "build_data": {"skills": [1, 2, 3]},
        });
        let request = self.post("/builds", session).json(&body);
        self.send(match key {
            Some(key) => request.header("idempotency-key", key),
            None => request,
        })
        .await
    }

    async fn read(&self, dice: &mut Dice) -> u16 {
        let build = &self.builds[dice.index(self.builds.len())];
        let path = match dice.below(4) {
            0 => "/builds?limit=5".to_owned(),
            1 => "/analytics/popular-queries".to_owned(),
            _ => format!("/builds/{build}"),
        };
        self.send(self.request(Method::GET, &path, &session(0, 1))).await.0
    }

    /// The status of one read.
    pub async fn read_once(&self, seed: u64) -> u16 {
        self.read(&mut Dice::fixed(seed)).await
    }

    /// Repeats every post with an `Idempotency-Key` that had no answer: now it must be stored, once.
    pub async fn settle(&self) {
        let open = std::mem::take(&mut self.ledger.pages().open);
        for Open { session, key, name } in open {
            let began = Instant::now();
            loop {
                let Reply(status, body) = self.post_build(&session, &name, Some(&key)).await;
                if status == 201 {
                    break;
                }
                assert!(began.elapsed() < RECOVERY, "{name} cannot be created: {status} {body}");
                tokio::time::sleep(MOMENT).await;
            }
            self.ledger.learn(Kind::Build, &name, Fate::Acknowledged);
        }
    }

    /// Waits until the service carries out writes again; how long that took.
    pub async fn recovered(&self) -> Duration {
        let began = Instant::now();
        let question = || format!("recovered? {}", self.next_client.fetch_add(1, Ordering::Relaxed));
        while self.search(&session(0, 2), &question(), 1).await != 201 {
            assert!(began.elapsed() < RECOVERY, "the service does not recover");
            tokio::time::sleep(MOMENT).await;
        }
        began.elapsed()
    }

    /// Waits until the service has processed its backlog.
    pub async fn caught_up(&self) {
        let began = Instant::now();
        for round in 500_000.. {
            let answers = self.one_of_each(round).await;
            if answers.iter().all(|(_, status, _)| (200..300).contains(status)) {
                return;
            }
            assert!(began.elapsed() < RECOVERY, "the service does not catch up: {answers:?}");
        }
    }

    /// So many rounds of requests of each kind, numbered from `first`, all of which must succeed.
    pub async fn succeeds(&self, first: u32, rounds: u32) {
        for round in first..first + rounds {
            let answers = self.one_of_each(round).await;
            assert!(answers.iter().all(|(_, status, _)| (200..300).contains(status)), "{answers:?}");
        }
    }

    /// One request of each kind at once; how each ended and how long it took.
    pub async fn one_of_each(&self, number: u32) -> Vec<(&'static str, u16, Duration)> {
        let (load, mut dice) = (self.clone(), Dice::fixed(u64::from(number)));
        let me = session(9_000_000 + number, 0);
        let text = |what: &str| format!("{what} of round {number}");
        let (search, feedback, build) = (text("search"), text("feedback"), text("build"));
        let mut of_reads = dice.split();
        let (a, b, c, d, e) = tokio::join!(
            timed("vote", load.vote(&me, &mut dice)),
            timed("search", load.search(&me, &search, 1)),
            timed("feedback", load.feedback(&me, &feedback, "down")),
            timed("build", async { load.create(&me, &build, None).await.0 }),
            timed("read", load.read(&mut of_reads)),
        );
        vec![a, b, c, d, e]
    }

    fn post(&self, path: &str, session: &str) -> RequestBuilder {
        self.request(Method::POST, path, session)
    }

    fn request(&self, method: Method, path: &str, session: &str) -> RequestBuilder {
        self.client.request(method, format!("{}/api/v1{path}", self.url)).header("x-session-id", session)
    }

    async fn send(&self, request: RequestBuilder) -> Reply {
        let answer = async {
            let response = request.send().await?;
            let status = response.status().as_u16();
            // An answer whose body breaks off is none: the client cannot know what it said.
            let body = response.bytes().await?;
            reqwest::Result::Ok(Reply(status, serde_json::from_slice(&body).unwrap_or_default()))
        };
        let answer = answer.await.unwrap_or(Reply(0, Value::Null));
        self.ledger.count(answer.0);
        answer
    }
}

impl Running {
    /// Waits for so many more answers.
    pub async fn answers(&self, more: u64) {
        let until = self.ledger.answers(1, 999) + more;
        while self.ledger.answers(1, 999) < until {
            tokio::time::sleep(MOMENT).await;
        }
    }

    /// Stops the clients and waits for them.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while let Some(ended) = self.clients.join_next().await {
            ended.expect("no client panics");
        }
    }
}

async fn timed(what: &'static str, asked: impl Future<Output = u16>) -> (&'static str, u16, Duration) {
    let began = Instant::now();
    let status = asked.await;
    (what, status, began.elapsed())
}

fn fate(status: u16) -> Fate {
    match status {
        200..300 => Fate::Acknowledged,
        400..500 => Fate::Refused,
        _ => Fate::Unknown,
    }
}

/// A session of a client, different for each number.
pub fn session(client: u32, number: u64) -> String {
    format!("sess_{client:08x}{number:016x}")
}
