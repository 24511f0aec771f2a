//! JSON read strictly: a key that stands twice in one object is a fault, not a race between two values.

use std::cell::RefCell;
use std::fmt;

use myashes_domain::{Error, Fault, Faults};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Reads the object that a request body must be.
///
/// # Errors
/// [`Error::Unreadable`] for what is no JSON (a lone surrogate, a number out of range, and more than 127
/// levels included), [`Error::Invalid`] for keys that stand twice and for anything but an object.
pub fn object(bytes: &[u8]) -> Result<Map<String, Value>, Error> {
    let duplicates = RefCell::new(Vec::new());
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Strict { duplicates: &duplicates }
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| unreadable(&error))?;
    let duplicates = duplicates.into_inner();
    if !duplicates.is_empty() {
        return Err(Error::Invalid(Faults(duplicates.into_iter().map(duplicate).collect())));
    }
    match value {
        Value::Object(map) => Ok(map),
        _ => Err(Error::invalid("body", "type", "must be an object")),
    }
}

/// Where it broke off, without a word of what was sent.
fn unreadable(error: &serde_json::Error) -> Error {
    Error::Unreadable(
        format!("The body is not valid JSON (line {}, column {})", error.line(), error.column()).into(),
    )
}

fn duplicate(key: String) -> Fault {
    Fault::new(key, "duplicate", "must stand there once")
}

/// Longest name of a key that is repeated in a fault.
const SHOWN_KEY: usize = 64;

struct Strict<'a> {
    duplicates: &'a RefCell<Vec<String>>,
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(Strict { duplicates: self.duplicates })? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            let value = access.next_value_seed(Strict { duplicates: self.duplicates })?;
            if map.contains_key(&key) {
                let shown: String = key.chars().take(SHOWN_KEY).collect();
                let mut known = self.duplicates.borrow_mut();
                if known.len() < SHOWN_KEY && !known.contains(&shown) {
                    known.push(shown);
                }
            }
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_of(body: &str) -> &'static str {
        match object(body.as_bytes()) {
            Ok(_) => "ok",
            Err(Error::Invalid(faults)) => faults.0[0].code,
            Err(_) => "unreadable",
        }
    }

    #[test]
    fn what_is_not_json_is_unreadable() {
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        for body in ["", "{", "{'a':1}", r#"{"a":"\ud800"}"#, r#"{"a":1e400}"#, "{} {}", &deep] {
            assert_eq!(code_of(body), "unreadable", "{}", &body[..body.len().min(20)]);
        }
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
