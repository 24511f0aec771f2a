//! `cargo xtask db`: preparing, saving, restoring and examining a database, PostgreSQL or SQLite.

mod connection;
mod contents;
mod init;
mod postgres;
mod report;
mod sqlite;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rustix::fs::Mode;

use crate::flags::{DbCommand, DbFileFlags};
use crate::targets::Target;
use crate::workspace::root;
pub use connection::{Connection, output};
use contents::Contents;

/// `saved.dump` has its checksums in `saved.dump.json`.
const CHECKSUMS: &str = ".json";

pub fn run(command: &DbCommand) -> Result<()> {
    match command {
        DbCommand::Init(flags) => init::run(flags),
        DbCommand::Backup(flags) => backup(flags),
        DbCommand::Restore(flags) => restore(flags),
        DbCommand::Report(flags) => report::run(flags),
    }
}

/// The database of a target.
enum Database {
    Postgres(Connection),
    Sqlite(PathBuf),
}

impl Database {
    fn of(env: &str) -> Result<Self> {
        let url = Target::find(env)?.database_url()?;
        match url.strip_prefix("sqlite://") {
            // A relative path is meant from where the program runs: the root.
            Some(path) => Ok(Self::Sqlite(root().join(path.split('?').next().unwrap_or(path)))),
            None => Ok(Self::Postgres(url.parse()?)),
        }
    }
}

fn backup(flags: &DbFileFlags) -> Result<()> {
    let list = with_ending(&flags.file, CHECKSUMS);
    for file in [&flags.file, &list] {
        if file.exists() {
            bail!("{} is there already, and is not overwritten", file.display());
        }
    }
    // A backup holds private builds: pg_dump, SQLite and this process write files that their owner alone can read.
    rustix::process::umask(Mode::from_raw_mode(0o077));
    let contents = match Database::of(&flags.env)? {
        Database::Postgres(connection) => postgres::backup(&connection, &flags.file)?,
        Database::Sqlite(path) => sqlite::backup(&path, &flags.file)?,
    };
    let text = serde_json::to_string_pretty(&contents)?;
    fs::write(&list, text + "\n").with_context(|| format!("cannot write {}", list.display()))?;
    contents.print();
    println!("{} is saved to {}", flags.env, flags.file.display());
    Ok(())
}

fn restore(flags: &DbFileFlags) -> Result<()> {
    let list = with_ending(&flags.file, CHECKSUMS);
    let text = fs::read_to_string(&list).with_context(|| format!("cannot read {}", list.display()))?;
    let expected: Contents =
        serde_json::from_str(&text).with_context(|| format!("cannot read {}", list.display()))?;
    let found = match Database::of(&flags.env)? {
        Database::Postgres(connection) => postgres::restore(&connection, &flags.file)?,
        Database::Sqlite(path) => sqlite::restore(&path, &flags.file)?,
    };
    found.print();
    let differences = expected.differences(&found);
    if !differences.is_empty() {
        bail!("what was restored is not what was saved: {}", differences.join("; "));
    }
    println!(
        "{} is restored from {}; rows and checksums are those that were saved",
        flags.env,
        flags.file.display()
    );
    Ok(())
}

/// The same name with one more ending.
fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Gives a file that was written under another name its own, or removes it where that failed: half a file must not look
/// like a whole one.
fn finish(unfinished: &Path, file: &Path, written: Result<Contents>) -> Result<Contents> {
    if written.is_err() {
        // It may not even have been begun.
        let _ = fs::remove_file(unfinished);
    } else {
        fs::rename(unfinished, file).with_context(|| format!("cannot write {}", file.display()))?;
    }
    written
}
