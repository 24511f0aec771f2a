//! P3, P4 and P5: searches and votes, each acknowledged after its commit. What was acknowledged is counted in the
//! database afterwards.

use anyhow::{Context, Result, ensure};

use super::figures::{Figure, GoalBound, shown};
use super::floor::{self, Work};
use super::load::{self, CLIENTS, Kind};
use super::plan::Goal;
use super::reads::ids;
use super::stage::{BenchDatabase, BenchEnvironment};
use super::{Figures, print_rate};

pub const TARGETS: u64 = 1_000;

/// Writes are measured with few and with many clients: larger batches form with more of them.
const CLIENT_COUNTS: [u64; 2] = [CLIENTS, 128];

/// As many batches as the service has under way (`VOTE_LANES` and `SEARCH_LANES` in its `dialect.rs`).
const VOTE_LANES: u64 = 2;
const SEARCH_LANES: u64 = 1;

/// The least part of the batched floor: pgbench sends the service's batches and has the machine to itself.
const LEAST_OF_BATCHES: f64 = 0.9;

/// A kind of write, and what it is compared with.
struct Write<'a> {
    goal: Goal,
    kind: Kind<'a>,
    table: &'a str,
    /// One row with each transaction.
    single: (&'a str, Work),
    least: f64,
    lanes: u64,
    /// The transaction of a batch of so many rows.
    batch: &'a dyn Fn(u64) -> Work,
}

pub fn searches(stage: &BenchEnvironment, peaks: &mut Vec<f64>) -> Figures {
    let write = Write {
        goal: Goal::P3,
        kind: Kind::Searches,
        table: "searches",
        single: ("pgbench, single-row insert", Work::Insert),
        least: 2.0,
        lanes: SEARCH_LANES,
        batch: &Work::SearchBatch,
    };
    compare(stage, peaks, &write)
}

/// Votes on so many builds.
pub fn votes(
    stage: &BenchEnvironment,
    peaks: &mut Vec<f64>,
    goal: Goal,
    targets: u64,
    least: f64,
) -> Figures {
    let ids = ids(targets);
    let write = Write {
        goal,
        kind: Kind::Votes(&ids),
        table: "votes",
        single: ("pgbench, insert and update", Work::Vote(targets)),
        least,
        lanes: VOTE_LANES,
        batch: &|rows| Work::VoteBatch { rows, targets },
    };
    compare(stage, peaks, &write)
}

fn compare(stage: &BenchEnvironment, peaks: &mut Vec<f64>, write: &Write<'_>) -> Figures {
    let Write { goal, kind, table, single: (single_name, single_work), least, lanes, batch } = *write;
    let mut figures = Vec::new();
    for clients in CLIENT_COUNTS {
        let (of_service, of_floor) = (stage.copy("service")?, stage.copy("floor")?);
        let service = stage.serve(&of_service)?;
        let (mut ours, mut single, mut batches) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..stage.plan.rounds {
            stage.settle()?;
            let rate = floor::measure(&of_floor, single_work, clients, stage.plan.seconds)?;
            single.push(print_rate(round, &format!("pgbench, {clients} clients"), rate));
            stage.settle()?;
            let before = rows(&of_service, table)?;
            let outcome = load::send(service.port, kind, clients, stage.plan.seconds)?;
            let stored = rows(&of_service, table)? - before;
            kept(outcome.answers, stored, clients)?;
            ours.push(print_rate(round, &format!("service, {clients} clients"), outcome.per_second));
            stage.settle()?;
            let size = batch_size(&of_service, table, stored)?;
            let rate = floor::measure(&of_floor, batch(size), lanes, stage.plan.seconds)? * size as f64;
            batches.push(print_rate(round, &format!("pgbench, {lanes} clients, {size} rows each"), rate));
        }
        peaks.push(service.peak()?);
        let request = work(goal, clients);
        for (floor, of_floor, least) in
            [(single_name, &single, least), ("pgbench, the same batches", &batches, LEAST_OF_BATCHES)]
        {
            let work = format!("{request}; floor: {floor}");
            figures.push(Figure::compared(goal, &work, "/s", &ours, of_floor, GoalBound::AtLeast(least)));
        }
    }
    Ok(figures)
}

/// How many rows a transaction has stored on average, of the last so many.
fn batch_size(database: &BenchDatabase, table: &str, last: u64) -> Result<u64> {
    let size = "SELECT greatest(1, round(count(*)::numeric / greatest(1, count(DISTINCT xmin::text))))";
    let sql = format!("{size} FROM (SELECT xmin FROM {table} ORDER BY id DESC LIMIT {last}) AS stored");
    database.connection.query(&sql)?.parse().context("the size of a batch")
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
