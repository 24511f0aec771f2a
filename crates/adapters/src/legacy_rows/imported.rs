//! Rows of the Python service that can be imported.

use myashes_domain::analytics::SearchRecord;
use myashes_domain::builds::NewBuild;
use myashes_domain::clock::Timestamp;
use myashes_domain::feedback::{Cleanup, NewFeedback, Review};
use myashes_domain::votes::Vote;

/// A build to store. It has no votes yet: those are imported on their own, and its aggregates follow from them.
#[derive(Debug, Clone)]
pub struct ImportedBuild {
    /// Its numeric id at the source.
    pub legacy_id: i64,
    pub build: NewBuild,
    pub updated_at: Timestamp,
}

/// A vote, and the public id of its build.
#[derive(Debug, Clone)]
pub struct ImportedVote {
    /// Its numeric id at the source.
    pub legacy_id: i64,
    pub build: String,
    pub vote: Vote,
}

#[derive(Debug, Clone)]
pub struct ImportedFeedback {
    pub feedback: NewFeedback,
    pub review: Option<Review>,
    pub cleanup: Cleanup,
}

#[derive(Debug, Clone)]
pub struct ImportedSearch {
    pub record: SearchRecord,
    /// Whether it was written by an export, and so perhaps came from here.
    pub returned: bool,
}
