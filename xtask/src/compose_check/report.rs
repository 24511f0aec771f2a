//! One line per check, printed as soon as its outcome is known.

use std::time::Instant;

use anyhow::{Result, bail};

use crate::interrupts;

pub struct CheckReport {
    began: Instant,
    checks: u32,
    failed: u32,
}

impl CheckReport {
    pub fn new() -> Self {
        Self { began: Instant::now(), checks: 0, failed: 0 }
    }

    /// Prints a heading with the seconds since the start.
    ///
    /// # Errors
    /// When the user has asked to stop.
    pub fn section(&self, title: &str) -> Result<()> {
        interrupts::check()?;
        println!("{title} ({} s)", self.began.elapsed().as_secs());
        Ok(())
    }

    /// Prints what a check found, or what was there instead.
    ///
    /// # Errors
    /// When the user has asked to stop: what fails then says nothing about the stack.
    pub fn note(&mut self, check: &str, outcome: Result<String>) -> Result<()> {
        interrupts::check()?;
        self.checks += 1;
        self.failed += u32::from(outcome.is_err());
        println!("{}", line(check, &outcome));
        Ok(())
    }

    /// Prints the count of checks.
    ///
    /// # Errors
    /// When one failed.
    pub fn end(&self) -> Result<()> {
        let seconds = self.began.elapsed().as_secs();
        match self.failed {
            0 => println!("{} checks passed in {seconds} s", self.checks),
            failed => bail!("{failed} of {} checks failed", self.checks),
        }
        Ok(())
    }
}

fn line(check: &str, outcome: &Result<String>) -> String {
    match outcome {
        Ok(found) => format!("  ok      {check}: {found}"),
        Err(error) => format!("  FAILED  {check}: {error:#}"),
    }
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::{CheckReport, line};

    #[test]
    fn a_line_has_what_was_found_or_the_whole_error() {
        assert_eq!(line("size", &Ok("44.1 MB".into())), "  ok      size: 44.1 MB");
        let error = Err(anyhow!("connection refused").context("GET /ready"));
        assert_eq!(line("ready", &error), "  FAILED  ready: GET /ready: connection refused");
    }

    #[test]
    fn one_failed_check_fails_the_run() {
        let mut report = CheckReport::new();
        report.note("first", Ok("found".into())).unwrap();
        report.end().unwrap();
        report.note("second", Err(anyhow!("missing"))).unwrap();
        report.note("third", Ok("found".into())).unwrap();
        assert_eq!(report.end().unwrap_err().to_string(), "1 of 3 checks failed");
    }
}
