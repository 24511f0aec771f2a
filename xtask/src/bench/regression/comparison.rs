//! Pairs, medians and the verdict: what was measured on both sides, and whether the current source is worse.

use anyhow::{Result, ensure};
use clap::ValueEnum;

use super::super::figures::{Figure, GoalBound, Spread};
use super::super::plan::Goal;

const RATE: GoalBound = GoalBound::AtLeast(0.95);
const TIME: GoalBound = GoalBound::AtMost(1.10);

/// The figures of two benches that ran one after the other.
pub struct Round {
    pub baseline: Vec<Figure>,
    pub current: Vec<Figure>,
}

/// What is held against the limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// The median of the paired ratios, current to baseline.
    Ratio(GoalBound),
    /// The median of the current figures: a goal of its own, where ratios say little.
    Value(GoalBound),
}

/// One figure that both sides have, with its value in each round.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub goal: String,
    /// The work without its floor, and without numbers that depend on the plan.
    pub id: String,
    pub unit: String,
    pub baseline: Vec<f64>,
    pub current: Vec<f64>,
    /// How the floors changed, current to baseline: not 1 when the machine drifted.
    pub floors: Vec<f64>,
    pub limit: Limit,
    /// Whether these are figures of the full plan.
    pub repeated: bool,
}

impl Row {
    pub fn ratios(&self) -> Vec<f64> {
        self.current.iter().zip(&self.baseline).map(|(current, baseline)| current / baseline).collect()
    }

    fn judged(&self) -> (Vec<f64>, GoalBound) {
        match self.limit {
            Limit::Ratio(target) => (self.ratios(), target),
            Limit::Value(target) => (self.current.clone(), target),
        }
    }

    pub fn passes(&self) -> bool {
        let (values, target) = self.judged();
        target.holds(Spread::of(&values).median)
    }

    /// Whether the verdict stays as it is, whatever the rest of so many rounds measures.
    pub fn is_settled(&self, rounds: usize) -> bool {
        let (values, target) = self.judged();
        let good = values.iter().filter(|value| target.holds(**value)).count();
        let majority = rounds / 2 + 1;
        good >= majority || values.len() - good >= majority
    }
}

pub struct Comparison {
    pub rows: Vec<Row>,
    /// Goal and work of what one side alone has.
    pub unpaired: Vec<String>,
}

impl Comparison {
    /// Pairs the figures that every bench of every round has.
    ///
    /// # Errors
    /// When the sides have no figure of a goal in common: a comparison of nothing would always pass.
    pub fn of(rounds: &[Round]) -> Result<Self> {
        let Some(first) = rounds.first() else { return Ok(Self { rows: Vec::new(), unpaired: Vec::new() }) };
        let (mut rows, mut unpaired): (Vec<Row>, Vec<String>) = (Vec::new(), Vec::new());
        for figure in &first.current {
            // A work that is held against several floors has one rate.
            if rows.iter().any(|row| row.goal == figure.goal && row.id == id(figure)) {
                continue;
            }
            match paired(figure, rounds) {
                Some(row) => rows.push(row),
                None => unpaired.push(format!("{} {}", figure.goal, id(figure))),
            }
        }
        for figure in &first.baseline {
            if find(figure, &first.current).is_none() {
                unpaired.push(format!("{} {}", figure.goal, id(figure)));
            }
        }
        for figure in first.baseline.iter().chain(&first.current) {
            let goal = &figure.goal;
            ensure!(rows.iter().any(|row| row.goal == *goal), "the sides share no figure of {goal}");
        }
        Ok(Self { rows: with_tails_summed(rows), unpaired })
    }

    /// The rows, without those that passed in the other comparison.
    pub fn without_passed(mut self, other: &Self) -> Self {
        let passed = |row: &Row| other.rows.iter().any(|known| same(known, row) && known.passes());
        self.rows.retain(|row| !passed(row));
        self
    }

    pub fn regressions(&self) -> usize {
        self.rows.iter().filter(|row| !row.passes()).count()
    }
}

/// The rows of the quick rounds, those that fell short replaced by the full ones. A row that the full rounds do not
/// have keeps its verdict.
pub fn verdict(mut quick: Comparison, full: Option<Comparison>) -> Comparison {
    for row in full.into_iter().flat_map(|full| full.rows) {
        if let Some(known) = quick.rows.iter_mut().find(|known| same(known, &row)) {
            *known = Row { repeated: true, ..row };
        }
    }
    quick
}

/// The goals of these rows, in order. Memory under load is only measured together with the load.
pub fn goals_to_repeat(short: &[&Row]) -> Vec<Goal> {
    let has = |goal: Goal| short.iter().any(|row| Goal::from_str(&row.goal, false) == Ok(goal));
    let load = [Goal::P1, Goal::P2, Goal::P3, Goal::P4, Goal::P5];
    let needed = |goal: &Goal| has(*goal) || (load.contains(goal) && has(Goal::P8));
    Goal::value_variants().iter().copied().filter(needed).collect()
}

