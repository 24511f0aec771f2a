//! One side of the comparison: how its bench is started, and where its figures are then.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use super::super::figures::Figure;
use super::super::plan::{Goal, Plan};
use super::super::programs::{self, Programs};
use super::super::report;
use super::super::stage::folder;
use super::baseline::Baseline;
use crate::interrupts::{self, Foreground};

/// How many lines of the log an error shows.
const LINES_SHOWN: usize = 20;

pub struct MeasuredSide {
    name: String,
    start: Box<dyn Fn() -> Result<Command>>,
    reports: PathBuf,
    log: PathBuf,
}

impl MeasuredSide {
    pub fn of_baseline(baseline: &Baseline) -> Result<Self> {
        let at = baseline.clone();
        let start = move || {
            let mut command = at.cargo()?;
            command.args(["xtask", "bench"]);
            Ok(command)
        };
        let reports = baseline.tree.join("target/bench");
        let log = baseline.tree.with_extension("log");
        Ok(Self { name: baseline.name.clone(), start: Box::new(start), reports, log })
    }

    /// Copies of the programs and of this command: later changes to the source do not reach them.
    pub fn of_current(programs: &Programs) -> Result<Self> {
        let copies = folder().join("current");
        fs::create_dir_all(&copies).with_context(|| format!("cannot make {}", copies.display()))?;
        programs.copy_to(&copies)?;
        let bench = copies.join("xtask");
        programs::copy(&std::env::current_exe().context("this program has no path")?, &bench)?;
        let log = folder().join("current.log");
        let start = move || {
            let mut command = Command::new(&bench);
            command.arg("bench").arg("--built").arg(&copies);
            Ok(command)
        };
        Ok(Self { name: "this source".into(), start: Box::new(start), reports: folder(), log })
    }

    /// Runs what takes the least time, so that the programs are built and the data of the plan is there.
    pub fn prepare(&self, plan: Plan) -> Result<()> {
        println!("\nPreparing the {} bench of {}", plan.name(), self.name);
        interrupts::run(&mut self.command(plan, Some(&[Goal::P8]))?)
    }

    /// Runs the bench with its output in the log, and reads the figures of these goals, or of all it has.
    pub fn run(&self, plan: Plan, goals: Option<&[Goal]>) -> Result<Vec<Figure>> {
        let all = goals.unwrap_or(Goal::value_variants()).iter();
        let reports: Vec<PathBuf> = all.map(|goal| report::file(&self.reports, *goal, plan)).collect();
        if goals.is_none() {
            for file in reports.iter().filter(|file| file.is_file()) {
                fs::remove_file(file).with_context(|| format!("cannot remove {}", file.display()))?;
            }
        }
        let mut command = self.command(plan, goals)?;
        let output =
            File::create(&self.log).with_context(|| format!("cannot write {}", self.log.display()))?;
        command.stdout(output.try_clone()?).stderr(output);
        if !Foreground::start(&mut command)?.wait()?.success() {
            let log = fs::read_to_string(&self.log).unwrap_or_default();
            bail!("the bench of {} failed; {} ends with:\n{}", self.name, self.log.display(), tail(&log));
        }
        let mut figures = Vec::new();
        for file in reports {
            if goals.is_some() || file.is_file() {
                figures.extend(report::read(&file)?.figures);
            }
        }
        Ok(figures)
    }

    fn command(&self, plan: Plan, goals: Option<&[Goal]>) -> Result<Command> {
        let mut command = (self.start)()?;
        if plan.quick {
            command.arg("--quick");
        }
        if let Some(goals) = goals {
            command
                .arg(format!("--only={}", goals.iter().map(Goal::to_string).collect::<Vec<_>>().join(",")));
        }
        Ok(command)
    }
}

/// The goals that these figures belong to, in their order.
pub fn goals(figures: &[Figure]) -> Vec<Goal> {
    let mut goals: Vec<Goal> =
        figures.iter().filter_map(|figure| Goal::from_str(&figure.goal, false).ok()).collect();
    goals.dedup();
    goals
}

fn tail(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(LINES_SHOWN)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::super::figures::GoalBound;
    use super::*;

    /// As commit 2b89a33 writes it.
    const REPORT: &str = r#"{
        "plan": "quick", "rounds": 2, "seconds": 2, "machine": "2 cores", "commit": "2b89a33",
        "figures": [{
            "goal": "P1", "work": "GET /builds/{id}; floor: bare", "unit": "/s", "met": true, "distance": 0.1,
            "ours": { "median": 90.0, "least": 80.0, "most": 100.0 },
            "floor": { "median": 100.0, "least": 90.0, "most": 110.0 },
            "ratio": { "median": 0.9, "least": 0.8, "most": 1.0 }, "target": { "at_least": 0.8 }
        }, {
            "goal": "P6", "work": "sequential scans", "unit": "plans", "met": true, "distance": null,
            "ours": { "median": 0.0, "least": 0.0, "most": 0.0 },
            "floor": null, "ratio": null, "target": { "at_most": 0.0 }
        }]
    }"#;

    #[test]
    fn the_reports_of_the_first_baseline_are_read() {
        let figures = serde_json::from_str::<report::Kept>(REPORT).unwrap().figures;
        assert_eq!(figures[0].ours.median, 90.0);
        assert_eq!(figures[1].target, GoalBound::AtMost(0.0));
        assert_eq!(goals(&figures), [Goal::P1, Goal::P6]);
    }

    #[test]
    fn the_end_of_a_log_is_shown() {
        let log: String = (1..=50).map(|line| format!("line {line}\n")).collect();
        assert!(tail(&log).starts_with("line 31\n") && tail(&log).ends_with("line 50"));
        assert_eq!(tail("one"), "one");
    }
}
