//! P8: from the start of the process to the first 200 of `/ready`, and memory idle and under load.

use anyhow::Result;

use super::Figures;
use super::figures::{Figure, GoalBound};
use super::plan::Goal;
use super::stage::BenchEnvironment;

pub fn run(stage: &BenchEnvironment, peaks: &[f64]) -> Figures {
    let database = stage.kept(stage.plan.large);
    let starts: Vec<(f64, f64)> = (0..stage.plan.starts)
        .map(|_| {
            let service = stage.serve(&database)?;
            Ok((service.started_in.as_secs_f64() * 1e3, service.resident()?))
        })
        .collect::<Result<_>>()?;
    let (times, idle): (Vec<f64>, Vec<f64>) = starts.into_iter().unzip();
    let mut figures = vec![
        Figure::plain(Goal::P8, "start to /ready", "ms", &times, GoalBound::AtMost(250.0)),
        Figure::plain(Goal::P8, "resident memory when ready", "MiB", &idle, GoalBound::AtMost(24.0)),
    ];
    if let Some(most) = peaks.iter().copied().reduce(f64::max) {
        let work = "peak of resident memory under what of P1–P5 ran before";
        figures.push(Figure::plain(Goal::P8, work, "MiB", &[most], GoalBound::AtMost(96.0)));
    } else {
        println!("  memory under load is measured when P1 to P5 run in the same run");
    }
    Ok(figures)
}
