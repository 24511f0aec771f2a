//! Keys of search queries: one to count under, one to compare with what an administrator has hidden.

use crate::text::{fold_query, is_invisible};

/// The key a query is counted under: folded, without characters that nothing is seen of.
#[must_use]
pub fn count_key(query: &str) -> String {
    let seen: String = query.chars().filter(|c| c.is_whitespace() || !is_invisible(*c)).collect();
    fold_query(&seen)
}

/// The key by which queries that look alike are the same: the skeleton of confusable characters (UTS #39) of the
/// counting key.
#[must_use]
pub fn look_alike_key(query: &str) -> String {
    let skeleton: String = unicode_security::skeleton(&count_key(query)).collect();
    // Prototypes may be capitals.
    count_key(&skeleton)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_count_for_nothing() {
        assert_eq!(count_key("B\u{200b}ad\u{ad} \u{3164} words\u{202e}"), "bad words");
    }

    #[test]
    fn words_that_look_alike_have_one_key_and_others_have_not() {
        let key = look_alike_key("bad words");
        for disguised in ["b\u{430}d words", "BAD WORDS", "bad w\u{3bf}rds", "b\u{200b}ad words"] {
            assert_eq!(look_alike_key(disguised), key, "{disguised:?}");
        }
        assert_ne!(look_alike_key("bed words"), key);
        assert_eq!(look_alike_key(&key), key, "stable");
    }
}
