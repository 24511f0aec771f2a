//! P9: the embedded default against PostgreSQL, both with the service before them.

use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::{Context, Result};
use rusqlite::{Connection, OpenFlags};

use super::figures::{Figure, GoalBound};
use super::load::{self, CLIENTS, Kind};
use super::plan::Goal;
use super::reads::{HOT, ids};
use super::service::{Service, migrate, seed};
use super::stage::{BenchEnvironment, folder};
use super::writes::{TARGETS, kept};
use super::{Figures, print_rate, sqlite_lists};

pub fn run(stage: &BenchEnvironment) -> Figures {
    let file = fresh(stage)?;
    let known = known_ids(&file, TARGETS)?;
    let hot = &known[..known.len().min(HOT as usize)];
    let postgres = stage.serve(&stage.copy("service")?)?;
    let sqlite = Service::start(&stage.programs.service, &file_url(&file), None, "info")?;
    let all = ids(TARGETS);
    let works = [
        ("P1", "GET /builds/{id}, 100 hot builds", Kind::Hot(hot), Kind::Hot(&all[..HOT as usize]), None),
        ("P3", "POST /analytics/search", Kind::Searches, Kind::Searches, Some("searches")),
        ("P4", "POST /builds/{id}/vote", Kind::Votes(&known), Kind::Votes(&all), Some("votes")),
    ];
    let mut figures = Vec::new();
    for (goal, work, on_sqlite, on_postgres, table) in works {
        let (mut ours, mut floor) = (Vec::new(), Vec::new());
        for round in 0..stage.plan.rounds {
            let outcome = load::send(postgres.port, on_postgres, CLIENTS, stage.plan.seconds)?;
            floor.push(print_rate(round, &format!("{goal} on PostgreSQL"), outcome.per_second));
            let before = table.map(|table| rows(&file, table)).transpose()?;
            let outcome = load::send(sqlite.port, on_sqlite, CLIENTS, stage.plan.seconds)?;
            if let (Some(table), Some(before)) = (table, before) {
                kept(outcome.answers, rows(&file, table)? - before, CLIENTS)?;
            }
            ours.push(print_rate(round, &format!("{goal} on SQLite"), outcome.per_second));
        }
        let work = format!("{goal} on SQLite, {work}; floor: the same on PostgreSQL");
        figures.push(Figure::compared(Goal::P9, &work, "/s", &ours, &floor, GoalBound::AtLeast(0.5)));
    }
    figures.extend(sqlite_lists::run(stage)?);
    Ok(figures)
}

/// A copy of a seeded database, which is made once.
fn fresh(stage: &BenchEnvironment) -> Result<PathBuf> {
    let kept = folder().join(format!("seeded-{}.db", stage.plan.demo_builds));
    let copy = folder().join("copy.db");
    if !kept.is_file() {
        println!("Making a SQLite database of {} builds; it is kept", stage.plan.demo_builds);
        let new = folder().join("new.db");
        remove(&new)?;
        migrate(&stage.programs.service, &file_url(&new))?;
        seed(&stage.programs.service, &file_url(&new), stage.plan.demo_builds)?;
        vacuum_into(&new, &kept)?;
        remove(&new)?;
    }
    remove(&copy)?;
    fs::copy(&kept, &copy).context("cannot copy the SQLite database")?;
    migrate(&stage.programs.service, &file_url(&copy))?;
    Ok(copy)
}

/// One file with all that is in the log too.
fn vacuum_into(from: &Path, to: &Path) -> Result<()> {
    let connection = Connection::open(from).context("cannot open the SQLite database")?;
    connection
        .execute("VACUUM INTO ?1", [to.display().to_string()])
        .context("cannot keep the SQLite database")?;
    Ok(())
}

pub fn remove(file: &Path) -> Result<()> {
    for end in ["", "-wal", "-shm"] {
        match fs::remove_file(format!("{}{end}", file.display())) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

fn known_ids(file: &Path, count: u64) -> Result<Vec<String>> {
    let connection = open(file)?;
    let mut statement =
        connection.prepare("SELECT build_id FROM builds WHERE visibility = 'public' ORDER BY id LIMIT ?1")?;
    let ids = statement.query_map([i64::try_from(count)?], |row| row.get(0))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}

fn rows(file: &Path, table: &str) -> Result<u64> {
    let count: i64 = open(file)?.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?;
    Ok(u64::try_from(count)?)
}

fn open(file: &Path) -> Result<Connection> {
    Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .context("cannot read the SQLite database")
}

pub fn file_url(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}
