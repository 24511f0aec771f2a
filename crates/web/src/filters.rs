//! Filters of the templates.

use std::fmt::Display;

use askama::{Result, Values, filter_fn};

use crate::text;

/// Takes away the characters that open an embedding, override or isolate: one that is not closed would
/// reorder the text behind its `<bdi>`.
#[filter_fn]
pub fn isolate(value: impl Display, _: &dyn Values) -> Result<String> {
    Ok(text::without_direction(&value.to_string()))
}
