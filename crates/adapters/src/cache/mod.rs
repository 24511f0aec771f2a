//! Caches of frequent reads, kept beside the database by the repositories. A process sees its own writes at once: each
//! write names what it invalidates (`Invalidation`); only searches may miss a new build. Writes of other processes are seen
//! within the lifetime of an entry, that of slow answers included (`swr_cache`).

mod any_key;
mod swr_cache;

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use myashes_domain::analytics::{PopularQuery, PopularRequest};
use myashes_domain::builds::{
    BuildFacets, BuildFilter, BuildQuery, InvalidationListener, Matches, Period, SuggestedCounts, ValueCount,
    Vocabulary,
};
use myashes_domain::clock::Day;
use myashes_domain::ids::BuildId;
use myashes_domain::page::Total;

use swr_cache::{AnswerStore, SlowAnswerStore, SwrCache};

use crate::sql::roll_up::SaturatedKeys;

/// The age that the texts among which suggestions are chosen may have, in lifetimes of other entries.
const VOCABULARY_AGE: u32 = 10;

/// The age that the places of a search may have, in lifetimes of other entries: under five seconds together with the time
/// that the search takes, and that a page of the gallery is kept.
const SEARCH_AGE: u32 = 3;

/// What a write makes outdated.
#[derive(Debug, Clone)]
pub(crate) enum Invalidation {
    /// Nothing that is cached.
    None,
    /// Every list that a new build may be in, without searches: those may be some seconds old, and would all be repeated while
    /// builds are created.
    NewBuild(BuildId),
    /// A build, and every list that it may be in.
    Build(BuildId),
    /// What is shown of these builds; no list but the most voted.
    Scores(Vec<BuildId>),
    /// Everything about one caller, whose builds are not known.
    Account,
    /// Popular queries.
    Searches,
    /// Popular queries, and which queries are hidden.
    HiddenQueries,
}

/// The caches of one process.
pub struct Caches {
    /// Results about builds.
    pub(crate) builds: BuildCaches,
    /// Results about searches.
    pub(crate) analytics: AnalyticsCaches,
    listener: OnceLock<Arc<dyn InvalidationListener>>,
}

/// Caches of results about builds.
pub(crate) struct BuildCaches {
    /// Totals of lists without a term.
    pub totals: SwrCache<BuildFilter, Total>,
    /// Totals of searches.
    pub searched_totals: SwrCache<BuildFilter, Total>,
    /// Where the builds of a page of a search are. What they show is read for each request.
    pub searches: SwrCache<BuildQuery, Arc<Matches>>,
    /// What a search finds in order of relevance, by filter and limit.
    pub ranked: SwrCache<(BuildFilter, u32), Matches>,
    /// Frequent values of each field, with their counts.
    pub facets: SwrCache<BuildFilter, BuildFacets>,
    /// The most used tags, by prefix and limit.
    pub tags: SwrCache<(String, u32), Vec<ValueCount>>,
    /// What is public of what may be suggested, by rows and tags.
    pub suggested: SwrCache<(Vec<i64>, Vec<String>), Arc<SuggestedCounts>>,
    /// Texts among which suggestions are chosen. The builds and tags that it names are looked up again, so that nothing
    /// invalidates it.
    pub vocabulary: SwrCache<(), Arc<Vocabulary>>,
    /// The most voted builds, by period, its last day (UTC), limit and whether templates are included.
    pub most_voted: SwrCache<(Period, Day, u32, bool), Vec<BuildId>>,
}

/// A query and the keys of what it looks like, which are expensive to compute and needed for every answer.
pub(crate) type KeyedQuery = ([String; 2], PopularQuery);

/// Caches of results about searches.
pub(crate) struct AnalyticsCaches {
    /// The most frequent queries, hidden ones included.
    pub popular: SwrCache<PopularRequest, Arc<Vec<KeyedQuery>>>,
    /// Look-alike keys of the hidden queries.
    pub hidden: SwrCache<(), Arc<HashSet<String>>>,
    /// Queries whose callers need not be looked up.
    pub saturated: SaturatedKeys,
}

impl Caches {
    /// Entries live for `lifetime`. With zero nothing is stored, and only requests in flight share a result.
    pub(crate) fn new(lifetime: Duration) -> Self {
        let (cached, slow) = (AnswerStore::new(lifetime), SlowAnswerStore::new());
        let searches = AnswerStore::new(lifetime * SEARCH_AGE);
        Self {
            builds: BuildCaches {
                totals: SwrCache::new(&cached),
                searched_totals: SwrCache::new(&searches),
                searches: SwrCache::new(&searches),
                ranked: SwrCache::new(&searches),
                facets: SwrCache::new(&cached),
                tags: SwrCache::new(&cached),
                // The age of an answer counts from its reading.
                suggested: SwrCache::new(&AnswerStore::new(lifetime * 9 / 10)),
                vocabulary: SwrCache::of_reports(&AnswerStore::new(lifetime * VOCABULARY_AGE), &slow),
                most_voted: SwrCache::of_reports(&cached, &slow),
            },
            analytics: AnalyticsCaches {
                popular: SwrCache::new(&cached),
                hidden: SwrCache::new(&cached),
                saturated: SaturatedKeys::new(),
            },
            listener: OnceLock::new(),
        }
    }

    /// Calls `listener` after each change to builds. The first one stays.
    pub fn set_listener(&self, listener: Arc<dyn InvalidationListener>) {
        drop(self.listener.set(listener));
    }

    /// Drops what a write has made outdated. Called after its transaction has ended, whether it was committed or not.
    pub(crate) fn invalidate(&self, what: &Invalidation) {
        match what {
            Invalidation::None => {}
            Invalidation::NewBuild(build) => {
                self.builds.invalidate_lists();
                self.invalidate_scores(std::slice::from_ref(build));
            }
            Invalidation::Build(build) => {
                self.builds.invalidate_lists();
                self.builds.invalidate_searches();
                self.invalidate_scores(std::slice::from_ref(build));
            }
            Invalidation::Scores(builds) => self.invalidate_scores(builds),
            Invalidation::Account => {
                self.builds.invalidate_lists();
                self.builds.invalidate_searches();
                self.builds.most_voted.invalidate();
                self.analytics.popular.invalidate();
                self.analytics.saturated.invalidate();
                if let Some(listener) = self.listener.get() {
                    listener.all_changed();
                }
            }
            Invalidation::Searches => self.analytics.popular.invalidate(),
            Invalidation::HiddenQueries => {
                self.analytics.popular.invalidate();
                self.analytics.hidden.invalidate();
            }
        }
    }

    fn invalidate_scores(&self, builds: &[BuildId]) {
        self.builds.most_voted.invalidate();
        if let Some(listener) = self.listener.get() {
            listener.changed(builds);
        }
    }
}

impl BuildCaches {
    fn invalidate_lists(&self) {
        self.totals.invalidate();
        self.facets.invalidate();
        self.suggested.invalidate();
        self.tags.invalidate();
    }

    fn invalidate_searches(&self) {
        self.searched_totals.invalidate();
        self.searches.invalidate();
        self.ranked.invalidate();
    }
}
