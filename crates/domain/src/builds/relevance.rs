//! How well a build's searched text fits a term, typing slips allowed for in names.

use crate::text::SearchTerm;

/// Weights of the fields in the order [`super::BuildContent::search_text`] lists them: name, class, race id,
/// race name, description. What follows (words inside of words) weighs as the description does.
const WEIGHTS: [f64; 5] = [1.0, 0.8, 0.7, 0.7, 0.5];

/// The least likeness of two words, 0 to 1, that counts as a slip rather than as another word.
const LIKENESS: f64 = 0.7;

/// 0 for a text that does not fit at all; more is better. A whole field beats its start, that beats a word's
/// start, that beats the middle of a word, and a similar spelling comes last within its field.
#[must_use]
pub fn score(term: &SearchTerm, search_text: &str) -> f64 {
    let mut best: f64 = 0.0;
    for (index, line) in search_text.split('\n').enumerate() {
        let field = line.trim_start();
        let weight = WEIGHTS.get(index).or(WEIGHTS.last()).copied().unwrap_or_default();
        let exact = exact_fit(term, field, line);
        // Descriptions are long and seldom hold fantasy names: there only the letter counts.
        let fit = if exact == 0.0 && index < 4 { 0.5 * likeness(term.folded(), field) } else { exact };
        best = best.max(weight * fit);
    }
    best
}

/// Whether a name, folded, is close enough to the term to be meant by it.
#[must_use]
pub fn resembles(term: &SearchTerm, name: &str) -> bool {
    likeness(term.folded(), name) > 0.0
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

/// The best likeness of `term` to any run of as many words of `field`, 0 when it is below [`LIKENESS`].
fn likeness(term: &str, field: &str) -> f64 {
    let term: Vec<char> = term.chars().collect();
    if term.len() < 3 {
        return 0.0;
    }
    let words: Vec<&str> = field.split_whitespace().collect();
    let run = term.iter().filter(|c| **c == ' ').count() + 1;
    let mut best: f64 = 0.0;
    for window in words.windows(run.min(words.len().max(1))) {
        let window: Vec<char> = window.join(" ").chars().collect();
        let longest = term.len().max(window.len());
        if longest <= 2 * term.len() {
            best = best.max(1.0 - distance(&term, &window) as f64 / longest as f64);
        }
    }
    if best < LIKENESS { 0.0 } else { best }
}

/// The optimal string alignment distance: insertions, deletions, changes, and swaps of neighbours.
fn distance(a: &[char], b: &[char]) -> usize {
    let width = b.len() + 1;
    let mut before = vec![0; width];
    let mut last: Vec<usize> = (0..width).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; width];
        for j in 1..width {
            let change = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + change);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::searchable;

    fn fit(term: &str, name: &str, class: &str, race: &str, race_name: &str) -> f64 {
        score(&SearchTerm::parse(term).unwrap().unwrap(), &searchable(&[name, class, race, race_name, ""]))
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
    fn swapped_neighbours_are_one_slip() {
        let chars = |s: &str| s.chars().collect::<Vec<_>>();
        assert_eq!(distance(&chars("siren"), &chars("sirne")), 1);
        assert_eq!(distance(&chars(""), &chars("abc")), 3);
    }
}
