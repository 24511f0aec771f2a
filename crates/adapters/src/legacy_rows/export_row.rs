//! Rows of this service in the form of the Python service's tables.

use myashes_domain::clock::Timestamp;

use super::table::Table;

/// A column of the older table, and its text.
pub type Cell = (&'static str, Option<String>);

pub fn cell(name: &'static str, value: impl ToString) -> Cell {
    (name, Some(value.to_string()))
}

/// One row to give back.
#[derive(Debug, Clone, Default)]
pub struct ExportRow {
    /// Its number here.
    pub row: i64,
    /// Of a build: how often its owner has changed it.
    pub revision: i64,
    /// By column. Flags are `true` and `false`, instants have no time zone and are in UTC.
    pub cells: Vec<Cell>,
    /// What of it has no place in the old tables.
    pub lost: Vec<&'static str>,
    /// Who made it, where that is kept as a hash: lost of a row that was made here.
    pub maker_lost: Option<&'static str>,
}

impl ExportRow {
    #[must_use]
    pub fn cell(&self, column: &str) -> Option<&str> {
        self.cells.iter().find(|(name, _)| *name == column).and_then(|(_, value)| value.as_deref())
    }

    /// What a report calls the row by.
    #[must_use]
    pub fn label(&self, table: Table) -> String {
        let id = |column| self.cell(column).unwrap_or_default();
        match table {
            Table::Builds => id("build_id").to_owned(),
            Table::Votes => format!("vote {} on {}", self.row, id("build_id")),
            Table::Feedback => id("feedback_id").to_owned(),
            Table::Searches => format!("search {}", self.row),
        }
    }
}

/// Which rows are read.
pub enum Pick<'a> {
    /// So many rows after a row number.
    After(i64, i64),
    /// The rows of these numbers.
    Rows(&'a [i64]),
}

/// An instant as the Python service stored it.
#[must_use]
pub fn naive(at: Timestamp) -> String {
    at.date_time().format("%Y-%m-%d %H:%M:%S%.6f").to_string()
}
