//! `cargo xtask smoke`: a running service, tried from outside as a browser would use it.

mod addresses;
pub mod client;
mod reading;
mod round_trip;
mod source;

use anyhow::{Error, Result, bail};
use url::Url;

use crate::flags::SmokeFlags;
use crate::targets::Target;
use client::Client;

pub fn run(flags: &SmokeFlags) -> Result<()> {
    let (url, production) = match &flags.env {
        Some(name) => {
            let target = Target::find(name)?;
            (target.url()?, target.is_production())
        }
        None => {
            let url = flags.url.as_deref().unwrap_or_default().trim_end_matches('/').to_owned();
            let is_production =
                |target: &Target| target.is_production() && target.url().is_ok_and(|it| is_same(&it, &url));
            let production = Target::all()?.iter().any(is_production);
            (url, production)
        }
    };
    if flags.write && production {
        bail!("{url} is production, which is only read from: feedback and searches would stay there");
    }
    try_service(&url, flags.write, &flags.from)
}

/// Whether two addresses are one, however they are written.
fn is_same(one: &str, other: &str) -> bool {
    let [one, other] = [one, other].map(|it| Url::parse(&format!("{}/", it.trim_end_matches('/'))).ok());
    one.is_some() && one == other
}

/// Without `write`, nothing is left behind.
pub fn try_service(url: &str, write: bool, from: &[std::net::IpAddr]) -> Result<()> {
    let client = Client::new(url)?;
    println!("trying {url}{}", if write { ", also with writes" } else { " (reading only)" });
    let mut report = Report::default();
    reading::checks(&client, &mut report);
    report.add("two addresses have two limits", addresses::check(url, from));
    if write {
        round_trip::checks(&client, &mut report);
    }
    report.print();
    match report.failed() {
        0 => Ok(()),
        failed => bail!("{failed} of {} checks failed at {url}", report.rows.len()),
    }
}

/// How a check went.
pub enum Outcome {
    Passed(String),
    /// Why it says nothing about the service.
    NotChecked(String),
    /// Something that older clients do not need does not work.
    Warning(String),
    Failed(Error),
}

/// What was tried, in order, and how it went.
#[derive(Default)]
pub struct Report {
    rows: Vec<(&'static str, Outcome)>,
}

impl Report {
    /// Adds a check that passed or failed.
    pub fn note(&mut self, name: &'static str, outcome: Result<String>) {
        self.add(name, outcome.map_or_else(Outcome::Failed, Outcome::Passed));
    }

    pub fn add(&mut self, name: &'static str, outcome: Outcome) {
        self.rows.push((name, outcome));
    }

    fn failed(&self) -> usize {
        self.rows.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Failed(_))).count()
    }

    fn print(&self) {
        for (name, outcome) in &self.rows {
            match outcome {
                Outcome::Passed(detail) => println!("  ok           {name:<42} {detail}"),
                Outcome::NotChecked(why) => println!("  not checked  {name:<42} {why}"),
                Outcome::Warning(what) => println!("  warning      {name:<42} {what}"),
                Outcome::Failed(error) => println!("  failed       {name:<42} {error:#}"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_same;

    #[test]
    fn an_address_is_known_however_it_is_written() {
        for other in ["https://API.site.example", "https://api.site.example:443/", "https://api.site.example"]
        {
            assert!(is_same("https://api.site.example/", other), "{other}");
        }
        for other in ["https://api.site.example/x", "http://api.site.example", "https://site.example", ""] {
            assert!(!is_same("https://api.site.example", other), "{other}");
        }
    }
}
