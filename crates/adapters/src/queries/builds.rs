//! Builds: one wide row its owner writes, one narrow row its votes move, its tags and its facet.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use myashes_domain::builds::{
    Build, BuildFacets, BuildFilter, BuildQuery, BuildRepository, BuildRow, BuildSummary, Decision,
    KeyedPage, NewBuild, Period, RankedMatches, Rewrite, Scope, ValueCount, VocabularySource,
};
use myashes_domain::clock::Timestamp;
use myashes_domain::ids::BuildId;
use myashes_domain::page::{SortKey, Total};
use myashes_domain::votes::Scores;
use myashes_domain::write_options::{WriteOptions, WriteOutcome};
use myashes_domain::{Error, Result};

use super::db::{boxed, job};
use super::facets::{self, Facet};
use super::rows::{RankRow, SummaryRow};
use super::vote_batch::Locking;
use super::{Conn, Db, dialect, facet_counts, listing, popular, relevance, tags, vocabulary};
use crate::batcher::Batcher;
use crate::cache::Invalidation;
use crate::sql::error::{DbResult, expect_rows};
use crate::sql::schema::{build_ranks, build_tags, builds};
use crate::sql::types::SqlTimestamp;

/// How many batches of look-ups are under way at once.
const LANES: usize = 4;

pub struct Builds {
    db: Db,
    look_ups: Batcher<BuildId, Option<Build>>,
}

impl Builds {
    pub fn new(db: Db) -> Self {
        let of_batches = db.clone();
        let look_ups = Batcher::start(&db.runtime, LANES, db.call_timeout, move |ids: Vec<BuildId>| {
            let db = of_batches.clone();
            async move {
                let found = db.read(ids.clone(), |conn, ids| boxed(load_many(conn, ids))).await?;
                Ok(ids.iter().map(|id| Ok(found.get(id.as_str()).cloned())).collect())
            }
        });
        Self { db, look_ups }
    }
}

