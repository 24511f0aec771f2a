//! `cargo xtask bench --against REV`: the quick bench of another commit and of this source, run in turn. Speeds of
//! shared machines drift, so the figures of two runs that follow each other make a pair, and the median of the
//! pairs' ratios is judged. What falls short is measured again with the full plan before it counts.

mod baseline;
mod comparison;
mod report;
mod side;

use std::time::Instant;

use anyhow::{Result, bail};

use super::machine::Machine;
use super::plan::{Goal, Plan};
use super::programs::Programs;
use super::stage::folder;
use crate::flags::BenchFlags;
use baseline::Baseline;
use comparison::{Comparison, Round, Row};
use side::MeasuredSide;

pub fn run(flags: &BenchFlags, revision: &str) -> Result<()> {
    let machine = Machine::look()?;
    println!("{machine}");
    let cache = flags.cache_dir.clone().unwrap_or_else(|| folder().join("against"));
    let baseline = Baseline::check_out(revision, &std::path::absolute(cache)?)?;
    println!("{} and its data are kept in {}", baseline.name, baseline.tree.display());
    let both = Both {
        baseline: MeasuredSide::of_baseline(&baseline)?,
        current: MeasuredSide::of_current(&Programs::of(flags.built.as_deref())?)?,
        rounds: flags.rounds as usize,
    };
    both.prepare(Plan::quick())?;

    let only = (!flags.only.is_empty()).then(|| flags.only.clone());
    let quick = Comparison::of(&both.measure(Plan::quick(), only, |_| false)?)?;
    let short: Vec<&Row> = quick.rows.iter().filter(|row| !row.passes()).collect();
    let full = if short.is_empty() { None } else { Some(both.repeat(&quick, &short)?) };

    let verdict = comparison::verdict(quick, full);
    println!("\n{}", report::table(&verdict, &baseline.name));
    let file = report::keep(&verdict, &baseline, &machine, both.rounds)?;
    println!("\nAll figures are in {}", file.display());
    let regressions = verdict.regressions();
    if regressions > 0 {
        bail!("{regressions} of {} figures are worse than those of {}", verdict.rows.len(), baseline.name);
    }
    println!("{} figures, none of them worse than those of {}", verdict.rows.len(), baseline.name);
    Ok(())
}

/// The two sides of the comparison.
struct Both {
    baseline: MeasuredSide,
    current: MeasuredSide,
    rounds: usize,
}

impl Both {
    /// Builds the baseline and makes the data of both sides, so that no measurement waits for either.
    fn prepare(&self, plan: Plan) -> Result<()> {
        self.baseline.prepare(plan)?;
        self.current.prepare(plan)
    }

    /// Runs both benches in turn, until `enough` or for all rounds. Without goals it is those that the baseline's
    /// bench knows.
    fn measure(
        &self,
        plan: Plan,
        mut goals: Option<Vec<Goal>>,
        enough: impl Fn(&[Round]) -> bool,
    ) -> Result<Vec<Round>> {
        let begun = Instant::now();
        let mut rounds = Vec::new();
        for number in 0..self.rounds {
            // The order alternates: a machine that gets slower all the time favours neither side.
            let round = if number % 2 == 0 {
                let baseline = self.baseline.run(plan, goals.as_deref())?;
                let known = goals.get_or_insert_with(|| side::goals(&baseline));
                Round { current: self.current.run(plan, Some(known))?, baseline }
            } else {
                let current = self.current.run(plan, goals.as_deref())?;
                Round { current, baseline: self.baseline.run(plan, goals.as_deref())? }
            };
            let ratios = report::summary(&Comparison::of(std::slice::from_ref(&round))?);
            let minutes = begun.elapsed().as_secs_f64() / 60.0;
            println!("{} round {} of {}, {minutes:.1} min: {ratios}", plan.name(), number + 1, self.rounds);
            rounds.push(round);
            if enough(&rounds) {
                break;
            }
        }
        Ok(rounds)
    }

    /// Measures with the full plan what fell short, until more rounds could not change the verdict.
    fn repeat(&self, quick: &Comparison, short: &[&Row]) -> Result<Comparison> {
        println!("\n{} figures fall short, and are measured again with the full plan:", short.len());
        short.iter().for_each(|row| println!("  {}", report::line(row)));
        let goals = comparison::goals_to_repeat(short);
        self.prepare(Plan::full())?;
        let open = |rounds: &[Round]| Comparison::of(rounds).map(|full| full.without_passed(quick));
        let settled = |rounds: &[Round]| {
            open(rounds).is_ok_and(|full| full.rows.iter().all(|row| row.is_settled(self.rounds)))
        };
        open(&self.measure(Plan::full(), Some(goals), settled)?)
    }
}
