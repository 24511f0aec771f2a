//! The term of a search, and the pieces of it that a typo leaves unchanged.

use super::fold_term;
use super::folding::{begins_word, words};
use crate::error::FieldError;

/// A search term of 1 to 100 characters before and after folding. Terms of three characters and more are found anywhere,
/// shorter ones at the start of a word.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SearchTerm {
    needle: String,
    folded: String,
}

impl SearchTerm {
    /// The most characters of a term, before and after folding.
    pub const MAX: usize = 100;

    /// `None` for a term of nothing but white space and punctuation, which is no search at all.
    ///
    /// # Errors
    /// A validation error on `search`, as [`fold_term`] describes it.
    pub fn parse(raw: &str) -> Result<Option<Self>, FieldError> {
        let Some(folded) = fold_term("search", raw)? else { return Ok(None) };
        let mut needle = words(&folded).collect::<Vec<_>>().join("  ");
        // Spaces stand around a character that is a word, and an index of trigrams finds it by them.
        if folded.chars().count() < 3 || folded.starts_with(begins_word) {
            needle.insert_str(0, "  ");
        }
        if folded.ends_with(begins_word) {
            needle.push(' ');
        }
        Ok(Some(Self { needle, folded }))
    }

    /// What must stand in [`searchable`] text.
    #[must_use]
    pub fn needle(&self) -> &str {
        &self.needle
    }

    /// The term as a person would read it, folded.
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// The needles of its words, each as of a term of that word alone.
    #[must_use]
    pub fn word_needles(&self) -> Vec<String> {
        let needle = |word: &str| {
            if word.chars().count() < 3 { format!("  {word}") } else { word.to_owned() }
        };
        words(&self.folded).map(needle).collect()
    }

    /// Pieces of searched text of which every name holds one group that is spelled like the term but for one typo: a
    /// letter that was changed, left out, added, or swapped with its neighbour. Each piece has at least three
    /// characters, as trigrams have; a group may also stand in names that are spelled otherwise. Empty for terms that
    /// are too short.
    #[must_use]
    pub fn slip_pieces(&self) -> Vec<Vec<String>> {
        let words: Vec<&str> = words(&self.folded).collect();
        let letters = |word: &str| word.chars().count();
        if self.folded.chars().count() < MIN_FOR_TYPO || words.len() > MAX_SLIP_WORDS {
            return vec![];
        }
        if let [word] = words[..] {
            return word_slips(word);
        }
        // The slip is in one of the words, and the others stand as they are; a word of its own may have come of two.
        let long: Vec<usize> = (0..words.len()).filter(|&at| letters(words[at]) >= 3).collect();
        let others = |slipped: usize| -> Vec<String> {
            long.iter().filter(|&&at| at != slipped).map(|&at| words[at].to_owned()).collect()
        };
        let mut groups: Vec<Vec<String>> =
            (0..words.len()).map(others).filter(|group| !group.is_empty()).collect();
        groups.extend(word_slips(&words.concat()));
        groups.sort();
        groups.dedup();
        groups
    }
}

/// The least number of characters of a term in which a typo of one letter is accepted.
pub const MIN_FOR_TYPO: usize = 4;

/// The most words of a term in which a typo is looked for.
const MAX_SLIP_WORDS: usize = 8;

/// From how many letters on a word is looked for by its thirds, of which a typo leaves one unchanged.
const LONG_WORD: usize = 9;

/// Groups of pieces of a text with this word, or with two that were joined, but for one typo.
fn word_slips(word: &str) -> Vec<Vec<String>> {
    let letters: Vec<char> = word.chars().collect();
    let text = |letters: &[char]| letters.iter().collect::<String>();
    let count = letters.len();
    if count >= LONG_WORD {
        let third = count / 3;
        let thirds = [&letters[..third], &letters[third..2 * third], &letters[2 * third..]];
        return thirds.iter().map(|third| vec![text(third)]).collect();
    }
    let mut groups = vec![];
    for at in 0..count {
        // One letter less, another one, or one more at this place.
        let pieces = [format!("  {}", text(&letters[..at])), format!("{} ", text(&letters[at + 1..]))];
        groups.push(pieces.into_iter().filter(|piece| piece.chars().count() >= 3).collect());
        if at + 1 < count {
            let mut swapped = letters.clone();
            swapped.swap(at, at + 1);
            groups.push(vec![format!("  {} ", text(&swapped))]);
            // A space that was left out.
            groups.push(vec![format!("{}  {}", text(&letters[..=at]), text(&letters[at + 1..]))]);
        }
    }
    groups.retain(|group: &Vec<String>| !group.is_empty());
    groups.dedup();
    groups
}

#[cfg(test)]
mod tests {
    use super::super::searchable;
    use super::*;

    #[test]
    fn each_slip_leaves_one_group_of_pieces_in_the_text() {
        for name in ["wall", "siren", "templar", "archwizard", "stormborn keystone", "iron wall of tanks"] {
            let text = searchable(&[(name, 100)]);
            let letters: Vec<char> = name.chars().collect();
            for at in 0..letters.len() {
                let mut slips = vec![letters.clone(); 4];
                slips[0].remove(at);
                slips[1].insert(at, letters[at]);
                slips[2][at] = 'x';
                slips[3].swap(at, (at + 1).min(letters.len() - 1));
                for slip in slips {
                    let slip: String = slip.into_iter().collect();
                    let Some(term) = SearchTerm::parse(&slip).unwrap() else { continue };
                    if term.folded().chars().count() < MIN_FOR_TYPO {
                        continue;
                    }
                    let groups = term.slip_pieces();
                    let stands = |group: &Vec<String>| group.iter().all(|piece| text.contains(piece));
                    assert!(groups.iter().any(stands) || text.contains(term.needle()), "{slip}: {groups:?}");
                    assert!(groups.iter().flatten().all(|piece| piece.chars().count() >= 3), "{groups:?}");
                    assert!(groups.len() <= 3 * LONG_WORD, "{}", groups.len());
                }
            }
        }
        assert!(SearchTerm::parse("ab").unwrap().unwrap().slip_pieces().is_empty());
    }
}
