//! The key under which searches are counted.

use crate::look_alike::visible;
use crate::text::fold_query;

/// The query folded, without characters that nothing is seen of. Empty when nothing can be seen.
#[must_use]
pub fn count_key(query: &str) -> String {
    fold_query(&visible(query))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_count_for_nothing() {
        assert_eq!(count_key("B\u{200b}ad\u{ad} \u{3164} words\u{202e}"), "bad words");
        assert_eq!(count_key("\u{200b}\u{2800} \u{e0041}"), "");
    }
}
