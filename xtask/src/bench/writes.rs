//! P3, P4 and P5: searches and votes, each acknowledged after its commit. What was acknowledged is counted in the
//! database afterwards.

use anyhow::{Context, Result, ensure};

use super::figures::{Figure, GoalBound, shown};
use super::floor::{self, Work};
use super::load::{self, CLIENTS, Kind};
use super::plan::Goal;
use super::reads::ids;
use super::stage::{BenchDatabase, BenchEnvironment};
use super::{Figures, say};

pub const TARGETS: u64 = 1_000;

/// Writes are measured with few and with many clients: larger batches form with more of them.
const CLIENT_COUNTS: [u64; 2] = [CLIENTS, 128];

pub fn searches(stage: &BenchEnvironment, peaks: &mut Vec<f64>) -> Figures {
    let floor = ("pgbench, single-row insert", Work::Insert);
    compare(stage, peaks, Goal::P3, Kind::Searches, "searches", floor, 2.0)
}

pub fn votes(stage: &BenchEnvironment, peaks: &mut Vec<f64>) -> Figures {
    let floor = ("pgbench, insert and update", Work::Vote(TARGETS));
    compare(stage, peaks, Goal::P4, Kind::Votes(&ids(TARGETS)), "votes", floor, 1.5)
}

pub fn votes_on_one(stage: &BenchEnvironment, peaks: &mut Vec<f64>) -> Figures {
    let floor = ("pgbench, insert and update", Work::Vote(1));
    compare(stage, peaks, Goal::P5, Kind::Votes(&ids(1)), "votes", floor, 10.0)
}

fn compare(
    stage: &BenchEnvironment,
    peaks: &mut Vec<f64>,
    goal: Goal,
    kind: Kind<'_>,
    table: &str,
    (floor_name, floor_work): (&str, Work),
    least: f64,
) -> Figures {
    let mut figures = Vec::new();
    for clients in CLIENT_COUNTS {
        let (of_service, of_floor) = (stage.copy("service")?, stage.copy("floor")?);
        let service = stage.serve(&of_service)?;
        let (mut ours, mut floor) = (Vec::new(), Vec::new());
        for round in 0..stage.plan.rounds {
            stage.settle()?;
            floor.push(floor::measure(&of_floor, floor_work, clients, stage.plan.seconds)?);
            say(round, &format!("pgbench, {clients} clients"), floor[round], "/s");
            stage.settle()?;
            let before = rows(&of_service, table)?;
            let outcome = load::send(service.port, kind, clients, stage.plan.seconds)?;
            kept(outcome.answers, rows(&of_service, table)? - before, clients)?;
            ours.push(outcome.per_second);
            say(round, &format!("service, {clients} clients"), ours[round], "/s");
        }
        peaks.push(service.peak()?);
        let work = format!("{}; floor: {floor_name}", work(goal, clients));
        figures.push(Figure::compared(goal, &work, "/s", &ours, &floor, GoalBound::AtLeast(least)));
    }
    Ok(figures)
}

/// The request, and the number of clients where it is not the usual one.
fn work(goal: Goal, clients: u64) -> String {
    if clients == CLIENTS {
        return goal.request().to_owned();
    }
    format!("{}, {clients} clients", goal.request())
}

pub fn rows(database: &BenchDatabase, table: &str) -> Result<u64> {
    database.connection.query(&format!("SELECT count(*) FROM {table}"))?.parse().context("a count")
}

/// Checks that every acknowledged write is stored, and nothing else but writes in flight at the end.
pub fn kept(acknowledged: u64, stored: u64, clients: u64) -> Result<()> {
    ensure!(
        stored >= acknowledged && stored <= acknowledged + clients,
        "{} writes were acknowledged, and {} are stored",
        shown(acknowledged as f64),
        shown(stored as f64)
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::Goal;
    use super::{CLIENT_COUNTS, kept, work};

    #[test]
    fn a_lost_or_doubled_write_is_found() {
        assert!(kept(1000, 1000, 32).is_ok());
        assert!(kept(1000, 1032, 32).is_ok());
        assert!(kept(1000, 1128, 128).is_ok());
        assert!(kept(1000, 1033, 32).is_err());
        assert!(kept(1000, 999, 32).is_err());
        assert!(kept(1000, 2000, 128).is_err());
    }

    #[test]
    fn each_number_of_clients_has_a_name_of_its_own_and_the_usual_one_keeps_its_name() {
        let [usual, many] = CLIENT_COUNTS.map(|clients| work(Goal::P3, clients));
        assert_eq!(usual, "POST /analytics/search");
        assert_eq!(many, "POST /analytics/search, 128 clients");
    }
}
