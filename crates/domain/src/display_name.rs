//! Display names of players, cleaned from what an identity provider returns.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::look_alike::look_alike_keys;
use crate::text::{fold_case, is_invisible};

/// The most characters of a name that are kept.
pub const MAX_DISPLAY_NAME: usize = 100;

/// Reserved names; names that look like them are reserved, too.
const RESERVED: [&str; 2] = ["MyAshes Official", "anonymous"];

const ID_PREFIX: usize = 8;

/// The name to show for a player: NFC, without control and invisible characters, white space folded. `Player `
/// and the first eight characters of the id when the name shows nothing or is reserved.
#[must_use]
pub fn display_name(name: Option<&str>, player_id: &str) -> String {
    name.and_then(usable).unwrap_or_else(|| {
        let id: String = player_id.chars().take(ID_PREFIX).collect();
        format!("Player {id}")
    })
}

/// Whether every character can be seen, spaces aside, and at least one is there to be seen.
#[must_use]
pub fn is_printable(text: &str) -> bool {
    let shown = |c: char| c == ' ' || !is_refused(c);
    text.chars().all(shown) && text.chars().any(is_visible)
}

fn usable(name: &str) -> Option<String> {
    let composed: Vec<char> = name.nfc().collect();
    let mut kept = String::with_capacity(name.len());
    for (at, c) in composed.iter().copied().enumerate() {
        if c.is_whitespace() {
            kept.push(' ');
        } else if is_joiner(c) {
            let before = at.checked_sub(1).and_then(|at| composed.get(at));
            // Scripts of India put a joiner behind a mark; elsewhere it stands between letters.
            let joins = before.is_some_and(|c| c.is_alphabetic() || is_combining_mark(*c))
                && composed.get(at + 1).is_some_and(|c| c.is_alphabetic());
            if joins {
                kept.push(c);
            }
        } else if !is_refused(c) {
            kept.push(c);
        }
    }
    let words: Vec<&str> = kept.split_whitespace().collect();
    let name: String = words.join(" ").chars().take(MAX_DISPLAY_NAME).collect();
    let name = name.trim_end();
    (name.chars().any(is_visible) && !is_reserved(name)).then(|| name.to_owned())
}

fn is_reserved(name: &str) -> bool {
    static RESERVED_LETTERS: LazyLock<Vec<String>> =
        LazyLock::new(|| RESERVED.iter().flat_map(|name| look_alike_letters(name)).collect());
    look_alike_letters(name).iter().any(|letters| RESERVED_LETTERS.contains(letters))
}

/// What looks alike has one of these in common, whatever its marks, spaces and punctuation. A `|` may stand for a letter
/// or be a decoration.
fn look_alike_letters(name: &str) -> Vec<String> {
    let keys = [look_alike_keys(name), look_alike_keys(&letters(name))];
    keys.iter().flatten().map(|key| letters(key)).collect()
}

/// What is left of a name when case, compatibility forms, marks, spaces and punctuation do not count.
fn letters(name: &str) -> String {
    fold_case(name).nfkd().filter(|c| c.is_alphanumeric()).collect()
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

fn is_visible(c: char) -> bool {
    !(is_invisible(c) || is_combining_mark(c))
}

/// What a name must not hold: all that is invisible, but for joiners and variation selectors, which change the
/// characters beside them.
fn is_refused(c: char) -> bool {
    let shapes = is_joiner(c) || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}');
    is_invisible(c) && !shapes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(name: &str) -> String {
        display_name(Some(name), "0123456789")
    }

    #[test]
    fn a_name_that_shows_nothing_or_is_reserved_is_none() {
        for none in [
            "",
            " \t",
            "\u{200b}\u{e0041}",
            "\u{2800}",
            "\u{301}",
            "MyAshes Official",
            "my-ashes OFFICIAL",
            "ＭｙＡｓｈｅｓ\u{3000}Official",
            "Anonymous",
            "a\u{ad}nonymous",
            "Anonymóus",
            "My\u{410}shes \u{41e}fficial",
            "\u{39c}y\u{391}shes 0fficial",
            "MyAshes OfficiaI",
            "|MyAshes| 0fficia1",
            "MyAshes Officia|",
            "rnyashes official",
            "an\u{3bf}nym\u{43e}us",
            "\u{1d4d0}nonymous",
        ] {
            assert_eq!(shown(none), "Player 01234567", "{none:?}");
        }
        assert_eq!(display_name(None, "ab"), "Player ab");
    }

    #[test]
    fn what_remains_is_composed_and_can_be_seen() {
        for (name, expected) in [
            ("Zoe\u{308}", "Zoë"),
            ("a\u{202e}b\u{7}\0c", "abc"),
            (" two \u{2028} words ", "two words"),
            ("\u{915}\u{94d}\u{200d}\u{937}", "\u{915}\u{94d}\u{200d}\u{937}"),
            ("a\u{200d} b\u{200c}", "a b"),
            ("Officially anonymous", "Officially anonymous"),
            ("\u{410}\u{43d}\u{43e}\u{43d}\u{438}\u{43c}", "\u{410}\u{43d}\u{43e}\u{43d}\u{438}\u{43c}"),
        ] {
            assert_eq!(shown(name), expected, "{name:?}");
        }
        assert_eq!(shown(&"x".repeat(200)).len(), MAX_DISPLAY_NAME);
    }

    #[test]
    fn an_id_of_printable_characters_is_printable() {
        assert!(is_printable("auth0|5f7c8e") && is_printable("Zoë 7"));
        for bad in ["", " ", "a\nb", "a\u{202e}", "\u{2066}", "a\u{200b}", "a\u{2028}b", "\0"] {
            assert!(!is_printable(bad), "{bad:?}");
        }
    }
}
