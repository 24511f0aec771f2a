//! What an import remembers of the builds it has read, for their votes and for the report.

use std::collections::{HashMap, HashSet};

use super::legacy_reader;
use super::report::CountMismatch;
use super::rows::{RawBuild, RawVote};
use crate::legacy_rows::ImportedVote;

/// The builds of the source, as far as its votes and the report need them.
#[derive(Default)]
pub(super) struct SourceBuilds {
    /// Public ids, by what votes name their build by.
    ids: HashMap<String, String>,
    /// Those that cannot be imported, named likewise.
    quarantined: HashSet<String>,
    /// Stored aggregates by public id, in the order of the numeric ids.
    aggregates: Vec<(String, i64, f64)>,
}

impl SourceBuilds {
    pub fn add(&mut self, raw: &RawBuild, by_number: bool, is_imported: bool) {
        let Some(id) = &raw.build_id else { return };
        let named = if by_number { raw.id.to_string() } else { id.clone() };
        if !is_imported {
            self.quarantined.insert(named.clone());
        }
        self.ids.insert(named, id.trim().to_owned());
        let count = raw.vote_count.as_deref().and_then(|it| it.parse().ok()).unwrap_or(0);
        let sum = raw.rating_sum.as_deref().and_then(|it| it.parse().ok()).unwrap_or(0.0);
        self.aggregates.push((id.trim().to_owned(), count, sum));
    }

    /// Where what is stored differs from what the imported votes come to.
    pub fn count_mismatches(self, counted: &HashMap<String, (i64, i64)>) -> Vec<CountMismatch> {
        let drifted = self.aggregates.into_iter().filter_map(|(build_id, count, sum)| {
            let counted = counted.get(&build_id).copied().unwrap_or_default();
            let same = counted.0 == count && (counted.1 as f64 - sum).abs() < 1e-6;
            (!same).then_some(CountMismatch { build_id, stored: (count, sum), counted })
        });
        drifted.collect()
    }

    /// A vote on one of these builds, unless it cannot be imported.
    pub fn vote(
        &self,
        raw: &RawVote,
        rejected_ids: &HashMap<i64, &'static str>,
    ) -> Result<ImportedVote, String> {
        let named = raw.build_id.as_deref().unwrap_or_default();
        let build = self.ids.get(named).ok_or("a vote on a build that is not there")?;
        if self.quarantined.contains(named) {
            return Err("a vote on a build that cannot be imported".to_owned());
        }
        let parsed = legacy_reader::vote(raw, build)?;
        match rejected_ids.get(&raw.id) {
            Some(reason) => Err((*reason).to_owned()),
            None => Ok(parsed),
        }
    }
}
