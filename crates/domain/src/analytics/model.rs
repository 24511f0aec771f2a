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
    /// The most characters of a query, after trimming.
    pub const MAX: usize = 500;

    /// Parses a query: trims it and derives the key it is counted under.
    ///
    /// # Errors
    /// A validation error on `query` when it is empty, too long, holds NUL, or has no visible character.
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
    /// The query that was searched for.
    pub query: SearchQuery,
    /// How thoroughly the assistant searched.
    pub search_mode: SearchMode,
    /// How many results were found, at least 0.
    pub result_count: i32,
    /// Where the search came from, as limits see it.
    pub source: SearchSource,
    /// Whether it counts.
    pub ranked: bool,
}

/// A search that the site carried out, to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchRecord {
    /// The query that was searched for.
    pub query: SearchQuery,
    /// How thoroughly the assistant searched.
    pub search_mode: SearchMode,
    /// How many results were found; 0 counts as a search that found nothing.
    pub result_count: i32,
    /// The session of the caller.
    pub session: SessionHash,
    /// The player's id; `None` for an anonymous caller.
    pub player_id: Option<String>,
    /// [`crate::session::Caller::fingerprint`]: what makes callers distinct.
    pub caller: [u8; 32],
    /// When it was recorded; it counts on this UTC day.
    pub at: Timestamp,
    /// Whether it counts: roll-ups hold ranked searches only.
    pub ranked: bool,
    /// The address that it counts for.
    pub address: CountedAddress,
    /// The threshold of popular queries, and so how many addresses of a query are kept for each day.
    pub min_callers: u32,
}

/// Which popular queries to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PopularRequest {
    /// The first UTC day that counts.
    pub since: Day,
    /// Only searches of this mode; `None` for all modes.
    pub search_mode: Option<SearchMode>,
    /// The threshold: how many distinct callers a query needs to be shown.
    pub min_callers: u32,
    /// The most queries to return.
    pub limit: u32,
}

/// How candidates for popular queries are to be collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CandidateRequest {
    /// The threshold of popular queries; candidates that reach it come first.
    pub min_callers: u32,
    /// The present time, stored as the time of the collection.
    pub at: Timestamp,
}

impl CandidateRequest {
    /// How many days popular queries may reach back, today included.
    pub const MAX_DAYS: u32 = 90;

    /// The first UTC day to collect candidates of. The last one is that of `at`.
    #[must_use]
    pub fn first(self) -> Day {
        self.at.day().back(Self::MAX_DAYS - 1)
    }
}

/// A query that was searched for, in its most frequent spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PopularQuery {
    /// The most frequent spelling.
    pub query: String,
    /// The mode of the searches.
    pub search_mode: SearchMode,
    /// How many ranked searches there were within the days of the request.
    pub count: u64,
}

/// A query that found nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZeroResult {
    /// The most frequent spelling.
    pub query: String,
    /// The mode of the searches.
    pub search_mode: SearchMode,
    /// Searches that found nothing.
    pub zero_count: u64,
    /// All searches for it.
    pub count: u64,
    /// The last UTC day of the period on which it was searched for.
    pub last_day: Day,
}

/// Searches of one UTC day in one mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchDayCount {
    /// The UTC day.
    pub day: Day,
    /// The mode of the searches.
    pub search_mode: SearchMode,
    /// All ranked searches.
    pub searches: u64,
    /// Those that found nothing.
    pub zero_results: u64,
}

/// A query that is left out of popular queries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HiddenQuery {
    /// The folded query.
    pub query: String,
    /// When it was hidden; hiding it again leaves this as it is.
    pub hidden_at: Timestamp,
}

/// The highest threshold of distinct callers.
pub const MAX_MIN_CALLERS: u32 = 20;

/// Distinct callers stored per day, query and mode beyond those that the threshold asks for: an erasure takes some away,
/// and chooses no others in their place.
pub const SPARE_CALLERS: u32 = 7;
