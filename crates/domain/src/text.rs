//! Validation and folding of text: trimming, lengths, search text and search terms.

use unicode_normalization::UnicodeNormalization;

use crate::error::FieldError;

mod folding;
mod search_term;

pub use folding::{FOLDING_VERSION, fold, words};
pub use search_term::{MIN_FOR_TYPO, SearchTerm};

/// Trims `raw` and checks its length in Unicode scalar values. NUL is refused, because PostgreSQL cannot
/// store it and SQLite can, and both must give the same result.
///
/// # Errors
/// A validation error on `field` for a text with NUL, and for one that is shorter than `min` or longer than `max`.
pub fn bounded(field: &'static str, raw: &str, min: usize, max: usize) -> Result<String, FieldError> {
    if raw.contains('\0') {
        return Err(FieldError::new(field, "nul", "must not contain the NUL character"));
    }
    let text = raw.trim();
    let length = text.chars().count();
    if length < min && min == 1 {
        return Err(FieldError::new(field, "length", "must not be empty"));
    }
    if length < min || length > max {
        return Err(FieldError::new(
            field,
            "length",
            format!("must have between {min} and {max} characters"),
        ));
    }
    Ok(text.to_owned())
}

/// A name: 1 to `max` characters as in [`bounded`], at least one of which can be seen.
///
/// # Errors
/// As [`bounded`], and for a text of invisible characters only.
pub fn bounded_visible(field: &'static str, raw: &str, max: usize) -> Result<String, FieldError> {
    let text = bounded(field, raw, 1, max)?;
    if text.chars().all(is_invisible) {
        return Err(FieldError::new(field, "visible", "must contain a visible character"));
    }
    Ok(text)
}

/// The first character of a character's compatibility form (NFKC): `=` for `＝`.
#[must_use]
pub fn compatibility_form(c: char) -> char {
    std::iter::once(c).nfkc().next().unwrap_or(c)
}

/// Whether a character leaves no mark: white space, controls, format characters, what Unicode calls default
/// ignorable, blank letters, and code points that are no characters.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fdd0}'..='\u{fdef}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{13430}'..='\u{1343f}' | '\u{16fe4}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d159}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// Folds case and compatibility forms (NFKC), and leaves marks and punctuation as they are.
#[must_use]
pub fn fold_case(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkc().flat_map(char::to_lowercase) {
        match c {
            // Lower-casing alone keeps these apart from what their capitals fold to.
            'ß' => folded.push_str("ss"),
            'ς' => folded.push('σ'),
            other => folded.push(other),
        }
    }
    folded.nfkc().collect()
}

/// The most characters of a folded query: four times those of the longest search that is counted.
pub const MAX_FOLDED_QUERY: usize = 2_000;

/// The key under which searches are counted: the text folded, or, where that leaves nothing, its characters with case and
/// white space folded. Cut to [`MAX_FOLDED_QUERY`] characters.
#[must_use]
pub fn fold_query(text: &str) -> String {
    let folded = fold(text);
    if folded.is_empty() { fold_case_query(text) } else { cut_query(folded) }
}

/// Case, compatibility forms and white space folded, marks and punctuation left as they are; cut as [`fold_query`] does.
#[must_use]
pub fn fold_case_query(text: &str) -> String {
    cut_query(fold_case(text).split_whitespace().collect::<Vec<_>>().join(" "))
}

fn cut_query(mut folded: String) -> String {
    truncate(&mut folded, MAX_FOLDED_QUERY);
    folded.truncate(folded.trim_end().len());
    folded
}

/// Folds a text to search for. `None` when nothing is left of it.
///
/// # Errors
/// A validation error when it has more than [`SearchTerm::MAX`] characters, before or after folding.
pub fn fold_term(field: &'static str, raw: &str) -> Result<Option<String>, FieldError> {
    let folded = fold(&bounded(field, raw, 0, SearchTerm::MAX)?);
    if folded.chars().count() > SearchTerm::MAX {
        let message =
            format!("must have at most {} characters after case and compatibility folding", SearchTerm::MAX);
        return Err(FieldError::new(field, "length", message));
    }
    Ok((!folded.is_empty()).then_some(folded))
}

/// Cuts `text` to `max` characters.
fn truncate(text: &mut String, max: usize) {
    if let Some((end, _)) = text.char_indices().nth(max) {
        text.truncate(end);
    }
}

/// How many characters are stored for each that a field may have: folding makes up to eighteen of one.
const FOLDED_GROWTH: usize = 4;

/// The text a search looks in, from fields and the most characters of each: a line per field, cut to
/// [`FOLDED_GROWTH`] times that. Every word has two spaces before it: that makes "starts with `t`" a three-character
/// pattern, which trigram indexes of both databases can answer. The last of a line has one behind it, so that "ends with
/// `nk`" is such a pattern, too.
#[must_use]
pub fn searchable(fields: &[(&str, usize)]) -> String {
    let mut text = String::new();
    for (index, (field, max)) in fields.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        let mut line = String::new();
        for word in words(&fold(field)) {
            line.push_str("  ");
            line.push_str(word);
        }
        truncate(&mut line, FOLDED_GROWTH * max);
        text.push_str(&line);
        if !line.is_empty() {
            text.push(' ');
        }
    }
    text
}

