//! The first start: images, health, schema, starter builds.

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};

use super::equal;
use crate::compose_check::report::CheckReport;
use crate::compose_check::stack::Stack;
use crate::interrupts;

pub fn run(stack: &Stack<'_>, checkout: &Path, report: &mut CheckReport) -> Result<()> {
    report.section("docker compose up")?;
    report.note("the configuration with all profiles", configuration(stack))?;
    if stack.uses_registry {
        report.note("the pinned images", pull(stack))?;
    }
    let built = build(stack);
    let is_built = built.is_ok();
    report.note("the image", built)?;
    if !is_built {
        bail!("without an image there is nothing to start");
    }
    report.note("up", up(stack))?;
    for service in ["db", "cache", "api"] {
        let health = stack.inspect(service, "{{.State.Health.Status}}");
        report.note(service, health.and_then(|found| equal(found, "healthy")))?;
    }
    for service in ["migrate", "seed"] {
        let state = stack.inspect(service, "{{.State.Status}} {{.State.ExitCode}}");
        report.note(service, state.and_then(|found| equal(found, "exited 0")))?;
    }
    report.note("the schema", schema(stack))?;
    report.note("with the settings of production", production(stack))?;
    report.note("the starter builds", starter_builds(stack, checkout))?;
    report.note("doctor", doctor(stack))?;
    report.note("the metrics", metrics(stack))
}

fn configuration(stack: &Stack<'_>) -> Result<String> {
    stack.run(&["--profile", "*", "config", "--quiet"])?;
    Ok("valid".into())
}

fn pull(stack: &Stack<'_>) -> Result<String> {
    interrupts::run(stack.compose().args(["pull", "--quiet", "--policy=missing", "db", "cache"]))?;
    Ok("the registry has them".into())
}

/// What docs/OPERATIONS.md has an operator set, in the command that reaches the database first.
fn production(stack: &Stack<'_>) -> Result<String> {
    let settings = ["-e", "ENV=production", "-e", "TRUSTED_PROXIES=172.16.0.0/12"];
    let run = [&["run", "--rm", "-T", "--no-deps"][..], &settings, &["migrate"]].concat();
    stack.run(&run)?;
    Ok("migrates".into())
}

/// From source this takes minutes.
fn build(stack: &Stack<'_>) -> Result<String> {
    let begun = Instant::now();
    interrupts::run(stack.compose().args(["build", "--quiet", "api"]))?;
    Ok(format!("built in {} s", begun.elapsed().as_secs()))
}

fn up(stack: &Stack<'_>) -> Result<String> {
    let begun = Instant::now();
    if let Err(error) = stack.up() {
        let logs = stack.run(&["logs", "--no-color", "--tail=10"]).unwrap_or_default();
        println!("{logs}");
        return Err(error);
    }
    Ok(format!("everything has started after {} s", begun.elapsed().as_secs()))
}

fn schema(stack: &Stack<'_>) -> Result<String> {
    let status = stack.run(&["exec", "-T", "api", "/usr/local/bin/myashes", "migrate", "--status"])?;
    let (applied, pending) = count_migrations(&status);
    ensure!(applied > 0 && pending == 0, "{applied} migrations are applied, {pending} are pending");
    Ok(format!("{applied} migrations, none pending"))
}

fn count_migrations(status: &str) -> (usize, usize) {
    let count = |word| status.lines().filter(|line| line.starts_with(word)).count();
    (count("applied "), count("pending "))
}

fn starter_builds(stack: &Stack<'_>, checkout: &Path) -> Result<String> {
    let source = fs::read_to_string(checkout.join("game/templates.toml")).context("game/templates.toml")?;
    let expected = source.lines().filter(|line| line.trim() == "[[templates]]").count();
    let body = stack.client()?.get("/api/v1/builds/templates")?.with_status(200)?.json()?;
    ensure!(body["count"] == expected, "{} of {expected}", body["count"]);
    Ok(format!("all {expected}"))
}

fn doctor(stack: &Stack<'_>) -> Result<String> {
    stack.run(&["exec", "-T", "api", "/usr/local/bin/myashes", "doctor"])?;
    Ok("the stored data agrees with itself".into())
}

/// In the network of the stack, and not on the port that is published.
fn metrics(stack: &Stack<'_>) -> Result<String> {
    let address = "http://api:9090/metrics";
    let text = stack.run(&["exec", "-T", "cache", "busybox", "wget", "-q", "-O", "-", address])?;
    ensure!(text.lines().any(|line| line.starts_with("build_info")), "{address} has no build_info");
    let outside = stack.client()?.get("/metrics")?.status;
    ensure!(outside == 404, "the published port answers /metrics with {outside}");
    Ok("on port 9090, which is not published".into())
}

#[cfg(test)]
mod tests {
    use super::count_migrations;

    #[test]
    fn applied_and_pending_migrations_are_counted() {
        let status = "applied  000001_builds\napplied  000002_votes\npending  000003_reports\n";
        assert_eq!(count_migrations(status), (2, 1));
        assert_eq!(count_migrations(""), (0, 0));
    }
}
