//! Storage of builds.

use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;

use super::draft::Rewrite;
use super::facets::{BuildFacets, ValueCount};
use super::listing::{BuildFilter, BuildQuery, BuildRow, KeyedPage, Matches, Period, Scope};
use super::model::{Build, BuildSummary, NewBuild};
use super::suggestions::{SuggestedCounts, Vocabulary};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::game::GamePack;
use crate::ids::BuildId;
use crate::page::{SortKey, Total};
use crate::write_options::{WriteOptions, WriteOutcome};

/// Decides what to do with the stored build. Called while the write holds its lock.
pub type Decision<T> = Arc<dyn Fn(&Build) -> Result<T> + Send + Sync>;

/// Each method is one atomic operation. What is stored loads again, even where today's rules for requests
/// would refuse it.
#[async_trait]
pub trait BuildRepository: Send + Sync {
    /// Stores a build without votes and counts it.
    ///
    /// # Errors
    /// [`crate::Error::IdTaken`]: the caller tries another id.
    async fn create(&self, build: NewBuild, options: WriteOptions<Build>) -> Result<WriteOutcome<Build>>;

    /// Stores a template, or makes the stored one of the same id equal to it; votes stay. Returns whether
    /// anything changed.
    async fn put_template(&self, build: NewBuild) -> Result<bool>;

    /// The build as last committed.
    async fn find(&self, id: &BuildId) -> Result<Option<Build>>;

    /// Replaces the content with what `decide` returns for the stored build. When the content differs, the revision
    /// grows by one and `updated_at` is set.
    ///
    /// # Errors
    /// [`crate::Error::BuildNotFound`], and those of `decide`.
    async fn update(&self, id: &BuildId, decide: Decision<Rewrite>) -> Result<Build>;

    /// Removes the build and its votes if `permit` lets it.
    ///
    /// # Errors
    /// [`crate::Error::BuildNotFound`], and those of `permit`.
    async fn delete(&self, id: &BuildId, permit: Decision<()>, options: WriteOptions<()>) -> Result<()>;

    /// Hides the build, or shows it again as its visibility allows, and increments `tally_revision` when that
    /// changes anything.
    ///
    /// # Errors
    /// [`crate::Error::BuildNotFound`].
    async fn set_hidden(
        &self,
        id: &BuildId,
        hidden: bool,
        options: WriteOptions<Build>,
    ) -> Result<WriteOutcome<Build>>;

    /// Up to `query.page.limit + 1` builds from where the page begins. Never asked with
    /// [`super::Sort::Relevance`].
    async fn list(&self, query: &BuildQuery) -> Result<KeyedPage>;

    /// The builds at these places of a list, except those that were deleted, and of a public list those that are no longer
    /// public.
    async fn load_by_keys(&self, scope: &Scope, places: &[SortKey]) -> Result<Vec<(BuildSummary, SortKey)>>;

    /// Builds whose searched text or tags hold the term, its words in any order, or what is spelled alike; chosen among
    /// some `limit` candidates, those with the best rating first, and ranked by [`super::relevance::rank`].
    async fn rank_matches(&self, filter: &BuildFilter, limit: u32) -> Result<Matches>;

    /// How many builds the filter holds: exact, or counted up to [`crate::page::MAX_COUNTED`] where
    /// [`BuildFilter::is_narrow`] says so. Those of a narrow filter that cannot be counted in time are "more than 0".
    async fn count(&self, filter: &BuildFilter) -> Result<Total>;

    /// The most frequent values of each field among public builds, under the filter's other conditions.
    async fn facets(&self, filter: &BuildFilter) -> Result<BuildFacets>;

    /// The tags of public builds that begin with `prefix`, most used first.
    async fn tags(&self, prefix: &str, limit: u32) -> Result<Vec<ValueCount>>;

    /// What suggestions are chosen among, prepared; up to a minute old. The game pack names the races; a process has one.
    async fn vocabulary(&self, game: &Arc<GamePack>) -> Result<Arc<Vocabulary>>;

    /// What is public of the builds in these rows, and of those with these tags; other processes' writes are seen within a
    /// second.
    async fn count_suggested(&self, rows: Vec<i64>, tags: Vec<String>) -> Result<Arc<SuggestedCounts>>;

    /// Adds a batch of changes of facets and tags to their counts, which readers add themselves until then. Returns whether
    /// there may be more.
    async fn fold_counts(&self) -> Result<bool>;

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
    async fn public_by_ids(&self, ids: &[BuildId]) -> Result<Vec<BuildSummary>>;

    /// The number of the newest row; 0 without any.
    async fn last_row(&self) -> Result<i64>;

    /// Public builds in the order of their rows: at most `limit` of those behind `after.start`, up to and with
    /// `after.end`.
    async fn public_rows(&self, after: Range<i64>, limit: u32) -> Result<Vec<BuildRow>>;

    /// All templates, by class then name.
    async fn templates(&self) -> Result<Vec<BuildSummary>>;
}

/// Called with the ids of builds after a write that changes how they are shown was committed, so that caches drop
/// the responses made of them.
pub trait InvalidationListener: Send + Sync {
    /// Drops what was made of these builds, which have changed or were deleted.
    fn changed(&self, builds: &[BuildId]);

    /// Many have changed, and it is not known which.
    fn all_changed(&self);
}