/// A `LIKE` pattern (escape `\`) for "contains `text`".
#[must_use]
pub fn like_contains(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 4);
    pattern.push('%');
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn finds(term: &str, text: &str) -> bool {
        let term = SearchTerm::parse(term).unwrap().unwrap();
        searchable(&[(text, 100)]).contains(term.needle())
    }

    #[test]
    fn short_terms_match_at_the_start_of_a_word_and_long_ones_anywhere() {
        assert!(finds("t", "Iron Tank"));
        assert!(finds("ta", "Iron Tank"));
        assert!(!finds("an", "Iron Tank"));
        assert!(finds("ank", "Iron Tank"));
        assert!(finds("pv", "Wall [PvP]"), "a word may begin after punctuation");
    }

    #[test]
    fn terms_of_several_words_need_them_side_by_side_within_one_field() {
        assert!(finds("iron   TANK", "Iron Tank"));
        assert!(finds("tank pvp", "tank [pvp]"), "punctuation separates words");
        assert!(!finds("tank pvp", "tank for pvp"));
        let two = searchable(&[("iron", 100), ("tank", 100)]);
        assert!(!two.contains(SearchTerm::parse("iron tank").unwrap().unwrap().needle()));
    }

    #[test]
    fn a_character_that_is_a_word_is_looked_for_with_the_spaces_around_it() {
        for (term, needle) in [("龙骑", "  龙  骑 "), ("🔥wall", "  🔥  wall"), ("wall 🔥", "wall  🔥 ")]
        {
            assert_eq!(SearchTerm::parse(term).unwrap().unwrap().needle(), needle);
            assert!(finds(term, &format!("x{term}x")));
        }
    }

    #[test]
    fn folded_terms_find_what_people_mean() {
        for (term, text) in [
            ("kaelar", "Kaelár"),
            ("Kaelár", "kaelar"),
            ("pyrai", "Py'Rai"),
            ("py’rai", "PYRAI"),
            ("istanbul", "İSTANBUL"),
            ("龙骑", "暗黑龙骑士"),
            ("骑", "暗黑龙骑士"),
            ("龙骑士", "暗黑龙骑士"),
            ("🔥", "Fire🔥Wall"),
            ("100%", "my 100% tank"),
            ("c++", "The C++ build"),
            ("미", "미나"),
        ] {
            assert!(finds(term, text), "{term} in {text}");
        }
        assert!(!finds("骑龙", "暗黑龙骑士"));
        assert_eq!(SearchTerm::parse("!? --").unwrap(), None);
        assert_eq!(fold_query("  Best\t\u{3000}TANK "), "best tank");
        assert_eq!((fold_query("?!"), fold_query("？ ！")), ("?!".into(), "? !".into()));
    }

    /// Any text, with many of the characters that grow when they are folded.
    fn growing_text() -> impl Strategy<Value = String> {
        let growing = prop::sample::select(vec![
            '\u{fdfa}', '\u{fdfb}', '\u{2057}', '\u{fb03}', '\u{130}', 'ß', ' ', '.', 'a',
        ]);
        prop::collection::vec(prop_oneof![growing, any::<char>()], 0..120).prop_map(String::from_iter)
    }

    proptest! {
        #[test]
        fn a_folded_term_has_at_most_100_characters_or_is_refused(raw in growing_text()) {
            match SearchTerm::parse(&raw) {
                Ok(Some(term)) => prop_assert!(term.folded().chars().count() <= SearchTerm::MAX),
                Ok(None) => {}
                Err(fault) => prop_assert!(fault.code == "length" || raw.contains('\0')),
            }
        }
    }

    #[test]
    fn a_term_that_grows_when_folded_is_refused_or_found() {
        assert_eq!(SearchTerm::parse(&"\u{fdfa}".repeat(6)).unwrap_err().code, "length");
        assert!(finds(&"\u{fdfa}".repeat(5), &"\u{fdfa}".repeat(5)));
    }

    #[test]
    fn a_folded_query_is_cut() {
        let folded = fold_query(&"\u{fdfa}".repeat(500));
        assert!(folded.chars().count() <= 2_000 && !folded.ends_with(' '), "{}", folded.chars().count());
        assert_eq!(fold_query(&folded), folded);
        assert_eq!(fold_query(&"x".repeat(1_000)).len(), 1_000);
    }

    #[test]
    fn wildcards_match_themselves() {
        assert_eq!(like_contains("50%_\\"), "%50\\%\\_\\\\%");
    }

    #[test]
    fn lengths_count_scalar_values_after_trimming() {
        assert_eq!(bounded("name", "  né  ", 1, 2).unwrap(), "né");
        assert_eq!(bounded("name", "   ", 1, 2).unwrap_err().code, "length");
        assert_eq!(bounded("name", "a\0", 1, 9).unwrap_err().code, "nul");
        assert_eq!(bounded("name", "abc", 1, 2).unwrap_err().code, "length");
    }
}
