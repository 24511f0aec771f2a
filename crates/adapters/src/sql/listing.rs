//! Lists of builds: a page of keys from the narrow table, in the order of one of its indexes, then the rows behind
//! the keys. What is rare is collected and sorted instead.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use diesel_async::RunQueryDsl;
use myashes_domain::Result;
use myashes_domain::builds::{
    BuildFilter, BuildQuery, BuildSummary, Listed, Resembling, Scope, Sort, Visibility, relevance,
};
use myashes_domain::page::{DEEPEST, Key, Total};
use myashes_domain::session::SessionHash;
use myashes_domain::text::SearchTerm;

use super::db::boxed;
use super::few::{self, Few};
use super::order::{Ranks, Stretch, sorted};
use super::rows::{RankRow, SummaryRow};
use super::{Backend, Conn, Db, dialect, facets};
use crate::sql::error::DbResult;
use crate::sql::schema::{build_ranks, build_tags, builds};

/// How many rows of a list are gone through at a time: few first, for what is in every list.
const FIRST_STRIDE: i64 = 300;
const STRIDE: i64 = 2_000;

/// How many strides are gone before what is looked for is collected after all.
const STRIDES: usize = 5;

/// How many builds that hold a term are enough to rank them, and how many of the newest where it is not in many.
const ENOUGH: usize = 200;
const LEAST: usize = 50;

/// Row numbers of builds under conditions yet to be added to.
pub type RowsOf<'a> = builds::BoxedQuery<'a, Backend, BigInt>;

/// A public list and what it is narrowed to.
struct List<'a> {
    filter: &'a BuildFilter,
    /// Those that the filter lets through; `None` when it lets through all.
    facets: Option<Vec<i32>>,
    /// How many builds are in them.
    filed: i64,
}

/// What was looked for in a list.
#[derive(Debug)]
struct Found {
    keys: Vec<Key>,
    /// Of the whole list, where all of it was seen.
    total: Option<Total>,
}

impl Found {
    fn among(few: &Few, sort: Sort, stretch: Stretch) -> Self {
        Self { keys: few.keys(sort, stretch), total: Some(few.total()) }
    }
}

impl<'a> List<'a> {
    async fn open(conn: &mut Conn, filter: &'a BuildFilter) -> DbResult<Self> {
        if !facets::concerned(filter) {
            return Ok(Self { filter, facets: None, filed: i64::MAX });
        }
        let (facets, filed) = facets::matching(conn, filter).await?;
        Ok(Self { filter, facets: Some(facets), filed })
    }

    /// Whether a term or a tag says what is in it.
    fn is_narrow(&self) -> bool {
        self.filter.search.is_some() || self.filter.tag.is_some()
    }

