//! Floors from pgbench: the same SQL as prepared statements, on the same PostgreSQL, with as many connections as
//! the service has clients.

use std::fs;

use anyhow::{Context, Result};

use super::stage::{BenchDatabase, folder};
use crate::db::output;
use crate::interrupts;

#[derive(Clone, Copy, Debug)]
pub enum Work {
    /// One of so many builds by its key.
    Select(u64),
    /// One search.
    Insert,
    /// A vote on one of so many builds: the vote, and the tally it moves.
    Vote(u64),
    /// A build with all its rows.
    Create,
    /// So many searches in one statement, as the service stores them.
    SearchBatch(u64),
    /// So many votes on so many builds in one transaction, as the service stores them.
    VoteBatch { rows: u64, targets: u64 },
    /// The newest builds of the unkind data that hold a term, which the newest tenth lacks.
    Scan,
}

/// Transactions per second over so many connections.
pub fn measure(database: &BenchDatabase, work: Work, clients: u64, seconds: u32) -> Result<f64> {
    interrupts::check()?;
    let (script, variables) = match work {
        Work::Select(builds) => (include_str!("floor_select.sql"), vec![("builds", builds)]),
        Work::Insert => (include_str!("floor_insert.sql"), vec![]),
        Work::Create => (include_str!("floor_create.sql"), vec![]),
        Work::Vote(targets) => (include_str!("floor_vote.sql"), vec![("targets", targets)]),
        Work::Scan => (include_str!("floor_scan.sql"), vec![]),
        Work::SearchBatch(rows) => (include_str!("floor_search_batch.sql"), vec![("rows", rows)]),
        Work::VoteBatch { rows, targets } => {
            (include_str!("floor_vote_batch.sql"), vec![("rows", rows), ("targets", targets)])
        }
    };
    let file = folder().join("floor.sql");
    fs::write(&file, script).context("cannot write target/bench/floor.sql")?;
    let mut pgbench = database.connection.command("pgbench")?;
    pgbench.args(["--no-vacuum", "--protocol=prepared", "--jobs=2", &format!("--client={clients}")]);
    pgbench.arg(format!("--time={}", seconds + connecting(clients))).arg("--file").arg(&file);
    pgbench.args(variables.iter().map(|(name, value)| format!("--define={name}={value}")));
    read(&output(&mut pgbench)?)
}

/// Seconds that many clients get for connecting: pgbench counts that as part of its time, but not of its rate.
fn connecting(clients: u64) -> u32 {
    u32::try_from(clients / 64).unwrap_or(u32::MAX)
}

fn read(said: &str) -> Result<f64> {
    let rate = said.lines().find_map(|line| line.strip_prefix("tps = "));
    let rate = rate.and_then(|rest| rest.split(' ').next()?.parse().ok());
    rate.with_context(|| format!("pgbench gives no rate: {said}"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::read;

    #[test]
    fn the_floor_of_a_read_has_the_columns_of_a_build() {
        let schema = include_str!("../../../crates/adapters/src/sql/schema.rs");
        let (_, table) = schema.split_once("    builds (id) {").unwrap();
        let (table, _) = table.split_once('}').unwrap();
        let columns = table.lines().filter_map(|line| line.trim().split_once(" -> "));
        // What is searched is not shown.
        let columns: BTreeSet<&str> =
            columns.map(|(name, _)| name).filter(|it| *it != "search_text").collect();
        let read = include_str!("floor_select.sql").split([' ', ',']);
        assert_eq!(columns, read.filter_map(|word| word.strip_prefix("b.")).collect());
    }

    #[test]
    fn the_rate_is_the_one_without_connecting() {
        let said = "latency average = 1 ms\ntps = 4321.5 (without initial connection time)\n";
        assert_eq!(read(said).unwrap(), 4321.5);
        assert!(read("nothing").is_err());
    }
}
