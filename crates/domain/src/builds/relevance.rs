//! How well a build fits a search term when a list is sorted by relevance.
//!
//! The rank is `8 × tier + 1 + Bayesian score`. A Bayesian score is −1 without votes and at most 5, so that the tier
//! decides, then the score; ties go to the newest. [`Tier`] says what the tiers are.

use std::collections::HashMap;
use std::sync::Arc;

use super::suggestions::sound_of;
use crate::page::SortKey;
use crate::text::{MIN_FOR_TYPO, SearchTerm, fold, words};

/// Lines of [`super::BuildContent::search_text`].
const NAME: usize = 0;
const DESCRIPTION: usize = 4;

/// The least likeness of two texts, 0 to 1, that counts as another spelling rather than as another text. Every typo
/// of one letter in a text of four letters and more is above it.
const LIKENESS: f64 = 0.7;

/// The most cells of edit-distance tables that one search fills, some 20 ms of work. Most searches need less for a
/// thousand builds; what comes behind the last cell is compared letter by letter only.
const MAX_CELLS: usize = 4_000_000;

/// The part of a build that matches a term, the best last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// A run of words of the name, or the class, the race or a tag, is spelled or sounds alike.
    Similar = 1,
    /// All words of the term stand in the description.
    Description = 2,
    /// All words stand in the class, in the race, or in tags.
    Attributes = 3,
    /// All words stand in the name, in any order.
    NameWords = 4,
    /// The term stands in the name as it is.
    NamePhrase = 5,
}

/// Below every rank, and above every Bayesian score.
pub const LEAST_RANK: f64 = 8.0;

impl Tier {
    /// The rank of a build in this tier.
    #[must_use]
    pub fn rank(self, bayesian: f64) -> f64 {
        8.0 * f64::from(self as u8) + 1.0 + bayesian
    }
}

/// A build that may fit, with its place in a list that is sorted by rating.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchCandidate {
    /// Its key in that list: the rank is the Bayesian score.
    pub key: SortKey,
    /// [`super::BuildContent::search_text`], as stored.
    pub search_text: String,
    /// Its tags in their stored form.
    pub tags: Vec<String>,
}

/// Ranks candidates by how well they fit `term`, drops those that do not fit, and sorts them, the best first. Bounded
/// work for the CPU, but too much for a thread that serves requests.
#[must_use]
pub fn rank(term: &SearchTerm, mut candidates: Vec<SearchCandidate>) -> Vec<SortKey> {
    let mut matcher = Matcher::new(term);
    // The cells may not last for all spellings: those that one slip leaves of the term come first.
    let pieces = term.slip_pieces();
    let is_likely = |it: &SearchCandidate| {
        let names = before_description(&it.search_text);
        pieces.iter().any(|group| group.iter().all(|piece| names.contains(piece.as_str())))
    };
    candidates.sort_by_cached_key(|it| !is_likely(it));
    let mut ranked: Vec<SortKey> = candidates
        .into_iter()
        .filter_map(|it| {
            let tier = matcher.tier(&it.search_text, &it.tags)?;
            Some(SortKey { rank: tier.rank(it.key.rank), ..it.key })
        })
        .collect();
    ranked
        .sort_by(|a, b| b.rank.total_cmp(&a.rank).then_with(|| (b.created, b.row).cmp(&(a.created, a.row))));
    ranked
}

/// The lines of a searched text that name something.
fn before_description(search_text: &str) -> &str {
    let end = search_text.match_indices('\n').nth(DESCRIPTION - 1).map_or(search_text.len(), |(at, _)| at);
    &search_text[..end]
}

/// Compares texts with one term, and counts the work of comparing spellings.
pub struct Matcher<'a> {
    term: &'a SearchTerm,
    words: Vec<&'a str>,
    /// Characters of the folded term.
    length: usize,
    sound: Option<String>,
    cells: usize,
    /// Tags that were met so far, folded.
    folded_tags: HashMap<String, Arc<str>>,
}

impl<'a> Matcher<'a> {
    /// Creates a matcher for one search, with no cells filled yet.
    #[must_use]
    pub fn new(term: &'a SearchTerm) -> Self {
        let folded = term.folded();
        let words = words(folded).collect();
        Self {
            term,
            words,
            length: folded.chars().count(),
            sound: sound_of(folded),
            cells: 0,
            folded_tags: HashMap::new(),
        }
    }

