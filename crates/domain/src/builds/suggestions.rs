//! Completions of a text while it is typed: names of classes and races, tags and names of builds.

#![allow(missing_docs, reason = "strum derives `into_str` without documentation")]

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rphonetic::{DoubleMetaphone, Encoder as _};
use strum::{EnumString, IntoStaticStr, VariantNames};

use super::facets::ValueCount;
use crate::game::GamePack;
use crate::text::{MIN_FOR_TYPO, fold};

/// What a suggestion is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, EnumString, IntoStaticStr, VariantNames,
)]
#[strum(serialize_all = "lowercase", const_into_str)]
pub enum SuggestionKind {
    /// The name of a class.
    Class,
    /// The display name of a race.
    Race,
    /// A tag in its stored form.
    Tag,
    /// The name of one or more public builds.
    Build,
}

/// A text to search for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The text, to be sent as a search term.
    pub text: String,
    /// What the text is.
    pub kind: SuggestionKind,
    /// Public builds that have it.
    pub count: u64,
}

/// What is public of what may be suggested.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SuggestedCounts {
    /// Rows of public builds.
    pub builds: HashSet<i64>,
    /// How many public builds have each tag.
    pub tags: HashMap<String, u64>,
}

/// What suggestions are chosen among, as it is stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VocabularySource {
    /// Of listed builds, as all of these.
    pub classes: Vec<ValueCount>,
    /// By id.
    pub races: Vec<ValueCount>,
    /// The most used tags.
    pub tags: Vec<ValueCount>,
    /// The rows of builds that many have voted for, and of new ones, with their names.
    pub builds: Vec<(i64, String)>,
}

/// How well a text fits what was typed, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Whole,
    Start,
    WordStart,
    StartWithTypo,
    WordStartWithTypo,
    Sound,
}

/// A text that may be suggested.
#[derive(Debug, Clone)]
pub struct VocabularyEntry {
    /// The text in its original spelling.
    pub text: String,
    /// What the text is.
    pub kind: SuggestionKind,
    /// As the source was read.
    pub count: u64,
    /// The rows of the builds of this name.
    pub builds: Vec<i64>,
    /// The folded text from each of its words on.
    starts: Vec<Vec<char>>,
    sound: Option<String>,
}

impl VocabularyEntry {
    fn new(text: &str, kind: SuggestionKind, count: u64) -> Self {
        let folded = fold(text);
        let begins = std::iter::once(0).chain(folded.match_indices(' ').map(|(at, _)| at + 1));
        let starts = begins.map(|at| folded[at..].chars().collect()).collect();
        let by_sound = matches!(kind, SuggestionKind::Class | SuggestionKind::Race);
        let sound = if by_sound { sound_of(&folded) } else { None };
        Self { text: text.to_owned(), kind, count, builds: vec![], starts, sound }
    }

    fn fit(&self, typed: &Typed) -> Option<Fit> {
        let exact = self.starts.iter().position(|start| start.starts_with(&typed.folded));
        match exact {
            Some(0) if self.starts[0].len() == typed.folded.len() => return Some(Fit::Whole),
            Some(0) => return Some(Fit::Start),
            Some(_) => return Some(Fit::WordStart),
            None => {}
        }
        if typed.folded.len() >= MIN_FOR_TYPO {
            match self.starts.iter().position(|start| starts_with_typo(start, &typed.folded)) {
                Some(0) => return Some(Fit::StartWithTypo),
                Some(_) => return Some(Fit::WordStartWithTypo),
                None => {}
            }
        }
        (typed.sound.is_some() && self.sound == typed.sound).then_some(Fit::Sound)
    }
}

/// What was typed, folded.
struct Typed {
    folded: Vec<char>,
    sound: Option<String>,
}

/// Everything that may be suggested.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    entries: Vec<VocabularyEntry>,
}

impl Vocabulary {
    /// Prepares what the source holds for matching. The game pack names the races.
    #[must_use]
    pub fn new(source: &VocabularySource, game: &GamePack) -> Self {
        let mut entries = vec![];
        let mut add = |text: &str, kind, count| entries.push(VocabularyEntry::new(text, kind, count));
        source.classes.iter().for_each(|it| add(&it.value, SuggestionKind::Class, it.count));
        source.races.iter().for_each(|it| add(game.race_name(&it.value), SuggestionKind::Race, it.count));
        source.tags.iter().for_each(|it| add(&it.value, SuggestionKind::Tag, it.count));
        // Builds of one name are one suggestion, in the spelling of the first.
        let mut names: BTreeMap<String, usize> = BTreeMap::new();
        for (row, name) in &source.builds {
            let index = *names.entry(fold(name)).or_insert_with(|| {
                entries.push(VocabularyEntry::new(name, SuggestionKind::Build, 0));
                entries.len() - 1
            });
            entries[index].count += 1;
            entries[index].builds.push(*row);
        }
        Self { entries }
    }

    /// All that may be suggested.
    #[must_use]
    pub fn entries(&self) -> &[VocabularyEntry] {
        &self.entries
    }

