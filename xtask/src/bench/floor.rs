//! Floors from pgbench: the same SQL as prepared statements, on the same PostgreSQL, with as many connections as
//! the service has clients.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::figures::quantile;
use super::stage::{BenchDatabase, folder};
use crate::db::output;
use crate::interrupts;

/// The most that a time may be of pgbench's, where pgbench shows that a goal is out of reach: at seven tenths of its speed.
pub const MOST_OF_FLOOR: f64 = 1.0 / 0.7;

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
    /// A search and its total, planned for each term, of so many by Zipf.
    SearchByZipf(u64),
    /// The same for each term once, from this one on, in steps of so many.
    SearchOnce { first: u64, step: u64 },
}

/// Transactions per second over so many connections.
pub fn measure(database: &BenchDatabase, work: Work, clients: u64, seconds: u32) -> Result<f64> {
    read(&output(&mut pgbench(database, work, clients, seconds)?)?)
}

/// The same, and the milliseconds within which 99 of 100 of them ended.
pub fn measure_with_p99(
    database: &BenchDatabase,
    work: Work,
    clients: u64,
    seconds: u32,
) -> Result<(f64, f64)> {
    let (said, times) = logged(&mut pgbench(database, work, clients, seconds)?)?;
    Ok((read(&said)?, quantile(&times, 0.99)))
}

/// The milliseconds that each of so many transactions of a script took, one after the other. `settings` are PostgreSQL's.
pub fn times(database: &BenchDatabase, script: &str, settings: &str, transactions: u64) -> Result<Vec<f64>> {
    interrupts::check()?;
    let mut pgbench = of_script(database, script)?;
    pgbench.arg(format!("--transactions={transactions}")).env("PGOPTIONS", settings);
    Ok(logged(&mut pgbench)?.1)
}

/// What pgbench says, and the milliseconds of each of its transactions.
fn logged(pgbench: &mut Command) -> Result<(String, Vec<f64>)> {
    let logs = folder().join("floor_log");
    if logs.exists() {
        fs::remove_dir_all(&logs)?;
    }
    fs::create_dir(&logs)?;
    let said = output(pgbench.arg("--log").arg(format!("--log-prefix={}", logs.join("log").display())))?;
    let mut times = vec![];
    for log in fs::read_dir(&logs)? {
        for line in fs::read_to_string(log?.path())?.lines() {
            let micros = line.split(' ').nth(2).and_then(|it| it.parse::<f64>().ok());
            times.push(micros.with_context(|| format!("pgbench has logged {line}"))? / 1_000.0);
        }
    }
    ensure!(!times.is_empty(), "pgbench has logged nothing");
    Ok((said, times))
}

fn pgbench(database: &BenchDatabase, work: Work, clients: u64, seconds: u32) -> Result<Command> {
    interrupts::check()?;
    let (script, variables) = match work {
        Work::Select(builds) => (include_str!("floor_select.sql"), vec![("builds", builds)]),
        Work::Insert => (include_str!("floor_insert.sql"), vec![]),
        Work::Create => (include_str!("floor_create.sql"), vec![]),
        Work::Vote(targets) => (include_str!("floor_vote.sql"), vec![("targets", targets)]),
        Work::SearchByZipf(terms) => {
            (include_str!("floor_search.sql"), vec![("terms", terms), ("first", 0), ("step", 0)])
        }
        Work::SearchOnce { first, step } => {
            (include_str!("floor_search.sql"), vec![("terms", 0), ("first", first), ("step", step)])
        }
        Work::SearchBatch(rows) => (include_str!("floor_search_batch.sql"), vec![("rows", rows)]),
        Work::VoteBatch { rows, targets } => {
            (include_str!("floor_vote_batch.sql"), vec![("rows", rows), ("targets", targets)])
        }
    };
    let mut pgbench = of_script(database, script)?;
    pgbench.args(["--jobs=2", &format!("--client={clients}")]);
    pgbench.arg(format!("--time={}", seconds + connecting(clients)));
    if let Work::SearchByZipf(_) | Work::SearchOnce { .. } = work {
        pgbench.env("PGOPTIONS", "-c plan_cache_mode=force_custom_plan");
    }
    pgbench.args(variables.iter().map(|(name, value)| format!("--define={name}={value}")));
    Ok(pgbench)
}

fn of_script(database: &BenchDatabase, script: &str) -> Result<Command> {
    let file = folder().join("floor.sql");
    fs::write(&file, script).context("cannot write target/bench/floor.sql")?;
    let mut pgbench = database.connection.command("pgbench")?;
    pgbench.args(["--no-vacuum", "--protocol=prepared", "--file"]).arg(&file);
    Ok(pgbench)
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
