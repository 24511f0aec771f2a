//! Lists of builds. A list is found in two steps: a page of keys from the score rows, in one of the ways that
//! [`super::search_plan`] chooses among, then the builds behind the keys.

use std::sync::Arc;

use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_async::RunQueryDsl;
use myashes_domain::Result;
use myashes_domain::builds::{BuildFilter, BuildQuery, BuildSummary, KeyedPage, Matches, Scope, Sort};
use myashes_domain::page::{MAX_COUNTED, PageRequest, SortKey, Total};
use myashes_domain::session::SessionHash;

use super::build_search::List;
use super::db::boxed;
use super::matching::{RowAccess, matching};
use super::order::{PageWindow, Planning, Ranks, sorted};
use super::rows::{RankRow, SummaryRow};
use super::term_sample::TermSample;
use super::{Backend, Conn, Db, facets, sample_reads};
use crate::sql::error::DbResult;
use crate::sql::schema::{build_ranks, builds, facet_parts};

/// Keys of the builds of the filter's caller, of every visibility; none for a public list.
pub async fn own_keys(
    conn: &mut Conn,
    filter: &BuildFilter,
    sort: Sort,
    window: PageWindow,
) -> DbResult<Vec<SortKey>> {
    let Scope::OwnedBy { session, player_id } = &filter.scope else { return Ok(vec![]) };
    let ranks = owned(filter, *session, player_id.as_deref());
    sorted(conn, (ranks, Planning::ForWindow), sort, window).await
}

/// The score rows of a caller's builds.
fn owned(filter: &BuildFilter, session: SessionHash, player: Option<&str>) -> Ranks<'static> {
    let unclaimed = builds::player_id.is_null().and(builds::session.eq(session.0.to_vec()));
    let rows = matching(filter, RowAccess::ByOthers).filter(builds::is_template.eq(false));
    let rows = match player {
        Some(player) => rows.filter(unclaimed.or(builds::player_id.eq(player.to_owned()))),
        None => rows.filter(unclaimed),
    };
    let ranks = build_ranks::table.filter(build_ranks::build.eq_any(rows)).into_boxed::<Backend>();
    if !facets::filters_by_facet(filter) {
        return ranks;
    }
    ranks.filter(build_ranks::facet.eq_any(facets::admitted(filter).select(facet_parts::id)))
}

pub async fn list(db: &Db, query: &BuildQuery) -> Result<KeyedPage> {
    let searched = query.filter.search.is_some();
    if query.filter.scope == Scope::Public && (searched || db.replica.is_some()) {
        return list_in_steps(db, query).await;
    }
    let args = (query.clone(), sample_for(db, &query.filter).await?);
    if searched {
        db.read_report_from_primary(args, |conn, args| boxed(page(conn, args))).await
    } else {
        db.read(args, |conn, args| boxed(page(conn, args))).await
    }
}

/// How often a page is filled up where its builds were deleted, or are no longer public.
const MAX_ROUNDS: usize = 8;

async fn page(conn: &mut Conn, (mut query, sample): Search) -> DbResult<KeyedPage> {
    let mut page = FilledPage::new(query.page);
    for _ in 0..MAX_ROUNDS {
        let found = find(conn, (query.clone(), sample.clone())).await?;
        let builds = load_by_keys(conn, (query.filter.scope.clone(), found.places.clone())).await?;
        let Some(rest) = page.add(query.page, &found, builds) else { break };
        query.page = rest;
    }
    Ok(page.listed)
}

/// Places in the list may be found by the replica, and those of a search a moment ago. Whether a build is public, and what
/// it says, is read on the primary, now.
async fn list_in_steps(db: &Db, query: &BuildQuery) -> Result<KeyedPage> {
    let mut query = query.clone();
    let mut page = FilledPage::new(query.page);
    for _ in 0..MAX_ROUNDS {
        let (of_search, wanted) = (db.clone(), query.clone());
        let find = async move { find_places(&of_search, &wanted).await.map(Arc::new) };
        let found = match query.filter.search {
            Some(_) => db.caches.builds.searches.get(query.clone(), find).await?,
            None => find.await?,
        };
        let builds = load(db, &query.filter.scope, &found.places).await?;
        let Some(rest) = page.add(query.page, &found, builds) else { break };
        query.page = rest;
    }
    Ok(page.listed)
}

async fn find_places(db: &Db, query: &BuildQuery) -> Result<Matches> {
    let args = (query.clone(), sample_for(db, &query.filter).await?);
    match query.filter.search {
        Some(_) => db.read_report(args, |conn, args| boxed(find(conn, args))).await,
        None => db.read_from_replica(args, |conn, args| boxed(find(conn, args))).await,
    }
}

/// A page of a list that is filled up until it is full or the list ends.
struct FilledPage {
    wanted: usize,
    listed: KeyedPage,
}

impl FilledPage {
    fn new(page: PageRequest) -> Self {
        let wanted = usize::try_from(PageWindow::of(page).take).unwrap_or(usize::MAX);
        Self { wanted, listed: KeyedPage { builds: vec![], total: None, rest: None } }
    }

