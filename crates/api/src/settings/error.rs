//! The error of an unusable configuration.

/// One line that names the variable and what was expected. It never contains a secret's value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SettingsError(String);

impl SettingsError {
    pub(super) fn new(line: impl Into<String>) -> Self {
        Self(line.into())
    }
}
