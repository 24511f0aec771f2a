//! The calculator's data: JSON that is kept as it was sent.

use serde_json::Value;

use crate::error::FieldError;

/// The calculator's data of a build: a JSON object that the service stores without interpreting it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildData(String);

impl BuildData {
    /// Bytes of its compact JSON.
    pub const MAX_BYTES: usize = 32 * 1024;
    /// Levels of objects and arrays, the outermost counted.
    pub const MAX_DEPTH: usize = 16;

    /// Checks a parsed value. Numbers keep the form that the parser gave them.
    ///
    /// # Errors
    /// As [`Self::parse_text`].
    pub fn parse(value: &Value) -> Result<Self, FieldError> {
        Self::checked(value, value.to_string())
    }

    /// From JSON text, whose numbers are kept digit by digit.
    ///
    /// # Errors
    /// A validation error for anything but a JSON object, and for one that is too deep or too large.
    pub fn parse_text(json: &str) -> Result<Self, FieldError> {
        let no_json = |_| FieldError::new("build_data", "type", "must be an object");
        let value: Value = serde_json::from_str(json).map_err(no_json)?;
        Self::checked(&value, compact(json))
    }

    fn checked(value: &Value, json: String) -> Result<Self, FieldError> {
        if !value.is_object() {
            return Err(FieldError::new("build_data", "type", "must be an object"));
        }
        if depth(value) > Self::MAX_DEPTH {
            let message = format!("must be at most {} levels deep", Self::MAX_DEPTH);
            return Err(FieldError::new("build_data", "too_deep", message));
        }
        if json.len() > Self::MAX_BYTES {
            let message = format!("must be at most {} bytes of JSON", Self::MAX_BYTES);
            return Err(FieldError::new("build_data", "too_large", message));
        }
        Ok(Self(json))
    }

    /// Compact JSON.
    #[must_use]
    pub fn into_json(self) -> String {
        self.0
    }
}

/// Valid JSON without white space between its tokens, and with the shortest escapes. Numbers stay as they are.
fn compact(json: &str) -> String {
    let mut compacted = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(c) = rest.chars().next() {
        if c != '"' {
            if !c.is_ascii_whitespace() {
                compacted.push(c);
            }
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let (string, behind) = rest.split_at(string_length(rest));
        match serde_json::from_str::<String>(string) {
            Ok(text) => compacted.push_str(&Value::String(text).to_string()),
            Err(_) => compacted.push_str(string),
        }
        rest = behind;
    }
    compacted
}

/// Bytes of the JSON string that `json` begins with, both quotes counted.
fn string_length(json: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in json.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    json.len()
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_build_data_stay_digit_by_digit() {
        let json = "{ \"a\" : [ -0 ,\n1.0, 1e-400,18446744073709551616 ],\t\"b \\\" \\\\\":\"\\u00e9 , 1\" }";
        let kept = BuildData::parse_text(json).unwrap();
        let expected = "{\"a\":[-0,1.0,1e-400,18446744073709551616],\"b \\\" \\\\\":\"é , 1\"}";
        assert_eq!(kept.into_json(), expected);
        assert_eq!(BuildData::parse_text("[1]").unwrap_err().code, "type");
    }

    #[test]
    fn build_data_is_an_object_of_bounded_depth_and_size() {
        let nested = |levels: usize| {
            (1..levels).fold(serde_json::json!({}), |inner, _| serde_json::json!({"a": inner}))
        };
        assert!(BuildData::parse(&nested(16)).is_ok());
        assert_eq!(BuildData::parse(&nested(17)).unwrap_err().code, "too_deep");
        assert_eq!(BuildData::parse(&serde_json::json!([])).unwrap_err().code, "type");
        let large = serde_json::json!({"a": "x".repeat(BuildData::MAX_BYTES)});
        assert_eq!(BuildData::parse(&large).unwrap_err().code, "too_large");
    }
}
