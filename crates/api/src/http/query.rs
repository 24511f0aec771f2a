//! Query strings, read strictly: unknown names are ignored, a known one that appears twice is a validation error.

use std::collections::HashSet;

use actix_web::HttpRequest;
use myashes_domain::{Error, FieldError, FieldErrors};
use serde::de::DeserializeOwned;
use serde_aux::serde_introspection::serde_introspect;
use serde_json::{Map, Value};

use super::encoding::decode_query;

/// Characters of an unknown parameter's name that its error message repeats.
const MAX_SHOWN_NAME: usize = 64;

/// Reads the parameters of a request: those that the DTO has fields for. Every value is text at first; the DTO decides its
/// type. An empty value counts as absent.
///
/// # Errors
/// [`Error::Unreadable`] for a broken encoding, [`Error::Invalid`] for a name that appears twice or a NUL.
pub fn read<T: DeserializeOwned>(request: &HttpRequest) -> Result<T, Error> {
    let known = serde_introspect::<T>();
    let mut values = Map::new();
    let mut seen = HashSet::new();
    let mut faults = FieldErrors::default();
    for pair in request.query_string().split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decode_query(name)?, decode_query(value)?);
        let Some(name) = known.iter().find(|known| **known == name) else { continue };
        if value.contains('\0') {
            faults.push_first(FieldError::new(*name, "nul", "must not contain the NUL character"));
        }
        if !seen.insert(*name) {
            faults.push_first(FieldError::new(*name, "duplicate", "appears more than once"));
        }
        if !value.is_empty() {
            values.insert((*name).to_owned(), Value::String(value.into_owned()));
        }
    }
    if !faults.0.is_empty() {
        return Err(Error::Invalid(faults));
    }
    serde_json::from_value(Value::Object(values)).map_err(Error::internal)
}

/// An error for each parameter that the DTO does not have, for routes that must not ignore them.
///
/// # Errors
/// [`Error::Unreadable`] for a broken encoding.
pub fn unknown<T: DeserializeOwned>(request: &HttpRequest) -> Result<FieldErrors, Error> {
    let known = serde_introspect::<T>();
    let mut faults = FieldErrors::default();
    for pair in request.query_string().split('&').filter(|pair| !pair.is_empty()) {
        let name = decode_query(pair.split_once('=').map_or(pair, |(name, _)| name))?;
        if !known.contains(&&*name) {
            let name: String = name.chars().take(MAX_SHOWN_NAME).collect();
            faults.push(FieldError::new(name, "unknown", "is not a parameter of this route"));
        }
    }
    Ok(faults)
}