    /// Its narrow rows, before term and tag.
    fn ranks(&self) -> Ranks<'static> {
        let ranks = build_ranks::table.filter(build_ranks::listed).into_boxed::<Backend>();
        match &self.facets {
            Some(facets) => ranks.filter(build_ranks::facet.eq_any(facets.clone())),
            None => ranks,
        }
    }

    /// Its narrow rows.
    fn narrowed(&self) -> Ranks<'static> {
        if self.is_narrow() {
            self.ranks().filter(build_ranks::build.eq_any(matching(self.filter)))
        } else {
            self.ranks()
        }
    }

    /// All of it, if that is not much.
    async fn few(&self, conn: &mut Conn) -> DbResult<Option<Few>> {
        let mut wanted = matching(self.filter);
        if self.filed <= few::MOST {
            if !self.is_narrow() {
                return Few::load(conn, self.ranks()).await.map(Some);
            }
            let filed: Vec<i64> = self.ranks().select(build_ranks::build).load(conn).await?;
            wanted = wanted.filter(builds::id.eq_any(filed));
        } else if !self.is_narrow() {
            return Ok(None);
        }
        let rows: Vec<i64> = wanted.limit(few::MOST + 1).load(conn).await?;
        if i64::try_from(rows.len()).is_ok_and(|rows| rows > few::MOST) {
            return Ok(None);
        }
        Few::load(conn, self.ranks().filter(build_ranks::build.eq_any(rows))).await.map(Some)
    }

    /// Looks for a stretch of it. What is frequent is come upon within some hundred rows of the sort's index; only
    /// what is in none of them is asked for by its own. Once much was gone through, `least` will do.
    async fn find(
        &self,
        conn: &mut Conn,
        sort: Sort,
        stretch: Stretch,
        (enough, least): (usize, usize),
    ) -> DbResult<Found> {
        if self.filed <= few::MOST
            && let Some(few) = self.few(conn).await?
        {
            return Ok(Found::among(&few, sort, stretch));
        }
        if !self.is_narrow() {
            let keys = sorted(conn, self.ranks(), sort, stretch).await?;
            return Ok(Found { keys, total: None });
        }
        let (mut found, mut after, mut may_be_few) = (vec![], stretch.after, true);
        for number in 0..=STRIDES {
            let take = if number == 0 { FIRST_STRIDE } else { STRIDE };
            let keys = sorted(conn, self.ranks(), sort, Stretch { after, skip: 0, take }).await?;
            let at_the_end = i64::try_from(keys.len()).is_ok_and(|seen| seen < take);
            after = keys.last().copied().or(after);
            let rows: Vec<i64> = keys.iter().map(|key| key.row).collect();
            let matching: Vec<i64> = matching(self.filter).filter(builds::id.eq_any(rows)).load(conn).await?;
            let matching: HashSet<i64> = matching.into_iter().collect();
            found.extend(keys.into_iter().filter(|key| matching.contains(&key.row)));
            if found.len() >= enough || at_the_end || (number == STRIDES && found.len() >= least) {
                let whole = at_the_end && stretch.after.is_none();
                let total = whole.then(|| counted(found.len()));
                let skip = usize::try_from(stretch.skip).unwrap_or(usize::MAX);
                let take = usize::try_from(stretch.take).unwrap_or(usize::MAX);
                return Ok(Found { keys: found.into_iter().skip(skip).take(take).collect(), total });
            }
            if (matching.is_empty() || number == STRIDES)
                && std::mem::take(&mut may_be_few)
                && let Some(few) = self.few(conn).await?
            {
                return Ok(Found::among(&few, sort, stretch));
            }
        }
        let keys = sorted(conn, self.narrowed(), sort, stretch).await?;
        Ok(Found { keys, total: None })
    }
}

/// Whether a build's own row says that it is public: what is compared and what is shown is of one moment then.
macro_rules! is_public {
    () => {
        builds::visibility.eq(Visibility::Public.into_str()).and(builds::hidden.eq(false))
    };
}

/// The builds that hold the filter's term and its tag.
fn matching(filter: &BuildFilter) -> RowsOf<'static> {
    let mut query: RowsOf<'static> = builds::table.select(builds::id).into_boxed();
    if let Some(term) = &filter.search {
        query = dialect::holding(query, term);
    }
    if let Some(tag) = &filter.tag {
        let tagged = build_tags::table.filter(build_tags::tag.eq(tag.clone())).select(build_tags::build);
        query = query.filter(builds::id.eq_any(tagged));
    }
    let narrowed = filter.search.is_some() || filter.tag.is_some();
    if narrowed && matches!(filter.scope, Scope::Public) {
        query = query.filter(is_public!());
    }
    query
}

/// The narrow rows of what belongs to a caller, whoever may see it.
fn owned(filter: &BuildFilter, session: SessionHash, player: Option<&str>) -> Ranks<'static> {
    let unclaimed = builds::player_id.is_null().and(builds::session.eq(session.0.to_vec()));
    let rows = matching(filter).filter(builds::is_template.eq(false));
    let rows = match player {
        Some(player) => rows.filter(unclaimed.or(builds::player_id.eq(player.to_owned()))),
        None => rows.filter(unclaimed),
    };
    build_ranks::table.filter(build_ranks::build.eq_any(rows)).into_boxed::<Backend>()
}

pub async fn list(db: &Db, query: &BuildQuery) -> Result<Listed> {
    match query.filter.scope {
        Scope::Public if db.replica.is_some() => list_by_replica(db, query).await,
        Scope::Public | Scope::OwnedBy { .. } if query.filter.search.is_some() => {
            db.read_report_from_primary(query.clone(), |conn, query| boxed(page(conn, query))).await
        }
        Scope::Public | Scope::OwnedBy { .. } => {
            db.read(query.clone(), |conn, query| boxed(page(conn, query))).await
        }
    }
}

/// How often a page of a public list is filled up where its builds are no longer public.
const MAX_ROUNDS: usize = 8;