fn same(one: &Row, other: &Row) -> bool {
    one.goal == other.goal && one.id == other.id
}

fn find<'a>(figure: &Figure, figures: &'a [Figure]) -> Option<&'a Figure> {
    figures.iter().find(|other| other.goal == figure.goal && id(other) == id(figure))
}

/// `None` when a bench of a round has no such figure.
fn paired(figure: &Figure, rounds: &[Round]) -> Option<Row> {
    let mut row = Row {
        goal: figure.goal.clone(),
        id: id(figure),
        unit: figure.unit.clone(),
        baseline: Vec::new(),
        current: Vec::new(),
        floors: Vec::new(),
        limit: limit(figure),
        repeated: false,
    };
    for round in rounds {
        let (baseline, current) = (find(figure, &round.baseline)?, find(figure, &round.current)?);
        row.baseline.push(baseline.ours.median);
        row.current.push(current.ours.median);
        row.floors.extend(current.floor.zip(baseline.floor).map(|(one, other)| one.median / other.median));
    }
    Some(row)
}

fn limit(figure: &Figure) -> Limit {
    match (figure.goal.as_str(), figure.unit.as_str()) {
        (_, "/s") => Limit::Ratio(RATE),
        ("P6" | "P7", "ms") => Limit::Ratio(TIME),
        _ => Limit::Value(figure.target),
    }
}

