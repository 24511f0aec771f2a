//! P9 for lists: the first pages of unkind data and suggestions, in SQLite with the rows of PostgreSQL's database.

use std::path::Path;

use anyhow::{Context, Result};
use rusqlite::Connection;

use super::client::BenchClient;
use super::figures::{Figure, GoalBound, quantile};
use super::plan::Goal;
use super::service::{Service, migrate};
use super::sqlite::{file_url, remove};
use super::stage::{BenchDatabase, BenchEnvironment, folder};
use super::{Figures, data, searches, unkind};

/// What lists are made from; those that others refer to stand first.
const TABLES: [&str; 6] =
    ["ranking_constants", "facets", "builds", "build_ranks", "build_tags", "tag_counts"];

/// Changes of counts that the copied counts have already.
const COUNTED: &str = "DELETE FROM tag_changes";

pub fn run(stage: &BenchEnvironment) -> Figures {
    let size = stage.plan.embedded;
    let database = data::prepare_unkind(stage, size)?;
    let file = folder().join("unkind.db");
    println!("Making a SQLite database of {} unkind builds", size.builds);
    remove(&file)?;
    migrate(&stage.programs.service, &file_url(&file))?;
    copy(&database, &file)?;

    let service = Service::start(&stage.programs.service, &file_url(&file), None, "info")?;
    let mut client = BenchClient::connect(service.port)?;
    let mut searches = unkind::Searches::new(stage.plan.samples);
    for round in 0..stage.plan.rounds {
        searches.ask(&mut client, (round, stage.plan.rounds))?;
    }
    let mut figures: Vec<Figure> = searches
        .slowest()
        .into_iter()
        .map(|(shape, p99)| {
            let work = format!("P6 on SQLite, unkind data, {shape}, 99 of 100");
            Figure::plain(Goal::P9, &work, "ms", &[p99], GoalBound::AtMost(40.0))
        })
        .collect();
    let paths = searches::typed_paths(&database)?;
    let times: Vec<f64> = paths.iter().map(|path| client.time(path)).collect::<Result<_>>()?;
    let work = "P11 on SQLite, unkind data, 99 of 100";
    figures.push(Figure::plain(Goal::P9, work, "ms", &[quantile(&times, 0.99)], GoalBound::AtMost(20.0)));
    drop(service);
    remove(&file)?;
    Ok(figures)
}

/// Copies the rows of the tables, column by column of the same name.
fn copy(from: &BenchDatabase, to: &Path) -> Result<()> {
    let mut sqlite = Connection::open(to).context("cannot open the SQLite database")?;
    let transaction = sqlite.transaction()?;
    for table in TABLES {
        let rows = from.connection.query(&rows_as_json(&columns(from, table)?, table))?;
        transaction.execute(&format!("DELETE FROM {table}"), [])?;
        let mut insert = None;
        for row in rows.lines() {
            let statement = match &mut insert {
                Some(statement) => statement,
                None => insert.insert(transaction.prepare(&insertion(&transaction, table)?)?),
            };
            statement.execute([row]).with_context(|| format!("{table} does not take {row}"))?;
        }
    }
    transaction.execute(COUNTED, [])?;
    transaction.commit()?;
    Ok(sqlite.execute_batch("ANALYZE")?)
}

/// Names and types of a table's columns in PostgreSQL.
fn columns(from: &BenchDatabase, table: &str) -> Result<Vec<(String, String)>> {
    let columns = from.connection.query(&format!(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '{table}'"
    ))?;
    Ok(columns.lines().filter_map(|line| line.split_once('|')).map(|(a, b)| (a.into(), b.into())).collect())
}

/// The rows as JSON, with values as SQLite stores them: instants in microseconds, bytes in hexadecimal digits.
fn rows_as_json(columns: &[(String, String)], table: &str) -> String {
    let stored = |(name, of_type): &(String, String)| match of_type.as_str() {
        "timestamp with time zone" => format!("(extract(epoch FROM {name}) * 1000000)::bigint AS {name}"),
        "bytea" => format!("encode({name}, 'hex') AS {name}"),
        _ => name.clone(),
    };
    let columns: Vec<String> = columns.iter().map(stored).collect();
    format!("SELECT row_to_json(stored) FROM (SELECT {} FROM {table}) stored", columns.join(", "))
}

/// Inserts a row of JSON.
fn insertion(sqlite: &Connection, table: &str) -> Result<String> {
    let mut statement = sqlite.prepare(&format!("SELECT name, type FROM pragma_table_info('{table}')"))?;
    let columns = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let columns: Vec<(String, String)> = columns.collect::<rusqlite::Result<_>>()?;
    let value = |(name, of_type): &(String, String)| match of_type.as_str() {
        "BLOB" => format!("unhex(?1 ->> '{name}')"),
        _ => format!("?1 ->> '{name}'"),
    };
    let values: Vec<String> = columns.iter().map(value).collect();
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    Ok(format!("INSERT INTO {table} ({}) SELECT {}", names.join(", "), values.join(", ")))
}