    /// The entries that fit, best first: by how they fit, then by how many builds they have.
    #[must_use]
    pub fn matching(&self, text: &str, limit: usize) -> Vec<&VocabularyEntry> {
        let folded = fold(text);
        if folded.is_empty() {
            return vec![];
        }
        let typed = Typed { sound: sound_of(&folded), folded: folded.chars().collect() };
        let fits = self.entries.iter().filter_map(|entry| Some((entry.fit(&typed)?, entry)));
        let mut fits: Vec<_> = fits.collect();
        fits.sort_by_key(|(fit, entry)| (*fit, Reverse(entry.count), entry.kind, entry.text.as_str()));
        let mut seen = BTreeSet::new();
        // A build that is called as a class is found by the class.
        fits.retain(|(_, entry)| seen.insert(&entry.starts[0]));
        fits.truncate(limit);
        fits.into_iter().map(|(_, entry)| entry).collect()
    }
}

/// Whether some beginning of `text` is `typed` but for one letter that was changed, left out, added or swapped with its
/// neighbour.
fn starts_with_typo(text: &[char], typed: &[char]) -> bool {
    let same = text.iter().zip(typed).take_while(|(a, b)| a == b).count();
    let (text, typed) = (&text[same..], &typed[same..]);
    let starts = |skipped_in_text: usize, skipped_in_typed: usize| {
        let rest = typed.get(skipped_in_typed..);
        rest.is_some_and(|rest| text.get(skipped_in_text..).is_some_and(|text| text.starts_with(rest)))
    };
    let swapped = text.len() >= 2 && typed.len() >= 2 && text[0] == typed[1] && text[1] == typed[0];
    starts(1, 1) || starts(1, 0) || starts(0, 1) || (swapped && starts(2, 2))
}

/// How a folded name sounds; `None` for names of fewer than two sounds, which would match too much, and for scripts
/// other than Latin.
pub fn sound_of(folded: &str) -> Option<String> {
    if folded.chars().count() < MIN_FOR_TYPO || !folded.is_ascii() {
        return None;
    }
    let sound = DoubleMetaphone::default().encode(folded);
    (sound.len() >= 2).then_some(sound)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        let game = GamePack::parse(include_str!("../../../../game/ashes-of-creation.toml")).unwrap();
        let count = |value: &str, count| ValueCount { value: value.into(), count };
        let source = VocabularySource {
            classes: vec![count("Knight", 9), count("Archwizard", 5), count("Spellstone", 2)],
            races: vec![count("vaelune", 4), count("nikua", 3), count("pyrai", 2)],
            tags: vec![count("pvp", 8), count("support", 7), count("sup", 1)],
            builds: vec![
                (1, "Wall of the Deep".into()),
                (2, "wall of the deep".into()),
                (3, "Knight".into()),
            ],
        };
        Vocabulary::new(&source, &game)
    }

    fn suggested(text: &str) -> Vec<String> {
        let vocabulary = vocabulary();
        let found = vocabulary.matching(text, 8);
        found.iter().map(|it| format!("{} {} {}", it.kind.into_str(), it.text, it.count)).collect()
    }

    #[test]
    fn what_was_typed_becomes_what_fits_best() {
        for (typed, expected) in [
            ("kni", vec!["class Knight 9"]),
            ("KNIGHT", vec!["class Knight 9"]),
            ("sup", vec!["tag sup 1", "tag support 7"]),
            ("deep", vec!["build Wall of the Deep 2"]),
            ("the de", vec!["build Wall of the Deep 2"]),
            ("eep", vec![]),
            ("nkight", vec!["class Knight 9"]),
            ("knght", vec!["class Knight 9"]),
            ("knnight", vec!["class Knight 9"]),
            ("kmight", vec!["class Knight 9"]),
            ("archwizzard", vec!["class Archwizard 5"]),
            ("archw", vec!["class Archwizard 5"]),
            ("supo", vec!["tag support 7", "tag sup 1"]),
            ("pcp", vec![]),
            ("vaylune", vec!["race Vaelune 4"]),
            ("vehloon", vec!["race Vaelune 4"]),
            ("pirai", vec!["race Py'rai 2"]),
            ("nite", vec!["class Knight 9"]),
            ("pvq", vec![]),
            (" ", vec![]),
            ("龙", vec![]),
        ] {
            assert_eq!(suggested(typed), expected, "{typed}");
        }
    }

    #[test]
    fn every_slip_of_one_letter_is_forgiven() {
        let text: Vec<char> = "supreme wall".chars().collect();
        for length in MIN_FOR_TYPO..=text.len() {
            for at in 0..length {
                let typed = &text[..length];
                let mut dropped = typed.to_vec();
                dropped.remove(at);
                let mut doubled = typed.to_vec();
                doubled.insert(at, typed[at]);
                let mut changed = typed.to_vec();
                changed[at] = 'x';
                let mut swapped = typed.to_vec();
                swapped.swap(at, (at + 1).min(length - 1));
                for slip in [dropped, doubled, changed, swapped] {
                    assert!(starts_with_typo(&text, &slip) || text.starts_with(&slip), "{slip:?}");
                }
            }
        }
        assert!(!starts_with_typo(&text, &"surpeem".chars().collect::<Vec<_>>()));
    }
}
