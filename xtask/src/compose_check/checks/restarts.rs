//! What is stored outlives restarts, crashes and a `down`; the service says what it lacks meanwhile.

use anyhow::{Context, Result, ensure};
use serde_json::json;

use super::equal;
use crate::compose_check::engine::output;
use crate::compose_check::report::CheckReport;
use crate::compose_check::stack::Stack;

pub fn run(stack: &Stack<'_>, report: &mut CheckReport) -> Result<()> {
    report.section("data, restarts and crashes")?;
    let stored = store(stack);
    let build = stored.as_ref().ok().cloned();
    report.note("a build and a vote are stored", stored)?;
    let Some(build) = build else { return Ok(()) };
    for service in ["db", "cache", "api"] {
        report.note(&format!("restart {service}"), restart(stack, service, &build))?;
    }
    report.note("db is away", database_away(stack, &build))?;
    report.note("cache is away", cache_away(stack, &build))?;
    report.note("api is killed", killed(stack, &build))?;
    report.note("api is stopped", stopped(stack))?;
    report.note("down and up", down_and_up(stack, &build))
}

/// Stores a build with one vote, and returns its path.
fn store(stack: &Stack<'_>) -> Result<String> {
    let client = stack.client()?;
    let build = json!({
        "name": "Compose check", "primary_archetype": "tank", "secondary_archetype": "cleric", "race": "dunir",
    });
    let body = client.send("POST", "/api/v1/builds", &[], Some(&build))?.with_status(201)?.json()?;
    let path = format!("/api/v1/builds/{}", body["build_id"].as_str().context("there is no build_id")?);
    let vote = json!({"rating": 5});
    client.send("POST", &format!("{path}/vote"), &[], Some(&vote))?.with_status(200)?;
    read(stack, &path)?;
    Ok(path)
}

fn read(stack: &Stack<'_>, build: &str) -> Result<String> {
    let body = stack.client()?.get(build)?.with_status(200)?.json()?;
    ensure!(body["name"] == "Compose check" && body["vote_count"] == 1, "the build is {body}");
    Ok("build and vote are there".into())
}

fn restart(stack: &Stack<'_>, service: &str, build: &str) -> Result<String> {
    let before = stack.inspect(service, "{{.State.StartedAt}}")?;
    stack.run(&["restart", service])?;
    ensure!(stack.inspect(service, "{{.State.StartedAt}}")? != before, "it was not restarted");
    // Right after the restart `/ready` may still say what was so before it.
    stack.wait_for(build, 200)?;
    read(stack, build)
}

fn database_away(stack: &Stack<'_>, build: &str) -> Result<String> {
    stack.run(&["stop", "db"])?;
    stack.wait_for("/ready", 503)?;
    stack.client()?.get("/health")?.with_status(200)?;
    stack.run(&["start", "db"])?;
    stack.wait_for("/ready", 200)?;
    read(stack, build)?;
    Ok("/ready is 503 and /health 200, then all is back".into())
}

fn cache_away(stack: &Stack<'_>, build: &str) -> Result<String> {
    stack.run(&["stop", "cache"])?;
    stack.client()?.get("/api/v1/builds")?.with_status(200)?;
    read(stack, build)?;
    stack.run(&["start", "cache"])?;
    Ok("lists and builds are served".into())
}

/// From outside of the container: a process cannot kill the first one of its own container, and the engine would not
/// restart what it was asked to kill.
fn killed(stack: &Stack<'_>, build: &str) -> Result<String> {
    let pid = stack.inspect("api", "{{.State.Pid}}")?;
    let shell = stack.inspect("cache", "{{.Image}}")?;
    let mut kill = stack.engine.docker();
    kill.args(["run", "--rm", "--pid=host", "--network=none", "--user=0", "--entrypoint=busybox"]);
    output(kill.args([shell.as_str(), "kill", "-9", pid.as_str()]))?;
    stack.wait_for("/ready", 200)?;
    let count = stack.inspect("api", "{{.RestartCount}}")?;
    ensure!(count == "1", "it was restarted {count} times");
    read(stack, build)?;
    Ok("it is started again".into())
}

fn stopped(stack: &Stack<'_>) -> Result<String> {
    stack.run(&["stop", "api"])?;
    let state = stack.inspect("api", "{{.State.Status}} {{.State.ExitCode}}")?;
    equal(state, "exited 0")
}

fn down_and_up(stack: &Stack<'_>, build: &str) -> Result<String> {
    stack.run(&["down"])?;
    stack.up()?;
    read(stack, build)
}
