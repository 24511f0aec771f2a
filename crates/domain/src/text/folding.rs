//! Folding of search texts, search terms and counted queries, so that texts which look alike to a reader compare
//! equal. All of its rules are in this file, with their version.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

use super::is_invisible;

/// Incremented with every change of what [`fold`] and [`super::searchable`] make of a text. It is recorded in the
/// database: a service of another version does not start before `myashes doctor --repair` has folded the stored texts
/// anew.
pub const FOLDING_VERSION: i32 = 2;

/// Folds a text into words with one space between them; nothing but punctuation folds to nothing.
///
/// Compatibility forms, case and marks do not count, nor do invisible characters. Apostrophes and hyphens between letters
/// vanish; symbols (`%`, `_`, `+`, `&`, emoji) stay; other punctuation separates words as white space does. Folding a
/// folded text changes nothing.
#[must_use]
pub fn fold(text: &str) -> String {
    let letters = fold_letters(text);
    let mut folded = String::with_capacity(text.len());
    for (at, &c) in letters.iter().enumerate() {
        let is_letter =
            |at: Option<usize>| at.and_then(|at| letters.get(at)).is_some_and(|c| c.is_alphabetic());
        if joins_letters(c) && is_letter(at.checked_sub(1)) && is_letter(Some(at + 1)) {
            continue;
        }
        if !separates(c) {
            folded.push(c);
        } else if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Whether each such character begins a word: scripts that are written without spaces, and emoji.
#[must_use]
pub fn begins_word(c: char) -> bool {
    !c.is_ascii()
        && (matches!(c,
            // Thai and Lao, Burmese, Khmer, Kana, Han.
            '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3005}'..='\u{3007}'
            | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
            || c.general_category_group() == GeneralCategoryGroup::Symbol)
}

/// The words of a folded text.
pub fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(' ').flat_map(|run| {
        let mut begins: Vec<usize> = vec![];
        let mut after_single = true;
        for (at, c) in run.char_indices() {
            let single = begins_word(c);
            if single || after_single {
                begins.push(at);
            }
            after_single = single;
        }
        let ends: Vec<usize> = begins.iter().skip(1).copied().chain([run.len()]).collect();
        begins.into_iter().zip(ends).map(|(begin, end)| &run[begin..end])
    })
}

/// Small letters without marks, each separator one character.
fn fold_letters(text: &str) -> Vec<char> {
    if text.is_ascii() {
        return text.chars().map(|c| c.to_ascii_lowercase()).collect();
    }
    // An acute accent that stands alone is typed for an apostrophe; its compatibility form is a space and a mark.
    let once: String = text.chars().map(|c| if c == '\u{b4}' { '\'' } else { c }).collect();
    // Twice, since the small form of a letter may have a compatibility form of its own.
    let once = fold_once(&once);
    let twice = fold_once(&once);
    // Syllables of Hangul are put together again.
    twice.nfc().collect()
}

fn fold_once(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            c if is_combining_mark(c) || (is_invisible(c) && !c.is_whitespace() && !c.is_control()) => {}
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ħ' => folded.push('h'),
            'ŧ' => folded.push('t'),
            'ŋ' => folded.push('n'),
            'ı' => folded.push('i'),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ς' => folded.push('σ'),
            other => folded.push(other),
        }
    }
    folded
}

/// Apostrophes and hyphens.
fn joins_letters(c: char) -> bool {
    matches!(
        c,
        '\'' | '`'
            | '-'
            | '\u{2bb}'
            | '\u{2bc}'
            | '\u{2010}'
            | '\u{2011}'
            | '\u{2018}'
            | '\u{2019}'
            | '\u{2032}'
    )
}

fn separates(c: char) -> bool {
    if c.is_alphanumeric() {
        // Apostrophes that Unicode counts among letters.
        return matches!(c, '\u{2bb}' | '\u{2bc}');
    }
    match c {
        // Punctuation by Unicode, symbols by use.
        '%' | '&' | '@' | '#' | '*' | '_' | '‰' | '‱' | '§' | '¶' | '†' | '‡' | '※' => false,
        '`' => true,
        c => {
            c.is_whitespace()
                || c.is_control()
                || matches!(
                    c.general_category_group(),
                    GeneralCategoryGroup::Punctuation | GeneralCategoryGroup::Separator
                )
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_fold_as_people_read_them() {
        for (text, folded) in [
            ("Kaelár", "kaelar"),
            ("Py'Rai", "pyrai"),
            ("Py’Rai PyʼRai Py´Rai Py`Rai", "pyrai pyrai pyrai pyrai"),
            ("İSTANBUL ısparta", "istanbul isparta"),
            ("ＦＵＬＬ Straße ΟΔΟΣ οδος", "full strasse οδοσ οδοσ"),
            ("Ørsted Łódź Đorđe Æther Œuvre", "orsted lodz dorde aether oeuvre"),
            ("Ren-Kai ren‐kai", "renkai renkai"),
            ("tank-1 'n' heal - \"done\"", "tank 1 n heal done"),
            ("Wall [PvP](solo)", "wall pvp solo"),
            ("100% Tank_Build a+b R&D", "100% tank_build a+b r&d"),
            ("a,b;c.d!e?f/g\\h", "a b c d e f g h"),
            ("  Best\t\u{3000}TANK ", "best tank"),
            ("zero\u{200b}width \u{ad}soft", "zerowidth soft"),
            ("두루미", "두루미"),
            ("ガード", "カート"),
            ("!?… -- ''", ""),
            ("ﬁre ﷺ", "fire صلى الله عليه وسلم"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn scripts_without_spaces_have_a_word_in_each_character() {
        let words_of = |text: &str| words(&fold(text)).map(str::to_owned).collect::<Vec<_>>().join("|");
        assert_eq!(words_of("暗黑龙骑士 tank"), "暗|黑|龙|骑|士|tank");
        assert_eq!(words_of("fire🔥🔥wall"), "fire|🔥|🔥|wall");
        assert_eq!(words_of("두루미 c++"), "두루미|c++");
        assert_eq!(words_of(""), "");
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn each_character_folds_once(c in any::<char>()) {
            let once = fold(&format!("a{c}a {c}"));
            prop_assert_eq!(fold(&once), once);
        }
    }
}
