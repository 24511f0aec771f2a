//! Builds: totals and the most voted are cached briefly; equal searches at the same time are executed once.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use myashes_domain::Result;
use myashes_domain::builds::{
    Build, BuildFacets, BuildFilter, BuildQuery, BuildRepository, BuildRow, BuildSummary, Decision,
    InvalidationListener, Listed, NewBuild, Period, RankedMatches, Rewrite, Scope, ValueCount,
    VocabularySource,
};
use myashes_domain::clock::{Day, Timestamp};
use myashes_domain::ids::BuildId;
use myashes_domain::page::{Key, Total};
use myashes_domain::write_options::{WriteOptions, WriteOutcome};

use super::swr_cache::SwrCache;

/// The greatest age of the texts that suggestions are chosen among.
const VOCABULARY_LIFETIME: Duration = Duration::from_secs(10);

pub struct CachedBuilds {
    inner: Arc<dyn BuildRepository>,
    watcher: Arc<dyn InvalidationListener>,
    totals: SwrCache<BuildFilter, Total>,
    /// Of lists by a term or a tag, which have to be counted.
    counts: SwrCache<BuildFilter, Total>,
    searches: SwrCache<BuildQuery, Arc<Listed>>,
    ranked: SwrCache<(BuildFilter, u32), Arc<RankedMatches>>,
    facets: SwrCache<BuildFilter, Arc<BuildFacets>>,
    tags: SwrCache<(String, u32), Arc<Vec<ValueCount>>>,
    /// The builds and tags that it names are looked up again.
    vocabulary: SwrCache<(), Arc<VocabularySource>>,
    most_voted: SwrCache<(Period, Day, u32, bool), Arc<Vec<BuildId>>>,
}

impl CachedBuilds {
    pub fn new(inner: Arc<dyn BuildRepository>, watcher: Arc<dyn InvalidationListener>) -> Self {
        Self {
            inner,
            watcher,
            totals: SwrCache::new(),
            counts: SwrCache::of_reports(),
            searches: SwrCache::in_flight(),
            ranked: SwrCache::in_flight(),
            facets: SwrCache::new(),
            tags: SwrCache::new(),
            vocabulary: SwrCache::kept_for(VOCABULARY_LIFETIME),
            most_voted: SwrCache::of_reports(),
        }
    }

    /// The votes on these builds, or the names of their makers, have changed.
    pub fn invalidate_scores(&self, builds: &[BuildId]) {
        self.most_voted.forget();
        self.watcher.changed(builds);
    }

    /// Builds were created, changed or deleted, and it is not known which.
    pub fn all_changed(&self) {
        self.forget_lists();
        self.most_voted.forget();
        self.watcher.all_changed();
    }

    fn forget_lists(&self) {
        self.totals.forget();
        self.counts.forget();
        self.searches.forget();
        self.ranked.forget();
        self.facets.forget();
        self.tags.forget();
    }

    fn invalidate_build(&self, build: &BuildId) {
        self.forget_lists();
        self.invalidate_scores(std::slice::from_ref(build));
    }
}

#[async_trait]
impl BuildRepository for CachedBuilds {
    async fn create(
        &self,
        build: NewBuild,
        options: WriteOptions<Build>,
    ) -> Result<Option<WriteOutcome<Build>>> {
        let id = build.id.clone();
        let written = self.inner.create(build, options).await;
        self.invalidate_build(&id);
        written
    }

    async fn put_template(&self, build: NewBuild) -> Result<bool> {
        let id = build.id.clone();
        let changed = self.inner.put_template(build).await;
        self.invalidate_build(&id);
        changed
    }

    async fn find(&self, id: &BuildId) -> Result<Option<Build>> {
        self.inner.find(id).await
    }

    async fn update(&self, id: &BuildId, decide: Decision<Rewrite>) -> Result<Option<Build>> {
        let build = self.inner.update(id, decide).await;
        self.invalidate_build(id);
        build
    }

    async fn delete(
        &self,
        id: &BuildId,
        permit: Decision<()>,
        options: WriteOptions<()>,
    ) -> Result<Option<()>> {
        let deleted = self.inner.delete(id, permit, options).await;
        self.invalidate_build(id);
        deleted
    }