async fn page(conn: &mut Conn, query: BuildQuery) -> DbResult<Listed> {
    let mut stretch = Stretch::of(query.page);
    if let Scope::OwnedBy { session, player_id } = &query.filter.scope {
        let ranks = owned(&query.filter, *session, player_id.as_deref());
        let keys = sorted(conn, ranks, query.sort, stretch).await?;
        let builds = placed(&keys, summaries(conn, &rows_of(&keys), false).await?);
        return Ok(Listed { builds, total: None });
    }
    let mut page = PublicPage::new(stretch);
    for _ in 0..MAX_ROUNDS {
        let found = find_public(conn, (query.clone(), stretch)).await?;
        let builds = public_at(conn, found.keys.clone()).await?;
        let Some(rest) = page.add(stretch, found, builds) else { break };
        stretch = rest;
    }
    Ok(page.listed)
}

/// The replica finds places in the list. Whether a build is public, and what it says, is read on the primary.
async fn list_by_replica(db: &Db, query: &BuildQuery) -> Result<Listed> {
    let mut stretch = Stretch::of(query.page);
    let mut page = PublicPage::new(stretch);
    for _ in 0..MAX_ROUNDS {
        let args = (query.clone(), stretch);
        let found = match query.filter.search {
            Some(_) => db.read_report(args, |conn, args| boxed(find_public(conn, args))).await?,
            None => db.read_from_replica(args, |conn, args| boxed(find_public(conn, args))).await?,
        };
        let builds = db.read(found.keys.clone(), |conn, places| boxed(public_at(conn, places))).await?;
        let Some(rest) = page.add(stretch, found, builds) else { break };
        stretch = rest;
    }
    Ok(page.listed)
}

/// A page of a public list that is filled up until it is full or the list ends.
struct PublicPage {
    wanted: usize,
    listed: Listed,
}

impl PublicPage {
    fn new(stretch: Stretch) -> Self {
        let wanted = usize::try_from(stretch.take).unwrap_or(usize::MAX);
        Self { wanted, listed: Listed { builds: vec![], total: None } }
    }

    /// Adds what is still public of what was found for `stretch`. Returns where to look for what is missing.
    fn add(&mut self, stretch: Stretch, found: Found, builds: Vec<(BuildSummary, Key)>) -> Option<Stretch> {
        self.listed.total = self.listed.total.or(found.total);
        self.listed.builds.extend(builds);
        self.listed.builds.truncate(self.wanted);
        stretch.rest(&found.keys, self.wanted - self.listed.builds.len())
    }
}

async fn find_public(conn: &mut Conn, (query, stretch): (BuildQuery, Stretch)) -> DbResult<Found> {
    let enough = usize::try_from(stretch.skip + stretch.take).unwrap_or(usize::MAX);
    List::open(conn, &query.filter).await?.find(conn, query.sort, stretch, (enough, enough)).await
}

/// The builds at these places, but for those that are gone or no longer public: one statement reads both, since a
/// build may have been made private since it was found.
pub async fn public_at(conn: &mut Conn, places: Vec<Key>) -> DbResult<Vec<(BuildSummary, Key)>> {
    let found = summaries(conn, &rows_of(&places), true).await?;
    Ok(placed(&places, found))
}

fn rows_of(places: &[Key]) -> Vec<i64> {
    places.iter().map(|key| key.row).collect()
}

fn placed(places: &[Key], found: Vec<(i64, BuildSummary)>) -> Vec<(BuildSummary, Key)> {
    let placed = |(row, build)| Some((build, *places.iter().find(|key| key.row == row)?));
    found.into_iter().filter_map(placed).collect()
}

pub async fn count(db: &Db, filter: &BuildFilter) -> Result<Total> {
    match filter.scope {
        Scope::OwnedBy { .. } if filter.search.is_some() => {
            db.read_report_from_primary(filter.clone(), |conn, filter| boxed(total(conn, filter))).await
        }
        Scope::OwnedBy { .. } => db.read(filter.clone(), |conn, filter| boxed(total(conn, filter))).await,
        Scope::Public if filter.search.is_some() => {
            db.read_report(filter.clone(), |conn, filter| boxed(total(conn, filter))).await
        }
        Scope::Public => {
            db.read_from_replica(filter.clone(), |conn, filter| boxed(total(conn, filter))).await
        }
    }
}

