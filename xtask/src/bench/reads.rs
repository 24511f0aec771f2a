//! P1 and P2: single builds, hot ones and any.

use anyhow::Result;

use super::figures::{Figure, GoalBound, shown};
use super::floor::{self, Work};
use super::load::{self, ACCEPTED, CLIENTS, Kind};
use super::plan::Goal;
use super::stage::BenchEnvironment;
use super::{Figures, bare, print_rate};

pub const HOT: u64 = 100;

/// The ids of the first builds, made as data/builds.sql makes them.
pub fn ids(count: u64) -> Vec<String> {
    (1..=count).map(|number| format!("b_{}", 10_000_000 + number * 61_803_401 % 90_000_000)).collect()
}

pub fn hot(stage: &BenchEnvironment, peaks: &mut Vec<f64>) -> Figures {
    let database = stage.kept(stage.plan.small);
    let ids = ids(HOT);
    let service = stage.serve(&database)?;
    let bare = bare::start(stage, &service, bare::BUILDS, &ids)?;
    let reads = Kind::Hot(&ids);
    let floor = || Ok(load::send(bare.port, reads, CLIENTS, stage.plan.seconds)?.per_second);
    let [ours, floor, compressed] = rates(stage, service.port, reads, ("bare", floor))?;
    peaks.push(service.peak()?);
    let work = "GET /builds/{id}, 100 hot builds; floor: bare actix-web";
    Ok(vec![
        Figure::compared(Goal::P1, work, "/s", &ours, &floor, GoalBound::AtLeast(0.8)),
        of_compressed(Goal::P1, "GET /builds/{id}, 100 hot builds", &compressed, &ours),
    ])
}

pub fn uniform(stage: &BenchEnvironment, peaks: &mut Vec<f64>) -> Figures {
    let builds = stage.plan.large.visible();
    let database = stage.kept(stage.plan.large);
    let service = stage.serve(&database)?;
    let floor = || floor::measure(&database, Work::Select(builds), CLIENTS, stage.plan.seconds);
    let [ours, floor, compressed] = rates(stage, service.port, Kind::Uniform(builds), ("pgbench", floor))?;
    peaks.push(service.peak()?);
    let work = format!("GET /builds/{{id}}, any of {} builds", shown(builds as f64));
    let floor_work = format!("{work}; floor: pgbench, select by key");
    Ok(vec![
        Figure::compared(Goal::P2, &floor_work, "/s", &ours, &floor, GoalBound::AtLeast(0.6)),
        of_compressed(Goal::P2, &work, &compressed, &ours),
    ])
}

/// In each round those of the service, of its floor, and of the service to a client that takes compressed answers.
fn rates(
    stage: &BenchEnvironment,
    port: u16,
    reads: Kind<'_>,
    (floor_name, floor): (&str, impl Fn() -> Result<f64>),
) -> Result<[Vec<f64>; 3]> {
    let (mut ours, mut floors, mut compressed) = (Vec::new(), Vec::new(), Vec::new());
    let send = |kind| load::send(port, kind, CLIENTS, stage.plan.seconds);
    for round in 0..stage.plan.rounds {
        floors.push(print_rate(round, floor_name, floor()?));
        ours.push(print_rate(round, "service", send(reads)?.per_second));
        compressed.push(print_rate(round, "compressed", send(Kind::Compressed(&reads))?.per_second));
    }
    Ok([ours, floors, compressed])
}

/// A client that takes compressed answers gets at least as many as ten thirteenths of those that one gets who does not.
fn of_compressed(goal: Goal, work: &str, compressed: &[f64], plain: &[f64]) -> Figure {
    let work = format!("{work}, with Accept-Encoding: {ACCEPTED}; floor: without");
    Figure::compared(goal, &work, "/s", compressed, plain, GoalBound::AtLeast(1.0 / 1.3))
}
