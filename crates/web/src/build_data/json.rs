//! JSON that keeps the order of members and the text of numbers.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The deepest nesting that is read; what lies deeper is left out.
const MAX_DEPTH: usize = 8;

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Text(String),
    /// A number, boolean or null as it was written.
    Literal(String),
    Array(Vec<Value>),
    Object(Vec<(String, Value)>),
}

impl Value {
    /// Reads a text; `None` when it is no JSON.
    pub fn parse(text: &str) -> Option<Self> {
        let raw: &RawValue = serde_json::from_str(text).ok()?;
        Self::read(raw, MAX_DEPTH)
    }

    fn read(raw: &RawValue, depth: usize) -> Option<Self> {
        let text = raw.get();
        match text.as_bytes().first()? {
            b'{' | b'[' if depth == 0 => Some(Self::Text("…".to_owned())),
            b'{' => {
                let Members(members) = serde_json::from_str(text).ok()?;
                let members = members.into_iter().map(|(key, raw)| Some((key, Self::read(raw, depth - 1)?)));
                members.collect::<Option<_>>().map(Self::Object)
            }
            b'[' => {
                let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
                items
                    .into_iter()
                    .map(|raw| Self::read(raw, depth - 1))
                    .collect::<Option<_>>()
                    .map(Self::Array)
            }
            b'"' => serde_json::from_str(text).ok().map(Self::Text),
            _ => Some(Self::Literal(text.to_owned())),
        }
    }

    /// Whether it says nothing: null, or an empty text, list or object.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.trim().is_empty(),
            Self::Literal(text) => text == "null",
            Self::Array(items) => items.iter().all(Self::is_empty),
            Self::Object(members) => members.iter().all(|(_, value)| value.is_empty()),
        }
    }

    pub fn is_text(&self) -> bool {
        matches!(self, Self::Text(_))
    }

    /// A list of values without parts, joined by commas, when it has at most `limit` characters.
    pub fn short_list(&self, limit: usize) -> Option<String> {
        let Self::Array(items) = self else { return None };
        let parts: Vec<String> = items.iter().map(Self::scalar).collect::<Option<_>>()?;
        let line = parts.join(", ");
        (line.chars().count() <= limit).then_some(line)
    }

    /// The members of an object without further parts in one line, `Vitality 12, Block 3`, when it has at most `limit`
    /// characters.
    pub fn short_members(&self, limit: usize) -> Option<String> {
        let Self::Object(members) = self else { return None };
        let part =
            |(key, value): &(String, Self)| Some(format!("{} {}", super::heading(key), value.scalar()?));
        let parts: Vec<String> =
            members.iter().filter(|(_, value)| !value.is_empty()).map(part).collect::<Option<_>>()?;
        let line = parts.join(", ");
        (line.chars().count() <= limit).then_some(line)
    }

    /// A value without parts in words.
    pub fn scalar(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Literal(text) => Some(match text.as_str() {
                "true" => "yes".to_owned(),
                "false" => "no".to_owned(),
                "null" => "none".to_owned(),
                number => number.to_owned(),
            }),
            Self::Array(_) | Self::Object(_) => None,
        }
    }
}

/// The members of an object in their order.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;

        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(members)
            }
        }

        deserializer.deserialize_map(MembersVisitor).map(Members)
    }
}
