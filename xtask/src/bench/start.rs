//! P8: from the start of the process to the first 200 of `/ready`, and memory idle, under load and during an export.

use anyhow::{Result, ensure};
use serde_json::json;

use super::Figures;
use super::client::BenchClient;
use super::figures::{Figure, GoalBound};
use super::plan::Goal;
use super::stage::BenchEnvironment;

/// Builds of the caller whose data is exported, each with as much content as one may have.
const EXPORTED_BUILDS: u64 = 240;
const CONTENT: usize = 32 * 1024 - 64;

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
    let growth = [growth_by_export(stage)?];
    let work = "growth of memory by an export of 240 builds of 32 KiB";
    figures.push(Figure::plain(Goal::P8, work, "MiB", &growth, GoalBound::AtMost(8.0)));
    Ok(figures)
}

fn growth_by_export(stage: &BenchEnvironment) -> Result<f64> {
    let database = stage.copy("export")?;
    let author = stage.serve(&database)?;
    let mut client = BenchClient::connect(author.port)?;
    let build_data = json!({"notes": "n".repeat(CONTENT)});
    for number in 0..EXPORTED_BUILDS {
        let build = json!({
            "name": format!("Build {number}"), "primary_archetype": "tank", "secondary_archetype": "cleric",
            "race": "dunir", "build_data": build_data,
        });
        let answer = client.post("/api/v1/builds", &build.to_string())?;
        ensure!(answer.status == 201, "{}: {}", answer.status, String::from_utf8_lossy(&answer.body));
    }
    drop(author);
    let service = stage.serve(&database)?;
    let before = service.resident()?;
    let length = BenchClient::connect(service.port)?.drain("/api/v1/me/export")?;
    ensure!(length > EXPORTED_BUILDS * CONTENT as u64, "an export of {length} bytes is not whole");
    Ok(service.peak()? - before)
}
