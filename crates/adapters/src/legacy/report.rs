//! What an import did, for people.

use std::collections::BTreeMap;
use std::fmt;

use super::rows::Table;

/// Lines of a kind that are printed in full; the rest are only counted.
const SHOWN: usize = 50;

/// One table's part of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableReport {
    /// Rows adopted by earlier runs, or set aside by them.
    pub before: u64,
    /// Rows read in this run.
    pub read: u64,
    /// Rows written here.
    pub adopted: u64,
    /// Rows that are here already, and were left as they are.
    pub present: u64,
    /// Votes on a build that has been deleted here.
    pub orphaned: u64,
    /// Rows set aside in this run: reason and numeric id.
    pub quarantined: Vec<(String, i64)>,
}

/// A build whose stored aggregate differed from its votes.
#[derive(Debug, Clone, PartialEq)]
pub struct CountMismatch {
    pub build_id: String,
    /// As the Python service had it: votes and Σ of stars.
    pub stored: (i64, f64),
    /// As its live votes have it.
    pub counted: (i64, i64),
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImportReport {
    pub source: String,
    pub revision: Option<String>,
    pub dry_run: bool,
    pub tables: BTreeMap<Table, TableReport>,
    pub drift: Vec<CountMismatch>,
    pub notes: Vec<String>,
}

impl ImportReport {
    /// Rows that this run could not take over.
    #[must_use]
    pub fn set_aside(&self) -> usize {
        self.tables.values().map(|table| table.quarantined.len()).sum()
    }

    #[must_use]
    pub fn table(&self, table: Table) -> TableReport {
        self.tables.get(&table).cloned().unwrap_or_default()
    }
}

impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let revision = self.revision.as_deref().unwrap_or("unknown");
        writeln!(f, "from {} (Alembic revision {revision})", self.source)?;
        let written = if self.dry_run { "to adopt" } else { "adopted" };
        writeln!(
            f,
            "{:18}{:>10}{:>10}{written:>10}{:>14}{:>10}{:>13}",
            "table", "before", "read", "already here", "orphaned", "quarantined"
        )?;
        for (table, it) in &self.tables {
            writeln!(
                f,
                "{:18}{:>10}{:>10}{:>10}{:>14}{:>10}{:>13}",
                table.name(),
                it.before,
                it.read,
                it.adopted,
                it.present,
                it.orphaned,
                it.quarantined.len()
            )?;
        }
        let set_aside: Vec<_> = self
            .tables
            .iter()
            .flat_map(|(table, it)| it.quarantined.iter().map(|(reason, id)| (table.name(), *id, reason)))
            .collect();
        if !set_aside.is_empty() {
            writeln!(f, "set aside (import_quarantine holds the rows):")?;
            for (table, id, reason) in set_aside.iter().take(SHOWN) {
                writeln!(f, "  {table} {id}: {reason}")?;
            }
            more(f, set_aside.len())?;
        }
        if !self.drift.is_empty() {
            writeln!(f, "aggregates that the votes did not bear out, corrected here:")?;
            for it in &self.drift {
                writeln!(
                    f,
                    "  {}: {} votes, {} stars -> {} votes, {} stars",
                    it.build_id, it.stored.0, it.stored.1, it.counted.0, it.counted.1
                )?;
            }
        }
        self.notes.iter().try_for_each(|note| writeln!(f, "note: {note}"))
    }
}

fn more(f: &mut fmt::Formatter<'_>, all: usize) -> fmt::Result {
    if all > SHOWN { writeln!(f, "  and {} more", all - SHOWN) } else { Ok(()) }
}