    /// Cells of edit-distance tables filled so far.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.cells
    }

    /// The best tier of a build; `None` when it does not fit.
    pub fn tier(&mut self, search_text: &str, tags: &[String]) -> Option<Tier> {
        let lines: Vec<&str> = search_text.split('\n').collect();
        let line = |index: usize| lines.get(index).copied().unwrap_or_default();
        if line(NAME).contains(self.term.needle()) {
            return Some(Tier::NamePhrase);
        }
        if self.all_words_in(line(NAME)) {
            return Some(Tier::NameWords);
        }
        let tags: Vec<Arc<str>> = tags.iter().map(|tag| self.folded(tag)).collect();
        let attributes = &lines[(NAME + 1).min(lines.len())..DESCRIPTION.min(lines.len())];
        if attributes.iter().any(|line| self.all_words_in(line)) || self.all_words_in_tags(&tags) {
            return Some(Tier::Attributes);
        }
        if self.all_words_in(line(DESCRIPTION)) {
            return Some(Tier::Description);
        }
        // Descriptions are long and seldom hold fantasy names: there only the letter counts.
        let named = lines[..DESCRIPTION.min(lines.len())].iter().any(|line| self.has_similar_run(line));
        let similar = named
            || attributes.iter().any(|line| self.sounds_like(line))
            || tags.iter().any(|tag| self.is_similar(tag));
        similar.then_some(Tier::Similar)
    }

    /// Whether a folded name of a class or race, or a tag, is spelled or sounds like the term.
    #[must_use]
    pub fn is_similar(&mut self, name: &str) -> bool {
        let line: String = words(name).flat_map(|word| ["  ", word]).collect();
        self.sounds_like(&line) || self.has_similar_run(&line)
    }

    fn all_words_in(&self, line: &str) -> bool {
        line.contains(self.term.needle()) || self.words.iter().all(|word| stands_in(line, word))
    }

    fn folded(&mut self, tag: &str) -> Arc<str> {
        if let Some(folded) = self.folded_tags.get(tag) {
            return Arc::clone(folded);
        }
        let folded: Arc<str> = fold(tag).into();
        self.folded_tags.insert(tag.to_owned(), Arc::clone(&folded));
        folded
    }

    fn all_words_in_tags(&self, tags: &[Arc<str>]) -> bool {
        let stands = |word: &&str| tags.iter().any(|tag| words(tag).any(|part| part == *word));
        !tags.is_empty() && self.words.iter().all(stands)
    }

    fn sounds_like(&self, line: &str) -> bool {
        self.sound.is_some() && sound_of(&joined(line.split_whitespace())) == self.sound
    }

    /// Whether a run of about as many words of `line` is spelled like the term.
    fn has_similar_run(&mut self, line: &str) -> bool {
        if self.length + 1 < MIN_FOR_TYPO {
            return false;
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        // A slip may have joined two words, or cut one.
        let count = self.words.len();
        (count.saturating_sub(1).max(1)..=count + 1)
            .any(|size| words.windows(size).any(|run| self.is_spelled_alike(&joined(run.iter().copied()))))
    }

    fn is_spelled_alike(&mut self, text: &str) -> bool {
        let length = text.chars().count();
        let (shortest, longest) = (self.length.min(length), self.length.max(length));
        // The distance is at least the difference in length.
        if longest < MIN_FOR_TYPO || (shortest as f64) < LIKENESS * longest as f64 || self.cells >= MAX_CELLS
        {
            return false;
        }
        self.cells = (self.cells + shortest * longest).min(MAX_CELLS);
        // Insertions, deletions, changes, and swaps of neighbours.
        let distance = strsim::osa_distance(self.term.folded(), text);
        1.0 - distance as f64 / longest as f64 >= LIKENESS
    }
}

/// Whether a word stands in a line of searched text, as a term of that one word would.
fn stands_in(line: &str, word: &str) -> bool {
    if word.chars().count() < 3 { line.contains(&format!("  {word}")) } else { line.contains(word) }
}

