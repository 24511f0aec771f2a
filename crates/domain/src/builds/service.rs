//! What may be done with builds.

use std::ops::Range;
use std::sync::Arc;

use super::draft::{BuildContent, BuildDraft, BuildPatch};
use super::listing::{BuildList, BuildQuery, BuildRow, Period, Sort};
use super::model::{Build, BuildSummary, NewBuild, Owner};
use super::ports::{BuildRepository, Rewrite};
use crate::clock::Clock;
use crate::error::{Error, FieldError, FieldErrors, Result};
use crate::game::GamePack;
use crate::ids::{BuildId, Entropy};
use crate::page::{Key, Page, Position, Total, encode_cursor};
use crate::session::Caller;
use crate::write_options::{IdempotencyRecord, WriteOptions, WriteOutcome};

/// How many ids are tried before a collision counts as a fault of the entropy source.
const ID_ATTEMPTS: usize = 8;

/// How many resembling builds are scored for one relevance search.
const CANDIDATES: u32 = 1000;

/// How many builds the popular widget chooses from: more than it can show, since some may be hidden by now.
const RANKED: u32 = 40;

#[derive(Clone)]
pub struct BuildService {
    builds: Arc<dyn BuildRepository>,
    game: Arc<GamePack>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl BuildService {
    pub fn new(
        builds: Arc<dyn BuildRepository>,
        game: Arc<GamePack>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        Self { builds, game, clock, entropy }
    }

    /// The game pack that drafts and patches are parsed against.
    #[must_use]
    pub fn game(&self) -> &GamePack {
        &self.game
    }

    pub async fn create(
        &self,
        caller: &Caller,
        draft: BuildDraft,
        receipt: Option<IdempotencyRecord<Build>>,
    ) -> Result<WriteOutcome<Build>> {
        let content = BuildContent::of(draft, &self.game);
        let search_text = content.search_text(&self.game);
        for _ in 0..ID_ATTEMPTS {
            let build = NewBuild {
                id: BuildId::generate(&*self.entropy),
                content: content.clone(),
                search_text: search_text.clone(),
                is_template: false,
                game_version: self.game.version.clone(),
                owner: Owner::of(caller),
                created_at: self.clock.now(),
            };
            if let Some(written) = self.builds.create(build, receipt.clone().into()).await? {
                return Ok(written);
            }
        }
        Err(Error::internal("no free build id was found"))
    }

    /// The build, if this caller may see it.
    pub async fn get(&self, caller: &Caller, id: &BuildId) -> Result<Build> {
        match self.builds.find(id).await? {
            Some(build) if build.summary.visible_to(caller) => Ok(build),
            _ => Err(Error::BuildNotFound(id.to_string())),
        }
    }

    /// The build, if it is in public lists: the same for every caller.
    pub async fn get_public(&self, id: &BuildId) -> Result<Option<Build>> {
        let build = self.builds.find(id).await?;
        Ok(build.filter(|build| build.summary.is_listed()))
    }

    /// The build, if anybody who has its id may see it.
    pub async fn get_shared(&self, id: &BuildId) -> Result<Option<Build>> {
        let build = self.builds.find(id).await?;
        Ok(build.filter(|build| build.summary.visibility.is_visible(build.summary.hidden, false)))
    }

    /// The number of the newest row; 0 without any.
    pub async fn last_row(&self) -> Result<i64> {
        self.builds.last_row().await
    }

    /// See [`BuildRepository::public_rows`].
    pub async fn public_rows(&self, after: Range<i64>, limit: u32) -> Result<Vec<BuildRow>> {
        self.builds.public_rows(after, limit).await
    }

    /// Changes the caller's own build. With `expected`, only while it is at that revision. A patch that is
    /// invalid in itself comes as `faults`, since a missing build or another's is to be told first.
    pub async fn update(
        &self,
        caller: &Caller,
        id: &BuildId,
        expected: Option<i64>,
        patch: Result<BuildPatch, FieldErrors>,
    ) -> Result<Build> {
        let (caller, game, at) = (caller.clone(), Arc::clone(&self.game), self.clock.now());
        let decide = Arc::new(move |build: &Build| {
            check_owned(build, &caller)?;
            if build.summary.hidden {
                return Err(Error::BuildHidden);
            }
            if expected.is_some_and(|revision| revision != build.revision) {
                return Err(Error::PreconditionFailed);
            }
            let patch = patch.clone().map_err(Error::Invalid)?;
            let content = build
                .content()
                .patched(patch, &game)
                .map_err(|fault: FieldError| Error::Invalid(FieldErrors(vec![fault])))?;
            Ok(Rewrite { search_text: content.search_text(&game), content, at })
        });
        self.builds.update(id, decide).await?.ok_or_else(|| Error::BuildNotFound(id.to_string()))
    }

    /// Removes the caller's own build, a hidden one too.
    pub async fn delete(&self, caller: &Caller, id: &BuildId) -> Result<()> {
        let caller = caller.clone();
        let permit = Arc::new(move |build: &Build| check_owned(build, &caller));
        self.builds
            .delete(id, permit, WriteOptions::default())
            .await?
            .ok_or_else(|| Error::BuildNotFound(id.to_string()))
    }

    pub async fn list(&self, query: &BuildQuery) -> Result<BuildList> {
        let (page, total) = if query.sort == Sort::Relevance {
            self.by_relevance(query).await?
        } else {
            let listed = self.builds.list(query).await?;
            let total = match listed.total {
                Some(total) => total,
                None => self.builds.count(&query.filter).await?,
            };
            (Page::from_rows(listed.builds, query.page.limit), total)
        };
        Ok(BuildList {
            builds: page.items,
            total,
            page: query.page.number(),
            limit: query.page.limit,
            next_cursor: page.next.map(|key| encode_cursor(&key, &query.binding())),
        })
    }

    async fn by_relevance(&self, query: &BuildQuery) -> Result<(Page<BuildSummary>, Total)> {
        if query.filter.search.is_none() {
            return Err(Error::invalid("sort", "needs_search", "relevance needs a search term"));
        }
        let found = self.builds.resembling(&query.filter, CANDIDATES).await?;
        let mut scored = found.places;
        let place = |key: &Key| (key.rank, key.created, key.row);
        scored.sort_by(|a, b| place(b).partial_cmp(&place(a)).unwrap_or(std::cmp::Ordering::Equal));
        let total = match found.complete {
            true => Total { count: scored.len() as u64, capped: false },
            false => self.builds.count(&query.filter).await?,
        };
        let offset = usize::try_from(query.page.offset()).unwrap_or(usize::MAX);
        let rest = scored.into_iter().skip(offset).filter(|key| match &query.page.position {
            Position::Page(_) => true,
            Position::After(after) => place(key) < place(after),
        });
        let page = Page::from_rows(rest.map(|key| (key, key)).collect(), query.page.limit);
        let builds = self.builds.at(&page.items).await?;
        let items = builds.into_iter().map(|(build, _)| build).collect();
        Ok((Page { items, next: page.next }, total))
    }

    pub async fn popular(&self, period: Period, limit: u32, templates: bool) -> Result<Vec<BuildSummary>> {
        let ids = self.builds.most_voted(period, self.clock.now(), RANKED, templates).await?;
        let mut builds = self.builds.listed(&ids).await?;
        builds.truncate(limit as usize);
        Ok(builds)
    }

    pub async fn templates(&self) -> Result<Vec<BuildSummary>> {
        self.builds.templates().await
    }
}

fn check_owned(build: &Build, caller: &Caller) -> Result<()> {
    if !build.summary.visible_to(caller) {
        return Err(Error::BuildNotFound(build.summary.id.to_string()));
    }
    if build.summary.is_template {
        return Err(Error::TemplateReadOnly);
    }
    if !build.summary.owned_by(caller) {
        return Err(Error::NotOwner);
    }
    Ok(())
}
