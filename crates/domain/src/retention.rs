//! How long raw events are kept, and the port that removes them.

use crate::clock::{Day, Timestamp};
use crate::error::Result;

/// How long after midnight searches of the day before may still be queued.
const LATE_SEARCHES_SECONDS: i64 = 600;

/// What may be removed by now. `None` keeps everything of that kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cutoffs {
    /// Searches and their roll-ups before this.
    pub searches: Option<Timestamp>,
    /// Feedback before this.
    pub feedback: Option<Timestamp>,
    /// Stored responses to idempotency keys before this.
    pub answers: Timestamp,
    /// Keys of addresses of days before this.
    pub address_keys: Day,
}

impl Cutoffs {
    /// From days to keep (0 keeps for ever).
    #[must_use]
    pub fn at(now: Timestamp, search_days: u32, feedback_days: u32) -> Self {
        // Whole UTC days, so that a roll-up and its events go together.
        let before = |days: u32| (days > 0).then(|| now.day().back(days).start());
        Self {
            searches: before(search_days),
            feedback: before(feedback_days),
            answers: now.plus_seconds(-crate::write_options::ANSWER_LIFETIME_SECONDS),
            address_keys: now.plus_seconds(-LATE_SEARCHES_SECONDS).day(),
        }
    }
}

/// Deletion of rows that are older than the cutoffs.
#[async_trait::async_trait]
pub trait RetentionRepository: Send + Sync {
    /// Deletes at most `limit` rows of each kind, and returns their number. Answers 0 without touching anything
    /// while another replica runs it. A kind that cannot be deleted does not hold back the others.
    ///
    /// # Errors
    /// When the storage cannot answer, or only rows are left that cannot be deleted.
    async fn delete_expired(&self, cutoffs: &Cutoffs, limit: u32) -> Result<u64>;
}
