//! Operations on builds, with their authorization.

use std::ops::Range;
use std::sync::Arc;

use super::draft::{BuildDraft, BuildPatch};
use super::facets::{BuildFacets, ValueCount};
use super::listing::{BuildFilter, BuildList, BuildQuery, BuildRow, Period, Sort};
use super::model::{Build, BuildSummary, Owner};
use super::ports::BuildRepository;
use super::relevance::LEAST_RANK;
use super::suggestions::{Suggestion, SuggestionKind, VocabularyEntry};
use crate::clock::Clock;
use crate::error::{Error, FieldErrors, Result};
use crate::game::GamePack;
use crate::ids::{BuildId, Entropy};
use crate::page::{Page, PageRequest, Position, SortKey, Total, encode_cursor};
use crate::session::Caller;
use crate::text::fold_case;
use crate::write_options::{IdempotencyRecord, WriteOptions, WriteOutcome};

/// How many ids are tried before a collision counts as a failure of the entropy source.
const ID_ATTEMPTS: usize = 8;

/// How many builds are compared with the term of one search by relevance.
const CANDIDATES: u32 = 200;

/// How many builds the popular widget chooses from: more than it can show, since some may be hidden by now.
const RANKED: u32 = 40;

/// Creates, changes, finds and lists builds, and suggests what to search for.
#[derive(Clone)]
pub struct BuildService {
    builds: Arc<dyn BuildRepository>,
    game: Arc<GamePack>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl BuildService {
    /// Creates the service.
    pub fn new(
        builds: Arc<dyn BuildRepository>,
        game: Arc<GamePack>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        Self { builds, game, clock, entropy }
    }

    /// Creates a build that the caller owns, under a generated id.
    ///
    /// # Errors
    /// [`Error::IdempotencyKeyReused`] for a key of another request; [`Error::IdempotencyConflict`] while the first
    /// request with the key runs.
    pub async fn create(
        &self,
        caller: &Caller,
        draft: BuildDraft,
        idempotency: Option<IdempotencyRecord<Build>>,
    ) -> Result<WriteOutcome<Build>> {
        let new_id = || BuildId::generate(&*self.entropy);
        let mut build = draft.into_build(&self.game, new_id(), Owner::of(caller), self.clock.now());
        for _ in 0..ID_ATTEMPTS {
            match self.builds.create(build.clone(), idempotency.clone().into()).await {
                Err(Error::IdTaken) => build.id = new_id(),
                written => return written,
            }
        }
        Err(Error::internal("no free build id was found"))
    }

    /// The build, if this caller may see it.
    ///
    /// # Errors
    /// [`Error::BuildNotFound`] when it is absent, or the caller may not see it.
    pub async fn get(&self, caller: &Caller, id: &BuildId) -> Result<Build> {
        match self.builds.find(id).await? {
            Some(build) if build.summary.visible_to(caller) => Ok(build),
            _ => Err(Error::BuildNotFound(id.to_string())),
        }
    }

    /// The build, where every caller who has its id may see it.
    ///
    /// # Errors
    /// [`Error::BuildNotFound`] when it is absent, or not for everyone.
    pub async fn get_shared(&self, id: &BuildId) -> Result<Build> {
        match self.builds.find(id).await? {
            Some(build) if build.summary.content.visibility.is_visible(build.summary.hidden, false) => {
                Ok(build)
            }
            _ => Err(Error::BuildNotFound(id.to_string())),
        }
    }

    /// The number of the newest row; 0 without any.
    ///
    /// # Errors
    /// When the storage cannot answer.
    pub async fn last_row(&self) -> Result<i64> {
        self.builds.last_row().await
    }

    /// See [`BuildRepository::public_rows`].
    ///
    /// # Errors
    /// When the storage cannot answer.
    pub async fn public_rows(&self, after: Range<i64>, limit: u32) -> Result<Vec<BuildRow>> {
        self.builds.public_rows(after, limit).await
    }

    /// Changes the caller's own build. With `expected`, only while it is at one of these revisions. An invalid patch is
    /// passed as its validation errors, since a build that is missing or not the caller's is reported first.
    ///
    /// # Errors
    /// [`Error::BuildNotFound`] when it is absent or the caller may not see it; [`Error::TemplateReadOnly`] and
    /// [`Error::NotOwner`] for what the caller may only see; [`Error::BuildHidden`]; [`Error::PreconditionFailed`] at
    /// a revision that is not `expected`; [`Error::Invalid`] for an invalid patch.
    pub async fn update(
        &self,
        caller: &Caller,
        id: &BuildId,
        expected: Option<Vec<i64>>,
        patch: Result<BuildPatch, FieldErrors>,
    ) -> Result<Build> {
        let (caller, game, at) = (caller.clone(), Arc::clone(&self.game), self.clock.now());
        let decide = Arc::new(move |build: &Build| {
            check_owned(build, &caller)?;
            if build.summary.hidden {
                return Err(Error::BuildHidden);
            }
            if expected.as_ref().is_some_and(|it| !it.contains(&build.revision)) {
                return Err(Error::PreconditionFailed);
            }
            let patch = patch.clone().map_err(Error::Invalid)?;
            patch.apply_to(build, &game, at).map_err(|fault| Error::Invalid(FieldErrors(vec![fault])))
        });
        self.builds.update(id, decide).await
    }

    /// Removes the caller's own build, a hidden one too.
    ///
    /// # Errors
    /// [`Error::BuildNotFound`] when it is absent or the caller may not see it; [`Error::TemplateReadOnly`] and
    /// [`Error::NotOwner`] for what the caller may only see.
    pub async fn delete(&self, caller: &Caller, id: &BuildId) -> Result<()> {
        let caller = caller.clone();
        let permit = Arc::new(move |build: &Build| check_owned(build, &caller));
        self.builds.delete(id, permit, WriteOptions::default()).await
    }

    /// Returns a page of a list, with its total and the next cursor.
    ///
    /// # Errors
    /// [`Error::Invalid`] on `sort` for [`Sort::Relevance`] without a search term.
    pub async fn list(&self, query: &BuildQuery) -> Result<BuildList> {
        let (page, partial, total) = if query.sort == Sort::Relevance {
            self.by_relevance(query).await?
        } else {
            let (page, partial, total) = self.page_of(query).await?;
            let total = match total {
                Some(total) => total,
                None => self.builds.count(&query.filter).await?,
            };
            (page, partial, total)
        };
        let seen = query.page.offset() + page.items.len() as u64;
        Ok(BuildList {
            total: total.with_seen(seen),
            builds: page.items,
            page: query.page.number(),
            limit: query.page.limit,
            next_cursor: page.next.map(|key| encode_cursor(&key, &query.binding())),
            partial,
        })
    }

    /// A page of a list by any other sort than relevance, whether its search has reached its bound before the page was
    /// full, and the total where it is known.
    async fn page_of(&self, query: &BuildQuery) -> Result<(Page<BuildSummary>, bool, Option<Total>)> {
        let listed = self.builds.list(query).await?;
        let mut page = Page::from_rows(listed.builds, query.page.limit);
        let partial = page.next.is_none() && listed.rest.is_some();
        page.next = page.next.or(listed.rest);
        Ok((page, partial, listed.total))
    }

    /// The most frequent values of each field under the other conditions of `filter`.
    ///
    /// # Errors
    /// When the storage cannot answer.
    pub async fn facets(&self, filter: &BuildFilter) -> Result<BuildFacets> {
        self.builds.facets(filter).await
    }

    /// Tags of public builds that begin with `prefix`, most used first.
    ///
    /// # Errors
    /// When the storage cannot answer.
    pub async fn tags(&self, prefix: &str, limit: u32) -> Result<Vec<ValueCount>> {
        self.builds.tags(&fold_case(prefix.trim_start()), limit).await
    }

    /// What `text` may become, best first. Only what is public is suggested, see
    /// [`BuildRepository::count_suggested`].
    ///
    /// # Errors
    /// When the storage cannot answer.
    pub async fn suggest(&self, text: &str, limit: u32) -> Result<Vec<Suggestion>> {
        let vocabulary = self.builds.vocabulary(&self.game).await?;
        let limit = limit as usize;
        // Some may have been deleted by now.
        let found = vocabulary.matching(text, 2 * limit);
        let builds: Vec<i64> = found.iter().flat_map(|it| it.builds.iter().copied()).collect();
        let tags = found.iter().filter(|it| it.kind == SuggestionKind::Tag);
        let tags: Vec<String> = tags.map(|it| it.text.clone()).collect();
        let listed = match builds.is_empty() && tags.is_empty() {
            true => Arc::default(),
            false => self.builds.count_suggested(builds, tags).await?,
        };
        let count = |it: &VocabularyEntry| match it.kind {
            SuggestionKind::Class | SuggestionKind::Race => it.count,
            SuggestionKind::Tag => listed.tags.get(&it.text).copied().unwrap_or(0),
            SuggestionKind::Build => {
                it.builds.iter().filter(|row| listed.builds.contains(row)).count() as u64
            }
        };
        let suggestions =
            found.into_iter().map(|it| Suggestion { text: it.text.clone(), kind: it.kind, count: count(it) });
        Ok(suggestions.filter(|it| it.count > 0).take(limit).collect())
    }

    /// Adds a batch of changes of facets and tags to their counts, and returns whether there may be more.
    ///
    /// # Errors
    /// When the storage cannot answer.
    pub async fn fold_counts(&self) -> Result<bool> {
        self.builds.fold_counts().await
    }

    /// A page of the ranked builds. After them there may be more that contain the term, by rating: their sort keys
    /// have a smaller rank than those of ranked builds.
    async fn by_relevance(&self, query: &BuildQuery) -> Result<(Page<BuildSummary>, bool, Total)> {
        if query.filter.search.is_none() {
            return Err(Error::invalid("sort", "needs_search", "relevance needs a search term"));
        }
        let found = self.builds.rank_matches(&query.filter, CANDIDATES).await?;
        let fitting = found.places.len();
        let total = match (found.rest, found.total) {
            (_, Some(total)) => total.with_seen(fitting as u64),
            (None, None) => Total::counted(fitting as u64),
            (Some(_), None) => self.builds.count(&query.filter).await?,
        };
        if let Position::After(after) = query.page.position
            && after.rank < LEAST_RANK
        {
            let (page, partial, _) = self.page_of(&by_rating(query, after, query.page.limit)).await?;
            return Ok((page, partial, total));
        }
        let place = |key: &SortKey| (key.rank, key.created, key.row);
        let offset = usize::try_from(query.page.offset()).unwrap_or(usize::MAX);
        let skipped_behind = offset.saturating_sub(fitting);
        let rest = found.places.into_iter().skip(offset).filter(|key| match &query.page.position {
            Position::Page(_) => true,
            Position::After(after) => place(key) < place(after),
        });
        let ranked = Page::from_rows(rest.map(|key| (key, key)).collect(), query.page.limit);
        let builds = self.builds.load_by_keys(&query.filter.scope, &ranked.items).await?;
        let items = builds.into_iter().map(|(build, _)| build).collect();
        let mut page = Page { items, next: ranked.next };
        let missing = query.page.limit - u32::try_from(ranked.items.len()).unwrap_or(query.page.limit);
        let (None, Some(rest)) = (page.next, found.rest) else { return Ok((page, false, total)) };
        let wanted = missing.max(1).saturating_add(u32::try_from(skipped_behind).unwrap_or(u32::MAX));
        let (more, partial, _) = self.page_of(&by_rating(query, rest, wanted)).await?;
        if missing > 0 {
            page.items.extend(more.items.into_iter().skip(skipped_behind));
            page.next = more.next;
        } else if !more.items.is_empty() || partial {
            page.next = Some(rest);
        }
        Ok((page, partial && missing > 0, total))
    }

    /// Returns up to `limit` (40 at most) of the most voted public builds of a period, templates among them if
    /// `templates` is set.
    ///
    /// # Errors
    /// When the storage cannot answer.
    pub async fn popular(&self, period: Period, limit: u32, templates: bool) -> Result<Vec<BuildSummary>> {
        let ids = self.builds.most_voted(period, self.clock.now(), RANKED, templates).await?;
        let limit = limit as usize;
        let (first, others) = ids.split_at(limit.min(ids.len()));
        let mut builds = self.builds.public_by_ids(first).await?;
        if builds.len() < first.len() && !others.is_empty() {
            builds.extend(self.builds.public_by_ids(others).await?);
            builds.truncate(limit);
        }
        Ok(builds)
    }

    /// Returns all public templates, by class, then by name.
    ///
    /// # Errors
    /// When the storage cannot answer.
    pub async fn templates(&self) -> Result<Vec<BuildSummary>> {
        self.builds.templates().await
    }
}

/// The same list by rating, after a sort key.
fn by_rating(query: &BuildQuery, after: SortKey, limit: u32) -> BuildQuery {
    let page = PageRequest { position: Position::After(after), limit };
    BuildQuery { filter: query.filter.clone(), sort: Sort::Rating, page }
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
