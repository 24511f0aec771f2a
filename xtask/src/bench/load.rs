//! Load from wrk: kept connections, each of which sends its next request as soon as it has its answer.

use std::fs;
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, bail, ensure};
use myashes_servers::{program, secret};

use super::bare::BUILDS;
use super::stage::folder;
use crate::interrupts::Foreground;

/// Connections of every measurement that does not name another number.
pub const CLIENTS: u64 = 32;

/// What a client sends that takes compressed answers.
pub const ACCEPTED: &str = "gzip, br";

const SCRIPT: &str = include_str!("load.lua");

/// What load.lua can send, with what it needs to know for that.
#[derive(Clone, Copy, Debug)]
pub enum Kind<'a> {
    /// Builds by their ids, again and again.
    Hot(&'a [String]),
    /// Paths, again and again.
    Paths(&'a [String]),
    /// The n-th of these paths with a likelihood of about 1/n.
    Zipf(&'a [String]),
    /// Each of these paths once, as long as there are some left.
    Once(&'a [String]),
    Uniform(u64),
    Searches,
    Votes(&'a [String]),
    Creates,
    /// The same reads by a client that takes compressed answers.
    Compressed(&'a Kind<'a>),
}

/// What came back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LoadOutcome {
    pub answers: u64,
    pub per_second: f64,
    /// Milliseconds.
    pub median: f64,
    pub p99: f64,
}

pub fn installed() -> Result<()> {
    if program("wrk").is_none() {
        bail!("wrk is not installed: apt-get install --yes wrk (or dnf, pacman, brew install wrk)");
    }
    Ok(())
}

/// Sends load over so many connections for some seconds. Every answer must be a good one.
pub fn send(port: u16, kind: Kind<'_>, clients: u64, seconds: u32) -> Result<LoadOutcome> {
    let script = folder().join("load.lua");
    fs::write(&script, SCRIPT).context("cannot write target/bench/load.lua")?;
    let (kind, accepted) = match kind {
        Kind::Compressed(reads) => (*reads, ACCEPTED),
        plain => (plain, "none"),
    };
    let (name, argument) = match kind {
        Kind::Hot(ids) => ("hot", keep_lines(BUILDS, ids)?),
        Kind::Paths(paths) => ("hot", keep_lines("", paths)?),
        Kind::Zipf(paths) => ("zipf", keep_lines("", paths)?),
        Kind::Once(paths) => ("once", keep_lines("", paths)?),
        Kind::Votes(ids) => ("votes", keep_lines("", ids)?),
        Kind::Uniform(builds) => ("uniform", builds.to_string()),
        Kind::Searches => ("searches", "none".to_owned()),
        Kind::Creates => ("creates", "none".to_owned()),
        Kind::Compressed(_) => bail!("what is compressed is compressed once"),
    };
    let mut wrk = Command::new("wrk");
    wrk.args(["--threads=1", &format!("--connections={clients}"), &format!("--duration={seconds}s")]);
    wrk.args(["--timeout=10s", "--latency", "--script"]).arg(&script).arg(format!("http://127.0.0.1:{port}"));
    // No two runs vote in the same sessions.
    wrk.args(["--", &secret()?[..8], name, &argument, accepted]);
    let running = Foreground::start(wrk.stdin(Stdio::null()).stdout(Stdio::piped()))?;
    let Output { status, stdout, .. } = running.wait_with_output()?;
    let said = String::from_utf8_lossy(&stdout);
    ensure!(status.success(), "wrk: {said}");
    read(&said)
}

/// Writes what load.lua chooses among to a file, and gives its path.
fn keep_lines(prefix: &str, lines: &[String]) -> Result<String> {
    let file = folder().join("lines");
    let lines: Vec<String> = lines.iter().map(|line| format!("{prefix}{line}")).collect();
    fs::write(&file, lines.join("\n")).context("cannot write target/bench/lines")?;
    Ok(file.display().to_string())
}

fn read(said: &str) -> Result<LoadOutcome> {
    let numbers =
        said.lines().find_map(|line| line.strip_prefix("RESULT ")).context("wrk gives no result")?;
    let numbers: Vec<u64> =
        numbers.split(' ').map(str::parse).collect::<Result<_, _>>().context("wrk's result")?;
    let [answers, micros, refused, broken, median, p99] = numbers[..] else { bail!("wrk's result: {said}") };
    ensure!(
        refused == 0 && broken == 0,
        "{refused} of {answers} answers were of status 400 and above, {broken} connections broke or timed out"
    );
    ensure!(answers > 0 && micros > 0, "there was no answer at all");
    let per_second = answers as f64 / (micros as f64 / 1e6);
    Ok(LoadOutcome { answers, per_second, median: median as f64 / 1e3, p99: p99 as f64 / 1e3 })
}

#[cfg(test)]
mod tests {
    use super::{LoadOutcome, read};

    #[test]
    fn what_wrk_counted_becomes_a_rate() {
        let outcome = read("Running\nRESULT 3000 2000000 0 0 700 9000\n").unwrap();
        assert_eq!(outcome, LoadOutcome { answers: 3000, per_second: 1500.0, median: 0.7, p99: 9.0 });
    }

    #[test]
    fn a_refused_or_broken_request_spoils_the_measurement() {
        assert!(read("RESULT 3000 2000000 1 0 700 9000").is_err());
        assert!(read("RESULT 3000 2000000 0 1 700 9000").is_err());
        assert!(read("RESULT 0 2000000 0 0 0 0").is_err());
        assert!(read("nothing").is_err());
    }
}
