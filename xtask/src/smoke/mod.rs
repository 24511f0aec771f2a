//! `cargo xtask smoke`: a running service, tried from outside as a browser would use it.

mod client;
mod reading;
mod round_trip;

use anyhow::{Result, bail};

use crate::flags::SmokeFlags;
use crate::targets::Target;
use client::Client;

pub fn run(flags: &SmokeFlags) -> Result<()> {
    if let Some(name) = &flags.env {
        let target = Target::find(name)?;
        return try_service(&target.url, flags.read_only || target.is_production());
    }
    let url = flags.url.as_deref().unwrap_or_default().trim_end_matches('/');
    // Production is only read from, however it is named.
    let production = Target::all()?.iter().any(|target| target.is_production() && target.url == url);
    try_service(url, flags.read_only || production)
}

/// The same after a release.
pub fn try_target(target: &Target) -> Result<()> {
    try_service(&target.url, target.is_production())
}

fn try_service(url: &str, read_only: bool) -> Result<()> {
    let client = Client::new(url)?;
    println!("trying {url}{}", if read_only { " (reading only)" } else { "" });
    let mut report = Report::default();
    reading::checks(&client, &mut report);
    if !read_only {
        round_trip::checks(&client, &mut report);
    }
    report.print();
    match report.failed() {
        0 => Ok(()),
        failed => bail!("{failed} of {} checks failed at {url}", report.rows.len()),
    }
}

/// What was tried, in order, and how it went.
#[derive(Default)]
pub struct Report {
    rows: Vec<(&'static str, Result<String>)>,
}

impl Report {
    /// Notes a check, and says whether it passed: later ones may build on it.
    pub fn note(&mut self, name: &'static str, outcome: Result<String>) -> bool {
        let passed = outcome.is_ok();
        self.rows.push((name, outcome));
        passed
    }

    fn failed(&self) -> usize {
        self.rows.iter().filter(|(_, outcome)| outcome.is_err()).count()
    }

    fn print(&self) {
        for (name, outcome) in &self.rows {
            match outcome {
                Ok(detail) => println!("  ok      {name:<42} {detail}"),
                Err(error) => println!("  failed  {name:<42} {error:#}"),
            }
        }
    }
}
