//! How numbers, dates and players' texts are written in pages, feeds and cards.

use std::fmt::Write as _;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A number with thousands separators: `12,345`.
#[must_use]
pub fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count with its noun: `1 vote`, `1,200 votes`.
#[must_use]
pub fn count(value: u64, noun: &str) -> String {
    format!("{} {noun}{}", number(value), if value == 1 { "" } else { "s" })
}

/// The day of an RFC 3339 timestamp: `14 January 2026`; the text itself where it is no timestamp.
#[must_use]
pub fn day(timestamp: &str) -> String {
    let parts = || {
        let (year, rest) = timestamp.split_once('-')?;
        let month: usize = rest.get(..2)?.parse().ok()?;
        let day: u8 = rest.get(3..5)?.parse().ok()?;
        Some(format!("{day} {} {}", MONTHS.get(month.checked_sub(1)?)?, year.parse::<u16>().ok()?))
    };
    parts().unwrap_or_else(|| timestamp.to_owned())
}

/// Whether a character is drawn by nothing and may change how its neighbours are read: controls,
/// directional marks and overrides, invisible operators, the byte order mark.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
            | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{2028}' | '\u{2029}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0001}')
}

/// A text without the characters that open or close embeddings, overrides and isolates of direction.
#[must_use]
pub fn without_direction(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')).collect()
}

/// A text for places that cannot isolate its direction (titles, attributes, feeds): one line, without
/// invisible characters.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut space = false;
    for c in text.chars() {
        if c.is_whitespace() {
            space = !out.is_empty();
        } else if !is_invisible(c) {
            if std::mem::take(&mut space) {
                out.push(' ');
            }
            out.push(c);
        }
    }
    out
}

/// The text cut to at most `limit` characters with an ellipsis, at a word's end where one is near.
#[must_use]
pub fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let end = text.char_indices().nth(limit.saturating_sub(1)).map_or(text.len(), |(at, _)| at);
    let head = &text[..end];
    let word_end = head.rfind(char::is_whitespace).filter(|at| *at * 4 >= head.len() * 3);
    // A joiner or variation selector at the end belongs to what was cut off.
    let kept = head[..word_end.unwrap_or(end)]
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200d}' | '\u{fe0e}' | '\u{fe0f}'));
    format!("{kept}…")
}

/// JSON that may stand inside a `<script>` element: nothing in it can end the element or a line.
#[must_use]
pub fn script_safe_json(value: &serde_json::Value) -> String {
    let mut out = String::new();
    for c in value.to_string().chars() {
        match c {
            '<' | '>' | '&' | '\'' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_separators() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(1_000), "1,000");
        assert_eq!(number(12_345_678), "12,345,678");
        assert_eq!(count(1, "vote"), "1 vote");
        assert_eq!(count(0, "vote"), "0 votes");
    }

    #[test]
    fn a_day_is_written_in_words() {
        assert_eq!(day("2026-01-14T09:30:00.123456Z"), "14 January 2026");
        assert_eq!(day("2026-13-14T09:30:00Z"), "2026-13-14T09:30:00Z");
        assert_eq!(day("später"), "später");
    }

    #[test]
    fn plain_text_is_one_line_without_overrides() {
        assert_eq!(plain(" a\n\tb\u{202e}c\u{0} "), "a bc");
        assert_eq!(plain("\u{2066}\u{200b}"), "");
    }

    #[test]
    fn a_cut_ends_at_a_word_and_never_within_an_emoji_sequence() {
        assert_eq!(cut("short", 5), "short");
        assert_eq!(cut("one two three four", 15), "one two three…");
        assert_eq!(cut(&"x".repeat(30), 10), format!("{}…", "x".repeat(9)));
        assert_eq!(cut("ab👩\u{200d}👩\u{200d}👧", 5), "ab👩…");
    }

    #[test]
    fn json_cannot_leave_its_script_element() {
        let value = serde_json::json!({"name": "</script><!-- \u{2028}'"});
        let json = script_safe_json(&value);
        assert!(!json.contains('<') && !json.contains('\u{2028}') && !json.contains('\''));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&json).unwrap(), value);
    }
}
