//! Medians, spreads, and how far a figure is from its goal.

use serde::{Deserialize, Serialize};

/// Several measurements of one thing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    pub median: f64,
    pub least: f64,
    pub most: f64,
}

impl Spread {
    /// # Panics
    /// Without values.
    pub fn of(values: &[f64]) -> Self {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        let median =
            if sorted.len() % 2 == 1 { sorted[middle] } else { (sorted[middle - 1] + sorted[middle]) / 2.0 };
        Self { median, least: sorted[0], most: sorted[sorted.len() - 1] }
    }

    pub fn shown(&self) -> String {
        if self.least == self.most {
            return shown(self.median);
        }
        format!("{} ({}–{})", shown(self.median), shown(self.least), shown(self.most))
    }
}

/// The value below which this part of the values lies; of no times none is within any bound.
pub fn quantile(values: &[f64], part: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = (part * sorted.len() as f64).ceil() as usize;
    let last = place.max(1).min(sorted.len()).checked_sub(1);
    last.map_or(f64::INFINITY, |last| sorted[last])
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GoalBound {
    AtLeast(f64),
    AtMost(f64),
}

impl GoalBound {
    pub fn holds(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
        }
    }

    pub fn shown(self) -> String {
        match self {
            Self::AtLeast(bound) => format!("≥ {}", shown(bound)),
            Self::AtMost(bound) => format!("≤ {}", shown(bound)),
        }
    }
}

/// One line of the table. With a floor, the target is for the ratio to it; without, for the figure itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    pub goal: String,
    pub work: String,
    pub unit: String,
    pub ours: Spread,
    pub floor: Option<Spread>,
    pub ratio: Option<Spread>,
    pub target: GoalBound,
}

impl Figure {
    /// A comparison; the measurements of one round stand at the same place.
    pub fn compared(
        goal: super::Goal,
        work: &str,
        unit: &str,
        ours: &[f64],
        floor: &[f64],
        target: GoalBound,
    ) -> Self {
        let ratios: Vec<f64> = ours.iter().zip(floor).map(|(ours, floor)| ours / floor).collect();
        let (floor, ratio) = (Some(Spread::of(floor)), Some(Spread::of(&ratios)));
        Self { floor, ratio, ..Self::plain(goal, work, unit, ours, target) }
    }

    pub fn plain(goal: super::Goal, work: &str, unit: &str, ours: &[f64], target: GoalBound) -> Self {
        Self {
            goal: goal.to_string(),
            work: work.to_owned(),
            unit: unit.to_owned(),
            ours: Spread::of(ours),
            floor: None,
            ratio: None,
            target,
        }
    }

    fn judged(&self) -> f64 {
        self.ratio.unwrap_or(self.ours).median
    }

    pub fn met(&self) -> bool {
        self.target.holds(self.judged())
    }

    /// How much better than the goal, as a part of it; below 0 it is missed.
    pub fn distance(&self) -> f64 {
        match self.target {
            GoalBound::AtLeast(least) => self.judged() / least - 1.0,
            GoalBound::AtMost(most) => 1.0 - self.judged() / most,
        }
    }

    /// Goal, work, ours, floor, ratio, target, distance.
    pub fn cells(&self) -> [String; 7] {
        let of = |spread: Option<Spread>| spread.map_or_else(String::new, |it| it.shown());
        let of_what = if self.ratio.is_some() { "×" } else { &self.unit };
        let verdict = if self.met() { "reached" } else { "MISSED" };
        // There is none from a goal of none.
        let distance = Some(self.distance()).filter(|it| it.is_finite());
        let distance = distance.map_or_else(String::new, |it| format!(", {:+.0} %", it * 100.0));
        [
            self.goal.clone(),
            self.work.clone(),
            format!("{} {}", self.ours.shown(), self.unit),
            of(self.floor),
            of(self.ratio),
            format!("{} {of_what}", self.target.shown()),
            format!("{verdict}{distance}"),
        ]
    }

    pub fn line(&self) -> String {
        let [_, work, ours, floor, ratio, target, verdict] = self.cells();
        if floor.is_empty() {
            return format!("{work}: {ours}; goal {target}: {verdict}");
        }
        format!("{work}: {ours} against {floor}: {ratio} ×; goal {target}: {verdict}")
    }
}

/// A number with as many digits as mean something.
pub fn shown(value: f64) -> String {
    if value.abs() < 100.0 {
        let text = format!("{value:.2}");
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    let digits = format!("{value:.0}");
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 && grouped != "-" {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::super::Goal;
    use super::*;

    #[test]
    fn a_median_is_the_middle_and_a_spread_the_ends() {
        assert_eq!(Spread::of(&[3.0, 1.0, 2.0]), Spread { median: 2.0, least: 1.0, most: 3.0 });
        assert_eq!(Spread::of(&[4.0, 1.0, 2.0, 3.0]).median, 2.5);
        assert_eq!(quantile(&[5.0, 1.0, 2.0, 3.0, 4.0], 0.99), 5.0);
        assert_eq!(quantile(&[5.0, 1.0, 2.0, 3.0, 4.0], 0.5), 3.0);
        assert_eq!(quantile(&[], 0.99), f64::INFINITY);
    }

    #[test]
    fn a_ratio_is_the_median_of_the_rounds_ratios() {
        let figure = Figure::compared(
            Goal::P1,
            "w",
            "/s",
            &[10.0, 90.0, 30.0],
            &[10.0, 100.0, 60.0],
            GoalBound::AtLeast(0.8),
        );
        assert_eq!(figure.ratio.unwrap().median, 0.9);
        assert!(figure.met());
        assert!((figure.distance() - 0.125).abs() < 1e-9);
    }

    #[test]
    fn what_is_too_slow_or_too_large_is_missed() {
        assert!(!Figure::compared(Goal::P1, "w", "/s", &[7.0], &[10.0], GoalBound::AtLeast(0.8)).met());
        assert!(!Figure::plain(Goal::P8, "w", "ms", &[251.0], GoalBound::AtMost(250.0)).met());
        assert!(Figure::plain(Goal::P8, "w", "ms", &[250.0], GoalBound::AtMost(250.0)).met());
        let none = |value| Figure::plain(Goal::P6, "w", "plans", &[value], GoalBound::AtMost(0.0));
        assert_eq!([none(0.0), none(2.0)].map(|it| it.cells()[6].clone()), ["reached", "MISSED"]);
    }

    #[test]
    fn numbers_are_shown_with_thousands_apart() {
        assert_eq!(shown(1_234_567.4), "1,234,567");
        assert_eq!(shown(-1_234.0), "-1,234");
        assert_eq!(shown(0.8), "0.8");
        assert_eq!(shown(3.0), "3");
    }
}
