//! Escapes texts of users for the cells of a spreadsheet, so that none is evaluated as a formula.

use myashes_domain::text::{compatibility_form, is_invisible};

/// Puts `'` before what begins like a formula: at the start of the cell, and after every character within it that
/// some program treats as the end of a cell or a row.
pub fn without_formulas(cell: &str) -> String {
    let mut safe = String::with_capacity(cell.len() + 2);
    if cell.starts_with(['\t', '\r']) || begins_like_a_formula(cell) {
        safe.push('\'');
    }
    for (at, c) in cell.char_indices() {
        safe.push(c);
        if separates(c) && begins_like_a_formula(&cell[at + c.len_utf8()..]) {
            safe.push('\'');
        }
    }
    safe
}

fn separates(c: char) -> bool {
    matches!(c, ';' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Looks at the first character that can be seen and is no quote, in its compatibility form (`＝` is `=`). U+2212 is
/// the minus sign.
fn begins_like_a_formula(text: &str) -> bool {
    let first = text.chars().find(|c| !is_invisible(*c) && *c != '"');
    first.is_some_and(|c| matches!(compatibility_form(c), '=' | '+' | '-' | '@' | '\u{2212}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_get_an_apostrophe_at_the_start_and_behind_separators() {
        let formulas = [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\tx",
            "\rx",
            "\u{feff}=1",
            "\u{a0}\u{200b}＝1",
            "\"=1",
            "\u{2212}1",
        ];
        for cell in formulas {
            assert_eq!(without_formulas(cell), format!("'{cell}"));
        }
        assert_eq!(without_formulas("\n@x"), "'\n'@x");
        assert_eq!(without_formulas("a;=1"), "a;'=1");
        assert_eq!(without_formulas("a;\t=1"), "a;'\t'=1");
        assert_eq!(without_formulas("a; \"＋1"), "a;' \"＋1");
        assert_eq!(without_formulas("x\r\n-1"), "x\r'\n'-1");
    }

    #[test]
    fn other_text_stays() {
        for cell in ["tank", "a-b", "a; b", "1+1=2", "", "a\nb"] {
            assert_eq!(without_formulas(cell), cell);
        }
    }
}
