//! Rows of this service in the form of the Python service's tables.

use myashes_domain::clock::Timestamp;

/// One row to give back.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// Its number here.
    pub row: i64,
    /// By column. Flags are `true` and `false`, instants have no time zone and are in UTC.
    pub cells: Vec<(&'static str, Option<String>)>,
    /// What of it has no place in the old tables.
    pub lost: Vec<&'static str>,
}

impl Given {
    #[must_use]
    pub fn cell(&self, column: &str) -> Option<&str> {
        self.cells.iter().find(|(name, _)| *name == column).and_then(|(_, value)| value.as_deref())
    }
}

/// An instant as the Python service stored it.
#[must_use]
pub fn naive(at: Timestamp) -> String {
    at.date_time().format("%Y-%m-%d %H:%M:%S%.6f").to_string()
}
