//! `cargo xtask test`: runs the suites on real servers, and prints one line that says how many passed.

mod suites;
mod tally;

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::flags::{Suite, TestFlags};
use crate::interrupts::Foreground;
use crate::servers::Servers;
use crate::workspace::cargo;
use tally::Tally;

pub fn run(flags: &TestFlags) -> Result<()> {
    let runs = suites::runs(flags.only, flags.filter.as_deref(), &suites::targets()?)?;
    // The others talk to PostgreSQL and Redis.
    let servers =
        if flags.only == Some(Suite::Unit) { None } else { Some(Servers::for_tests(flags.install)?) };
    let mut tally = Tally::default();
    for arguments in &runs {
        tally.add(&cargo_test(arguments, servers.as_ref())?);
    }
    drop(servers);
    println!("{tally}");
    if tally.failed > 0 {
        bail!("there are failed tests");
    }
    if tally.passed == 0 {
        bail!("no test ran");
    }
    Ok(())
}

/// One `cargo test`, its output streamed as it comes.
fn cargo_test(arguments: &[String], servers: Option<&Servers>) -> Result<Tally> {
    let mut command = cargo();
    command.arg("test").args(arguments).stdout(Stdio::piped());
    if let Some(servers) = servers {
        command.env("TEST_DATABASE_URL", &servers.database_url).env("TEST_REDIS_URL", &servers.redis_url);
    }
    let mut running = Foreground::start(&mut command)?;
    let output = running.child().stdout.take().expect("standard output is a pipe");
    let mut tally = Tally::default();
    let mut screen = std::io::stdout().lock();
    for line in BufReader::new(output).split(b'\n') {
        let line = line.context("cannot read the output of the tests")?;
        tally.read(&String::from_utf8_lossy(&line));
        screen.write_all(&line)?;
        screen.write_all(b"\n")?;
        screen.flush()?;
    }
    let status = running.wait()?;
    if !status.success() && tally.failed == 0 {
        // Something did not compile, or a test took its whole program down before it could be counted.
        println!("cargo test ended with {status} and named no failed test: counted as one");
        tally.failed = 1;
    }
    Ok(tally)
}
