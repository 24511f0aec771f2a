//! The comparison as a table and as JSON.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::super::figures::{GoalBound, Spread, shown};
use super::super::machine::Machine;
use super::super::report::{columns, commit};
use super::super::stage::folder;
use super::baseline::Baseline;
use super::comparison::{Comparison, Limit, Row};

/// How many figures of one goal the table shows: the worst ones. The JSON has all.
const SHOWN: usize = 12;

/// For the terminal.
pub fn table(comparison: &Comparison, baseline: &str) -> String {
    let head =
        ["", "work", baseline, "this source", "ratio", "floors", "limit", "verdict"].map(str::to_owned);
    let mut rows = vec![head];
    let mut left_out = String::new();
    for goal in goals(comparison) {
        let mut all: Vec<&Row> = comparison.rows.iter().filter(|row| row.goal == goal).collect();
        if all.len() > SHOWN {
            all.sort_by(|one, other| distance(one).total_cmp(&distance(other)));
            left_out.push_str(&format!("\n{goal}: the {SHOWN} worst of {} are shown", all.len()));
        }
        rows.extend(all.into_iter().take(SHOWN).map(cells));
    }
    if !comparison.unpaired.is_empty() {
        left_out.push_str("\nNot compared, since one side alone measures it: ");
        left_out.push_str(&comparison.unpaired.join("; "));
    }
    columns(&rows) + &left_out
}

/// The median ratio of each goal's figures, for one line while the bench runs.
pub fn summary(comparison: &Comparison) -> String {
    let of = |goal: &str| {
        let rows = comparison.rows.iter().filter(|row| row.goal == goal);
        let ratios: Vec<f64> = rows.flat_map(Row::ratios).filter(|ratio| ratio.is_finite()).collect();
        if ratios.is_empty() { "–".into() } else { shown(Spread::of(&ratios).median) }
    };
    goals(comparison).iter().map(|goal| format!("{goal} {}", of(goal))).collect::<Vec<_>>().join(", ")
}

/// One figure in one line.
pub fn line(row: &Row) -> String {
    let [goal, work, baseline, current, ratio, _, limit, _] = cells(row);
    format!("{goal} {work}: {current} after {baseline}: {ratio} ×; limit {limit}")
}

/// Writes `target/bench/against-REV.json`.
pub fn keep(
    comparison: &Comparison,
    baseline: &Baseline,
    machine: &Machine,
    rounds: usize,
) -> Result<PathBuf> {
    let kept = json!({
        "commit": commit(),
        "baseline": baseline.name,
        "machine": machine.to_string(),
        "rounds": rounds,
        "regressions": comparison.regressions(),
        "figures": comparison.rows.iter().map(value).collect::<Vec<_>>(),
        "not_compared": comparison.unpaired,
    });
    let file = folder().join(format!("against-{}.json", baseline.name));
    fs::write(&file, serde_json::to_string_pretty(&kept)?)
        .with_context(|| format!("cannot write {}", file.display()))?;
    Ok(file)
}

fn value(row: &Row) -> Value {
    let (judged, limit) = match row.limit {
        Limit::Ratio(limit) => ("ratio", limit),
        Limit::Value(limit) => ("current", limit),
    };
    json!({
        "goal": row.goal,
        "work": row.id,
        "unit": row.unit,
        "baseline": row.baseline,
        "current": row.current,
        "ratio": Spread::of(&row.ratios()),
        "floors": row.floors,
        "judged": judged,
        "limit": limit,
        "plan": if row.repeated { "full" } else { "quick" },
        "passed": row.passes(),
    })
}

/// The goals in the order of their figures.
fn goals(comparison: &Comparison) -> Vec<String> {
    let mut goals: Vec<String> = comparison.rows.iter().map(|row| row.goal.clone()).collect();
    goals.dedup();
    goals
}

/// How much better than its limit a row is; below 0 it falls short.
fn distance(row: &Row) -> f64 {
    let ratio = Spread::of(&row.ratios()).median;
    match row.limit {
        Limit::Ratio(GoalBound::AtLeast(least)) => ratio - least,
        Limit::Ratio(GoalBound::AtMost(most)) => most - ratio,
        Limit::Value(_) => {
            if row.passes() {
                f64::INFINITY
            } else {
                f64::NEG_INFINITY
            }
        }
    }
}

fn cells(row: &Row) -> [String; 8] {
    let median = |values: &[f64]| format!("{} {}", shown(Spread::of(values).median), row.unit);
    let ratio = |values: &[f64]| {
        let finite = !values.is_empty() && values.iter().all(|value| value.is_finite());
        if finite { Spread::of(values).shown() } else { String::new() }
    };
    let (target, of) = match row.limit {
        Limit::Ratio(target) => (target, "×"),
        Limit::Value(target) => (target, row.unit.as_str()),
    };
    let verdict = if row.passes() { "passed" } else { "WORSE" };
    let verdict = if row.repeated { format!("{verdict} (full)") } else { verdict.to_owned() };
    [
        row.goal.clone(),
        row.id.clone(),
        median(&row.baseline),
        median(&row.current),
        ratio(&row.ratios()),
        if row.floors.is_empty() { String::new() } else { shown(Spread::of(&row.floors).median) },
        format!("{} {of}", target.shown()),
        verdict,
    ]
}

#[cfg(test)]
mod tests {
    use super::super::super::figures::Figure;
    use super::super::super::plan::Goal;
    use super::super::comparison::Round;
    use super::*;

    fn comparison(current: f64) -> Comparison {
        let figures = |rate: f64| {
            vec![
                Figure::compared(Goal::P1, "reads", "/s", &[rate], &[1000.0], GoalBound::AtLeast(0.8)),
                Figure::plain(Goal::P6, "scans", "plans", &[0.0], GoalBound::AtMost(0.0)),
            ]
        };
        Comparison::of(&[Round { baseline: figures(1000.0), current: figures(current) }]).unwrap()
    }

    #[test]
    fn a_regression_is_seen_in_the_table_and_in_the_json() {
        let red = comparison(900.0);
        let shown = table(&red, "2b89a33");
        assert!(shown.contains("0.9") && shown.contains("≥ 0.95 ×") && shown.contains("WORSE"), "{shown}");
        assert_eq!(value(&red.rows[0])["passed"], json!(false));
        assert!(!table(&comparison(1000.0), "2b89a33").contains("WORSE"));
    }

    #[test]
    fn a_ratio_of_nothing_to_nothing_is_left_out() {
        assert_eq!(summary(&comparison(1010.0)), "P1 1.01, P6 –");
        let value = serde_json::to_value(value(&comparison(1.0).rows[1])).unwrap();
        assert_eq!((&value["ratio"]["median"], &value["passed"]), (&Value::Null, &json!(true)));
    }
}
