//! What a piece of feedback on the assistant's answers is.

#![allow(missing_docs, reason = "strum derives `into_str` without documentation")]

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
    /// The answer helped.
    Up,
    /// The answer did not help.
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
    /// The least thorough mode.
    Quick,
    /// The mode between both others.
    Smart,
    /// The most thorough mode.
    Deep,
}

impl SearchMode {
    /// All modes, the least thorough first.
    pub const ALL: &[Self] = <Self as VariantArray>::VARIANTS;
}

/// Validated feedback of a caller on an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedbackDraft {
    /// The question to the assistant, 1 to 1000 characters.
    pub query: String,
    /// The beginning of the answer, 1 to 500 characters.
    pub response_snippet: String,
    /// Whether the answer helped.
    pub rating: Thumb,
    /// The mode that the answer was found in.
    pub search_mode: SearchMode,
    /// The caller's own words; `None` without any.
    pub comment: Option<String>,
}

impl FeedbackDraft {
    /// The most characters of a query, after trimming.
    pub const QUERY_MAX: usize = 1000;
    /// The characters of an answer that are kept.
    pub const SNIPPET_MAX: usize = 500;
    /// The most characters of a comment, after trimming.
    pub const COMMENT_MAX: usize = 1000;

    /// Parses the question to the assistant.
    ///
    /// # Errors
    /// A validation error on `query` when it is empty, too long, or holds NUL.
    pub fn query(raw: &str) -> Result<String, FieldError> {
        bounded("query", raw, 1, Self::QUERY_MAX)
    }

    /// Cut to [`Self::SNIPPET_MAX`] characters rather than refused: the front end sends whole answers.
    ///
    /// # Errors
    /// A validation error on `response_snippet` when it is empty or holds NUL.
    pub fn response_snippet(raw: &str) -> Result<String, FieldError> {
        let text = bounded("response_snippet", raw, 1, usize::MAX)?;
        Ok(text.chars().take(Self::SNIPPET_MAX).collect::<String>().trim_end().to_owned())
    }

    /// An empty comment is none.
    ///
    /// # Errors
    /// A validation error on `comment` when it is too long or holds NUL.
    pub fn comment(raw: &str) -> Result<Option<String>, FieldError> {
        let text = bounded("comment", raw, 0, Self::COMMENT_MAX)?;
        Ok((!text.is_empty()).then_some(text))
    }
}

/// Feedback to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFeedback {
    /// A generated id.
    pub id: FeedbackId,
    /// What the caller has sent.
    pub draft: FeedbackDraft,
    /// The session of the caller.
    pub session: SessionHash,
    /// The player's id; `None` for an anonymous caller.
    pub player_id: Option<String>,
    /// When it was received.
    pub received_at: Timestamp,
}

/// The part of stored feedback that the front end receives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedbackReceipt {
    /// The id that it is stored under.
    pub id: FeedbackId,
    /// When it was received.
    pub received_at: Timestamp,
}

/// What an admin did about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// When it was reviewed last.
    pub reviewed_at: Timestamp,
    /// The name that the reviewer has entered, or the admin as the audit log names them.
    pub reviewed_by: String,
}

/// Whether the content behind an answer is to be cleaned up, and where that is tracked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cleanup {
    /// Whether a cleanup is needed.
    pub flagged: bool,
    /// The issue that tracks it, an http or https URL; `None` without one.
    pub issue_url: Option<String>,
}

/// How urgent a cleanup is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "lowercase", const_into_str)]
pub enum Priority {
    /// The least urgent.
    Low,
    /// Of ordinary urgency.
    Medium,
    /// The most urgent.
    High,
}

impl Review {
    /// Parses the name of a reviewer, 1 to 100 characters.
    ///
    /// # Errors
    /// A validation error on `reviewed_by` when it is empty, too long, holds NUL, or has no visible character.
    pub fn reviewed_by(raw: &str) -> Result<String, FieldError> {
        bounded_visible("reviewed_by", raw, 100)
    }
}

impl Cleanup {
    /// The fewest characters of a reason, after trimming.
    pub const REASON_MIN: usize = 10;
    /// The most characters of a reason, after trimming.
    pub const REASON_MAX: usize = 500;

    /// Why feedback is flagged.
    ///
    /// # Errors
    /// A validation error on `reason` when it is too short, too long, or holds NUL.
    pub fn reason(raw: &str) -> Result<String, FieldError> {
        bounded("reason", raw, Self::REASON_MIN, Self::REASON_MAX)
    }

    /// Parses the URL of an issue, at most 500 characters. An empty one is none.
    ///
    /// # Errors
    /// A validation error on `cleanup_issue_url` when it is too long, holds NUL, or is no http or https URL.
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
    /// The id that it is stored under.
    pub id: FeedbackId,
    /// What the caller has sent.
    pub draft: FeedbackDraft,
    /// The player's id; `None` for an anonymous caller.
    pub player_id: Option<String>,
    /// When it was received.
    pub received_at: Timestamp,
    /// The latest review; `None` when it is not reviewed.
    pub review: Option<Review>,
    /// The state of the cleanup; not flagged at first.
    pub cleanup: Cleanup,
}

/// A filter for an admin's list of feedback.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedbackFilter {
    /// Only this thumb; `None` for both.
    pub rating: Option<Thumb>,
    /// Only this mode; `None` for all modes.
    pub search_mode: Option<SearchMode>,
    /// From this instant on.
    pub from: Option<Timestamp>,
    /// Up to, and without, this instant.
    pub until: Option<Timestamp>,
    /// Only feedback with, or without, a review; `None` for both.
    pub reviewed: Option<bool>,
    /// Only feedback that is, or is not, flagged for cleanup; `None` for both.
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
    /// The mode that the answers were found in.
    pub search_mode: SearchMode,
    /// Thumbs up.
    pub positive: u64,
    /// Thumbs down.
    pub negative: u64,
}

/// All feedback in numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedbackStats {
    /// Thumbs of all time by mode.
    pub by_search_mode: Vec<ModeCount>,
    /// Feedback with a review.
    pub reviewed: u64,
    /// Feedback without a review.
    pub unreviewed: u64,
    /// Feedback that is flagged for cleanup.
    pub flagged: u64,
    /// Feedback received in the last 24 hours.
    pub last_24h: u64,
    /// Feedback received in the last 7 × 24 hours.
    pub last_7d: u64,
    /// Feedback received in the last 30 × 24 hours.
    pub last_30d: u64,
}

/// Queries whose answers were disliked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patterns {
    /// The most disliked first.
    pub frequent_queries: Vec<(String, u64)>,
    /// Thumbs of the period by mode.
    pub by_search_mode: Vec<ModeCount>,
    /// Thumbs down in the period.
    pub total_negative: u64,
    /// Thumbs down in the period that are not reviewed.
    pub total_unreviewed: u64,
}

/// Thumbs of one UTC day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayCount {
    /// The UTC day.
    pub day: Day,
    /// Thumbs up.
    pub positive: u64,
    /// Thumbs down.
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
