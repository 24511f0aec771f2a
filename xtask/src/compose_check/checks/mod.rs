//! What is tried, in this order: each part leaves the stack as the next one needs it.

mod confinement;
mod passwords;
mod restarts;
mod start;

use std::path::Path;

use anyhow::{Result, ensure};

use super::engine::output;
use super::report::CheckReport;
use super::stack::Stack;

/// # Errors
/// When the stack cannot be tried at all, or the user has asked to stop. What a check finds goes into the report.
pub fn run(stack: &Stack<'_>, checkout: &Path, report: &mut CheckReport) -> Result<()> {
    start::run(stack, checkout, report)?;
    confinement::run(stack, report)?;
    restarts::run(stack, report)?;
    passwords::run(stack, report)?;
    report.section("end")?;
    report.note("`down --volumes` leaves nothing", nothing_left(stack))
}

fn nothing_left(stack: &Stack<'_>) -> Result<String> {
    stack.run(&["--profile", "*", "down", "--volumes"])?;
    let filter = format!("label=com.docker.compose.project={}", stack.project);
    for (kind, words) in [
        ("containers", &["ps", "--all"][..]),
        ("volumes", &["volume", "ls"]),
        ("networks", &["network", "ls"]),
    ] {
        let left = output(stack.engine.docker().args(words).args(["--quiet", "--filter", &filter]))?;
        ensure!(left.is_empty(), "{kind}: {}", left.replace('\n', ", "));
    }
    Ok("no container, volume or network".into())
}

/// The value as the outcome of a check.
fn equal(found: String, expected: &str) -> Result<String> {
    ensure!(found == expected, "{found}, not {expected}");
    Ok(found)
}
