//! What a database holds, briefly: rows and a checksum of each table, to compare before and after.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

#[derive(Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Contents {
    pub tables: BTreeMap<String, Table>,
}

/// The checksum does not depend on the order of the rows, which no database promises.
#[derive(Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Table {
    pub rows: u64,
    pub checksum: String,
}

impl Contents {
    /// What is different in `found`, one sentence for each table.
    pub fn differences(&self, found: &Self) -> Vec<String> {
        let mut differences = Vec::new();
        for (name, table) in &self.tables {
            match found.tables.get(name) {
                None => differences.push(format!("{name} is missing")),
                Some(other) if other.rows != table.rows => {
                    differences.push(format!("{name} has {} rows and not {}", other.rows, table.rows));
                }
                Some(other) if other.checksum != table.checksum => {
                    differences.push(format!("{name} has as many rows, with other contents"));
                }
                Some(_) => {}
            }
        }
        let added = found.tables.keys().filter(|name| !self.tables.contains_key(*name));
        differences.extend(added.map(|name| format!("{name} was not there")));
        differences
    }

    pub fn print(&self) {
        for (name, table) in &self.tables {
            println!("  {name:<40} {:>12} rows  {}", table.rows, table.checksum);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Contents, Table};

    fn contents(tables: &[(&str, u64, &str)]) -> Contents {
        let table = |(name, rows, checksum): &(&str, u64, &str)| {
            ((*name).to_owned(), Table { rows: *rows, checksum: (*checksum).to_owned() })
        };
        Contents { tables: tables.iter().map(table).collect() }
    }

    #[test]
    fn lost_rows_changed_rows_and_tables_are_each_reported() {
        let saved = contents(&[("builds", 2, "a"), ("feedback", 1, "b"), ("votes", 1, "c")]);
        let found = contents(&[("builds", 1, "a"), ("feedback", 1, "x"), ("other", 0, "0")]);
        assert_eq!(
            saved.differences(&found),
            [
                "builds has 1 rows and not 2",
                "feedback has as many rows, with other contents",
                "votes is missing",
                "other was not there",
            ]
        );
    }
}
