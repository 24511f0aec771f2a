//! Keys that are equal for texts that look alike, by the confusable characters of UTS #39.

use crate::text::{fold_case, fold_case_query, fold_query, is_invisible};

/// The text without the characters that nothing is seen of, white space aside.
#[must_use]
pub fn visible(text: &str) -> String {
    text.chars().filter(|c| c.is_whitespace() || !is_invisible(*c)).collect()
}

/// Two keys: texts look alike when they share one of them. In the first a letter is taken for what its small form looks
/// like, in the second for what its capital looks like: `В` of Cyrillic passes for `B`, while `в` does not pass for `b`.
#[must_use]
pub fn look_alike_keys(text: &str) -> [String; 2] {
    let folded = fold_query(&visible(text));
    [Form::Small, Form::Capital].map(|form| skeleton(&folded, form))
}

#[derive(Clone, Copy, PartialEq)]
enum Form {
    Small,
    Capital,
}

/// The skeleton of a folded text. A letter that looks like none of ASCII in one form is taken in the other.
fn skeleton(folded: &str, form: Form) -> String {
    let mut text = String::with_capacity(folded.len());
    for c in folded.chars() {
        match c {
            // The capital looks like `l`. No other letter of ASCII looks like another one.
            'i' if form == Form::Capital => text.push('l'),
            c if c.is_ascii() => text.push(c),
            c => {
                let (small, capital) = (prototype([c].into_iter()), prototype(c.to_uppercase()));
                let (first, second) = match form {
                    Form::Small => (small, capital),
                    Form::Capital => (capital, small),
                };
                text.push_str(if second.is_ascii() && !first.is_ascii() { &second } else { &first });
            }
        }
    }
    // A prototype may be a capital, or have one of its own once it is small: `М` is `M`, and `m` is `rn`.
    let prototypes: String = unicode_security::skeleton(&fold_case(&text)).collect();
    fold_case_query(&prototypes)
}

fn prototype(letter: impl Iterator<Item = char>) -> String {
    let letter: String = letter.collect();
    unicode_security::skeleton(&letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look_alike(one: &str, other: &str) -> bool {
        look_alike_keys(one).iter().any(|key| look_alike_keys(other).contains(key))
    }

    #[test]
    fn texts_that_look_alike_share_a_key_and_others_do_not() {
        for disguised in [
            "BAD words",
            "b\u{430}d words",
            "bad w\u{3bf}rds",
            "bad w0rds",
            "b\u{200b}a\u{ad}d words\u{202e}",
            "ＢＡＤ\u{3000}words",
            "\u{412}AD WORDS",
            "\u{432}ad words",
            "\u{392}\u{391}d words",
        ] {
            assert!(look_alike(disguised, "bad words"), "{disguised:?}");
        }
        for other in ["bed words", "bad word", "badwords", "\u{434}ad words"] {
            assert!(!look_alike(other, "bad words"), "{other:?}");
        }
    }

    #[test]
    fn letters_pass_for_what_either_form_looks_like() {
        for (one, other) in [
            ("modern", "rnodern"),
            ("modern", "\u{41c}ODERN"),
            ("modern", "\u{43c}odern"),
            ("ice", "lCE"),
            ("ice", "1ce"),
            ("ice", "|ce"),
            ("nice", "\u{39d}ICE"),
            ("vine", "\u{3bd}ine"),
        ] {
            assert!(look_alike(one, other), "{one:?} {other:?}");
        }
        assert!(!look_alike("nice", "vice"));
    }

    #[test]
    fn a_key_has_itself_for_a_key_and_is_bounded() {
        for text in ["bad words", "\u{412}AD", "m0dern |", "\u{fdfa}\u{301}", "οδος ß"] {
            for key in look_alike_keys(text) {
                assert!(look_alike_keys(&key).contains(&key), "{text:?}: {key:?}");
            }
        }
        let long = "\u{fdfa}m".repeat(400);
        assert!(
            look_alike_keys(&long).iter().all(|key| key.chars().count() <= crate::text::MAX_FOLDED_QUERY)
        );
    }
}
