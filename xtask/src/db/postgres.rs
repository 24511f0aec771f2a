//! Saving and restoring a PostgreSQL database with its own tools, on one snapshot.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use anyhow::{Context, Result, bail};
use myashes_servers::Folder;

use super::connection::{Connection, output};
use super::contents::{Contents, Table};
use super::{finish, with_ending};
use crate::interrupts;

/// Ends each answer of the session below.
const END: &str = "-- end of answer --";

/// The tables of the service, without what belongs to an extension.
const TABLES: &str = "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c \
    JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' \
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') ORDER BY 1";

pub fn backup(connection: &Connection, file: &Path) -> Result<Contents> {
    let mut session = PsqlSession::open(connection)?;
    session.ask("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;")?;
    let snapshot = session.ask("SELECT pg_export_snapshot();")?;
    let snapshot = snapshot.first().context("the server exports no snapshot")?.clone();
    let unfinished = with_ending(file, ".part");
    let mut dump = connection.command("pg_dump")?;
    dump.args(["--format=custom", "--no-owner", "--no-privileges", "--snapshot", &snapshot, "--file"]);
    let saved = interrupts::run(dump.arg(&unfinished)).and_then(|()| contents(&mut session));
    finish(&unfinished, file, saved)
}

pub fn restore(connection: &Connection, file: &Path) -> Result<Contents> {
    let mut session = PsqlSession::open(connection)?;
    if let Some(table) = session.ask(&format!("{TABLES};"))?.first() {
        bail!("the database is not empty, it has {table}: restore into a new one (db init)");
    }
    let list = output(connection.command("pg_restore")?.arg("--list").arg(file))?;
    let wanted: Vec<&str> = list.lines().filter(|line| !is_servers_own(line)).collect();
    let folder = Folder::for_caller("restore")?;
    let chosen = folder.path().join("list");
    fs::write(&chosen, wanted.join("\n")).context("cannot write a temporary file")?;
    let mut restore = connection.command("pg_restore")?;
    restore.args(["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--use-list"]);
    let database = connection.query("SELECT current_database()")?;
    interrupts::run(restore.arg(&chosen).args(["--dbname", &database]).arg(file))?;
    contents(&mut session)
}

/// Extensions belong to who made them, and only their owner may comment on them; the one for statistics only a
/// superuser may create, and it holds no data.
fn is_servers_own(entry: &str) -> bool {
    entry.contains(" COMMENT - EXTENSION ") || entry.contains(" EXTENSION - pg_stat_statements ")
}

/// Rows and checksums as this session sees them.
fn contents(session: &mut PsqlSession) -> Result<Contents> {
    let mut contents = Contents::default();
    for table in session.ask(&format!("{TABLES};"))? {
        // The sum of a part of each row's MD5: the same whatever order the rows come in.
        let rows = session.ask(&format!(
            "SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0) FROM {table} t;"
        ))?;
        let (rows, checksum) = rows.first().and_then(|row| row.split_once('|')).context("no count")?;
        let rows = rows.parse().context("a count that is no number")?;
        let name = table.strip_prefix("public.").unwrap_or(&table).to_owned();
        contents.tables.insert(name, Table { rows, checksum: checksum.to_owned() });
    }
    Ok(contents)
}

/// `psql` that stays open, so that several questions share one transaction.
struct PsqlSession {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl PsqlSession {
    fn open(connection: &Connection) -> Result<Self> {
        let mut psql = connection.psql()?;
        psql.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = psql.spawn().context("cannot start psql")?;
        let questions = child.stdin.take().expect("standard input is a pipe");
        let answers = BufReader::new(child.stdout.take().expect("standard output is a pipe"));
        Ok(Self { child, questions, answers })
    }

    /// The rows of the answer. What psql complains about goes to the terminal.
    fn ask(&mut self, sql: &str) -> Result<Vec<String>> {
        let failed = "psql ended early";
        writeln!(self.questions, "{sql}\n\\echo {END}").context(failed)?;
        self.questions.flush().context(failed)?;
        let mut rows = Vec::new();
        loop {
            let mut row = String::new();
            if self.answers.read_line(&mut row).context(failed)? == 0 {
                bail!(failed);
            }
            let row = row.trim_end_matches('\n');
            if row == END {
                return Ok(rows);
            }
            rows.push(row.to_owned());
        }
    }
}

impl Drop for PsqlSession {
    fn drop(&mut self) {
        // It only reads, and ends with its connection.
        let _ = self.child.kill().and_then(|()| self.child.wait());
    }
}