async fn total(conn: &mut Conn, filter: BuildFilter) -> DbResult<Total> {
    let most = i64::try_from(DEEPEST).unwrap_or(i64::MAX) + 1;
    let ranks = match &filter.scope {
        Scope::OwnedBy { session, player_id } => owned(&filter, *session, player_id.as_deref()),
        Scope::Public if filter.search.is_none() && filter.tag.is_none() => {
            let (_, builds) = facets::matching(conn, &filter).await?;
            return Ok(Total { count: u64::try_from(builds).unwrap_or(0), capped: false });
        }
        Scope::Public if !facets::concerned(&filter) => {
            // The narrow rows have nothing to add.
            let rows: Vec<i64> = matching(&filter).limit(most).load(conn).await?;
            return Ok(counted(rows.len()));
        }
        Scope::Public => List::open(conn, &filter).await?.narrowed(),
    };
    let rows: Vec<i64> = ranks.select(build_ranks::build).limit(most).load(conn).await?;
    Ok(counted(rows.len()))
}

/// What is counted of a list without an end.
fn counted(rows: usize) -> Total {
    let count = rows as u64;
    Total { count: count.min(DEEPEST), capped: count > DEEPEST }
}

/// The builds of these rows, in this order; rows that were deleted, or are not public where they must be, are left out.
pub async fn summaries(
    conn: &mut Conn,
    rows: &[i64],
    only_public: bool,
) -> DbResult<Vec<(i64, BuildSummary)>> {
    if rows.is_empty() {
        return Ok(vec![]);
    }
    let found: Vec<(SummaryRow, RankRow)> = builds::table
        .inner_join(build_ranks::table)
        .filter(builds::id.eq_any(rows))
        .filter(build_ranks::listed.or((!only_public).into_sql::<Bool>()))
        .select((SummaryRow::as_select(), RankRow::as_select()))
        .load(conn)
        .await?;
    let mut sorted = Vec::with_capacity(found.len());
    for (row, rank) in found {
        sorted.push((row.id, row.summary(rank)?));
    }
    sorted.sort_by_key(|(id, _)| rows.iter().position(|row| row == id));
    Ok(sorted)
}

pub async fn resembling(db: &Db, filter: &BuildFilter, limit: u32) -> Result<Resembling> {
    let Some(term) = filter.search.clone() else { return Ok(Resembling { places: vec![], complete: true }) };
    let args = (filter.clone(), term.clone(), i64::from(limit));
    let find = db.read_report(args, |conn, (filter, term, limit)| {
        boxed(async move { candidates(conn, &filter, &term, limit).await })
    });
    let (places, complete) = find.await?;
    let places = db.compute(move || relevance::rank(&term, places)).await?;
    Ok(Resembling { places, complete })
}

/// The newest that hold the term; then, as long as there is room, those of a class or a race whose name
/// resembles it; and only if that is nothing at all, those whose own words do, which is dear to find out.
async fn candidates(
    conn: &mut Conn,
    filter: &BuildFilter,
    term: &SearchTerm,
    limit: i64,
) -> DbResult<(Vec<(Key, String)>, bool)> {
    let newest = Stretch { after: None, skip: 0, take: limit };
    let list = List::open(conn, filter).await?;
    let Found { mut keys, total } = list.find(conn, Sort::Newest, newest, (ENOUGH, LEAST)).await?;
    let complete = total.is_some_and(|total| total.count == keys.len() as u64);
    let others = BuildFilter { search: None, ..filter.clone() };
    if complete && keys.len() < ENOUGH {
        let kin = facets::resembling(conn, term).await?;
        if !kin.is_empty() {
            let known: Vec<i64> = keys.iter().map(|key| key.row).collect();
            let ranks = List::open(conn, &others).await?.narrowed();
            let ranks = ranks.filter(build_ranks::facet.eq_any(kin)).filter(build_ranks::build.ne_all(known));
            let room = limit.min(ENOUGH as i64) - keys.len() as i64;
            keys.extend(sorted(conn, ranks, Sort::Newest, Stretch { take: room.max(0), ..newest }).await?);
        }
    }
    if keys.is_empty() {
        let similar = dialect::similar(conn, term, limit).await?;
        let ranks = List::open(conn, &others).await?.narrowed().filter(build_ranks::build.eq_any(similar));
        keys = sorted(conn, ranks, Sort::Newest, newest).await?;
    }
    let rows: Vec<i64> = keys.iter().map(|key| key.row).collect();
    let texts: Vec<(i64, String)> = builds::table
        .filter(builds::id.eq_any(rows))
        .filter(is_public!())
        .select((builds::id, builds::search_text))
        .load(conn)
        .await?;
    let mut texts: HashMap<i64, String> = texts.into_iter().collect();
    let places = keys.into_iter().filter_map(|key| Some((key, texts.remove(&key.row)?))).collect();
    Ok((places, complete))
}
