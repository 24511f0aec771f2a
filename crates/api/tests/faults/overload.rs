//! L1: more requests than can be carried, sent whether or not the ones before have been answered.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use myashes_testkit::{DatabaseKind, TestDatabase};
use reqwest::{Client, RequestBuilder};
use serde_json::json;
use tokio::task::JoinSet;

use crate::commands;
use crate::load::session;
use crate::service::Service;

/// Clients that ask one after the other, to find out what can be carried.
const CLIENTS: usize = 32;

/// Between two looks at `/health`.
const BEAT: Duration = Duration::from_millis(50);

/// When the memory has to be back to what it may be.
const SOON: Duration = Duration::from_secs(60);

const MIB: u64 = 1024 * 1024;

/// What half of the requests search for.
const TERMS: [&str; 8] = ["knight", "fire", "tank+build", "sha", "solo", "healer", "raid", "z"];

const SORTS: [&str; 4] = ["newest", "rating", "popular", "trending"];

#[derive(Clone)]
struct Mix {
    client: Client,
    url: Arc<str>,
    builds: Arc<[String]>,
    next: Arc<AtomicU32>,
}

/// How one request ended.
struct Ended {
    status: u16,
    retry_after: bool,
    took: Duration,
}

impl Mix {
    /// Half searches, a quarter creates, a quarter votes.
    fn request(&self) -> RequestBuilder {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let me = session(7_000_000 + number, 0);
        let at = |path: &str| format!("{}/api/v1{path}", self.url);
        let request = match number % 4 {
            0 => self.client.post(at("/builds")).json(&json!({
                "name": format!("build {number}"), "primary_archetype": "tank", "race": "vek",
                "secondary_archetype": "fighter", "tags": ["one"], "build_data": {"skills": [1, 2, 3]},
            })),
            2 => {
                let build = &self.builds[number as usize / 4 % self.builds.len()];
                self.client
                    .post(at(&format!("/builds/{build}/vote")))
                    .json(&json!({"rating": 1 + number % 5}))
            }
            _ => {
                // None is asked for twice in the time for which searches are kept.
                let search = number as usize / 2;
                let (term, sort) = (TERMS[search % TERMS.len()], SORTS[search / 8 % SORTS.len()]);
                let (limit, page) = (1 + search / 32 % 50, 1 + search / 1_600 % 10);
                let query = format!("search={term}&sort={sort}&limit={limit}&page={page}");
                self.client.get(at(&format!("/builds?{query}")))
            }
        };
        request.header("x-session-id", me)
    }

    async fn ask(&self) -> Ended {
        let began = Instant::now();
        match self.request().send().await {
            Ok(answer) => {
                let status = answer.status().as_u16();
                let retry_after = answer.headers().contains_key("retry-after");
                let whole = answer.bytes().await.is_ok();
                Ended { status: if whole { status } else { 0 }, retry_after, took: began.elapsed() }
            }
            Err(_) => Ended { status: 0, retry_after: false, took: began.elapsed() },
        }
    }

    /// As many as are answered in a second, when each client waits for its answer.
    async fn peak(&self, lasting: Duration) -> f64 {
        let (began, mut clients) = (Instant::now(), JoinSet::new());
        for _ in 0..CLIENTS {
            let mix = self.clone();
            clients.spawn(async move {
                let mut answered = 0_u32;
                while began.elapsed() < lasting {
                    answered += u32::from(mix.ask().await.status < 300);
                }
                answered
            });
        }
        let answered: u32 = clients.join_all().await.into_iter().sum();
        f64::from(answered) / began.elapsed().as_secs_f64()
    }

