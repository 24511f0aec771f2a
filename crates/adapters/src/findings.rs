//! What the doctor finds: rows that differ from what they are derived from.

#![allow(missing_docs, reason = "strum derives `into_str` without documentation")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use myashes_domain::clock::Timestamp;
use myashes_domain::game::GamePack;
use myashes_domain::ranking::Ranking;
use strum::{IntoStaticStr, VariantArray};

/// Findings of a kind that are printed in full; the rest are only counted.
const SHOWN: usize = 20;

/// What rows are held against.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standard<'a> {
    /// Game pack that searched texts are made with.
    pub game: &'a GamePack,
    /// Configured constants that scores are computed with.
    pub ranking: Ranking,
    /// The day of it and later ones are whole; of earlier ones searches may have been removed already, and their
    /// roll-ups not yet.
    pub searches_kept_since: Option<Timestamp>,
}

/// What is checked, in the order of the report. Each variant states what holds when its check finds nothing, and has the
/// line of the report that names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, VariantArray)]
#[strum(const_into_str)]
pub enum Check {
    /// Each build has its row of scores.
    #[strum(serialize = "every build has its score row")]
    Ranks,
    /// The stored votes per star of a build equal its votes.
    #[strum(serialize = "tallies equal the votes")]
    Tallies,
    /// The Bayesian score of a build follows from its tally.
    #[strum(serialize = "rating scores follow from the tallies")]
    RatingScores,
    /// The trend score of a build follows from the times of its votes.
    #[strum(serialize = "trends follow from the votes' times")]
    TrendScores,
    /// The stored votes per UTC day of a build equal its votes.
    #[strum(serialize = "days of votes equal the votes")]
    VoteDays,
    /// The row of scores has the listing and the creation time of its build.
    #[strum(serialize = "listed and age follow the build")]
    Listed,
    /// The row of scores names the facet that follows from its build.
    #[strum(serialize = "builds are filed under their facet")]
    Facets,
    /// The stored number of builds of a facet equals its builds.
    #[strum(serialize = "facets count their builds")]
    FacetCounts,
    /// The tag index holds the tags of each build and whether it is listed.
    #[strum(serialize = "tags are indexed")]
    Tags,
    /// The stored number of builds of a tag, with changes not yet added, equals its listed builds.
    #[strum(serialize = "tags count their listed builds")]
    TagCounts,
    /// The text that is searched follows from the build and the game pack.
    #[strum(serialize = "searched text follows the build")]
    SearchText,
    /// The stored searches per UTC day and query equal the searches.
    #[strum(serialize = "days of searches equal the searches")]
    SearchDays,
    /// The stored callers of a query on a UTC day occur in its searches, and enough of them are stored.
    #[strum(serialize = "callers of searches are kept")]
    SearchCallers,
    /// The folded query of feedback follows from its query.
    #[strum(serialize = "folded queries of feedback")]
    FeedbackQueries,
    /// No row belongs to a missing build or roll-up.
    #[strum(serialize = "nothing belongs to a missing row")]
    Orphans,
    /// The search index of SQLite holds the text of the builds. PostgreSQL maintains its own.
    #[strum(serialize = "the search index holds the text")]
    SearchIndex,
    /// The stored constants of the ranking equal the configured ones.
    #[strum(serialize = "ranking constants as configured")]
    RankingConstants,
    /// The stored texts were folded by the version of this binary.
    #[strum(serialize = "texts are folded by this version")]
    FoldingVersion,
    /// Every import that began has finished.
    #[strum(serialize = "no import is half done")]
    Import,
}

/// One thing that is not as it has to be.
#[derive(Debug, Clone)]
struct Difference {
    /// What it is about: a build's id, a day, a table.
    subject: String,
    /// The stored value, as text.
    found: String,
    /// The value that the source rows yield, as text.
    expected: String,
}

/// Everything that was found, and what is to be repaired.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    counts: BTreeMap<Check, u64>,
    /// The first few differences of each kind.
    shown: BTreeMap<Check, Vec<Difference>>,
    /// Game data that is no longer in the game pack: not a fault, since builds outlive versions of the game.
    notes: BTreeMap<String, u64>,
    /// Row numbers of builds to repair.
    pub(crate) builds: Vec<i64>,
    /// Days of searches to repair.
    pub(crate) days: BTreeSet<i32>,
    /// Row numbers of feedback to repair.
    pub(crate) feedback: Vec<i64>,
}

impl Findings {
    pub(crate) fn fault(
        &mut self,
        check: Check,
        subject: impl fmt::Display,
        found: impl fmt::Display,
        expected: impl fmt::Display,
    ) {
        *self.counts.entry(check).or_default() += 1;
        let shown = self.shown.entry(check).or_default();
        if shown.len() < SHOWN {
            let (subject, found, expected) = (subject.to_string(), found.to_string(), expected.to_string());
            shown.push(Difference { subject, found, expected });
        }
    }

    pub(crate) fn note(&mut self, note: String) {
        *self.notes.entry(note).or_default() += 1;
    }

    /// Returns whether there are no faults; notes are allowed.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.counts.is_empty()
    }

    /// How many faults of a kind there are.
    #[must_use]
    pub fn count(&self, check: Check) -> u64 {
        self.counts.get(&check).copied().unwrap_or(0)
    }

    /// The kinds of which there are faults.
    #[must_use]
    pub fn wrong(&self) -> Vec<Check> {
        self.counts.keys().copied().collect()
    }

    /// Things to know that are no faults, each with how often it was met.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        self.notes.iter().map(|(note, count)| format!("{note} ({count}×)")).collect()
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fault in self.shown.values().flatten() {
            writeln!(f, "{}\n  - {}\n  + {}", fault.subject, fault.found, fault.expected)?;
        }
        for (check, count) in self.counts.iter().filter(|(_, count)| **count > SHOWN as u64) {
            writeln!(f, "and {} more of: {}", count - SHOWN as u64, check.into_str())?;
        }
        writeln!(f, "{:42}{:>10}", "check", "wrong")?;
        for &check in Check::VARIANTS {
            writeln!(f, "{:42}{:>10}", check.into_str(), self.count(check))?;
        }
        self.notes().iter().try_for_each(|note| writeln!(f, "note: {note}"))
    }
}
