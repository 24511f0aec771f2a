//! The table: printed, kept as JSON, and written into docs/BENCHMARKS.md.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use clap::ValueEnum as _;
use serde::Deserialize;
use serde_json::json;

use super::figures::Figure;
use super::machine::Machine;
use super::plan::{Goal, Plan};
use super::stage::folder;
use crate::workspace::root;

const HEAD: [&str; 7] = ["", "work", "here", "floor", "ratio", "goal", "distance"];
const DOCUMENT: &str = "docs/BENCHMARKS.md";
const BEGIN: &str = "<!-- figures of `cargo xtask bench --save`: do not edit by hand -->";
const END: &str = "<!-- end of the figures -->";

/// How many lines of one goal the document shows: the worst ones. The JSON has all.
const SHOWN: usize = 12;

/// The figures of one goal, as they are kept, also at older commits.
#[derive(Deserialize)]
pub struct Kept {
    plan: String,
    machine: String,
    commit: String,
    pub figures: Vec<Figure>,
}

/// Where the figures of a goal are kept: `P1.full.json`, or with a quick run's name.
pub fn file(folder: &Path, goal: Goal, plan: Plan) -> PathBuf {
    folder.join(format!("{goal}.{}.json", plan.name()))
}

pub fn read(file: &Path) -> Result<Kept> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is broken", file.display()))
}

/// Writes the figures of a goal into `target/bench`.
pub fn keep(goal: Goal, plan: Plan, machine: &Machine, figures: &[Figure]) -> Result<()> {
    let figures: Vec<_> = figures
        .iter()
        .map(|figure| {
            let mut value = json!(figure);
            value["met"] = json!(figure.met());
            value["distance"] = json!(figure.distance());
            value
        })
        .collect();
    let kept = json!({
        "plan": plan.name(),
        "rounds": plan.rounds,
        "seconds": plan.seconds,
        "machine": machine.to_string(),
        "commit": commit(),
        "figures": figures,
    });
    let file = file(&folder(), goal, plan);
    fs::write(&file, serde_json::to_string_pretty(&kept)?)
        .with_context(|| format!("cannot write {}", file.display()))
}

/// For the terminal.
pub fn table(figures: &[Figure]) -> String {
    let rows: Vec<[String; 7]> =
        std::iter::once(HEAD.map(str::to_owned)).chain(figures.iter().map(Figure::cells)).collect();
    columns(&rows)
}

/// Each column as wide as its widest cell.
pub fn columns(rows: &[impl AsRef<[String]>]) -> String {
    let rows = || rows.iter().map(AsRef::as_ref);
    let width = |column: usize| rows().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..rows().next().map_or(0, <[String]>::len)).map(width).collect();
    let line = |row: &[String]| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows().map(line).collect::<Vec<_>>().join("\n")
}

/// Puts what was last measured of each goal between the marks of the document. Where nothing of a goal is kept, its
/// section stays.
pub fn save(plan: Plan) -> Result<()> {
    let file = root().join(DOCUMENT);
    let document = fs::read_to_string(&file).with_context(|| format!("cannot read {DOCUMENT}"))?;
    let mut text = String::new();
    for goal in Goal::value_variants() {
        let kept = self::file(&folder(), *goal, plan);
        if kept.is_file() {
            text.push_str(&section(*goal, read(&kept)?));
        } else {
            text.push_str(saved(&document, *goal));
        }
    }
    fs::write(&file, replaced(&document, &text)?).with_context(|| format!("cannot write {DOCUMENT}"))?;
    println!("{DOCUMENT} is written");
    Ok(())
}

fn section(goal: Goal, kept: Kept) -> String {
    let Kept { plan, machine, commit, mut figures } = kept;
    let (all, short) = (figures.len(), figures.iter().filter(|figure| !figure.met()).count());
    figures.sort_by(|one, other| one.distance().total_cmp(&other.distance()));
    figures.truncate(SHOWN);
    let rows: String =
        figures.iter().map(|figure| format!("| {} |\n", figure.cells()[1..].join(" | "))).collect();
    let rest = if all > SHOWN { format!(" The {SHOWN} worst of {all} are shown.") } else { String::new() };
    format!(
        "### {goal}: {}\n\n{} of {all} reached.{rest} A {plan} run of {commit}. {machine}.\n\n\
         | {} |\n|---|---|---|---|---|---|\n{rows}\n",
        goal.work(),
        all - short,
        HEAD[1..].join(" | ")
    )
}

/// The section of a goal in the document, if there is one.
fn saved(document: &str, goal: Goal) -> &str {
    let Some(begin) = document.find(&format!("### {goal}: ")) else { return "" };
    let rest = &document[begin..];
    let next = rest.match_indices("### ").nth(1).map(|(end, _)| end);
    let end = next.into_iter().chain(rest.find(END)).min();
    &rest[..end.unwrap_or(rest.len())]
}

fn replaced(document: &str, text: &str) -> Result<String> {
    let (before, rest) =
        document.split_once(BEGIN).with_context(|| format!("{DOCUMENT} has lost its marks"))?;
    let (_, after) = rest.split_once(END).with_context(|| format!("{DOCUMENT} has lost its marks"))?;
    Ok(format!("{before}{BEGIN}\n\n{text}{END}{after}"))
}

/// The commit that is checked out here.
pub fn commit() -> String {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").current_dir(root()).args(arguments).output().ok()?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let head = git(&["rev-parse", "--short", "HEAD"]).unwrap_or_else(|| "an unknown source".into());
    let changed = git(&["status", "--porcelain", "--", "crates", "migrations"]).unwrap_or_default();
    if changed.is_empty() { head } else { format!("{head} with changes") }
}

#[cfg(test)]
mod tests {
    use super::super::figures::GoalBound;
    use super::*;

    #[test]
    fn only_what_stands_between_the_marks_is_replaced() {
        let document = format!("before\n{BEGIN}\nold\n{END}\nafter\n");
        let once = replaced(&document, "new\n").unwrap();
        assert_eq!(once, format!("before\n{BEGIN}\n\nnew\n{END}\nafter\n"));
        assert_eq!(replaced(&once, "new\n").unwrap(), once);
        assert!(replaced("nothing", "new").is_err());
    }

    #[test]
    fn the_section_of_a_goal_ends_where_the_next_one_begins() {
        let document = format!("{BEGIN}\n\n### P1: reads\n\nfast\n\n### P10: searches\n\nslow\n\n{END}\n");
        assert_eq!(saved(&document, Goal::P1), "### P1: reads\n\nfast\n\n");
        assert_eq!(saved(&document, Goal::P10), "### P10: searches\n\nslow\n\n");
        assert_eq!(saved(&document, Goal::P2), "");
        let again =
            replaced(&document, &(saved(&document, Goal::P1).to_owned() + saved(&document, Goal::P10)));
        assert_eq!(again.unwrap(), document);
    }

    #[test]
    fn columns_stand_below_each_other() {
        let figures = [Figure::plain(Goal::P8, "start", "ms", &[10.0], GoalBound::AtMost(250.0))];
        let table = table(&figures);
        let places: Vec<_> = table.lines().map(|line| line.find("≤").or(line.find("goal"))).collect();
        assert!(places[0].is_some() && places[0] == places[1], "{table}");
    }
}
