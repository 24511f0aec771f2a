//! Builds, as the domain asks for them; their rows are in `build_rows`.

use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use myashes_domain::builds::{
    Build, BuildFacets, BuildFilter, BuildQuery, BuildRepository, BuildRow, BuildSummary, Decision,
    FacetField, KeyedPage, Matches, NewBuild, Period, Rewrite, Scope, SuggestedCounts, ValueCount,
    Vocabulary,
};
use myashes_domain::clock::Timestamp;
use myashes_domain::game::GamePack;
use myashes_domain::ids::BuildId;
use myashes_domain::page::{SortKey, Total};
use myashes_domain::votes::Scores;
use myashes_domain::write_options::{WriteOptions, WriteOutcome};
use myashes_domain::{Error, Result};

use super::build_rows::{insert, load_many, lock, lock_existing, reload, remove, rewrite_row, set_hidden};
use super::db::{boxed, job};
use super::{Conn, Db, dialect, facet_counts, facets, listing, popular, relevance, tags, vocabulary};
use crate::batcher::Batcher;
use crate::cache::Invalidation;
use crate::sql::error::DbResult;

/// How many batches of look-ups are under way at once.
const LANES: usize = 2;

/// Changes of facets, and of tags, that one transaction adds to their counts.
const FOLDED_AT_ONCE: i64 = 2_000;

pub struct Builds {
    db: Db,
    look_ups: Batcher<BuildId, Option<Build>>,
}

impl Builds {
    pub fn new(db: Db) -> Self {
        let of_batches = db.clone();
        let look_ups = Batcher::start(&db.runtime, LANES, db.call_timeout, move |ids: Vec<BuildId>, turn| {
            drop(turn);
            let db = of_batches.clone();
            async move {
                let found = db.read_in_batch(ids.clone(), |conn, ids| boxed(load_many(conn, ids))).await?;
                Ok(ids.iter().map(|id| Ok(found.get(id.as_str()).cloned())).collect())
            }
        });
        Self { db, look_ups }
    }
}

/// Drops tags that no public build has any more, which a replica may still count.
async fn drop_unused(db: &Db, tags: &mut Vec<ValueCount>) -> Result<()> {
    if db.replica.is_some() && !tags.is_empty() {
        let named: Vec<String> = tags.iter().map(|tag| tag.value.clone()).collect();
        let used =
            db.read(named, |conn, named| boxed(async move { tags::counts(conn, &named).await })).await?;
        tags.retain(|tag| used.contains_key(&tag.value));
    }
    Ok(())
}

#[async_trait]
impl BuildRepository for Builds {
    async fn create(&self, build: NewBuild, options: WriteOptions<Build>) -> Result<WriteOutcome<Build>> {
        let (changed, scores) = (Invalidation::NewBuild(build.id.clone()), Scores::none(&self.db.ranking));
        let work = job(move |conn| boxed(async move { insert(conn, &build, &scores).await }));
        self.db.write(changed, options, work).await
    }

    async fn put_template(&self, build: NewBuild) -> Result<bool> {
        let (changed, scores) = (Invalidation::Build(build.id.clone()), Scores::none(&self.db.ranking));
        let work = job(move |conn| {
            boxed(async move {
                let Some((row, before)) = lock(conn, &build.id).await? else {
                    return insert(conn, &build, &scores).await.map(|_| true);
                };
                if !before.summary.is_template {
                    let why = format!("{} is stored as a build that is no template", build.id);
                    return Err(Error::internal(why).into());
                }
                let NewBuild { content, build_data, search_text, created_at: at, .. } = build;
                let rewrite = Rewrite { content, build_data, search_text, at };
                let same = rewrite.is_same_as(&before) && before.summary.game_version == build.game_version;
                if !same {
                    rewrite_row(conn, row, &before, &rewrite, &build.game_version).await?;
                }
                Ok(!same)
            })
        });
        self.db.write_plain(changed, work).await
    }

    async fn find(&self, id: &BuildId) -> Result<Option<Build>> {
        self.look_ups.submit(id.clone()).await
    }

    async fn update(&self, id: &BuildId, decide: Decision<Rewrite>) -> Result<Build> {
        let id = id.clone();
        let changed = Invalidation::Build(id.clone());
        let work = job(move |conn| {
            boxed(async move {
                let (row, before) = lock_existing(conn, &id).await?;
                let rewrite = decide(&before)?;
                if rewrite.is_same_as(&before) {
                    return Ok(before);
                }
                let version = before.summary.game_version.clone();
                rewrite_row(conn, row, &before, &rewrite, &version).await?;
                reload(conn, &id).await
            })
        });
        self.db.write_plain(changed, work).await
    }

    async fn delete(&self, id: &BuildId, permit: Decision<()>, options: WriteOptions<()>) -> Result<()> {
        let id = id.clone();
        let changed = Invalidation::Build(id.clone());
        let work = job(move |conn| {
            boxed(async move {
                let (row, build) = lock_existing(conn, &id).await?;
                permit(&build)?;
                remove(conn, &[row]).await
            })
        });
        self.db.write(changed, options, work).await?.executed()
    }

    async fn set_hidden(
        &self,
        id: &BuildId,
        hidden: bool,
        options: WriteOptions<Build>,
    ) -> Result<WriteOutcome<Build>> {
        let id = id.clone();
        let changed = Invalidation::Build(id.clone());
        let work = job(move |conn| {
            boxed(async move {
                let (row, before) = lock_existing(conn, &id).await?;
                if before.summary.hidden == hidden {
                    return Ok(before);
                }
                set_hidden(conn, row, &before, hidden).await?;
                reload(conn, &id).await
            })
        });
        self.db.write(changed, options, work).await
    }

