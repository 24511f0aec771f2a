//! The tables of the Python service.

/// The tables that are imported, in the order in which they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Builds (`builds`).
    Builds,
    /// Votes on builds (`build_votes`).
    Votes,
    /// Feedback on answers to searches (`feedback`).
    Feedback,
    /// Searches that were made (`search_analytics`).
    Searches,
}

impl Table {
    /// All tables, in the order in which they are imported.
    pub const ALL: [Self; 4] = [Self::Builds, Self::Votes, Self::Feedback, Self::Searches];

    /// Returns the name of the table in the Python service's database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Builds => "builds",
            Self::Votes => "build_votes",
            Self::Feedback => "feedback",
            Self::Searches => "search_analytics",
        }
    }

    /// Those without which a table of this name is not the Python service's.
    #[must_use]
    pub(crate) fn essential(self) -> &'static [&'static str] {
        match self {
            Self::Builds => &["build_id", "name", "session_id", "is_public", "rating_sum", "vote_count"],
            Self::Votes => &["build_id", "session_id", "rating"],
            Self::Feedback => &["feedback_id", "query", "session_id"],
            Self::Searches => &["query", "search_mode", "session_id"],
        }
    }
}
