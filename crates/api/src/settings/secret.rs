//! Values that must not show up in a log, however deep the struct that holds them is printed.

use std::fmt;

/// A secret of the configuration. Only [`Secret::expose`] returns it, so that a search for that name finds
/// every place that handles one.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
