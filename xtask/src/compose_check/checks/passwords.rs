//! Mistakes with the file that holds the database's password.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};

use crate::compose_check::engine::{output, without_escapes};
use crate::compose_check::report::CheckReport;
use crate::compose_check::stack::Stack;
use crate::interrupts;

/// What PostgreSQL answers, which the service passes on.
const WRONG_PASSWORD: &str = "password authentication failed";
/// What the init script of the database writes.
const UNREADABLE: &str = "cannot read /run/secrets/db_password";

pub fn run(stack: &Stack<'_>, report: &mut CheckReport) -> Result<()> {
    report.section("passwords")?;
    report.note("a wrong password", wrong(stack))?;
    report.note("an unreadable password on the first start", unreadable(stack))?;
    report.note("the same start with a readable one", retry(stack))
}

/// The database has its password from the first start, and now the service gets another.
fn wrong(stack: &Stack<'_>) -> Result<String> {
    stack.run(&["down"])?;
    let file = password_file(stack, "wrong", 0o644)?;
    if stack.up_with_password(Some(&file)).is_ok() {
        bail!("the stack starts with it");
    }
    let log = stack.run(&["logs", "--no-color", "--no-log-prefix", "migrate"])?;
    let cause = line_with(&log, WRONG_PASSWORD).with_context(|| format!("the log has no cause: {log}"))?;
    let api = stack.inspect("api", "{{.State.Running}}")?;
    ensure!(api == "false", "the service runs all the same");
    Ok(format!("the log of migrate says {cause}"))
}

/// `run` starts the container once, without the policy that would restart it for ever, and with a command that ends: the
/// server makes its folder, then prints where it is.
fn unreadable(stack: &Stack<'_>) -> Result<String> {
    stack.run(&["down", "--volumes"])?;
    let file = password_file(stack, "unreadable", 0o600)?;
    let mut run = stack.compose();
    run.env("MYASHES_DB_PASSWORD_FILE", &file).args(["run", "--rm", "-T", "--no-deps", "db"]).args([
        "postgres",
        "-C",
        "data_directory",
    ]);
    let first = interrupts::output(&mut run)?;
    let log = String::from_utf8_lossy(&first.stdout) + String::from_utf8_lossy(&first.stderr);
    ensure!(!first.status.success(), "the database starts without it");
    let cause = line_with(&log, UNREADABLE).with_context(|| format!("the log has no cause: {log}"))?;
    let left = database_folder(stack)?;
    ensure!(left.is_empty(), "a half-made database is left: {}", left.replace('\n', " "));
    Ok(format!("the database does not start and its folder is empty; {cause}"))
}

fn retry(stack: &Stack<'_>) -> Result<String> {
    stack.up()?;
    stack.wait_for("/ready", 200)?;
    Ok("everything is healthy".into())
}

/// The names in the volume of the database.
fn database_folder(stack: &Stack<'_>) -> Result<String> {
    let volume = format!("{}_db-data:/data:ro", stack.project);
    let images = stack.run(&["config", "--images", "cache"])?;
    let shell = images.lines().next().context("cache has no image")?;
    let mut list = stack.engine.docker();
    list.args(["run", "--rm", "--network=none", "--user=0", "--entrypoint=busybox", "--volume", &volume]);
    output(list.args([shell, "ls", "-A", "/data"]))
}

fn password_file(stack: &Stack<'_>, text: &str, mode: u32) -> Result<PathBuf> {
    let file = stack.work.join(format!("{text}-password"));
    fs::write(&file, text)?;
    fs::set_permissions(&file, fs::Permissions::from_mode(mode))?;
    Ok(file)
}

fn line_with(log: &str, text: &str) -> Option<String> {
    log.lines().find(|line| line.contains(text)).map(without_escapes)
}

#[cfg(test)]
mod tests {
    use super::{UNREADABLE, line_with};

    #[test]
    fn the_cause_is_the_line_that_names_it() {
        let log = format!("PostgreSQL init process\n  init: {UNREADABLE}; nothing is kept \nend");
        assert_eq!(line_with(&log, UNREADABLE), Some(format!("init: {UNREADABLE}; nothing is kept")));
        assert_eq!(line_with("ready for start up", UNREADABLE), None);
    }
}