    /// Sends so many each second, and waits for all of them in the end.
    async fn flood(&self, per_second: f64, lasting: Duration) -> Vec<Ended> {
        let (began, mut requests) = (Instant::now(), JoinSet::new());
        let mut sent = 0.0;
        while began.elapsed() < lasting {
            let due = began.elapsed().as_secs_f64() * per_second;
            while sent < due {
                let mix = self.clone();
                requests.spawn(async move { mix.ask().await });
                sent += 1.0;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        requests.join_all().await
    }
}

/// Asks `/health` again and again; how long each answer took.
async fn watch_health(url: String, lasting: Duration) -> Vec<Duration> {
    let client = Client::new();
    let (began, mut took) = (Instant::now(), vec![]);
    while began.elapsed() < lasting {
        let asked = Instant::now();
        let answer = client.get(format!("{url}/health")).send().await.expect("/health answers");
        assert_eq!(answer.status().as_u16(), 200);
        took.push(asked.elapsed());
        tokio::time::sleep(BEAT).await;
    }
    took
}

fn quantile(mut times: Vec<Duration>, of: f64) -> Duration {
    times.sort_unstable();
    let at = (times.len() as f64 * of) as usize;
    times.get(at.min(times.len().saturating_sub(1))).copied().unwrap_or_default()
}

/// A service on a database with builds in it, and the mix that is to be sent to it.
async fn stage() -> Option<(TestDatabase, Service, Mix)> {
    let database = TestDatabase::new(DatabaseKind::Postgres).await?;
    let settings = [("DB_POOL_SIZE", "16"), ("LOG_LEVEL", "error")];
    let service = Service::start(&database.url, &settings).await;
    commands::run("seed --demo 2000", &database.url, &[]).await.assert_says(0, &[], &[]);
    let builds = database.texts("SELECT build_id AS line FROM builds WHERE visibility = 'public' LIMIT 1000");
    let mix = Mix {
        client: Client::builder().timeout(Duration::from_secs(30)).build().expect("a client"),
        url: service.url().into(),
        builds: builds.await.into(),
        next: Arc::default(),
    };
    Some((database, service, mix))
}

async fn carries_most_of_its_peak(calm: Duration, lasting: Duration) {
    let Some((_database, service, mix)) = stage().await else { return };
    let peak = mix.peak(calm).await;
    let ended = mix.flood(0.7 * peak, lasting).await;
    let failed = ended.iter().filter(|it| it.status >= 300 || it.status == 0).count();
    let p99 = quantile(ended.iter().map(|it| it.took).collect(), 0.99);
    eprintln!("at 70 % of {peak:.0}/s: {failed} of {} failed, p99 {p99:?}", ended.len());
    assert_eq!(failed, 0);
    assert!(p99 <= Duration::from_millis(250), "{p99:?}");
    service.assert_never_panicked();
}

async fn serves_what_it_can(calm: Duration, overload: Duration) {
    let Some((_database, service, mix)) = stage().await else { return };
    let peak = mix.peak(calm).await;
    eprintln!("peak: {peak:.0}/s, resident: {} MiB", service.resident_memory() / MIB);

    let health = tokio::spawn(watch_health(service.url(), overload));
    let ended = mix.flood(2.0 * peak, overload).await;
    let health = health.await.expect("it watches");
    let at_once = service.resident_memory();

    let mut statuses = BTreeMap::<u16, u32>::new();
    ended.iter().for_each(|it| *statuses.entry(it.status).or_default() += 1);
    let accepted: Vec<Duration> = ended.iter().filter(|it| it.status < 300).map(|it| it.took).collect();
    let goodput = accepted.len() as f64 / overload.as_secs_f64();
    let (median, p99) = (quantile(accepted.clone(), 0.5), quantile(accepted, 0.99));
    let (usual, slow) = (quantile(health.clone(), 0.5), quantile(health, 0.99));
    eprintln!(
        "at 200 %: {statuses:?}, goodput {goodput:.0}/s ({:.2} of the peak), median {median:?}, p99 {p99:?}, \
         /health {usual:?}, p99 {slow:?}, resident {} MiB",
        goodput / peak,
        at_once / MIB
    );
    assert!(statuses.keys().all(|status| [200, 201, 503].contains(status)), "{statuses:?}");
    assert!(statuses.contains_key(&503), "nothing was shed");
    assert!(ended.iter().all(|it| it.status != 503 || it.retry_after), "a 503 without Retry-After");
    assert!(goodput >= 0.7 * peak, "{goodput} of {peak}");
    assert!(p99 <= Duration::from_millis(500), "{p99:?}");
    assert!(slow <= Duration::from_millis(50), "/health takes {slow:?}");

    let over = Instant::now();
    while service.resident_memory() > 96 * MIB {
        assert!(over.elapsed() < SOON, "{} MiB stay", service.resident_memory() / MIB);
        tokio::time::sleep(BEAT).await;
    }
    service.assert_never_panicked();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: needs the machine for itself"]
async fn an_overload_is_shed_and_what_is_accepted_is_answered_in_time() {
    serves_what_it_can(Duration::from_secs(10), Duration::from_secs(120)).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: ten minutes, needs the machine for itself"]
async fn seven_tenths_of_the_peak_are_carried_for_ten_minutes_without_a_failure() {
    carries_most_of_its_peak(Duration::from_secs(10), Duration::from_secs(600)).await;
}