    /// Adds what is still there of what was found for `page`. Returns where to look for what is missing, and where the list
    /// goes on if that is not done.
    fn add(
        &mut self,
        page: PageRequest,
        found: &Matches,
        builds: Vec<(BuildSummary, SortKey)>,
    ) -> Option<PageRequest> {
        self.listed.total = self.listed.total.or(found.total);
        self.listed.builds.extend(builds);
        self.listed.builds.truncate(self.wanted);
        let missing = self.wanted - self.listed.builds.len();
        let rest = PageWindow::of(page).rest(&found.places, missing);
        let last = found.places.last().copied().filter(|_| rest.is_some());
        self.listed.rest = found.rest.filter(|_| missing > 0).or(last);
        rest
    }
}

/// A query, and the sample where it is narrow.
type Search = (BuildQuery, Option<Arc<TermSample>>);

async fn find(conn: &mut Conn, (query, sample): Search) -> DbResult<Matches> {
    let window = PageWindow::of(query.page);
    if query.filter.scope != Scope::Public {
        let places = own_keys(conn, &query.filter, query.sort, window).await?;
        return Ok(Matches { places, ..Matches::default() });
    }
    List::open(conn, &query.filter).await?.find(conn, sample.as_deref(), query.sort, window).await
}

/// The sample of builds, where the plan needs an estimate.
pub async fn sample_for(db: &Db, filter: &BuildFilter) -> Result<Option<Arc<TermSample>>> {
    match filter.scope {
        Scope::Public if filter.is_narrow() => sample_reads::current(db).await.map(Some),
        _ => Ok(None),
    }
}

pub async fn load(db: &Db, scope: &Scope, places: &[SortKey]) -> Result<Vec<(BuildSummary, SortKey)>> {
    db.read((scope.clone(), places.to_vec()), |conn, args| boxed(load_by_keys(conn, args))).await
}

/// The builds at these places, except those that were deleted or are no longer public: one statement reads both, since a
/// build may have been made private since it was found.
async fn load_by_keys(
    conn: &mut Conn,
    (scope, places): (Scope, Vec<SortKey>),
) -> DbResult<Vec<(BuildSummary, SortKey)>> {
    let found = summaries(conn, &rows_of(&places), scope == Scope::Public).await?;
    Ok(placed(&places, found))
}

fn rows_of(places: &[SortKey]) -> Vec<i64> {
    places.iter().map(|key| key.row).collect()
}

fn placed(places: &[SortKey], found: Vec<(i64, BuildSummary)>) -> Vec<(BuildSummary, SortKey)> {
    let placed = |(row, build)| Some((build, *places.iter().find(|key| key.row == row)?));
    found.into_iter().filter_map(placed).collect()
}

pub async fn count(db: &Db, filter: &BuildFilter) -> Result<Total> {
    let args = (filter.clone(), sample_for(db, filter).await?);
    match filter.scope {
        Scope::OwnedBy { .. } if filter.search.is_some() => {
            db.read_report_from_primary(args, |conn, args| boxed(total(conn, args))).await
        }
        Scope::OwnedBy { .. } => db.read(args, |conn, args| boxed(total(conn, args))).await,
        Scope::Public if filter.search.is_some() => {
            db.read_report(args, |conn, args| boxed(total(conn, args))).await
        }
        Scope::Public => db.read_from_replica(args, |conn, args| boxed(total(conn, args))).await,
    }
}

async fn total(conn: &mut Conn, (filter, sample): (BuildFilter, Option<Arc<TermSample>>)) -> DbResult<Total> {
    let most = i64::try_from(MAX_COUNTED).unwrap_or(i64::MAX) + 1;
    if let Scope::OwnedBy { session, player_id } = &filter.scope {
        let ranks = owned(&filter, *session, player_id.as_deref());
        let rows: Vec<i64> = ranks.select(build_ranks::build).limit(most).load(conn).await?;
        return Ok(Total::counted(rows.len() as u64));
    }
    if !filter.is_narrow() {
        let (_, builds) = facets::matching(conn, &filter).await?;
        return Ok(Total { count: u64::try_from(builds).unwrap_or(0), capped: false });
    }
    List::open(conn, &filter).await?.count(conn, sample.as_deref()).await
}

/// The newest builds of a public list, and whether there may be more behind the bound of the search.
pub async fn first_matches(
    conn: &mut Conn,
    filter: &BuildFilter,
    sample: Option<&TermSample>,
    limit: usize,
) -> DbResult<(Vec<i64>, bool)> {
    let first = PageWindow::first(i64::try_from(limit).unwrap_or(i64::MAX));
    let found = List::open(conn, filter).await?.find(conn, sample, Sort::Newest, first).await?;
    Ok((rows_of(&found.places), found.rest.is_some()))
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

#[cfg(test)]
mod tests {
    use myashes_domain::page::Position;

    use super::*;

    #[test]
    fn a_page_whose_builds_were_deleted_goes_on_behind_them() {
        let page = PageRequest { position: Position::Page(1), limit: 2 };
        let key = |row| SortKey { rank: 0.0, created: row, row };
        let found =
            |rows: &[i64]| Matches { places: rows.iter().copied().map(key).collect(), ..Matches::default() };
        let mut filled = FilledPage::new(page);
        let rest = filled.add(page, &found(&[9, 8, 7]), vec![]).expect("there may be more");
        assert_eq!((rest.position, filled.listed.rest), (Position::After(key(7)), Some(key(7))));
        // The last of the list.
        assert_eq!(filled.add(rest, &found(&[6]), vec![]), None);
        assert_eq!(filled.listed.rest, None);
    }
}
