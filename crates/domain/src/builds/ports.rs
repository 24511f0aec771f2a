//! Where builds are kept.

use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;

use super::draft::BuildContent;
use super::listing::{BuildFilter, BuildQuery, BuildRow, Listed, Period, Resembling};
use super::model::{Build, BuildSummary, NewBuild};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::ids::BuildId;
use crate::page::{Key, Total};
use crate::write_options::{WriteOptions, WriteOutcome};

/// Decides, under the lock of the write, what becomes of the build that is there.
pub type Decision<T> = Arc<dyn Fn(&Build) -> Result<T> + Send + Sync>;

/// The owner's part as it is to become, with the text that searches look in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    pub content: BuildContent,
    pub search_text: String,
    pub at: Timestamp,
}

/// Each method is one atomic operation. What is stored loads again, even where today's rules for requests
/// would refuse it.
#[async_trait]
pub trait BuildRepository: Send + Sync {
    /// Stores a build without votes and counts it. `None` when the id is taken: the caller tries another.
    async fn create(
        &self,
        build: NewBuild,
        options: WriteOptions<Build>,
    ) -> Result<Option<WriteOutcome<Build>>>;

    /// Stores a template, or makes the stored one of the same id equal to it; votes stay. Says whether
    /// anything changed.
    async fn put_template(&self, build: NewBuild) -> Result<bool>;

    /// The build as last committed.
    async fn find(&self, id: &BuildId) -> Result<Option<Build>>;

    /// Rewrites the build as `decide` says of the one that is there. The revision moves by one when the
    /// content differs, `updated_at` with it. `None` when there is no such build.
    async fn update(&self, id: &BuildId, decide: Decision<Rewrite>) -> Result<Option<Build>>;

    /// Removes the build and its votes if `permit` lets it. `None` when there is no such build.
    async fn delete(
        &self,
        id: &BuildId,
        permit: Decision<()>,
        options: WriteOptions<()>,
    ) -> Result<Option<()>>;

    /// Hides the build, or shows it again to whom its visibility lets see it, and moves `tally_revision` when
    /// that changes anything. `None` when there is no such build.
    async fn set_hidden(
        &self,
        id: &BuildId,
        hidden: bool,
        options: WriteOptions<Build>,
    ) -> Result<Option<WriteOutcome<Build>>>;

    /// Up to `query.page.limit + 1` builds from where the page begins. Never asked with
    /// [`super::Sort::Relevance`].
    async fn list(&self, query: &BuildQuery) -> Result<Listed>;

    /// The builds at these places of a public list, but for those that are gone or no longer public by now.
    async fn at(&self, places: &[Key]) -> Result<Vec<(BuildSummary, Key)>>;

    /// Builds whose searched text holds the term or resembles it, at most `limit`, ranked by
    /// [`super::relevance::rank`] away from the threads that serve requests; the service orders them.
    async fn resembling(&self, filter: &BuildFilter, limit: u32) -> Result<Resembling>;

    /// How many builds the filter holds: exact without `search` and `tag`, else counted up to 10,000.
    async fn count(&self, filter: &BuildFilter) -> Result<Total>;

    /// The public builds with votes cast within the period that ends on `now`'s day, by the sum of their stars, then
    /// their number, then the newest. The ranking may be some seconds old where there is much to count.
    async fn most_voted(
        &self,
        period: Period,
        now: Timestamp,
        limit: u32,
        templates: bool,
    ) -> Result<Vec<BuildId>>;

    /// Those of these builds that are public, in this order.
    async fn listed(&self, ids: &[BuildId]) -> Result<Vec<BuildSummary>>;

    /// The number of the newest row; 0 without any.
    async fn last_row(&self) -> Result<i64>;

    /// Public builds in the order of their rows: at most `limit` of those behind `after.start`, up to and with
    /// `after.end`.
    async fn public_rows(&self, after: Range<i64>, limit: u32) -> Result<Vec<BuildRow>>;

    /// All templates, by class then name.
    async fn templates(&self) -> Result<Vec<BuildSummary>>;
}

/// Is told of builds after a write that changes how they are shown was committed, so that nothing ready-made
/// of them is shown any longer.
pub trait InvalidationListener: Send + Sync {
    fn changed(&self, builds: &[BuildId]);

    /// Many have changed, and nobody says which.
    fn all_changed(&self);
}
