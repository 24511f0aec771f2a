//! How far a scan has got, and how many rows it compares next.

use std::time::Duration;

use myashes_domain::builds::Matches;
use myashes_domain::page::{SortKey, Total};

use super::dialect::DENSE_ROWS;
use super::order::{Compared, PageWindow};

/// How many rows are compared at a time: at first twice as many as should do, and each time twice as many as before, within
/// these bounds.
const MIN_STEP: u64 = 100;
const MAX_FIRST_STEP: u64 = 1_000;
const MAX_STEP: u64 = 4_000;

/// A step that took longer read rows from a disk: the next ones are smaller, so that they end before their time is over.
const SLOW_STEP: Duration = Duration::from_millis(100);

pub struct ScanProgress {
    matches: Vec<SortKey>,
    /// The last row that was compared.
    pub after: Option<SortKey>,
    /// Rows, of which several count as one where they lie together.
    pub scanned: u64,
    /// So many of the last ones did.
    rows_at_once: u64,
    /// The rows of the next step, within its bounds.
    step: u64,
    at_the_end: bool,
}

impl ScanProgress {
    pub fn new(window: PageWindow, is_dense: bool, expected_rows: u64) -> Self {
        let rows_at_once = if is_dense { DENSE_ROWS } else { 1 };
        let step = expected_rows.saturating_mul(2).min(MAX_FIRST_STEP);
        Self { matches: vec![], after: window.after, scanned: 0, rows_at_once, step, at_the_end: false }
    }

    /// How many rows to compare, of which `most` are scanned in all.
    pub fn next_step(&self, most: u64) -> u64 {
        let left = most.saturating_sub(self.scanned).saturating_mul(self.rows_at_once);
        self.step.clamp(MIN_STEP, MAX_STEP).min(left)
    }

    /// Takes what comparing the rows of a step gave.
    pub fn add(&mut self, compared: Compared, step: u64, window: PageWindow, took: Duration) {
        self.after = compared.last.or(self.after);
        self.rows_at_once = if compared.is_dense { DENSE_ROWS } else { 1 };
        self.scanned += step.div_ceil(self.rows_at_once);
        self.matches.extend(compared.matches);
        // Behind a full window there may be more in these rows.
        self.at_the_end = u64::try_from(compared.rows).is_ok_and(|rows| rows < step) && !self.is_full(window);
        self.step = if took > SLOW_STEP { step / 4 } else { step * 2 };
    }

    /// So many matches fill the window up.
    pub fn missing(&self, window: PageWindow) -> i64 {
        let found = i64::try_from(self.matches.len()).unwrap_or(i64::MAX);
        window.skip.saturating_add(window.take).saturating_sub(found)
    }

    fn is_full(&self, window: PageWindow) -> bool {
        self.missing(window) <= 0
    }

    /// Whether the list ends, or the window is full.
    pub fn ends(&self, window: PageWindow) -> bool {
        self.at_the_end || self.is_full(window)
    }

    /// What was found of the window, and where it goes on.
    pub fn found(&self, window: PageWindow) -> Matches {
        let [skip, take] = [window.skip, window.take].map(|it| usize::try_from(it).unwrap_or(usize::MAX));
        let whole = self.at_the_end && window.after.is_none();
        Matches {
            places: self.matches.iter().skip(skip).take(take).copied().collect(),
            rest: self.after.filter(|_| !self.ends(window)),
            total: whole.then(|| Total::counted(self.matches.len() as u64)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_get_smaller_where_rows_are_read_from_a_disk() {
        let window = PageWindow::first(21);
        let mut progress = ScanProgress::new(window, false, 100_000);
        assert_eq!(progress.next_step(100_000), MAX_FIRST_STEP);
        let compared = || Compared { matches: vec![], last: None, rows: 400, is_dense: false };
        for (took, expected) in [(100, 800), (101, 100)] {
            progress.add(compared(), 400, window, Duration::from_millis(took));
            assert_eq!((progress.next_step(100_000), progress.ends(window)), (expected, false));
        }
    }
}
