//! P1 and P2: single builds, hot ones and any.

use anyhow::Result;

use super::figures::{Figure, GoalBound, shown};
use super::floor::{self, Work};
use super::load::{self, ACCEPTED, CLIENTS, Kind};
use super::plan::Goal;
use super::stage::BenchEnvironment;
use super::{Figures, bare, say};

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
    let (mut ours, mut floor, mut compressed) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..stage.plan.rounds {
        floor.push(load::send(bare.port, Kind::Hot(&ids), CLIENTS, stage.plan.seconds)?.per_second);
        say(round, "bare", floor[round], "/s");
        ours.push(load::send(service.port, Kind::Hot(&ids), CLIENTS, stage.plan.seconds)?.per_second);
        say(round, "service", ours[round], "/s");
        compressed.push(send_compressed(stage, service.port, Kind::Hot(&ids))?);
        say(round, "compressed", compressed[round], "/s");
    }
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
    let (mut ours, mut floor, mut compressed) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..stage.plan.rounds {
        floor.push(floor::measure(&database, Work::Select(builds), CLIENTS, stage.plan.seconds)?);
        say(round, "pgbench", floor[round], "/s");
        ours.push(load::send(service.port, Kind::Uniform(builds), CLIENTS, stage.plan.seconds)?.per_second);
        say(round, "service", ours[round], "/s");
        compressed.push(send_compressed(stage, service.port, Kind::Uniform(builds))?);
        say(round, "compressed", compressed[round], "/s");
    }
    peaks.push(service.peak()?);
    let work = format!("GET /builds/{{id}}, any of {} builds", shown(builds as f64));
    let floor_work = format!("{work}; floor: pgbench, select by key");
    Ok(vec![
        Figure::compared(Goal::P2, &floor_work, "/s", &ours, &floor, GoalBound::AtLeast(0.6)),
        of_compressed(Goal::P2, &work, &compressed, &ours),
    ])
}

fn send_compressed(stage: &BenchEnvironment, port: u16, reads: Kind<'_>) -> Result<f64> {
    Ok(load::send(port, Kind::Compressed(&reads), CLIENTS, stage.plan.seconds)?.per_second)
}

/// A client that takes compressed answers gets at least as many as ten thirteenths of those that one gets who does not.
fn of_compressed(goal: Goal, work: &str, compressed: &[f64], plain: &[f64]) -> Figure {
    let work = format!("{work}, with Accept-Encoding: {ACCEPTED}; floor: without");
    Figure::compared(goal, &work, "/s", compressed, plain, GoalBound::AtLeast(1.0 / 1.3))
}