#[async_trait]
impl BuildRepository for Builds {
    async fn create(&self, build: NewBuild, options: WriteOptions<Build>) -> Result<WriteOutcome<Build>> {
        let (changed, scores) = (Invalidation::Build(build.id.clone()), Scores::none(&self.db.ranking));
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
                let same =
                    before.content() == build.content && before.summary.game_version == build.game_version;
                if !same {
                    let at = build.created_at;
                    let rewrite = Rewrite { content: build.content, search_text: build.search_text, at };
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
                if rewrite.content == before.content() {
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
        if query.filter.search.is_none() || query.filter.scope != Scope::Public {
            return listing::list(&self.db, query).await;
        }
        let (db, wanted) = (self.db.clone(), query.clone());
        let find = async move { listing::list(&db, &wanted).await.map(Arc::new) };
        Ok(KeyedPage::clone(&*self.db.caches.builds.searches.get(query.clone(), find).await?))
    }

    async fn load_by_keys(&self, places: &[SortKey]) -> Result<Vec<(BuildSummary, SortKey)>> {
        self.db.read(places.to_vec(), |conn, places| boxed(listing::load_by_keys(conn, places))).await
    }

    async fn rank_matches(&self, filter: &BuildFilter, limit: u32) -> Result<RankedMatches> {
        if filter.scope != Scope::Public {
            return relevance::rank_matches(&self.db, filter, limit).await;
        }
        let (db, wanted) = (self.db.clone(), filter.clone());
        let find = async move { relevance::rank_matches(&db, &wanted, limit).await.map(Arc::new) };
        Ok(RankedMatches::clone(&*self.db.caches.builds.ranked.get((filter.clone(), limit), find).await?))
    }

    async fn count(&self, filter: &BuildFilter) -> Result<Total> {
        let caches = &self.db.caches.builds;
        let totals = match filter.scope {
            Scope::Public if filter.is_narrow() => &caches.counts,
            Scope::Public => &caches.totals,
            Scope::OwnedBy { .. } => return listing::count(&self.db, filter).await,
        };
        let (db, wanted) = (self.db.clone(), filter.clone());
        totals.get(filter.clone(), async move { listing::count(&db, &wanted).await }).await
    }

    async fn facets(&self, filter: &BuildFilter) -> Result<BuildFacets> {
        let (db, wanted) = (self.db.clone(), filter.clone());
        let find = async move {
            let sample = listing::sample_for(&db, &wanted).await?;
            let counted =
                db.read_report((wanted, sample), |conn, args| boxed(facet_counts::count(conn, args)));
            counted.await.map(Arc::new)
        };
        Ok(BuildFacets::clone(&*self.db.caches.builds.facets.get(filter.clone(), find).await?))
    }

    async fn tags(&self, prefix: &str, limit: u32) -> Result<Vec<ValueCount>> {
        let (db, args) = (self.db.clone(), (prefix.to_owned(), i64::from(limit)));
        let find = async move {
            db.read_report(args, |conn, args| boxed(tags::most_used(conn, args))).await.map(Arc::new)
        };
        Ok(Vec::clone(&*self.db.caches.builds.tags.get((prefix.to_owned(), limit), find).await?))
    }

    async fn vocabulary(&self) -> Result<Arc<VocabularySource>> {
        let db = self.db.clone();
        let find = async move {
            db.read_report((), |conn, ()| boxed(vocabulary::load(conn, ()))).await.map(Arc::new)
        };
        self.db.caches.builds.vocabulary.get((), find).await
    }

    async fn count_suggested(
        &self,
        builds: &[BuildId],
        tags: &[String],
    ) -> Result<(HashSet<BuildId>, HashMap<String, u64>)> {
        let args = (builds.iter().map(|id| id.as_str().to_owned()).collect(), tags.to_vec());
        self.db.read(args, |conn, args| boxed(vocabulary::count_suggested(conn, args))).await
    }

    async fn fold_tag_counts(&self) -> Result<bool> {
        self.db.write_plain(Invalidation::None, |conn| boxed(tags::fold(conn))).await
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
            let found = db.read_from_replica(args, |conn, args| boxed(popular::most_voted(conn, args)));
            found.await.map(Arc::new)
        };
        let key = (period, now.day(), limit, templates);
        Ok(Vec::clone(&*self.db.caches.builds.most_voted.get(key, find).await?))
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

/// Stores a build with scores of no votes.
async fn insert(conn: &mut Conn, build: &NewBuild, scores: &Scores) -> DbResult<Build> {
    let content = &build.content;
    let created = SqlTimestamp(build.created_at);
    let row: Option<i64> = diesel::insert_into(builds::table)
        .values((
            builds::build_id.eq(build.id.as_str()),
            builds::name.eq(&content.name),
            builds::description.eq(&content.description),
            builds::primary_archetype.eq(&content.primary_archetype),
            builds::secondary_archetype.eq(&content.secondary_archetype),
            builds::class_name.eq(&content.class_name),
            builds::race.eq(&content.race),
            builds::visibility.eq(content.visibility.into_str()),
            builds::is_template.eq(build.is_template),
            builds::tags.eq(json_of(&content.tags)?),
            builds::build_data.eq(&content.build_data),
            builds::game_version.eq(&build.game_version),
            builds::search_text.eq(&build.search_text),
            builds::session.eq(build.owner.session.map(|session| session.0.to_vec())),
            builds::player_id.eq(&build.owner.player_id),
            builds::steam_id.eq(&build.owner.steam_id),
            builds::display_name.eq(&build.owner.display_name),
            builds::created_at.eq(created),
            builds::updated_at.eq(created),
            builds::revision.eq(1_i64),
        ))
        .on_conflict(builds::build_id)
        .do_nothing()
        .returning(builds::id)
        .get_result(conn)
        .await
        .optional()?;
    let row = row.ok_or(Error::IdTaken)?;
    let facet = Facet::of(content, false, build.is_template, &build.game_version);
    let filed = facets::increment(conn, &facet).await?;
    diesel::insert_into(build_ranks::table)
        .values((
            build_ranks::build.eq(row),
            build_ranks::facet.eq(filed),
            build_ranks::listed.eq(facet.listed),
            build_ranks::created_at.eq(created),
            build_ranks::bayesian.eq(scores.bayesian),
            build_ranks::trend.eq(scores.trend),
            build_ranks::tally_revision.eq(0_i64),
        ))
        .execute(conn)
        .await?;
    tags::put(conn, row, &content.tags, facet.listed).await?;
    reload(conn, &build.id).await
}

/// The build and its row number, with its score row locked. Every write to a build or its votes takes this lock,
/// before any other.
pub async fn lock(conn: &mut Conn, id: &BuildId) -> DbResult<Option<(i64, Build)>> {
    let row: Option<i64> = builds::table
        .filter(builds::build_id.eq(id.as_str()))
        .select(builds::id)
        .first(conn)
        .await
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    dialect::lock_ranks(conn, &[row], Locking::Wait).await?;
    load(conn, id).await
}

/// The same for a build that must exist.
async fn lock_existing(conn: &mut Conn, id: &BuildId) -> DbResult<(i64, Build)> {
    Ok(lock(conn, id).await?.ok_or_else(|| Error::BuildNotFound(id.to_string()))?)
}

/// A build that this transaction has written.
async fn reload(conn: &mut Conn, id: &BuildId) -> DbResult<Build> {
    let (_, build) = load(conn, id).await?.ok_or_else(|| Error::internal("a written build is missing"))?;
    Ok(build)
}

/// The build and its row number.
async fn load(conn: &mut Conn, id: &BuildId) -> DbResult<Option<(i64, Build)>> {
    let found: Option<(SummaryRow, RankRow, Option<String>)> = builds::table
        .inner_join(build_ranks::table)
        .filter(builds::build_id.eq(id.as_str()))
        .select((SummaryRow::as_select(), RankRow::as_select(), builds::build_data))
        .first(conn)
        .await
        .optional()?;
    let Some((row, rank, data)) = found else { return Ok(None) };
    Ok(Some((row.id, row.build(rank, data)?)))
}

/// The builds that are there, by id.
async fn load_many(conn: &mut Conn, ids: Vec<BuildId>) -> DbResult<HashMap<String, Build>> {
    let found = dialect::look_up(conn, &ids).await?;
    found.into_iter().map(|(row, rank, data)| Ok((row.build_id.clone(), row.build(rank, data)?))).collect()
}

pub async fn rewrite_row(
    conn: &mut Conn,
    row: i64,
    before: &Build,
    rewrite: &Rewrite,
    game_version: &str,
) -> DbResult<()> {
    let content = &rewrite.content;
    diesel::update(builds::table.find(row))
        .set((
            builds::name.eq(&content.name),
            builds::description.eq(&content.description),
            builds::primary_archetype.eq(&content.primary_archetype),
            builds::secondary_archetype.eq(&content.secondary_archetype),
            builds::class_name.eq(&content.class_name),
            builds::race.eq(&content.race),
            builds::visibility.eq(content.visibility.into_str()),
            builds::tags.eq(json_of(&content.tags)?),
            builds::build_data.eq(&content.build_data),
            builds::game_version.eq(game_version),
            builds::search_text.eq(&rewrite.search_text),
            builds::updated_at.eq(SqlTimestamp(rewrite.at)),
            builds::revision.eq(builds::revision + 1),
        ))
        .execute(conn)
        .await?;
    let it = &before.summary;
    let facet = Facet::of(content, it.hidden, it.is_template, game_version);
    if facet != Facet::of(&before.content(), it.hidden, it.is_template, &it.game_version) {
        file_under(conn, row, &facet).await?;
    }
    if content.tags != before.summary.tags {
        diesel::delete(build_tags::table.filter(build_tags::build.eq(row))).execute(conn).await?;
        tags::put(conn, row, &content.tags, facet.listed).await?;
    }
    Ok(())
}

/// Hides or shows a build whose score row is locked. Its owner sees which, so what a client has is out of date.
async fn set_hidden(conn: &mut Conn, row: i64, before: &Build, hidden: bool) -> DbResult<()> {
    diesel::update(builds::table.find(row)).set(builds::hidden.eq(hidden)).execute(conn).await?;
    let it = &before.summary;
    let content = before.content();
    let facet = Facet::of(&content, hidden, it.is_template, &it.game_version);
    if facet != Facet::of(&content, it.hidden, it.is_template, &it.game_version) {
        file_under(conn, row, &facet).await?;
    }
    diesel::update(build_ranks::table.find(row))
        .set(build_ranks::tally_revision.eq(build_ranks::tally_revision + 1))
        .execute(conn)
        .await?;
    Ok(())
}

/// Moves a build whose score row is locked to another facet, and into or out of public lists with it.
async fn file_under(conn: &mut Conn, row: i64, facet: &Facet) -> DbResult<()> {
    let left: i32 = build_ranks::table.find(row).select(build_ranks::facet).first(conn).await?;
    let entered = facets::transfer(conn, left, facet).await?;
    diesel::update(build_ranks::table.find(row))
        .set((build_ranks::facet.eq(entered), build_ranks::listed.eq(facet.listed)))
        .execute(conn)
        .await?;
    let others =
        build_tags::table.filter(build_tags::build.eq(row)).filter(build_tags::listed.ne(facet.listed));
    diesel::update(others).set(build_tags::listed.eq(facet.listed)).execute(conn).await?;
    Ok(())
}

/// Removes builds whose score rows are locked, with their votes, and counts them out.
pub async fn remove(conn: &mut Conn, rows: &[i64]) -> DbResult<()> {
    let facets: Vec<i32> = build_ranks::table
        .filter(build_ranks::build.eq_any(rows))
        .select(build_ranks::facet)
        .load(conn)
        .await?;
    let mut differences: BTreeMap<i32, i64> = BTreeMap::new();
    for facet in facets {
        *differences.entry(facet).or_default() -= 1;
    }
    facets::adjust(conn, &differences).await?;
    let removed = diesel::delete(builds::table.filter(builds::id.eq_any(rows))).execute(conn).await?;
    expect_rows(rows.len(), removed)
}

fn json_of(tags: &[String]) -> Result<String> {
    serde_json::to_string(tags).map_err(|error| Error::internal(format!("tags as JSON: {error}")))
}
