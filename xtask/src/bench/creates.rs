//! P13, and the creates that go on while P10 searches. What was acknowledged is counted in the database afterwards.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::json;

use super::client::BenchClient;
use super::figures::{Figure, GoalBound};
use super::floor::{self, Work};
use super::load::{self, CLIENTS, Kind};
use super::plan::Goal;
use super::stage::BenchEnvironment;
use super::writes::{kept, rows};
use super::{Figures, meanwhile, print_rate};

/// Between the creates that go on meanwhile: 20 a second.
const INTERVAL: Duration = Duration::from_millis(50);

pub fn run(stage: &BenchEnvironment) -> Figures {
    stage.on_large_copy(|database| {
        let service = stage.serve(database)?;
        let (mut ours, mut floor) = (Vec::new(), Vec::new());
        let (mut slowest, mut slowest_of_floor) = (Vec::new(), Vec::new());
        for round in 0..stage.plan.rounds {
            stage.settle()?;
            let (rate, p99) = floor::measure_with_p99(database, Work::Create, CLIENTS, stage.plan.seconds)?;
            floor.push(print_rate(round, "pgbench", rate));
            slowest_of_floor.push(p99);
            stage.settle()?;
            let before = rows(database, "builds")?;
            let outcome = load::send(service.port, Kind::Creates, CLIENTS, stage.plan.seconds)?;
            kept(outcome.answers, rows(database, "builds")? - before, CLIENTS)?;
            ours.push(print_rate(round, "service", outcome.per_second));
            slowest.push(outcome.p99);
        }
        let work = Goal::P13.request();
        let with_floor = format!("{work}; floor: pgbench, the same rows and indexes");
        let p99 = format!("{work}, 99 of 100");
        Ok(vec![
            Figure::compared(Goal::P13, &with_floor, "/s", &ours, &floor, GoalBound::AtLeast(0.5)),
            Figure::plain(Goal::P13, &p99, "ms", &slowest, GoalBound::AtMost(30.0)),
            Figure::compared(
                Goal::P13,
                &format!("{p99}; floor: pgbench"),
                "ms",
                &slowest,
                &slowest_of_floor,
                GoalBound::AtMost(floor::MOST_OF_FLOOR),
            ),
        ])
    })
}

/// Does some work while another client creates builds, and gives how many it created per second.
pub fn while_creating<T>(port: u16, work: impl FnOnce() -> Result<T>) -> Result<(T, f64)> {
    let begun = Instant::now();
    let (done, created) = meanwhile(work, |stopped| create(port, stopped))?;
    Ok((done, f64::from(created) / begun.elapsed().as_secs_f64()))
}

/// Creates builds until the other end of the channel is dropped. One that is late does not delay the next.
fn create(port: u16, stopped: &Receiver<()>) -> Result<u32> {
    let mut client = BenchClient::connect(port)?;
    let begun = Instant::now();
    for created in 0.. {
        let wait = (begun + INTERVAL * created).saturating_duration_since(Instant::now());
        if stopped.recv_timeout(wait) == Err(RecvTimeoutError::Disconnected) {
            return Ok(created);
        }
        let build = json!({
            "name": format!("Wandering Keystone {created}"),
            "description": "A build for sieges on the loud side of the gate.",
            "primary_archetype": "tank",
            "secondary_archetype": "cleric",
            "race": "dunir",
            "tags": ["siege", "group"],
        });
        let answer = client.post("/api/v1/builds", &build.to_string())?;
        ensure!(answer.status == 201, "POST /builds: {}", answer.status);
    }
    unreachable!("the loop ends when the channel is closed")
}
