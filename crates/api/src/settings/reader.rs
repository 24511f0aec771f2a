//! Typed reads of merged values. Every failure names the variable, what was expected and where the value
//! came from.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use config::{Map, Value, ValueKind};

use super::error::SettingsError;
use super::values::{parse_bool, parse_duration, show_duration};
use super::variables::{Fallback, variable};

pub(super) struct Reader {
    values: Map<String, Value>,
}

impl Reader {
    pub(super) fn new(values: Map<String, Value>) -> Self {
        Self { values }
    }

    /// The value as text, `None` when it is unset.
    pub(super) fn text(&self, name: &'static str) -> Result<Option<String>, SettingsError> {
        self.parsed(name, "one value", |text| Some(text.to_owned()))
    }

    /// What `parse` makes of the value; where it says `None`, the value was not what was `expected`.
    pub(super) fn parsed<T>(
        &self,
        name: &'static str,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, SettingsError> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let text = match &value.kind {
            ValueKind::Array(_) | ValueKind::Table(_) | ValueKind::Nil => None,
            _ => Some(value.to_string()),
        };
        match text.as_deref().and_then(parse) {
            Some(parsed) => Ok(Some(parsed)),
            None => Err(mismatch(name, expected, value)),
        }
    }

    pub(super) fn bool(&self, name: &'static str) -> Result<Option<bool>, SettingsError> {
        self.parsed(name, "true or false", parse_bool)
    }

    pub(super) fn number<T>(&self, name: &'static str, range: RangeInclusive<T>) -> Result<T, SettingsError>
    where
        T: FromStr + PartialOrd + Display,
    {
        self.number_or_unset(name, range).map(|number| must(name, number))
    }

    pub(super) fn number_or_unset<T>(
        &self,
        name: &'static str,
        range: RangeInclusive<T>,
    ) -> Result<Option<T>, SettingsError>
    where
        T: FromStr + PartialOrd + Display,
    {
        let expected = format!("a number from {} to {}", range.start(), range.end());
        self.parsed(name, &expected, |text| text.parse().ok().filter(|number| range.contains(number)))
    }

    pub(super) fn duration(
        &self,
        name: &'static str,
        range: RangeInclusive<Duration>,
    ) -> Result<Duration, SettingsError> {
        let expected = format!(
            "a duration such as 30, 30s, 500ms or 3d, from {} to {}",
            show_duration(*range.start()),
            show_duration(*range.end())
        );
        self.parsed(name, &expected, |text| parse_duration(text).filter(|duration| range.contains(duration)))
            .map(|duration| must(name, duration))
    }

    /// Items of a list: an array of the file, a JSON array, or text with commas. `None` when it is unset.
    pub(super) fn list<T>(
        &self,
        name: &'static str,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<Vec<T>>, SettingsError> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let items = match &value.kind {
            ValueKind::Array(items) => Some(items.iter().map(ToString::to_string).collect()),
            ValueKind::Table(_) | ValueKind::Nil => None,
            _ => split(&value.to_string()),
        };
        let parsed = items.and_then(|items: Vec<String>| items.iter().map(|item| parse(item)).collect());
        parsed.map(Some).ok_or_else(|| mismatch(name, expected, value))
    }

    /// The value as it would be shown, whatever its kind.
    pub(super) fn shown(&self, name: &'static str) -> Option<String> {
        self.value(name).map(ToString::to_string)
    }

    fn value(&self, name: &'static str) -> Option<&Value> {
        debug_assert!(variable(name).is_some(), "{name} is missing from the table of variables");
        self.values.get(name)
    }
}

/// For variables whose default stands in the table.
pub(super) fn must<T>(name: &'static str, value: Option<T>) -> T {
    debug_assert!(matches!(variable(name).map(|v| v.default), Some(Fallback::Value(_))), "{name}");
    value.expect("a variable with a default has a value")
}

fn split(text: &str) -> Option<Vec<String>> {
    if text.trim_start().starts_with('[') {
        return serde_json::from_str(text).ok();
    }
    Some(text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect())
}

fn mismatch(name: &str, expected: &str, value: &Value) -> SettingsError {
    let origin = value.origin().unwrap_or("the defaults");
    // URLs may hold a password even where the variable as such is no secret.
    let hidden = variable(name).is_some_and(|variable| variable.secret) || value.to_string().contains('@');
    let got = if hidden { "a value that is not shown".to_owned() } else { format!("`{value}`") };
    SettingsError::new(format!("{name}: expected {expected}, got {got} (from {origin})"))
}
