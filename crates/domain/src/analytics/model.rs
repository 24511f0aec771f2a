//! Recorded searches and what is counted of them.

use super::origin::{CountedAddress, SearchSource};
use super::query_key::count_key;
use crate::clock::{Day, Timestamp};
use crate::error::FieldError;
use crate::feedback::SearchMode;
use crate::session::SessionHash;
use crate::text::bounded_visible;

/// A search query: 1 to 500 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    text: String,
    folded: String,
}

impl SearchQuery {
    pub const MAX: usize = 500;

    pub fn parse(raw: &str) -> Result<Self, FieldError> {
        let text = bounded_visible("query", raw, Self::MAX)?;
        let folded = count_key(&text);
        Ok(Self { text, folded })
    }

    /// As it was typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The key it is counted under.
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.folded
    }
}

/// A search to record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSearch {
    pub query: SearchQuery,
    pub search_mode: SearchMode,
    pub result_count: i32,
    pub source: SearchSource,
    /// Whether it counts.
    pub ranked: bool,
}

/// A search that the site carried out, to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchRecord {
    pub query: SearchQuery,
    pub search_mode: SearchMode,
    pub result_count: i32,
    pub session: SessionHash,
    pub player_id: Option<String>,
    /// [`crate::session::Caller::fingerprint`]: what makes callers distinct.
    pub caller: [u8; 32],
    pub at: Timestamp,
    /// Whether it counts: roll-ups hold ranked searches only.
    pub ranked: bool,
    pub address: CountedAddress,
    /// The threshold of popular queries, and so how many addresses of a query are kept for each day.
    pub min_callers: u32,
}

/// Which popular queries to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PopularRequest {
    /// The first UTC day that counts.
    pub since: Day,
    pub search_mode: Option<SearchMode>,
    pub min_callers: u32,
    pub limit: u32,
}

/// Which candidates for popular queries to collect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CandidateRequest {
    pub first: Day,
    pub today: Day,
    pub min_callers: u32,
    pub at: Timestamp,
}

impl CandidateRequest {
    /// How many days popular queries may reach back, today included.
    pub const MAX_DAYS: u32 = 90;
}

/// A query that was searched for, in its most frequent spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PopularQuery {
    pub query: String,
    pub search_mode: SearchMode,
    pub count: u64,
}

/// A query that found nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZeroResult {
    pub query: String,
    pub search_mode: SearchMode,
    /// Searches that found nothing.
    pub zero_count: u64,
    /// All searches for it.
    pub count: u64,
    pub last_day: Day,
}

/// Searches of one UTC day in one mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchDayCount {
    pub day: Day,
    pub search_mode: SearchMode,
    pub searches: u64,
    /// Those that found nothing.
    pub zero_results: u64,
}

/// A query that is left out of popular queries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HiddenQuery {
    pub query: String,
    pub hidden_at: Timestamp,
}

/// The most distinct callers stored per day, query and mode: enough to know whether a threshold of up to this many
/// distinct callers is reached, over any number of days.
pub const CALLERS_KEPT: u32 = 20;
