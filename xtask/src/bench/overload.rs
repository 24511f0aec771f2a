//! L1: a mix of requests at seven tenths of what can be answered, and at twice as much, sent when they are due, whether
//! or not the ones before have been answered. What can be answered is measured anew each minute, since the creates of ten
//! minutes make the data many times as large.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use myashes_servers::secret;

use super::client::{BenchClient, BenchResponse};
use super::figures::{Figure, GoalBound, quantile};
use super::load::CLIENTS;
use super::plan::Goal;
use super::reads::ids;
use super::searches::{self, TERMS};
use super::stage::BenchEnvironment;
use super::writes::TARGETS;
use super::{Figures, in_parallel, meanwhile, print_rate};
use crate::interrupts;

/// The most requests that are under way. What is due while all of them wait counts from then on, too.
const MOST_UNDER_WAY: usize = 1_000;

/// A prime number, so that steps of it lead to all searches.
const STRIDE: usize = 7_919;

/// Between two looks at `/health`, or at the memory.
const INTERVAL: Duration = Duration::from_millis(50);

/// Seconds at one pace.
const PACED: u32 = 60;

/// When memory must be back below [`MOST_MEMORY`] after an overload.
const CALMED: Duration = Duration::from_secs(60);

/// MiB.
const MOST_MEMORY: f64 = 96.0;

/// What creates send: builds like those that are there, so that the data stays what it was while it grows.
const BUILDS: &str = "SELECT json_strip_nulls(json_build_object('name', name, 'description', description, \
    'primary_archetype', primary_archetype, 'secondary_archetype', secondary_archetype, 'race', race, 'tags', \
    tags::json, 'build_data', build_data::json)) FROM builds WHERE visibility = 'public' ORDER BY id LIMIT 5000";

/// Half searches, a quarter creates, a quarter votes. No search is repeated while it is cached.
struct Mix {
    port: u16,
    run: String,
    searches: Vec<String>,
    builds: Vec<String>,
    targets: Vec<String>,
    sent: AtomicU32,
}

/// What became of requests.
#[derive(Default)]
struct OverloadOutcome {
    lasting: Duration,
    /// Milliseconds, from when each was due.
    accepted: Vec<f64>,
    /// Refused with a 503 that has a Retry-After.
    shed: usize,
    /// Other statuses, and connections that broke.
    failed: usize,
}

pub fn run(stage: &BenchEnvironment) -> Figures {
    let database = stage.copy("overload")?;
    let service = stage.serve(&database)?;
    let mix = Mix {
        port: service.port,
        run: secret()?[..8].to_owned(),
        searches: searches::paths(&database, TERMS)?,
        builds: database.connection.query(BUILDS)?.lines().map(str::to_owned).collect(),
        targets: ids(TARGETS),
        sent: AtomicU32::new(0),
    };
    // The first ones warm up caches and connections.
    mix.send_in_turn(stage.plan.seconds)?;
    let before = mix.peak(stage)?;
    let flood = || mix.send_when_due(2.0 * before, stage.plan.overload);
    let (overload, health) = meanwhile(flood, |stopped| watch_health(service.port, stopped))?;
    println!("  at 200 %: {}, memory at most {:.0} MiB", overload.shown(), service.peak()?);
    let memory = calmed(|| service.resident())?;

    let after = mix.peak(stage)?;
    let mut sustained = mix.send_when_due(0.7 * after, stage.plan.sustained.min(PACED))?;
    for _ in 1..stage.plan.sustained / PACED {
        sustained.add(mix.send_when_due(0.7 * mix.peak(stage)?, PACED)?);
        println!("  at 70 % so far: {}", sustained.shown());
    }
    let not_accepted = (sustained.shed + sustained.failed) as f64;
    let plain = |work: &str, unit: &str, value: f64, most: f64| {
        Figure::plain(Goal::L1, work, unit, &[value], GoalBound::AtMost(most))
    };
    let work =
        "accepted at 200 %; floor: the peak before and after it, 32 clients that wait for their answers";
    let (ours, floor) = ([overload.per_second()], [(before + after) / 2.0]);
    Ok(vec![
        Figure::compared(Goal::L1, work, "/s", &ours, &floor, GoalBound::AtLeast(0.7)),
        plain("accepted at 200 %, 99 of 100", "ms", quantile(&overload.accepted, 0.99), 500.0),
        plain(
            "neither accepted nor refused with Retry-After at 200 %",
            "requests",
            overload.failed as f64,
            0.0,
        ),
        plain("GET /health at 200 %, 99 of 100", "ms", quantile(&health, 0.99), 50.0),
        plain("memory within a minute of 200 %", "MiB", memory, MOST_MEMORY),
        plain("not accepted at 70 %", "requests", not_accepted, 0.0),
        plain("accepted at 70 %, 99 of 100", "ms", quantile(&sustained.accepted, 0.99), 250.0),
    ])
}

