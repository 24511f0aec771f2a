//! What an export did, for people.

use crate::legacy_rows::Table;
use std::collections::BTreeMap;
use std::fmt;

/// Ids of a kind that are printed; the rest are only counted.
const SHOWN: usize = 20;

/// What was written, and what could not be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExportReport {
    /// The database that was written to, without user and password.
    pub target: String,
    /// Whether it is stored there: not when something has no way back that was not accepted.
    pub stored: bool,
    /// New rows, by table.
    pub written: BTreeMap<Table, u64>,
    /// Rows of the import that were changed here since.
    pub changed: BTreeMap<Table, u64>,
    /// Rows of the import that are not here any more.
    pub deleted: BTreeMap<Table, u64>,
    /// What has no way back, and of which rows.
    pub lost: BTreeMap<String, Vec<String>>,
}

impl ExportReport {
    pub(super) fn lose(&mut self, what: &str, row: String) {
        self.lost.entry(what.to_owned()).or_default().push(row);
    }
}

impl fmt::Display for ExportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "to {}", self.target)?;
        writeln!(f, "{:18}{:>10}{:>10}{:>10}", "table", "new", "changed", "deleted")?;
        for table in Table::ALL {
            let of = |rows: &BTreeMap<Table, u64>| rows.get(&table).copied().unwrap_or(0);
            let (new, changed, deleted) = (of(&self.written), of(&self.changed), of(&self.deleted));
            writeln!(f, "{:18}{new:>10}{changed:>10}{deleted:>10}", table.name())?;
        }
        if !self.lost.is_empty() {
            writeln!(f, "what cannot return:")?;
        }
        for (what, rows) in &self.lost {
            writeln!(f, "  {what}: {} rows", rows.len())?;
            let shown: Vec<&str> = rows.iter().take(SHOWN).map(String::as_str).collect();
            write!(f, "    {}", shown.join(", "))?;
            match rows.len() {
                all if all > SHOWN => writeln!(f, " and {} more", all - SHOWN)?,
                _ => writeln!(f)?,
            }
        }
        writeln!(
            f,
            "note: builds that are not public here are private there; reviews of feedback are not written back"
        )
    }
}