    async fn list(&self, query: &BuildQuery) -> Result<KeyedPage> {
        listing::list(&self.db, query).await
    }

    async fn load_by_keys(&self, scope: &Scope, places: &[SortKey]) -> Result<Vec<(BuildSummary, SortKey)>> {
        listing::load(&self.db, scope, places).await
    }

    async fn rank_matches(&self, filter: &BuildFilter, limit: u32) -> Result<Matches> {
        if filter.scope != Scope::Public {
            return relevance::rank_matches(&self.db, filter, limit).await;
        }
        let (db, wanted) = (self.db.clone(), filter.clone());
        let find = async move { relevance::rank_matches(&db, &wanted, limit).await };
        self.db.caches.builds.ranked.get((filter.clone(), limit), find).await
    }

    async fn count(&self, filter: &BuildFilter) -> Result<Total> {
        let caches = &self.db.caches.builds;
        let totals = match filter.scope {
            Scope::Public if filter.search.is_some() => &caches.searched_totals,
            Scope::Public => &caches.totals,
            Scope::OwnedBy { .. } => return listing::count(&self.db, filter).await,
        };
        let (db, wanted) = (self.db.clone(), filter.clone());
        let counted = totals.get(filter.clone(), async move { listing::count(&db, &wanted).await }).await;
        match counted {
            // The page is there: it is not held back for its total.
            Err(Error::Unavailable(cause)) if filter.is_narrow() => {
                tracing::warn!(%cause, "a list could not be counted in time");
                Ok(Total { count: 0, capped: true })
            }
            counted => counted,
        }
    }

    async fn facets(&self, filter: &BuildFilter) -> Result<BuildFacets> {
        let (db, wanted) = (self.db.clone(), filter.clone());
        let find = async move {
            let sample = listing::sample_for(&db, &wanted).await?;
            let count = db.read_report((wanted, sample), |conn, args| boxed(facet_counts::count(conn, args)));
            let mut facets = count.await?;
            if let Some(tags) = facets.values.get_mut(&FacetField::Tag) {
                drop_unused(&db, tags).await?;
            }
            Ok(facets)
        };
        self.db.caches.builds.facets.get(filter.clone(), find).await
    }

    async fn tags(&self, prefix: &str, limit: u32) -> Result<Vec<ValueCount>> {
        let (db, args) = (self.db.clone(), (prefix.to_owned(), i64::from(limit)));
        let find = async move {
            let mut tags = db.read_report(args, |conn, args| boxed(tags::most_used(conn, args))).await?;
            drop_unused(&db, &mut tags).await?;
            Ok(tags)
        };
        self.db.caches.builds.tags.get((prefix.to_owned(), limit), find).await
    }

    async fn vocabulary(&self, game: &Arc<GamePack>) -> Result<Arc<Vocabulary>> {
        let (db, game) = (self.db.clone(), Arc::clone(game));
        let find = async move {
            let source = db.read_report((), |conn, ()| boxed(vocabulary::load(conn, ()))).await?;
            db.compute(move || Arc::new(Vocabulary::new(&source, &game))).await
        };
        self.db.caches.builds.vocabulary.get((), find).await
    }

    async fn count_suggested(&self, rows: Vec<i64>, tags: Vec<String>) -> Result<Arc<SuggestedCounts>> {
        let (db, args) = (self.db.clone(), (rows, tags));
        let wanted = args.clone();
        let find = async move {
            let counted = db.read(wanted, |conn, args| boxed(vocabulary::count_suggested(conn, args)));
            counted.await.map(Arc::new)
        };
        self.db.caches.builds.suggested.get(args, find).await
    }

    async fn fold_counts(&self) -> Result<bool> {
        self.db.write_plain(Invalidation::None, |conn| boxed(fold_counts(conn))).await
    }

    async fn most_voted(
        &self,
        period: Period,
        now: Timestamp,
        limit: u32,
        templates: bool,
    ) -> Result<Vec<BuildId>> {
        let since = period.days().map(|days| now.day().back(days - 1).0);
        let (db, args) = (self.db.clone(), (since, i64::from(limit), templates));
        let find = async move {
            db.read_from_replica(args, |conn, args| boxed(popular::most_voted(conn, args))).await
        };
        let key = (period, now.day(), limit, templates);
        self.db.caches.builds.most_voted.get(key, find).await
    }

    async fn public_by_ids(&self, ids: &[BuildId]) -> Result<Vec<BuildSummary>> {
        self.db.read(ids.to_vec(), |conn, ids| boxed(popular::public_by_ids(conn, ids))).await
    }

    async fn last_row(&self) -> Result<i64> {
        self.db.read((), |conn, ()| boxed(popular::last_row(conn))).await
    }

    async fn public_rows(&self, after: Range<i64>, limit: u32) -> Result<Vec<BuildRow>> {
        let range = (after, i64::from(limit));
        self.db.read(range, |conn, range| boxed(popular::public_rows(conn, range))).await
    }

    async fn templates(&self) -> Result<Vec<BuildSummary>> {
        self.db.read((), |conn, ()| boxed(popular::templates(conn))).await
    }
}

/// Adds the oldest changes of facets and tags to their counts. Returns at once while another process does the same.
async fn fold_counts(conn: &mut Conn) -> DbResult<bool> {
    if !dialect::try_advisory_lock(conn, facets::COUNTS_LOCK).await? {
        return Ok(false);
    }
    let of_facets = facets::fold_changes(conn, FOLDED_AT_ONCE).await?;
    Ok(tags::fold_changes(conn, FOLDED_AT_ONCE).await? || of_facets)
}
