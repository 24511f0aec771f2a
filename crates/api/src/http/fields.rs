//! Fields of request DTOs that keep their validation errors, so that all errors of a request are reported at once, and
//! the conversion of `validator`'s errors to the domain's.

use std::borrow::Cow;
use std::str::FromStr;

use myashes_domain::{FieldError, FieldErrors};
use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde::{Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;
use validator::{
    Validate, ValidateLength, ValidateRange, ValidationError, ValidationErrors, ValidationErrorsKind,
};

/// A field as it was sent. Parsing into it never fails.
#[derive(Debug, Clone, Default)]
pub enum Field<T> {
    #[default]
    Absent,
    Null,
    /// Of another type than `T`.
    Wrong,
    Value(T),
}

impl<T> Field<T> {
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null | Self::Wrong => None,
        }
    }

    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(deserializer)? {
            Value::Null => Self::Null,
            value => T::deserialize(value).map_or(Self::Wrong, Self::Value),
        })
    }
}

/// `validator` copies the values it refuses into its errors. This leaves out what a user sent.
impl<T> Serialize for Field<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

/// A value that a query string holds as text.
pub trait QueryValue: Sized {
    fn from_query(text: &str) -> Option<Self>;
}

/// `true`, `false`, `yes` and `no` in any case, `1` and `0`.
impl QueryValue for bool {
    fn from_query(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => Some(true),
            "false" | "no" | "0" => Some(false),
            _ => None,
        }
    }
}

impl QueryValue for Integer {
    fn from_query(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// Reads a query parameter, which always comes as text.
pub fn deserialize_from_str<'de, D: Deserializer<'de>, T: QueryValue>(
    deserializer: D,
) -> Result<Field<T>, D::Error> {
    Ok(T::from_query(&String::deserialize(deserializer)?).map_or(Field::Wrong, Field::Value))
}

/// The text of a JSON object, as it was sent.
#[derive(Debug, Clone)]
pub struct ObjectText(pub Box<RawValue>);

/// Reads a field whose JSON is kept as text, since numbers do not all survive being parsed.
pub fn object_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Field<ObjectText>, D::Error> {
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    Ok(match raw.get().as_bytes().first() {
        Some(b'{') => Field::Value(ObjectText(raw)),
        Some(b'n') => Field::Null,
        _ => Field::Wrong,
    })
}

/// A whole number of any size, clamped to `i64`. In JSON `4.0` is a whole number, and so is a string of decimal
/// digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Integer(pub i64);

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = match Value::deserialize(deserializer)? {
            Value::Number(number) => number,
            Value::String(text) if text.bytes().all(|b| b.is_ascii_digit()) => {
                return text.parse().map_err(|()| serde::de::Error::custom("not a whole number"));
            }
            _ => return Err(serde::de::Error::custom("not a whole number")),
        };
        if let Some(value) = number.as_i64() {
            return Ok(Self(value));
        }
        match number.as_f64() {
            Some(value) if value.fract() == 0.0 => Ok(Self(value as i64)),
            _ => Err(serde::de::Error::custom("not a whole number")),
        }
    }
}

impl FromStr for Integer {
    type Err = ();

    fn from_str(raw: &str) -> Result<Self, ()> {
        let digits = raw.strip_prefix('-').unwrap_or(raw);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(());
        }
        let farthest = if raw.starts_with('-') { i64::MIN } else { i64::MAX };
        Ok(Self(raw.parse().unwrap_or(farthest)))
    }
}

/// The name of a type in an error message.
pub trait TypeLabel {
    const NAME: &'static str;
}

impl TypeLabel for String {
    const NAME: &'static str = "a string";
}
impl TypeLabel for bool {
    const NAME: &'static str = "true or false";
}
impl TypeLabel for Integer {
    const NAME: &'static str = "a whole number";
}
impl TypeLabel for Vec<String> {
    const NAME: &'static str = "a list of strings";
}
impl TypeLabel for ObjectText {
    const NAME: &'static str = "an object";
}

fn refusal(code: &'static str, message: impl Into<Cow<'static, str>>) -> ValidationError {
    ValidationError::new(code).with_message(message.into())
}

