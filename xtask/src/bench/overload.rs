//! L1: a mix of requests at seven tenths of what can be answered, and at twice as much, sent whether or not the ones
//! before have been answered.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, ensure};

use super::client::BenchClient;
use super::figures::{Figure, GoalBound, quantile};
use super::load::{self, CLIENTS, Kind};
use super::plan::Goal;
use super::reads::ids;
use super::stage::BenchEnvironment;
use super::writes::TARGETS;
use super::{Figures, say};

/// Between two looks at `/health`, or at the memory.
const INTERVAL: Duration = Duration::from_millis(50);

/// When memory must be back below [`MOST_MEMORY`] after an overload.
const CALMED: Duration = Duration::from_secs(60);

/// MiB.
const MOST_MEMORY: f64 = 96.0;

pub fn run(stage: &BenchEnvironment) -> Figures {
    let database = stage.copy("overload")?;
    let service = stage.serve(&database)?;
    let targets = ids(TARGETS);
    let mix = Kind::Mix(&targets);
    // The first requests warm up the caches and the connections.
    load::send(service.port, mix, CLIENTS, stage.plan.seconds)?;
    stage.settle()?;
    let peak = load::send(service.port, mix, CLIENTS, stage.plan.seconds)?.per_second;
    say(0, "peak", peak, "/s");

    let flood = || load::send_paced(service.port, mix, 2.0 * peak, stage.plan.overload);
    let (overload, health) = while_watching_health(service.port, flood)?;
    let goodput = overload.accepted as f64 / overload.seconds;
    println!("  at 200 %: {overload:?}, memory at most {} MiB", service.peak()?);
    let memory = calmed(|| service.resident())?;

    stage.settle()?;
    let sustained = load::send_paced(service.port, mix, 0.7 * peak, stage.plan.sustained)?;
    println!("  at 70 %: {sustained:?}");
    let failed = (sustained.shed + sustained.failed) as f64;
    let plain = |work: &str, unit: &str, value: f64, most: f64| {
        Figure::plain(Goal::L1, work, unit, &[value], GoalBound::AtMost(most))
    };
    let work = "accepted at 200 %; floor: the peak, 32 clients that wait for their answers";
    Ok(vec![
        Figure::compared(Goal::L1, work, "/s", &[goodput], &[peak], GoalBound::AtLeast(0.7)),
        plain("accepted at 200 %, 99 of 100", "ms", overload.p99, 500.0),
        plain(
            "neither accepted nor refused with Retry-After at 200 %",
            "answers",
            overload.failed as f64,
            0.0,
        ),
        plain("GET /health at 200 %, 99 of 100", "ms", quantile(&health, 0.99), 50.0),
        plain("memory within a minute of 200 %", "MiB", memory, MOST_MEMORY),
        plain("refused or failed at 70 %", "answers", failed, 0.0),
        plain("at 70 %, 99 of 100", "ms", sustained.p99, 250.0),
    ])
}

/// Does some work while another client asks for `/health` again and again, and gives how long each answer took.
fn while_watching_health<T>(port: u16, work: impl FnOnce() -> Result<T>) -> Result<(T, Vec<f64>)> {
    let (stop, stopped) = mpsc::channel();
    std::thread::scope(|scope| {
        let watching = scope.spawn(move || watch_health(port, &stopped));
        let done = work();
        drop(stop);
        let times = watching.join().map_err(|_| anyhow!("the thread that asks for /health panicked"))??;
        Ok((done?, times))
    })
}

fn watch_health(port: u16, stopped: &Receiver<()>) -> Result<Vec<f64>> {
    let mut client = BenchClient::connect(port)?;
    let mut times = Vec::new();
    while stopped.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
        let (answer, took) = client.timed("/health")?;
        ensure!(answer.status == 200, "GET /health: {}", answer.status);
        times.push(took);
    }
    Ok(times)
}

/// The memory once it is back, or after [`CALMED`].
#[expect(clippy::disallowed_methods, reason = "nothing tells when memory is given back")]
fn calmed(resident: impl Fn() -> Result<f64>) -> Result<f64> {
    let over = Instant::now();
    let mut memory = resident()?;
    while memory > MOST_MEMORY && over.elapsed() < CALMED {
        std::thread::sleep(INTERVAL);
        memory = resident()?;
    }
    Ok(memory)
}
