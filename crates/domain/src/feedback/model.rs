//! What a piece of feedback on the assistant's answers is.

use strum::{EnumString, IntoStaticStr, VariantArray, VariantNames};

use crate::clock::{Day, Timestamp};
use crate::error::FieldError;
use crate::ids::FeedbackId;
use crate::page::Binding;
use crate::session::SessionHash;
use crate::text::{bounded, bounded_visible};

/// Thumbs.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, EnumString, IntoStaticStr, VariantNames,
)]
#[strum(serialize_all = "lowercase", const_into_str)]
pub enum Thumb {
    Up,
    Down,
}

/// How thoroughly the assistant searched.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumString,
    IntoStaticStr,
    VariantArray,
    VariantNames,
)]
#[strum(serialize_all = "lowercase", const_into_str)]
pub enum SearchMode {
    Quick,
    Smart,
    Deep,
}

impl SearchMode {
    pub const ALL: &[Self] = <Self as VariantArray>::VARIANTS;
}

/// Validated feedback of a caller on an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedbackDraft {
    pub query: String,
    pub response_snippet: String,
    pub rating: Thumb,
    pub search_mode: SearchMode,
    pub comment: Option<String>,
}

impl FeedbackDraft {
    pub const QUERY_MAX: usize = 1000;
    pub const SNIPPET_MAX: usize = 500;
    pub const COMMENT_MAX: usize = 1000;

    pub fn query(raw: &str) -> Result<String, FieldError> {
        bounded("query", raw, 1, Self::QUERY_MAX)
    }

    /// Cut to [`Self::SNIPPET_MAX`] characters rather than refused: the front end sends whole answers.
    pub fn response_snippet(raw: &str) -> Result<String, FieldError> {
        let text = bounded("response_snippet", raw, 1, usize::MAX)?;
        Ok(text.chars().take(Self::SNIPPET_MAX).collect::<String>().trim_end().to_owned())
    }

    /// An empty comment is none.
    pub fn comment(raw: &str) -> Result<Option<String>, FieldError> {
        let text = bounded("comment", raw, 0, Self::COMMENT_MAX)?;
        Ok((!text.is_empty()).then_some(text))
    }
}

/// Feedback to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFeedback {
    pub id: FeedbackId,
    pub draft: FeedbackDraft,
    pub session: SessionHash,
    pub player_id: Option<String>,
    pub received_at: Timestamp,
}

/// The part of stored feedback that the front end receives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedbackReceipt {
    pub id: FeedbackId,
    pub received_at: Timestamp,
}

/// What an admin did about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    pub reviewed_at: Timestamp,
    pub reviewed_by: String,
}

/// Whether the content behind an answer is to be cleaned up, and where that is tracked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cleanup {
    pub flagged: bool,
    pub issue_url: Option<String>,
}

/// How urgent a cleanup is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "lowercase", const_into_str)]
pub enum Priority {
    Low,
    Medium,
    High,
}

impl Review {
    pub fn reviewed_by(raw: &str) -> Result<String, FieldError> {
        bounded_visible("reviewed_by", raw, 100)
    }
}

impl Cleanup {
    pub const REASON_MIN: usize = 10;
    pub const REASON_MAX: usize = 500;

    /// Why feedback is flagged.
    pub fn reason(raw: &str) -> Result<String, FieldError> {
        bounded("reason", raw, Self::REASON_MIN, Self::REASON_MAX)
    }

    pub fn issue_url(raw: &str) -> Result<Option<String>, FieldError> {
        let url = bounded("cleanup_issue_url", raw, 0, 500)?;
        if !url.is_empty() && !url.starts_with("https://") && !url.starts_with("http://") {
            return Err(FieldError::new("cleanup_issue_url", "url", "must be an http or https URL"));
        }
        Ok((!url.is_empty()).then_some(url))
    }
}

/// Stored feedback, as admins see it: without the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feedback {
    pub id: FeedbackId,
    pub draft: FeedbackDraft,
    pub player_id: Option<String>,
    pub received_at: Timestamp,
    pub review: Option<Review>,
    pub cleanup: Cleanup,
}

/// A filter for an admin's list of feedback.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedbackFilter {
    pub rating: Option<Thumb>,
    pub search_mode: Option<SearchMode>,
    /// From this instant on.
    pub from: Option<Timestamp>,
    /// Up to, and without, this instant.
    pub until: Option<Timestamp>,
    pub reviewed: Option<bool>,
    pub flagged: Option<bool>,
    /// A part of the query, folded.
    pub query_part: Option<String>,
}

impl FeedbackFilter {
    /// What cursors of a list with this filter are bound to, but for its instants.
    #[must_use]
    pub fn binding(&self) -> Binding {
        let Self { rating, search_mode, from: _, until: _, reviewed, flagged, query_part } = self;
        Binding::to_list("feedback")
            .with("rating", rating.map(<&str>::from))
            .with("search_mode", search_mode.map(<&str>::from))
            .with("reviewed", *reviewed)
            .with("flagged", *flagged)
            .with("query_search", query_part.as_ref())
    }
}

/// Thumbs of one search mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModeCount {
    pub search_mode: SearchMode,
    pub positive: u64,
    pub negative: u64,
}

/// All feedback in numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedbackStats {
    pub by_search_mode: Vec<ModeCount>,
    pub reviewed: u64,
    pub unreviewed: u64,
    pub flagged: u64,
    pub last_24h: u64,
    pub last_7d: u64,
    pub last_30d: u64,
}

/// Queries whose answers were disliked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patterns {
    /// The most disliked first.
    pub frequent_queries: Vec<(String, u64)>,
    pub by_search_mode: Vec<ModeCount>,
    pub total_negative: u64,
    pub total_unreviewed: u64,
}

/// Thumbs of one UTC day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayCount {
    pub day: Day,
    pub positive: u64,
    pub negative: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_snippets_are_cut_not_refused() {
        let cut = FeedbackDraft::response_snippet(&"é".repeat(900)).unwrap();
        assert_eq!(cut.chars().count(), 500);
        assert!(FeedbackDraft::response_snippet("  ").is_err());
    }
}