    async fn set_hidden(
        &self,
        id: &BuildId,
        hidden: bool,
        options: WriteOptions<Build>,
    ) -> Result<Option<WriteOutcome<Build>>> {
        let written = self.inner.set_hidden(id, hidden, options).await;
        self.invalidate_build(id);
        written
    }

    async fn last_row(&self) -> Result<i64> {
        self.inner.last_row().await
    }

    async fn public_rows(&self, after: Range<i64>, limit: u32) -> Result<Vec<BuildRow>> {
        self.inner.public_rows(after, limit).await
    }

    async fn list(&self, query: &BuildQuery) -> Result<Listed> {
        if query.filter.search.is_none() || query.filter.scope != Scope::Public {
            return self.inner.list(query).await;
        }
        let (inner, wanted) = (Arc::clone(&self.inner), query.clone());
        let find = async move { inner.list(&wanted).await.map(Arc::new) };
        let found = self.searches.get(query.clone(), find).await?;
        Ok(Listed::clone(&found))
    }

    async fn at(&self, places: &[Key]) -> Result<Vec<(BuildSummary, Key)>> {
        self.inner.at(places).await
    }

    async fn rank_matches(&self, filter: &BuildFilter, limit: u32) -> Result<RankedMatches> {
        if filter.scope != Scope::Public {
            return self.inner.rank_matches(filter, limit).await;
        }
        let (inner, wanted) = (Arc::clone(&self.inner), filter.clone());
        let find = async move { inner.rank_matches(&wanted, limit).await.map(Arc::new) };
        let found = self.ranked.get((filter.clone(), limit), find).await?;
        Ok(RankedMatches::clone(&found))
    }

    async fn count(&self, filter: &BuildFilter) -> Result<Total> {
        match filter.scope {
            Scope::Public => {
                let (inner, wanted) = (Arc::clone(&self.inner), filter.clone());
                let totals = if filter.is_narrow() { &self.counts } else { &self.totals };
                totals.get(filter.clone(), async move { inner.count(&wanted).await }).await
            }
            Scope::OwnedBy { .. } => self.inner.count(filter).await,
        }
    }

    async fn facets(&self, filter: &BuildFilter) -> Result<BuildFacets> {
        let (inner, wanted) = (Arc::clone(&self.inner), filter.clone());
        let count = async move { inner.facets(&wanted).await.map(Arc::new) };
        Ok(BuildFacets::clone(&*self.facets.get(filter.clone(), count).await?))
    }

    async fn tags(&self, prefix: &str, limit: u32) -> Result<Vec<ValueCount>> {
        let (inner, wanted) = (Arc::clone(&self.inner), prefix.to_owned());
        let count = async move { inner.tags(&wanted, limit).await.map(Arc::new) };
        Ok(Vec::clone(&*self.tags.get((prefix.to_owned(), limit), count).await?))
    }

    async fn vocabulary(&self) -> Result<Arc<VocabularySource>> {
        let inner = Arc::clone(&self.inner);
        self.vocabulary.get((), async move { inner.vocabulary().await }).await
    }

    async fn count_suggested(
        &self,
        builds: &[BuildId],
        tags: &[String],
    ) -> Result<(HashSet<BuildId>, HashMap<String, u64>)> {
        self.inner.count_suggested(builds, tags).await
    }

    async fn fold_tag_counts(&self) -> Result<bool> {
        self.inner.fold_tag_counts().await
    }

    async fn most_voted(
        &self,
        period: Period,
        now: Timestamp,
        limit: u32,
        templates: bool,
    ) -> Result<Vec<BuildId>> {
        let inner = Arc::clone(&self.inner);
        let find = async move { inner.most_voted(period, now, limit, templates).await.map(Arc::new) };
        let found = self.most_voted.get((period, now.day(), limit, templates), find).await?;
        Ok(Vec::clone(&found))
    }

    async fn listed(&self, ids: &[BuildId]) -> Result<Vec<BuildSummary>> {
        self.inner.listed(ids).await
    }

    async fn templates(&self) -> Result<Vec<BuildSummary>> {
        self.inner.templates().await
    }
}
