//! The tables of the Python service.

/// The tables that are adopted, in the order in which they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    Builds,
    Votes,
    Feedback,
    Searches,
}

impl Table {
    pub const ALL: [Self; 4] = [Self::Builds, Self::Votes, Self::Feedback, Self::Searches];

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
    pub fn essential(self) -> &'static [&'static str] {
        match self {
            Self::Builds => &["build_id", "name", "session_id", "is_public", "rating_sum", "vote_count"],
            Self::Votes => &["build_id", "session_id", "rating"],
            Self::Feedback => &["feedback_id", "query", "session_id"],
            Self::Searches => &["query", "search_mode", "session_id"],
        }
    }
}
