//! The comparison at the end of an import: what the source has against what came of it here, read anew.

use crate::legacy_rows::{Checksum, ExportRow, Table};
use std::collections::{HashMap, HashSet};

/// One side of a table: its compared rows, their stars, and a sum of their checksums that no order changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Side {
    /// Number of compared rows.
    pub rows: u64,
    /// Σ of the stars of votes; 0 for other tables.
    pub stars: i64,
    /// Sum of the first 64 bits of each row's checksum, modulo 2⁶⁴.
    pub checksum: u64,
}

impl Side {
    fn add(&mut self, checksum: &Checksum, stars: i64) {
        self.rows += 1;
        self.stars += stars;
        let first = u64::from_be_bytes(std::array::from_fn(|at| checksum[at]));
        self.checksum = self.checksum.wrapping_add(first);
    }
}

/// Both sides of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableProof {
    /// The rows as the import has read them at the source.
    pub source: Side,
    /// The corresponding rows of this service, read anew.
    pub here: Side,
    /// Numeric ids at the source of rows that are not here, or are otherwise here.
    pub differing: Vec<i64>,
}

impl TableProof {
    /// Returns whether both sides are equal.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.source == self.here && self.differing.is_empty()
    }
}

struct ExpectedRow {
    id: i64,
    stars: i64,
    /// Equal rows that were not met here yet.
    count: u32,
}

/// The rows of a table that were read at the source and can be imported.
#[derive(Default)]
pub(super) struct SourceRows(HashMap<Checksum, ExpectedRow>);

impl SourceRows {
    pub fn add(&mut self, id: i64, checksum: Checksum, stars: i64) {
        self.0.entry(checksum).or_insert(ExpectedRow { id, stars, count: 0 }).count += 1;
    }
}

/// A comparison under way.
pub(super) struct Comparison {
    expected: SourceRows,
    /// Row numbers of imported rows, with their numeric ids at the source. All other rows here were made here.
    recorded: HashMap<i64, i64>,
    proof: TableProof,
}

impl Comparison {
    /// Rows of the source that were left as they are here are not compared.
    pub fn new(mut expected: SourceRows, mut recorded: HashMap<i64, i64>, left: &HashSet<i64>) -> Self {
        expected.0.retain(|_, row| !left.contains(&row.id));
        recorded.retain(|_, id| !left.contains(id));
        let mut proof = TableProof::default();
        for (checksum, row) in &expected.0 {
            for _ in 0..row.count {
                proof.source.add(checksum, row.stars);
            }
        }
        Self { expected, recorded, proof }
    }

    /// Compares a row that is here.
    pub fn add(&mut self, row: &ExportRow, table: Table) {
        let checksum = row.checksum(table);
        let stars = match table {
            Table::Votes => row.cell("rating").and_then(|stars| stars.parse().ok()).unwrap_or(0),
            _ => 0,
        };
        match (self.expected.0.get_mut(&checksum), self.recorded.get(&row.row)) {
            (Some(row), _) if row.count > 0 => row.count -= 1,
            (_, Some(id)) => self.proof.differing.push(*id),
            _ => return,
        }
        self.proof.here.add(&checksum, stars);
    }

    pub fn finish(mut self) -> TableProof {
        let missing = self.expected.0.values().filter(|row| row.count > 0).map(|row| row.id);
        self.proof.differing.extend(missing);
        self.proof.differing.sort_unstable();
        self.proof.differing.dedup();
        self.proof
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::legacy_rows::cell;

    fn vote(row: i64, stars: i64) -> ExportRow {
        ExportRow { row, cells: vec![cell("build_id", row), cell("rating", stars)], ..ExportRow::default() }
    }

    fn proof(source: &[(i64, i64)], here: &[(i64, i64)], left: &[i64]) -> TableProof {
        let mut expected = SourceRows::default();
        for (row, stars) in source {
            expected.add(*row, vote(*row, *stars).checksum(Table::Votes), *stars);
        }
        let recorded = source.iter().map(|(row, _)| (*row, *row)).collect();
        let mut comparison = Comparison::new(expected, recorded, &left.iter().copied().collect());
        here.iter().for_each(|(row, stars)| comparison.add(&vote(*row, *stars), Table::Votes));
        comparison.finish()
    }

    #[test]
    fn equal_sides_hold_in_any_order_and_rows_made_here_do_not_count() {
        let proof = proof(&[(1, 5), (2, 3)], &[(9, 1), (2, 3), (1, 5)], &[]);
        assert!(proof.holds(), "{proof:?}");
        assert_eq!((proof.here.rows, proof.here.stars), (2, 8));
    }

    #[test]
    fn a_missing_and_a_changed_row_are_named() {
        assert_eq!(proof(&[(1, 5), (2, 3), (3, 1)], &[(1, 5), (2, 4)], &[]).differing, [2, 3]);
    }

    #[test]
    fn a_conflict_is_on_neither_side() {
        assert!(proof(&[(1, 5), (2, 3)], &[(1, 5), (2, 4)], &[2]).holds());
    }
}