/// What identifies a figure. A floor may be described otherwise at another commit, and the number of rows, which is
/// written with a comma, differs between the plans.
fn id(figure: &Figure) -> String {
    let work = figure.work.split("; floor").next().unwrap_or_default();
    let counts_rows = |word: &str| word.contains(',') && word.chars().all(|c| c.is_ascii_digit() || c == ',');
    let words = work.split(' ').map(|word| if counts_rows(word) { "N" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

/// Each kind of list has the time below which 99 of 100 answers come. It rests on one or two requests, so these
/// times are judged by their sum.
fn with_tails_summed(rows: Vec<Row>) -> Vec<Row> {
    let is_tail = |row: &Row| row.goal == "P6" && row.unit == "ms" && row.floors.is_empty();
    let (tails, mut rows): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(is_tail);
    let Some(first) = tails.first().cloned() else { return rows };
    let sum = |values: fn(&Row) -> &Vec<f64>| -> Vec<f64> {
        let rounds = 0..first.current.len();
        rounds.map(|round| tails.iter().map(|row| values(row)[round]).sum()).collect()
    };
    let (baseline, current) = (sum(|row| &row.baseline), sum(|row| &row.current));
    let id = format!("first page, 99 of 100, sum of {} kinds of lists", tails.len());
    let after = rows.iter().rposition(|row| row.goal == "P6").map_or(rows.len(), |place| place + 1);
    rows.insert(after, Row { id, baseline, current, ..first });
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANY: GoalBound = GoalBound::AtLeast(0.0);

    fn rate(goal: Goal, work: &str, value: f64) -> Figure {
        Figure::compared(goal, work, "/s", &[value], &[100.0], ANY)
    }

    fn time(work: &str, value: f64) -> Figure {
        Figure::compared(Goal::P6, work, "ms", &[value], &[1.0], GoalBound::AtMost(1.3))
    }

    fn rounds(pairs: &[(f64, f64)], figure: impl Fn(f64) -> Figure) -> Vec<Round> {
        let round = |(baseline, current): &(f64, f64)| Round {
            baseline: vec![figure(*baseline)],
            current: vec![figure(*current)],
        };
        pairs.iter().map(round).collect()
    }

    fn row(pairs: &[(f64, f64)], figure: impl Fn(f64) -> Figure) -> Row {
        Comparison::of(&rounds(pairs, figure)).unwrap().rows.remove(0)
    }

    #[test]
    fn the_ratio_is_the_median_of_the_pairs_and_not_of_the_sides() {
        // The machine halves its speed in the second round, and both sides with it.
        let row = row(&[(1000.0, 970.0), (500.0, 480.0), (1000.0, 960.0)], |v| rate(Goal::P1, "w", v));
        assert_eq!(Spread::of(&row.ratios()).median, 0.96);
        assert!(row.passes());
    }

    #[test]
    fn a_rate_that_is_lower_by_more_than_a_twentieth_regresses() {
        let slow = [(1000.0, 940.0), (1000.0, 940.0), (1000.0, 1200.0)];
        let comparison = Comparison::of(&rounds(&slow, |v| rate(Goal::P4, "w", v))).unwrap();
        assert_eq!(comparison.regressions(), 1);
        assert!(row(&[(1000.0, 950.0)], |v| rate(Goal::P9, "w", v)).passes());
    }

    #[test]
    fn a_time_that_is_longer_by_more_than_a_tenth_regresses() {
        assert!(row(&[(10.0, 11.0)], |v| time("w", v)).passes());
        assert!(!row(&[(10.0, 11.1)], |v| time("w", v)).passes());
    }

    #[test]
    fn start_and_memory_are_held_against_their_own_goals() {
        let memory = |value| Figure::plain(Goal::P8, "memory", "MiB", &[value], GoalBound::AtMost(96.0));
        assert!(row(&[(40.0, 90.0)], memory).passes());
        assert!(!row(&[(100.0, 97.0)], memory).passes());
    }

    #[test]
    fn only_what_both_sides_have_is_compared() {
        let both = Round {
            baseline: vec![rate(Goal::P3, "w; floor: one", 1.0), rate(Goal::P3, "old", 1.0)],
            current: vec![
                rate(Goal::P3, "w; floor: other", 1.0),
                rate(Goal::P3, "w; floor: batches", 1.0),
                rate(Goal::P3, "w, 128 clients", 1.0),
            ],
        };
        let comparison = Comparison::of(&[both]).unwrap();
        assert_eq!(comparison.rows.len(), 1);
        assert_eq!(comparison.unpaired, ["P3 w, 128 clients", "P3 old"]);
    }

    #[test]
    fn a_goal_without_a_common_figure_is_an_error() {
        let round =
            Round { baseline: vec![rate(Goal::P3, "a", 1.0)], current: vec![rate(Goal::P3, "b", 1.0)] };
        assert!(Comparison::of(&[round]).is_err());
    }

    #[test]
    fn the_number_of_rows_does_not_tell_figures_apart_and_the_number_of_clients_does() {
        let of = |work: &str| id(&rate(Goal::P2, work, 1.0));
        assert_eq!(of("any of 96,000 builds; floor: x"), of("any of 960,000 builds"));
        assert_ne!(of("searches, 128 clients"), of("searches"));
    }

    #[test]
    fn the_slowest_requests_of_all_lists_are_judged_together() {
        let tail = |work: &str, value| Figure::plain(Goal::P6, work, "ms", &[value], GoalBound::AtMost(20.0));
        let round = Round {
            baseline: vec![time("a", 1.0), tail("a, 99 of 100", 5.0), tail("b, 99 of 100", 20.0)],
            current: vec![time("a", 1.0), tail("a, 99 of 100", 9.0), tail("b, 99 of 100", 18.0)],
        };
        let rows = Comparison::of(&[round]).unwrap().rows;
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[1].baseline[0], rows[1].current[0]), (25.0, 27.0));
        assert!(rows[1].passes());
    }

    #[test]
    fn more_rounds_are_needed_as_long_as_they_could_change_the_verdict() {
        let of = |pairs: &[(f64, f64)]| row(pairs, |v| rate(Goal::P1, "w", v));
        assert!(!of(&[(1.0, 1.0), (1.0, 1.0)]).is_settled(5));
        assert!(of(&[(1.0, 1.0), (1.0, 1.0), (1.0, 1.0)]).is_settled(5));
        assert!(of(&[(1.0, 0.5), (1.0, 0.5), (1.0, 0.5)]).is_settled(5));
        assert!(!of(&[(1.0, 1.0), (1.0, 0.5), (1.0, 1.0)]).is_settled(4));
    }

    #[test]
    fn a_repetition_replaces_what_fell_short_and_nothing_else() {
        let compare = |values: &[(&str, f64)]| {
            let side = |factor: fn(f64) -> f64| {
                values.iter().map(|(work, value)| rate(Goal::P2, work, factor(*value))).collect::<Vec<_>>()
            };
            Comparison::of(&[Round { baseline: side(|_| 1.0), current: side(|value| value) }]).unwrap()
        };
        let quick = || compare(&[("good", 1.0), ("any of 96,000", 0.9), ("bad", 0.9)]);
        let full = compare(&[("good", 0.5), ("any of 960,000", 1.0), ("bad", 0.9)]).without_passed(&quick());
        let verdict = verdict(quick(), Some(full));
        let passed: Vec<bool> = verdict.rows.iter().map(Row::passes).collect();
        let repeated: Vec<bool> = verdict.rows.iter().map(|row| row.repeated).collect();
        assert_eq!((passed, repeated), (vec![true, true, false], vec![false, true, true]));
        assert_eq!(verdict.regressions(), 1);
    }

    #[test]
    fn what_is_not_repeated_stays_short() {
        let quick = Comparison::of(&rounds(&[(1.0, 0.5)], |v| rate(Goal::P1, "w", v))).unwrap();
        let nothing = Comparison { rows: Vec::new(), unpaired: Vec::new() };
        assert_eq!(verdict(quick, Some(nothing)).regressions(), 1);
    }

    #[test]
    fn memory_under_load_is_repeated_with_the_load() {
        let memory = |value| Figure::plain(Goal::P8, "memory", "MiB", &[value], GoalBound::AtMost(96.0));
        let lists = row(&[(1.0, 2.0)], |v| time("w", v));
        assert_eq!(goals_to_repeat(&[&lists]), [Goal::P6]);
        let goals = goals_to_repeat(&[&row(&[(1.0, 97.0)], memory)]);
        assert_eq!(goals, [Goal::P1, Goal::P2, Goal::P3, Goal::P4, Goal::P5, Goal::P8]);
    }
}
