//! How well a build's searched text fits a term, typing slips allowed for in names.

use crate::page::Key;
use crate::text::SearchTerm;

/// Weights of the fields in the order [`super::BuildContent::search_text`] lists them: name, class, race id,
/// race name, description. What follows (words inside of words) weighs as the description does.
const WEIGHTS: [f64; 5] = [1.0, 0.8, 0.7, 0.7, 0.5];

/// The least likeness of two words, 0 to 1, that counts as a slip rather than as another word.
const LIKENESS: f64 = 0.7;

/// The most cells of edit-distance tables that one search fills, some 20 ms of work. Most searches need less for a
/// thousand builds; what comes behind the last cell is compared letter by letter only.
const MAX_CELLS: usize = 4_000_000;

/// Ranks places by how well the searched texts of their builds fit `term`, and drops those that do not fit.
/// Bounded work for the CPU, but too much for a thread that serves requests.
#[must_use]
pub fn rank(term: &SearchTerm, places: Vec<(Key, String)>) -> Vec<Key> {
    let mut scorer = Scorer::new(term);
    let ranked = places.into_iter().map(|(key, text)| Key { rank: scorer.score(&text), ..key });
    ranked.filter(|key| key.rank > 0.0).collect()
}

/// Scores texts against one term, and counts what the comparison of spellings costs.
pub struct Scorer<'a> {
    term: &'a SearchTerm,
    /// Characters and words of the folded term.
    length: usize,
    words: usize,
    cells: usize,
}

impl<'a> Scorer<'a> {
    #[must_use]
    pub fn new(term: &'a SearchTerm) -> Self {
        let (length, words) = (term.folded().chars().count(), term.folded().split(' ').count());
        Self { term, length, words, cells: 0 }
    }

    /// Cells of edit-distance tables filled so far.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.cells
    }

    /// 0 for a text that does not fit at all; more is better. A whole field beats its start, that beats a
    /// word's start, that beats the middle of a word, and a similar spelling comes last within its field.
    #[must_use]
    pub fn score(&mut self, search_text: &str) -> f64 {
        let mut best: f64 = 0.0;
        for (index, line) in search_text.split('\n').enumerate() {
            let field = line.trim_start();
            let weight = WEIGHTS.get(index).or(WEIGHTS.last()).copied().unwrap_or_default();
            let exact = exact_fit(self.term, field, line);
            // Descriptions are long and seldom hold fantasy names: there only the letter counts.
            let fit = if exact == 0.0 && index < 4 { 0.5 * self.likeness(field) } else { exact };
            best = best.max(weight * fit);
        }
        best
    }

    /// Whether a name, folded, is close enough to the term to be meant by it.
    #[must_use]
    pub fn is_similar(&mut self, name: &str) -> bool {
        self.likeness(name) > 0.0
    }

    /// The best likeness of the term to any run of as many words of `field`, 0 when it is below [`LIKENESS`].
    fn likeness(&mut self, field: &str) -> f64 {
        if self.length < 3 || self.cells >= MAX_CELLS {
            return 0.0;
        }
        let words: Vec<&str> = field.split_whitespace().collect();
        let mut best: f64 = 0.0;
        for window in words.windows(self.words.min(words.len().max(1))) {
            let length = window.iter().map(|word| word.chars().count() + 1).sum::<usize>() - 1;
            let (shortest, longest) = (self.length.min(length), self.length.max(length));
            // The distance is at least the difference in length.
            if (shortest as f64) < LIKENESS * longest as f64 {
                continue;
            }
            self.cells += shortest * longest;
            if self.cells > MAX_CELLS {
                self.cells = MAX_CELLS;
                break;
            }
            // Insertions, deletions, changes, and swaps of neighbours.
            let distance = strsim::osa_distance(self.term.folded(), &window.join(" "));
            best = best.max(1.0 - distance as f64 / longest as f64);
        }
        if best < LIKENESS { 0.0 } else { best }
    }
}

fn exact_fit(term: &SearchTerm, field: &str, line: &str) -> f64 {
    let spaced = term.needle().trim_start();
    if field == spaced {
        1.0
    } else if field.starts_with(spaced) {
        0.9
    } else if line.contains(&format!("  {spaced}")) {
        0.8
    } else if line.contains(term.needle()) {
        0.6
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::searchable;

    fn text(fields: [&str; 4]) -> String {
        searchable(&fields.map(|field| (field, 100)))
    }

    fn fit(term: &str, name: &str, class: &str, race: &str, race_name: &str) -> f64 {
        let term = SearchTerm::parse(term).unwrap().unwrap();
        Scorer::new(&term).score(&text([name, class, race, race_name]))
    }

    #[test]
    fn slips_in_fantasy_names_are_found() {
        assert!(fit("archwizzard", "Storm", "Archwizard", "vek", "Vek") > 0.0);
        assert!(fit("pirai", "Storm", "Archwizard", "pyrai", "Py'rai") > 0.0);
        assert_eq!(fit("templar", "Storm", "Archwizard", "pyrai", "Py'rai"), 0.0);
    }

    #[test]
    fn better_fits_score_higher() {
        let whole = fit("siren", "Siren", "Knight", "vek", "Vek");
        let start = fit("siren", "Siren of the deep", "Knight", "vek", "Vek");
        let word = fit("siren", "My siren", "Knight", "vek", "Vek");
        let inside = fit("siren", "Supersirene", "Knight", "vek", "Vek");
        let class = fit("siren", "Song", "Siren", "vek", "Vek");
        let slip = fit("sirne", "Siren", "Knight", "vek", "Vek");
        assert!(whole > start && start > word && word > inside && inside > slip && slip > 0.0);
        assert!(whole > class && class > slip);
    }

    #[test]
    fn a_search_fills_a_bounded_number_of_cells() {
        let term = SearchTerm::parse(&"abcd ".repeat(20)).unwrap().unwrap();
        let text = text([&"abce ".repeat(20), &"abcf ".repeat(80), "vek", &"abdc ".repeat(80)]);
        let mut scorer = Scorer::new(&term);
        for _ in 0..1_000 {
            assert!(scorer.score(&text) >= 0.0);
        }
        assert!(scorer.cells() <= MAX_CELLS, "{}", scorer.cells());
    }

    #[test]
    fn texts_behind_the_last_cell_still_fit_by_the_letter() {
        let term = SearchTerm::parse(&"abcd ".repeat(20)).unwrap().unwrap();
        let similar = text([&"abce ".repeat(80), "Knight", "vek", "Vek"]);
        let exact = text([&"abcd ".repeat(20), "Knight", "vek", "Vek"]);
        let mut scorer = Scorer::new(&term);
        let first = scorer.score(&similar);
        let last = (0..1_000).map(|_| scorer.score(&similar)).last().unwrap();
        assert!(first > 0.0 && last == 0.0 && scorer.score(&exact) > first);
    }

    #[test]
    fn swapped_neighbours_are_one_slip() {
        assert!(fit("siren", "Sirne", "Knight", "vek", "Vek") > 0.0);
        assert_eq!(fit("siren", "Snrie", "Knight", "vek", "Vek"), 0.0);
    }
}
