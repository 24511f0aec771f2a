//! What PostgreSQL calls an error: its SQLSTATE, which is the same in every language of its messages.
//!
//! Diesel passes on the message of an error, and drops the code. So the code is put in front of the message where it
//! comes in (`postgres/wire.rs`), and read here.

use diesel::result::DatabaseErrorInformation;

/// What comes before the code, and after it.
const BEFORE: &str = "SQLSTATE ";
const AFTER: &str = ": ";
const LENGTH: usize = 5;

/// The message with the code in front of it.
pub fn tagged(code: &str, message: &str) -> String {
    format!("{BEFORE}{code}{AFTER}{message}")
}

/// The code and the message of a text that is perhaps tagged.
pub fn split(text: &str) -> (Option<&str>, &str) {
    let split = text.strip_prefix(BEFORE).and_then(|rest| rest.split_once(AFTER));
    match split {
        Some((code, message)) if code.len() == LENGTH => (Some(code), message),
        _ => (None, text),
    }
}

/// The code in a text that quotes a tagged message.
pub fn within(text: &str) -> Option<&str> {
    split(&text[text.find(BEFORE)?..]).0
}

/// The code of a database's error; none of SQLite, and of errors that are of this side.
pub fn of(information: &(dyn DatabaseErrorInformation + Send + Sync)) -> Option<&str> {
    split(information.message()).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_where_one_was_put() {
        let text = tagged("57P01", "Verbindung wird abgebrochen: beendet");
        assert_eq!(split(&text), (Some("57P01"), "Verbindung wird abgebrochen: beendet"));
        assert_eq!(within(&format!("Failed to run 18 with: {text}")), Some("57P01"));
        for text in ["database is locked", "SQLSTATE ", "SQLSTATE 57P01", "SQLSTATE none: x", "57P01: x"] {
            assert_eq!(split(text), (None, text));
            assert_eq!(within(text), None);
        }
    }
}