fn joined<'w>(words: impl Iterator<Item = &'w str>) -> String {
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::searchable;

    /// Name, class, race, description and tags of a build.
    type Fields<'a> = (&'a str, &'a str, &'a str, &'a str, &'a [&'a str]);

    const WALL: Fields<'_> = (
        "Supreme Wall of the Deep",
        "Guardian",
        "Py'Rai",
        "Holds the gate against a raid",
        &["pvp", "main tank", "naïve", "off-heal", "大火"],
    );

    fn text((name, class, race, description, _): Fields<'_>) -> String {
        searchable(&[(name, 100), (class, 100), (race, 100), (race, 100), (description, 2_000)])
    }

    fn tier(term: &str, build: Fields<'_>) -> Option<Tier> {
        let term = SearchTerm::parse(term).unwrap().unwrap();
        let tags: Vec<String> = build.4.iter().map(|&tag| tag.to_owned()).collect();
        Matcher::new(&term).tier(&text(build), &tags)
    }

    #[test]
    fn a_term_fits_a_build_by_the_best_of_its_tiers() {
        use Tier::{Attributes, Description, NamePhrase, NameWords, Similar};
        for (term, expected) in [
            ("supreme wall", Some(NamePhrase)),
            ("SUPREME   wall", Some(NamePhrase)),
            ("wall", Some(NamePhrase)),
            ("rem", Some(NamePhrase)),
            ("su", Some(NamePhrase)),
            ("wall supreme", Some(NameWords)),
            ("deep wall", Some(NameWords)),
            ("guardian", Some(Attributes)),
            ("pyrai", Some(Attributes)),
            ("py-rai", Some(Attributes)),
            ("pvp", Some(Attributes)),
            ("tank main", Some(Attributes)),
            ("pvp off-heal", Some(Attributes)),
            ("naive pvp", Some(Attributes)),
            ("大火", Some(Attributes)),
            ("火 pvp", Some(Attributes)),
            ("gate", Some(Description)),
            ("raid gate", Some(Description)),
            ("suprme", Some(Similar)),
            ("wlal", Some(Similar)),
            ("supremewall", Some(Similar)),
            ("guradian", Some(Similar)),
            ("pirai", Some(Similar)),
            ("tank wall", None),
            ("deep raid", None),
            ("preme of", Some(NameWords)),
            ("re", None),
            ("templar", None),
        ] {
            assert_eq!(tier(term, WALL), expected, "{term}");
        }
    }

    #[test]
    fn the_tier_comes_before_the_score_and_the_score_before_the_age() {
        assert!(Tier::NameWords.rank(-1.0) > Tier::Attributes.rank(5.0));
        assert!(Tier::Similar.rank(-1.0) > 0.0);
        let candidate = |row: i64, rank: f64, name: &str| SearchCandidate {
            key: SortKey { rank, created: row, row },
            search_text: text((name, "Knight", "vek", "", &[])),
            tags: vec![],
        };
        let term = SearchTerm::parse("iron wall").unwrap().unwrap();
        let candidates = vec![
            candidate(1, -1.0, "Iron Wall"),
            candidate(2, -1.0, "Iron Wall again"),
            candidate(3, 5.0, "Wall of Iron"),
            candidate(4, 3.0, "My Iron Wall"),
            candidate(5, 5.0, "Irn Wall"),
            candidate(6, 5.0, "Paper Fort"),
        ];
        let ranked: Vec<i64> = rank(&term, candidates).iter().map(|key| key.row).collect();
        assert_eq!(ranked, [4, 2, 1, 3, 5]);
    }

    #[test]
    fn pieces_of_different_fields_and_words_stay_apart() {
        let apart = ("(solo) y", "Knight", "vek", "z (raid)", &[][..]);
        assert_eq!(tier("solo raid", apart), None);
        assert_eq!(tier("solo y", apart), Some(Tier::NamePhrase));
    }

    #[test]
    fn every_slip_of_one_letter_is_similar() {
        for name in ["wall", "siren", "templar", "archwizard", "storm caller", "vaelune", "nikua"] {
            let letters: Vec<char> = name.chars().collect();
            for at in 0..letters.len() {
                let mut slips = vec![letters.clone(); 4];
                slips[0].remove(at);
                slips[1].insert(at, letters[at]);
                slips[2][at] = 'x';
                slips[3].swap(at, (at + 1).min(letters.len() - 1));
                for slip in slips {
                    let slip: String = slip.into_iter().collect();
                    if slip.trim() == slip && !slip.contains("  ") {
                        assert!(tier(&slip, (name, "", "", "", &[])).is_some(), "{slip} of {name}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_search_fills_a_bounded_number_of_cells() {
        let term = SearchTerm::parse(&"abcd ".repeat(20)).unwrap().unwrap();
        let text = text((&"abce ".repeat(20), &"abcf ".repeat(20), "vek", "", &[]));
        let mut matcher = Matcher::new(&term);
        for _ in 0..2_000 {
            matcher.tier(&text, &[]);
        }
        assert!(matcher.cells() <= MAX_CELLS, "{}", matcher.cells());
    }

    #[test]
    fn what_a_slip_leaves_of_a_term_is_compared_before_the_cells_are_used_up() {
        let candidate = |row: i64, name: &str| SearchCandidate {
            key: SortKey { rank: 0.0, created: 0, row },
            search_text: text((name, "Knight", "vek", "", &[])),
            tags: vec![],
        };
        let mut candidates: Vec<_> =
            (0..1_000).map(|row| candidate(row, &"quillwarden ".repeat(8))).collect();
        candidates.push(candidate(1_000, "Stormbreaker Keystone Lanternlight"));
        let term = SearchTerm::parse("stormbreaker keystne lanternlight").unwrap().unwrap();
        let ranked: Vec<i64> = rank(&term, candidates).iter().map(|key| key.row).collect();
        assert_eq!(ranked, [1_000]);
    }

    #[test]
    fn texts_behind_the_last_cell_still_fit_by_the_letter() {
        let term = SearchTerm::parse(&"abcd ".repeat(20)).unwrap().unwrap();
        let similar = text((&"abce ".repeat(20), "Knight", "vek", "", &[]));
        let exact = text((&"abcd ".repeat(20), "Knight", "vek", "", &[]));
        let mut matcher = Matcher::new(&term);
        let first = matcher.tier(&similar, &[]);
        let last = (0..2_000).map(|_| matcher.tier(&similar, &[])).last().unwrap();
        assert_eq!((first, last), (Some(Tier::Similar), None));
        assert_eq!(matcher.tier(&exact, &[]), Some(Tier::NamePhrase));
    }
}