/// The field must be there.
pub fn required<T: TypeLabel>(field: &Field<T>) -> Result<(), ValidationError> {
    match field {
        Field::Absent => Err(refusal("required", "is required")),
        other => optional(other),
    }
}

/// The field may be left out, but not be null.
pub fn optional<T: TypeLabel>(field: &Field<T>) -> Result<(), ValidationError> {
    match field {
        Field::Null => Err(refusal("null", "must not be null")),
        other => nullable(other),
    }
}

/// The field may be left out or be null.
pub fn nullable<T: TypeLabel>(field: &Field<T>) -> Result<(), ValidationError> {
    match field {
        Field::Wrong => Err(refusal("type", format!("must be {}", T::NAME))),
        Field::Absent | Field::Null | Field::Value(_) => Ok(()),
    }
}

/// Lengths count Unicode scalar values after trimming.
impl ValidateLength<u64> for Field<String> {
    fn length(&self) -> Option<u64> {
        self.value().map(|text| text.trim().chars().count() as u64)
    }
}

impl ValidateRange<i64> for Field<Integer> {
    fn greater_than(&self, max: i64) -> Option<bool> {
        self.value().map(|number| number.0 > max)
    }

    fn less_than(&self, min: i64) -> Option<bool> {
        self.value().map(|number| number.0 < min)
    }
}

/// The validation errors of a DTO so far, including those of the domain's types. The first error of each field counts.
pub struct FieldErrorCollector(FieldErrors);

impl FieldErrorCollector {
    pub fn of(dto: &impl Validate) -> Self {
        Self(dto.validate().map_or_else(|errors| faults_of(&errors), |()| FieldErrors::default()))
    }

    /// Validates a present value with the domain's parser.
    pub fn parse<T, U>(
        &mut self,
        field: &Field<T>,
        check: impl FnOnce(&T) -> Result<U, FieldError>,
    ) -> Option<U> {
        self.take(check(field.value()?))
    }

    /// The value of an `Ok`; the error of an `Err` is collected.
    pub fn take<T>(&mut self, result: Result<T, FieldError>) -> Option<T> {
        result.map_err(|fault| self.push(fault)).ok()
    }

    pub fn push(&mut self, fault: FieldError) {
        self.0.push_first(fault);
    }

    /// `value` when nothing was wrong; else all errors, by field.
    pub fn finish<T>(mut self, value: Option<T>) -> Result<T, FieldErrors> {
        self.0.0.sort_by(|a, b| a.field.cmp(&b.field));
        value.filter(|_| self.0.0.is_empty()).ok_or(self.0)
    }
}

fn faults_of(errors: &ValidationErrors) -> FieldErrors {
    let first = |kind: &ValidationErrorsKind| match kind {
        ValidationErrorsKind::Field(errors) => errors.first().cloned(),
        ValidationErrorsKind::Struct(_) | ValidationErrorsKind::List(_) => None,
    };
    let errors = errors.errors().iter();
    FieldErrors(errors.filter_map(|(field, kind)| Some(fault_of(field.clone(), &first(kind)?))).collect())
}

fn fault_of(field: Cow<'static, str>, error: &ValidationError) -> FieldError {
    let bound = |name: &str| error.params.get(name).and_then(Value::as_i64);
    let (min, max) = (bound("min"), bound("max"));
    let given = error.message.as_deref().map(str::to_owned);
    let (code, message) = match (&*error.code, min, max) {
        ("length", min, Some(max)) => {
            ("length", format!("must have between {} and {max} characters", min.unwrap_or(0)))
        }
        ("length", ..) => ("length", "must not be empty".to_owned()),
        ("range", Some(min), Some(max)) => ("range", format!("must be between {min} and {max}")),
        ("range", Some(min), None) => ("range", format!("must be at least {min}")),
        ("required", ..) => ("required", given.unwrap_or_default()),
        ("null", ..) => ("null", given.unwrap_or_default()),
        ("type", ..) => ("type", given.unwrap_or_default()),
        ("one_of", ..) => ("one_of", given.unwrap_or_default()),
        ("too_many", ..) => ("too_many", given.unwrap_or_default()),
        _ => ("format", given.unwrap_or_else(|| "is not valid".to_owned())),
    };
    FieldError::new(field, code, message)
}
