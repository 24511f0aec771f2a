//! What an import did, for people.

use std::collections::BTreeMap;
use std::fmt;

use super::proof::TableProof;
use crate::legacy_rows::{Conflict, Table};

/// Lines of a kind that are printed; the rest are only counted.
const SHOWN: usize = 20;

/// One table's part of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableReport {
    /// Rows imported by earlier runs, or set aside by them.
    pub before: u64,
    /// Rows read for the first time.
    pub read: u64,
    /// Rows written here.
    pub imported: u64,
    /// Rows that were changed at the source, and are changed here.
    pub changed: u64,
    /// Rows that were deleted at the source, and are deleted here.
    pub removed: u64,
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
    /// Public id of the build.
    pub build_id: String,
    /// As the Python service had it: votes and Σ of stars.
    pub stored: (i64, f64),
    /// As its imported votes have it.
    pub counted: (i64, i64),
}

/// Result of an import.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImportReport {
    /// The database that was read, without user and password.
    pub source: String,
    /// Alembic revision of the source; `None` when it records none.
    pub revision: Option<String>,
    /// Whether nothing was written; the counts are then of what would have been.
    pub dry_run: bool,
    /// Results of the tables that the source has.
    pub tables: BTreeMap<Table, TableReport>,
    /// Rows that could not be reconciled.
    pub conflicts: Vec<Conflict>,
    /// Both sides of each table; empty after a dry run.
    pub proof: BTreeMap<Table, TableProof>,
    /// Builds whose stored aggregates at the source differ from their votes.
    pub drift: Vec<CountMismatch>,
    /// Remarks that are no failures, one line each.
    pub notes: Vec<String>,
}

impl ImportReport {
    /// Rows that this run could not take over.
    #[must_use]
    pub fn set_aside(&self) -> usize {
        self.tables.values().map(|table| table.quarantined.len()).sum()
    }

    /// Returns the result of one table, with only zeros when the source does not have it.
    #[must_use]
    pub fn table(&self, table: Table) -> TableReport {
        self.tables.get(&table).cloned().unwrap_or_default()
    }

    /// Why the databases do not agree, in one line.
    #[must_use]
    pub fn disagreement(&self) -> Option<String> {
        let tables = self.proof.iter().filter(|(_, proof)| !proof.holds()).map(|(table, _)| table.name());
        let tables: Vec<_> = tables.collect();
        let mut parts = vec![];
        if !self.conflicts.is_empty() {
            parts.push(format!("{} rows could not be reconciled", self.conflicts.len()));
        }
        if !tables.is_empty() {
            parts.push(format!("{} differs from the source", tables.join(", ")));
        }
        (!parts.is_empty()).then(|| parts.join("; "))
    }

    /// The report with all its lines.
    #[must_use]
    pub fn in_full(&self) -> String {
        let mut full = String::new();
        self.write(&mut full, usize::MAX).expect("a string takes any text");
        full
    }

    fn write(&self, f: &mut impl fmt::Write, shown: usize) -> fmt::Result {
        let revision = self.revision.as_deref().unwrap_or("unknown");
        writeln!(f, "from {} (Alembic revision {revision})", self.source)?;
        let written = if self.dry_run { "to import" } else { "imported" };
        writeln!(
            f,
            "{:18}{:>10}{:>10}{written:>10}{:>9}{:>9}{:>14}{:>10}{:>13}",
            "table", "before", "read", "changed", "removed", "already here", "orphaned", "quarantined"
        )?;
        for (table, it) in &self.tables {
            writeln!(
                f,
                "{:18}{:>10}{:>10}{:>10}{:>9}{:>9}{:>14}{:>10}{:>13}",
                table.name(),
                it.before,
                it.read,
                it.imported,
                it.changed,
                it.removed,
                it.present,
                it.orphaned,
                it.quarantined.len()
            )?;
        }
        let set_aside = self.tables.iter().flat_map(|(table, it)| {
            it.quarantined.iter().map(|(reason, id)| format!("{} {id}: {reason}", table.name()))
        });
        list(f, "set aside (import_quarantine holds the rows):", set_aside.collect(), shown)?;
        let drift = self.drift.iter().map(|it| {
            let (stored, counted) = (it.stored, it.counted);
            format!(
                "{}: {} votes, {} stars -> {} votes, {} stars",
                it.build_id, stored.0, stored.1, counted.0, counted.1
            )
        });
        list(f, "aggregates that the votes did not bear out, corrected here:", drift.collect(), shown)?;
        let conflicts =
            self.conflicts.iter().map(|it| format!("{} {}: {} {}", it.table.name(), it.id, it.row, it.why));
        list(f, "not reconciled, and left as they are here:", conflicts.collect(), shown)?;
        self.write_proof(f, shown)?;
        self.notes.iter().try_for_each(|note| writeln!(f, "note: {note}"))
    }

    fn write_proof(&self, f: &mut impl fmt::Write, shown: usize) -> fmt::Result {
        if self.proof.is_empty() {
            return Ok(());
        }
        writeln!(
            f,
            "{:18}{:>10}{:>13}{:>10}{:>10}{:>10}{:>10}  checksums",
            "source and here", "rows", "not compared", "source", "here", "stars", "here"
        )?;
        for (table, TableProof { source, here, .. }) in &self.proof {
            let all = self.tables.get(table).map_or(0, |it| it.before + it.read);
            let same = if source.checksum == here.checksum { "=" } else { "≠" };
            writeln!(
                f,
                "{:18}{all:>10}{:>13}{:>10}{:>10}{:>10}{:>10}  {:016x} {same} {:016x}",
                table.name(),
                all.saturating_sub(source.rows),
                source.rows,
                here.rows,
                source.stars,
                here.stars,
                source.checksum,
                here.checksum
            )?;
        }
        let differing = self.proof.iter().flat_map(|(table, proof)| {
            proof.differing.iter().map(|id| format!("{} {id}", table.name())).collect::<Vec<_>>()
        });
        list(f, "not here as at the source:", differing.collect(), shown)
    }
}

impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, SHOWN)
    }
}

/// Lines under a title, the first few of them.
pub(super) fn list(f: &mut impl fmt::Write, title: &str, lines: Vec<String>, shown: usize) -> fmt::Result {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(f, "{title}")?;
    lines.iter().take(shown).try_for_each(|line| writeln!(f, "  {line}"))?;
    if lines.len() > shown { writeln!(f, "  and {} more", lines.len() - shown) } else { Ok(()) }
}