impl Mix {
    /// What is answered per second, in an eighth of the time of the overload: for some seconds it would be more.
    fn peak(&self, stage: &BenchEnvironment) -> Result<f64> {
        stage.settle()?;
        let peak = self.send_in_turn(stage.plan.overload / 8)?;
        let refused = peak.shed + peak.failed;
        ensure!(refused == 0, "{refused} requests of 32 clients were not accepted");
        Ok(print_rate(0, "peak", peak.per_second()))
    }

    /// From clients that wait for their answers.
    fn send_in_turn(&self, seconds: u32) -> Result<OverloadOutcome> {
        self.send(CLIENTS as usize, seconds, None)
    }

    fn send_when_due(&self, per_second: f64, seconds: u32) -> Result<OverloadOutcome> {
        self.send(MOST_UNDER_WAY, seconds, Some(per_second))
    }

    /// Sends so many requests a second, or as many as are answered. One that finds no client free is sent late, and counts
    /// from when it was due.
    fn send(&self, clients: usize, seconds: u32, per_second: Option<f64>) -> Result<OverloadOutcome> {
        let (next, lasting) = (AtomicU32::new(0), Duration::from_secs(seconds.into()));
        let begun = Instant::now();
        let ask = || -> Result<OverloadOutcome> {
            let mut client = BenchClient::connect(self.port)?;
            let mut outcome = OverloadOutcome::default();
            loop {
                let number = f64::from(next.fetch_add(1, Ordering::Relaxed));
                let now = begun.elapsed();
                let due = per_second.map_or(now, |rate| Duration::from_secs_f64(number / rate));
                if due.max(now) >= lasting {
                    return Ok(outcome);
                }
                interrupts::check()?;
                wait(due.saturating_sub(now));
                match self.ask(&mut client) {
                    Ok(answer) if answer.status < 300 => {
                        outcome.accepted.push((begun.elapsed() - due).as_secs_f64() * 1e3);
                    }
                    Ok(answer) if answer.is_shed() => outcome.shed += 1,
                    Ok(_) => outcome.failed += 1,
                    Err(_) => {
                        outcome.failed += 1;
                        client = BenchClient::connect(self.port)?;
                    }
                }
            }
        };
        let mut all = OverloadOutcome::default();
        in_parallel(clients, ask)?.into_iter().for_each(|outcome| all.add(outcome));
        all.lasting = begun.elapsed();
        Ok(all)
    }

    fn ask(&self, client: &mut BenchClient) -> Result<BenchResponse> {
        let number = self.sent.fetch_add(1, Ordering::Relaxed);
        let turn = number as usize / 4;
        client.enter(format!("sess_{}{number:016x}", self.run));
        match number % 4 {
            0 => client.post("/api/v1/builds", &self.builds[turn % self.builds.len()]),
            2 => {
                let target = &self.targets[turn % self.targets.len()];
                let vote = format!("{{\"rating\":{}}}", 1 + turn % 5);
                client.post(&format!("/api/v1/builds/{target}/vote"), &vote)
            }
            // Frequent and rare terms in turn.
            _ => client.get(&self.searches[number as usize / 2 * STRIDE % self.searches.len()]),
        }
    }
}

impl OverloadOutcome {
    fn add(&mut self, later: Self) {
        self.lasting += later.lasting;
        self.accepted.extend(later.accepted);
        self.shed += later.shed;
        self.failed += later.failed;
    }

    fn per_second(&self) -> f64 {
        self.accepted.len() as f64 / self.lasting.as_secs_f64()
    }

    fn shown(&self) -> String {
        let Self { accepted, shed, failed, .. } = self;
        let [half, most] = [0.5, 0.99].map(|part| quantile(accepted, part));
        format!(
            "{} accepted ({:.0}/s, half within {half:.1} ms, 99 of 100 within {most:.0}), {shed} shed, \
             {failed} failed",
            accepted.len(),
            self.per_second()
        )
    }
}

/// Asks for `/health` until the other end of the channel is dropped, and gives how long each answer took.
fn watch_health(port: u16, stopped: &Receiver<()>) -> Result<Vec<f64>> {
    let mut client = BenchClient::connect(port)?;
    let mut times = Vec::new();
    while stopped.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
        times.push(client.time("/health")?);
    }
    Ok(times)
}

/// The memory once it is back, or after [`CALMED`].
fn calmed(resident: impl Fn() -> Result<f64>) -> Result<f64> {
    let over = Instant::now();
    let mut memory = resident()?;
    while memory > MOST_MEMORY && over.elapsed() < CALMED {
        wait(INTERVAL);
        memory = resident()?;
    }
    Ok(memory)
}

#[expect(clippy::disallowed_methods, reason = "the thread of a client has nothing else to do")]
fn wait(time: Duration) {
    thread::sleep(time);
}
