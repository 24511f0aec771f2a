//! Typed reads of merged values. Every failure names the variable, what was expected and where the value
//! came from. The crate config only joins the layers: its own type errors print the values, which may be secrets.

use config::{Map, Value, ValueKind};

use super::error::SettingsError;
use super::variables::{DefaultValue, Var, Variable};

pub(super) struct Reader {
    values: Map<String, Value>,
}

impl Reader {
    pub(super) fn new(values: Map<String, Value>) -> Self {
        Self { values }
    }

    /// The value of a variable that has a default.
    pub(super) fn required<T>(&self, var: &Var<T>) -> Result<T, SettingsError> {
        debug_assert!(matches!(var.variable.default, DefaultValue::Value(_)), "{}", var.variable.name);
        Ok(self.optional(var)?.expect("a variable with a default has a value"))
    }

    /// `None` when it is unset.
    pub(super) fn optional<T>(&self, var: &Var<T>) -> Result<Option<T>, SettingsError> {
        let Some(value) = self.value(&var.variable) else { return Ok(None) };
        let text = match &value.kind {
            ValueKind::Array(_) | ValueKind::Table(_) | ValueKind::Nil => None,
            _ => Some(value.to_string()),
        };
        let read = text.as_deref().and_then(|text| var.kind.read(text));
        read.map(Some).ok_or_else(|| mismatch(var, value))
    }

    /// Items of a list: an array of the file, a JSON array, or text with commas. `None` when it is unset.
    pub(super) fn list<T>(&self, var: &Var<T>) -> Result<Option<Vec<T>>, SettingsError> {
        let Some(value) = self.value(&var.variable) else { return Ok(None) };
        let items = match &value.kind {
            ValueKind::Array(items) => Some(items.iter().map(ToString::to_string).collect()),
            ValueKind::Table(_) | ValueKind::Nil => None,
            _ => split(&value.to_string()),
        };
        let read =
            items.and_then(|items: Vec<String>| items.iter().map(|item| var.kind.read(item)).collect());
        read.map(Some).ok_or_else(|| mismatch(var, value))
    }

    /// The value as it would be shown, whatever its kind.
    pub(super) fn shown(&self, variable: &Variable) -> Option<String> {
        self.value(variable).map(ToString::to_string)
    }

    fn value(&self, variable: &Variable) -> Option<&Value> {
        self.values.get(variable.name)
    }
}

fn split(text: &str) -> Option<Vec<String>> {
    if text.trim_start().starts_with('[') {
        return serde_json::from_str(text).ok();
    }
    Some(text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect())
}

fn mismatch<T>(var: &Var<T>, value: &Value) -> SettingsError {
    let origin = value.origin().unwrap_or("the defaults");
    // URLs may hold a password even where the variable as such is no secret.
    let hidden = var.variable.secret || value.to_string().contains('@');
    let got = if hidden { "a value that is not shown".to_owned() } else { format!("`{value}`") };
    let (name, expected) = (var.variable.name, var.kind.expected());
    SettingsError::new(format!("{name}: expected {expected}, got {got} (from {origin})"))
}
