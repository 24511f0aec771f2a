//! Strict JSON: a key that appears twice in one object is a validation error.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;

use myashes_domain::{Error, FieldError, FieldErrors};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::error::MAX_SHOWN_ERRORS;

/// Checks that a request body is an object in strict JSON.
///
/// # Errors
/// [`Error::Unreadable`] for invalid JSON (a lone surrogate included), [`Error::Invalid`] for numbers beyond the range of
/// doubles, more than 127 levels, keys that appear twice, and anything but an object.
pub fn check_object(bytes: &[u8]) -> Result<(), Error> {
    let duplicates = RefCell::new(Vec::new());
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let kind = Strict { duplicates: &duplicates }
        .deserialize(&mut deserializer)
        .and_then(|kind| deserializer.end().map(|()| kind))
        .map_err(|error| unusable(&error))?;
    let duplicates = duplicates.into_inner();
    if !duplicates.is_empty() {
        return Err(Error::Invalid(FieldErrors(duplicates.into_iter().map(duplicate).collect())));
    }
    match kind {
        JsonKind::Object => Ok(()),
        JsonKind::Other => Err(Error::invalid("body", "type", "must be an object")),
    }
}

/// The position of the error, without any of the text that was sent.
fn unusable(error: &serde_json::Error) -> Error {
    let at = format!("(line {}, column {})", error.line(), error.column());
    // The parser has no kinds for what is valid JSON and more than it reads.
    let reason = error.to_string();
    if reason.starts_with("number out of range") {
        return Error::invalid("body", "range", format!("holds a number that is too large {at}"));
    }
    if reason.starts_with("recursion limit exceeded") {
        return Error::invalid("body", "too_deep", format!("is nested too deeply {at}"));
    }
    Error::Unreadable(format!("The body is not valid JSON {at}").into())
}

fn duplicate(key: String) -> FieldError {
    FieldError::new(key, "duplicate", "appears more than once")
}

/// Longest name of a key that an error message repeats.
const SHOWN_KEY: usize = 64;

/// What the outermost value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum JsonKind {
    Object,
    Other,
}

struct Strict<'a> {
    duplicates: &'a RefCell<Vec<String>>,
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = JsonKind;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<JsonKind, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = JsonKind;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<JsonKind, E> {
        Ok(JsonKind::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<JsonKind, E> {
        Ok(JsonKind::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<JsonKind, E> {
        Ok(JsonKind::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<JsonKind, E> {
        Ok(JsonKind::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<JsonKind, E> {
        Ok(JsonKind::Other)
    }

    fn visit_str<E>(self, _: &str) -> Result<JsonKind, E> {
        Ok(JsonKind::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<JsonKind, A::Error> {
        while access.next_element_seed(Strict { duplicates: self.duplicates })?.is_some() {}
        Ok(JsonKind::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<JsonKind, A::Error> {
        let mut keys = HashSet::new();
        while let Some(key) = access.next_key::<String>()? {
            access.next_value_seed(Strict { duplicates: self.duplicates })?;
            if keys.contains(&key) {
                let shown: String = key.chars().take(SHOWN_KEY).collect();
                let mut known = self.duplicates.borrow_mut();
                if known.len() < MAX_SHOWN_ERRORS && !known.contains(&shown) {
                    known.push(shown);
                }
            }
            keys.insert(key);
        }
        Ok(JsonKind::Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_of(body: &str) -> &'static str {
        match check_object(body.as_bytes()) {
            Ok(_) => "ok",
            Err(Error::Invalid(faults)) => faults.0[0].code,
            Err(_) => "unreadable",
        }
    }

    #[test]
    fn what_is_not_json_is_unreadable() {
        for body in ["", "{", "{'a':1}", r#"{"a":"\ud800"}"#, "{} {}"] {
            assert_eq!(code_of(body), "unreadable", "{body}");
        }
    }

    #[test]
    fn what_is_json_and_more_than_is_read_is_invalid() {
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        assert_eq!(code_of(&deep), "too_deep");
        assert_eq!(code_of(r#"{"a":1e400}"#), "range");
        assert_eq!(code_of(r#"{"a":[-1e999]}"#), "range");
    }

    #[test]
    fn keys_that_stand_twice_are_faults_at_any_depth() {
        assert_eq!(code_of(r#"{"a":1,"a":2}"#), "duplicate");
        assert_eq!(code_of(r#"{"a":[{"b":1,"b":2}]}"#), "duplicate");
        assert_eq!(code_of(r#"{"a":1,"b":2}"#), "ok");
    }

    #[test]
    fn only_an_object_will_do() {
        assert_eq!(code_of("[1]"), "type");
        assert_eq!(code_of("null"), "type");
    }
}
