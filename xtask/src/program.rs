//! The commands that the program itself carries out, run from the source with the environment of a target.

use std::fs;
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::flags::{MigrateFlags, OpenapiFlags, SeedFlags};
use crate::interrupts::{self, Foreground};
use crate::targets::Target;
use crate::workspace::{cargo, root};

/// Where the OpenAPI document is kept, for readers and for the check that it is not stale.
const OPENAPI: &str = "docs/openapi.json";

/// `cargo xtask migrate`: brings the database's schema to this source's, or shows what that would do.
pub fn migrate(flags: &MigrateFlags) -> Result<()> {
    let mut command = myashes("migrate")?;
    let switches = [(flags.dry_run, "--dry-run"), (flags.status, "--status"), (flags.yes, "--yes")];
    command.args(switches.iter().filter(|(is_set, _)| *is_set).map(|(_, name)| name));
    if let Some(count) = flags.revert {
        command.arg("--revert").arg(count.to_string());
    }
    Target::find(&flags.env)?.apply(&mut command)?;
    interrupts::run(&mut command)
}

/// `cargo xtask seed`: loads the official starter builds, and invented data on request.
pub fn seed(flags: &SeedFlags) -> Result<()> {
    let mut command = myashes("seed")?;
    if let Some(count) = flags.demo {
        command.arg("--demo").arg(count.to_string());
    }
    Target::find(&flags.env)?.apply(&mut command)?;
    interrupts::run(&mut command)
}

/// `cargo xtask openapi`: writes the document, or fails when the kept one is stale.
pub fn openapi(flags: &OpenapiFlags) -> Result<()> {
    let mut document = output(&mut myashes("openapi")?)?;
    if !document.ends_with('\n') {
        document.push('\n');
    }
    serde_json::from_str::<serde_json::Value>(&document).context("the OpenAPI document is not JSON")?;
    let file = root().join(OPENAPI);
    if !flags.check {
        fs::create_dir_all(file.parent().expect("the document lies in a folder"))?;
        fs::write(&file, document).with_context(|| format!("cannot write {OPENAPI}"))?;
        println!("{OPENAPI} is written");
        return Ok(());
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    if let Some((line, kept, current)) = first_difference(&kept, &document) {
        bail!(
            "{OPENAPI} is stale from line {line} on:\n  kept: {kept}\n  now:  {current}\n\
             Run cargo xtask openapi, and look at what changed."
        );
    }
    println!("{OPENAPI} is up to date");
    Ok(())
}

/// The names of the variables that configure the program.
pub fn variables() -> Result<Vec<String>> {
    let names = output(&mut myashes("variables")?)?;
    Ok(names.lines().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

/// The program of this source, which lies beside this command. It is built with the features of the whole workspace:
/// built alone, most dependencies would be compiled a second time.
fn myashes(subcommand: &str) -> Result<Command> {
    interrupts::run(cargo().args(["build", "--quiet", "--workspace", "--bin", "myashes"]))?;
    let beside = std::env::current_exe().context("cannot find the program")?.with_file_name("myashes");
    let mut command = Command::new(beside);
    command.current_dir(root()).arg(subcommand);
    Ok(command)
}

fn output(command: &mut Command) -> Result<String> {
    let Output { status, stdout, .. } =
        Foreground::start(command.stdout(Stdio::piped()))?.wait_with_output()?;
    ensure!(status.success(), "{} ended with {status}", interrupts::line(command));
    String::from_utf8(stdout).context("cannot read the program's output")
}

fn first_difference<'a>(kept: &'a str, current: &'a str) -> Option<(usize, &'a str, &'a str)> {
    if kept == current {
        return None;
    }
    let same = kept.lines().zip(current.lines()).take_while(|(one, other)| one == other).count();
    Some(match (kept.lines().nth(same), current.lines().nth(same)) {
        (None, None) => (same + 1, "(its end)", "(its end)"),
        (one, other) => (same + 1, one.unwrap_or("(nothing)"), other.unwrap_or("(nothing)")),
    })
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn a_document_equal_to_the_kept_one_is_not_stale() {
        assert_eq!(first_difference("{\n}\n", "{\n}\n"), None);
    }

    #[test]
    fn the_first_line_that_differs_is_named() {
        assert_eq!(first_difference("{\n  1\n}\n", "{\n  2\n}\n"), Some((2, "  1", "  2")));
        assert_eq!(first_difference("", "{}\n"), Some((1, "(nothing)", "{}")));
    }

    #[test]
    fn a_missing_line_end_is_a_difference_too() {
        assert!(first_difference("{}", "{}\n").is_some());
    }
}
