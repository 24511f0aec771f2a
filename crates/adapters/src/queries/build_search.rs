//! Finding the builds of a public list, in one of the ways that [`super::search_plan`] chooses among.

use std::time::Instant;

use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_async::RunQueryDsl;
use myashes_domain::builds::{BuildFilter, Matches, Narrowing, Sort, TagMode};
use myashes_domain::page::{MAX_COUNTED, SortKey, Total};

use super::matching::{RowAccess, RowsOf, matching, public_matching, public_rows};
use super::order::{PageWindow, Planning, Ranks, compare, sorted, sorted_among};
use super::scan_progress::ScanProgress;
use super::search_plan::{
    self, MAX_INDEXED, MAX_LONG_SCAN, MAX_SMALL_RESULT, MIN_FREQUENT, Plan, Statistics,
};
use super::small_result_set::SmallResultSet;
use super::term_sample::TermSample;
use super::{Backend, Conn, dialect, facets, tags};
use crate::sql::error::DbResult;
use crate::sql::prepared_sql::PreparedSql;
use crate::sql::schema::{build_ranks, builds};

/// A public list and what it is narrowed to.
pub struct List<'a> {
    pub filter: &'a BuildFilter,
    /// Those that the filter lets through, and how many builds they have; `None` when it lets through all.
    facets: Option<(Vec<i32>, u64)>,
}

impl<'a> List<'a> {
    pub async fn open(conn: &mut Conn, filter: &'a BuildFilter) -> DbResult<Self> {
        if !facets::filters_by_facet(filter) {
            return Ok(Self { filter, facets: None });
        }
        Ok(Self::of_facets(filter, facets::matching(conn, filter).await?))
    }

    /// A list that is narrowed to these facets of so many builds.
    pub fn of_facets(filter: &'a BuildFilter, (facets, builds): (Vec<i32>, i64)) -> Self {
        Self { filter, facets: Some((facets, u64::try_from(builds).unwrap_or(0))) }
    }

    /// Its score rows, before term, tags and creator, found by any index.
    fn ranks(&self) -> Ranks<'static> {
        let ranks = build_ranks::table.filter(build_ranks::listed).into_boxed::<Backend>();
        match &self.facets {
            Some((facets, _)) => ranks.filter(build_ranks::facet.eq_any(facets.clone())),
            None => ranks,
        }
    }

    /// The same in the order of a sort, to read about so many of them.
    fn in_order(&self, rows: u64) -> (Ranks<'static>, Planning) {
        let Some((facets, builds)) = &self.facets else { return (self.ranks(), Planning::Once) };
        if !search_plan::reads_in_order(*builds, rows) {
            return (self.ranks(), Planning::ForWindow);
        }
        let ranks = build_ranks::table.filter(build_ranks::listed).into_boxed::<Backend>();
        (ranks.filter(dialect::filed_under(facets.clone())), Planning::OnceFiltered)
    }

    /// The list's builds, under conditions yet to be added by whose index they are found.
    pub fn rows(&self) -> RowsOf<'static> {
        let rows = public_matching(self.filter, RowAccess::RowByRow);
        match &self.facets {
            Some((facets, _)) => rows.filter(PreparedSql::<_, Bool>::new(
                "(SELECT $1 FROM build_ranks WHERE build_ranks.build = builds.id)",
                (dialect::filed_under(facets.clone()),),
            )),
            None => rows,
        }
    }

    /// Those of the builds that are in the list, which the caller knows to be not many.
    pub async fn among(&self, conn: &mut Conn, rows: Vec<i64>, sort: Sort) -> DbResult<SmallResultSet> {
        SmallResultSet::load(conn, self.ranks().filter(build_ranks::build.eq_any(rows)), sort).await
    }

    /// What is known of it, and how the fewest candidates for its builds are found.
    async fn statistics<'s>(
        &'s self,
        conn: &mut Conn,
        sample: Option<&'s TermSample>,
        sort: Sort,
    ) -> DbResult<(Statistics, RowAccess<'s>)> {
        let narrow = self.filter.is_narrow();
        let is_dense = sort == Sort::Newest && self.facets.is_none();
        let filed = self.facets.as_ref().map(|(_, builds)| *builds);
        let Some(sample) = sample.filter(|_| narrow) else {
            let filed = filed.unwrap_or(u64::MAX);
            let (candidates, matches, combined) = (filed, filed, false);
            let statistics = Statistics { filed, narrow, candidates, matches, combined, is_dense };
            return Ok((statistics, RowAccess::ByOthers));
        };
        let listed = sample.listed();
        let filed = filed.unwrap_or(listed);
        let (mut fewest, mut matches, mut access) = (u64::MAX, filed as f64, RowAccess::ByOthers);
        let mut conditions = usize::from(self.facets.is_some());
        let mut narrow_by = |more: usize, indexed: u64, matching: u64, by: RowAccess<'s>| {
            if indexed < fewest {
                (fewest, access) = (indexed, by);
            }
            matches *= (matching as f64 / listed.max(1) as f64).min(1.0);
            conditions += more;
        };
        let Narrowing { search, tag, creator } = self.filter.narrowing();
        let both = search.zip(creator).and_then(|(term, creator)| sample.builds_of_holding(creator, term));
        if let Some(term) = search {
            let estimate = sample.estimate(term, dialect::may_be_indexed);
            let matches = both.unwrap_or(estimate.matches);
            narrow_by(1, estimate.candidates, matches, RowAccess::ByTerm(Some(sample)));
        }
        if !tag.is_empty() {
            let counts = tags::counts(conn, tag).await?;
            let of = |tag: &String| counts.get(tag).copied().unwrap_or(0);
            let (listed, more) = match self.filter.tag_mode {
                TagMode::Any => (tag, 1),
                TagMode::All => {
                    (tag.iter().min_by_key(|it| of(it)).map_or(tag, std::slice::from_ref), tag.len())
                }
            };
            let count = listed.iter().map(of).sum();
            narrow_by(more, count, count, RowAccess::ByTags(listed));
        }
        if let Some(creator) = creator {
            if let Some(count) = sample.builds_of(creator) {
                let (more, matches) = if both.is_some() { (0, listed) } else { (1, count) };
                narrow_by(more, count, matches, RowAccess::ByCreator);
            } else {
                let most = i64::try_from(MAX_SMALL_RESULT).unwrap_or(i64::MAX) + 1;
                let rows = public_rows().filter(builds::steam_id.eq(creator.to_owned())).limit(most);
                let rows: Vec<i64> = rows.load(conn).await?;
                match rows.len() as u64 {
                    // More than are counted here, and too few for the sample.
                    count if count > MAX_SMALL_RESULT => {
                        narrow_by(1, MIN_FREQUENT, MIN_FREQUENT, RowAccess::ByCreator);
                    }
                    count => narrow_by(1, count, count, RowAccess::ByCreator),
                }
            }
        }
        let combined = conditions > 1;
        let candidates = fewest.min(filed);
        if self.facets.is_some() && filed == candidates {
            access = RowAccess::ByFacets;
        }
        let matches = matches as u64;
        Ok((Statistics { filed, narrow, candidates, matches, combined, is_dense }, access))
    }

    /// Looks for a part of it. The sample is there where the filter is narrow.
    pub async fn find(
        &self,
        conn: &mut Conn,
        sample: Option<&TermSample>,
        sort: Sort,
        window: PageWindow,
    ) -> DbResult<Matches> {
        let statistics = self.statistics(conn, sample, sort).await?;
        self.find_by(conn, statistics, sort, window).await
    }

    /// All of it, where that is little.
    pub async fn all_of_few(
        &self,
        conn: &mut Conn,
        sample: &TermSample,
        sort: Sort,
    ) -> DbResult<Option<Vec<SortKey>>> {
        let (statistics, access) = self.statistics(conn, Some(sample), sort).await?;
        let all = PageWindow::first(i64::try_from(MAX_SMALL_RESULT).unwrap_or(i64::MAX));
        // Where that is an estimate, what is read decides, so that each sample leads to the same answer.
        if statistics.candidates > 2 * MAX_SMALL_RESULT {
            return Ok(None);
        }
        let found = self.collect(conn, (access, MAX_SMALL_RESULT, None), sort, all).await?;
        Ok(found.map(|it| it.places))
    }

    async fn find_by(
        &self,
        conn: &mut Conn,
        (statistics, access): (Statistics, RowAccess<'_>),
        sort: Sort,
        window: PageWindow,
    ) -> DbResult<Matches> {
        let page_end = u64::try_from(window.skip.saturating_add(window.take)).unwrap_or(u64::MAX);
        let mut next = search_plan::plan(&statistics, page_end);
        let expected = search_plan::expected_rows(&statistics, page_end);
        let keys = search_plan::keys_compared(&statistics, page_end).filter(|_| self.facets.is_none());
        let mut progress = ScanProgress::new(window, statistics.is_dense, expected);
        let mut tried = vec![];
        loop {
            tracing::debug!(plan = ?next, ?statistics, ?sort, page_end, "finding builds");
            let complete = match next {
                Plan::Facets => {
                    let places = sorted(conn, self.in_order(page_end), sort, window).await?;
                    Some(Matches { places, ..Matches::default() })
                }
                Plan::Small => self.collect(conn, (access, MAX_SMALL_RESULT, keys), sort, window).await?,
                Plan::Index => self.collect(conn, (access, MAX_INDEXED, keys), sort, window).await?,
                Plan::Scan | Plan::LongScan => {
                    let most = match next {
                        Plan::Scan => search_plan::scan_bound(&statistics, page_end),
                        _ => MAX_LONG_SCAN,
                    };
                    self.scan(conn, &mut progress, most, sort, window).await?;
                    progress.ends(window).then(|| progress.found(window))
                }
            };
            if let Some(complete) = complete {
                return Ok(complete);
            }
            tried.push(next);
            match Plan::fallback(&tried, &statistics) {
                Some(plan) => next = plan,
                None => return Ok(progress.found(window)),
            }
        }
    }

    /// The total, where it is known without looking for its builds: a single tag is counted, and of a frequent term, a
    /// creator or both the sample shows that they have more builds than are counted.
    async fn known_total(&self, conn: &mut Conn, sample: Option<&TermSample>) -> DbResult<Option<Total>> {
        if self.facets.is_some() {
            return Ok(None);
        }
        Ok(match self.filter.narrowing() {
            Narrowing { search: None, tag: [tag], creator: None } => {
                let counts = tags::counts(conn, &self.filter.tag).await?;
                let count = counts.get(tag).copied().unwrap_or(0);
                Some(Total::counted(count))
            }
            Narrowing { search, tag: [], creator }
                if sample.is_some_and(|it| it.exceeds_counted(search, creator)) =>
            {
                Some(Total { count: MAX_COUNTED, capped: true })
            }
            _ => None,
        })
    }

    /// How many builds it has, as far as they are counted.
    pub async fn count(&self, conn: &mut Conn, sample: Option<&TermSample>) -> DbResult<Total> {
        if let Some(total) = self.known_total(conn, sample).await? {
            return Ok(total);
        }
        let (statistics, access) = self.statistics(conn, sample, Sort::Newest).await?;
        let most = i64::try_from(MAX_COUNTED).unwrap_or(i64::MAX).saturating_add(1);
        let is_indexed = self.facets.is_none() || matches!(access, RowAccess::ByFacets);
        if is_indexed && search_plan::counts_by_index(&statistics, MAX_COUNTED + 1) {
            let rows: Vec<i64> = self.public_matches(conn, access).await?.limit(most).load(conn).await?;
            return Ok(Total::counted(rows.len() as u64));
        }
        let found = self.find_by(conn, (statistics, access), Sort::Newest, PageWindow::first(most)).await?;
        Ok(found.total.unwrap_or_else(|| {
            let total = Total::counted(found.places.len() as u64);
            // Behind the bound of the search there may be more.
            Total { capped: total.capped || found.rest.is_some(), ..total }
        }))
    }

    /// Finds everything that matches by its own index; `None` when there is more than `most`. The place of a match in the
    /// sort is seen in its row, or among the first of the sort's keys if so many of these are read.
    async fn collect(
        &self,
        conn: &mut Conn,
        (access, most, keys): (RowAccess<'_>, u64, Option<u64>),
        sort: Sort,
        window: PageWindow,
    ) -> DbResult<Option<Matches>> {
        let limit = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
        let matches = if !self.filter.is_narrow() {
            SmallResultSet::load(conn, self.ranks(), sort).await?
        } else if sort == Sort::Newest && self.facets.is_none() {
            let wanted = public_matching(self.filter, access);
            let rows = wanted.select((builds::id, builds::created_at)).limit(limit);
            SmallResultSet::by_creation(rows.load(conn).await?)
        } else {
            if let Some(keys) = keys {
                let wanted = public_matching(self.filter, access).limit(limit);
                let read = (window, i64::try_from(keys).unwrap_or(i64::MAX));
                let (matches, places) = sorted_among(conn, self.in_order(keys), sort, read, wanted).await?;
                let [matches, found] = [u64::try_from(matches).unwrap_or(0), places.len() as u64];
                if matches > most {
                    return Ok(None);
                }
                let is_all =
                    window.after.is_none() && u64::try_from(window.skip).unwrap_or(0) + found >= matches;
                if is_all || i64::try_from(found) == Ok(window.take) {
                    let total = Some(Total::counted(matches));
                    return Ok(Some(Matches { places, rest: None, total }));
                }
            }
            let rows: Vec<i64> = self.public_matches(conn, access).await?.limit(limit).load(conn).await?;
            if rows.len() as u64 > most {
                return Ok(None);
            }
            SmallResultSet::load(conn, self.ranks().filter(build_ranks::build.eq_any(rows)), sort).await?
        };
        if matches.len() as u64 > most {
            return Ok(None);
        }
        let total = Some(Total::counted(matches.len() as u64));
        Ok(Some(Matches { places: matches.sorted(window), rest: None, total }))
    }

    /// What matches, of the builds that the facets let through if it is these that are compared.
    async fn public_matches(&self, conn: &mut Conn, access: RowAccess<'_>) -> DbResult<RowsOf<'static>> {
        let matches = public_matching(self.filter, access);
        if !matches!(access, RowAccess::ByFacets) {
            return Ok(matches);
        }
        let filed: Vec<i64> = self.ranks().select(build_ranks::build).load(conn).await?;
        Ok(matches.filter(builds::id.eq_any(filed)))
    }

    /// Compares rows in the order of the sort's index, where a scan has got to, until `most` are scanned in all.
    async fn scan(
        &self,
        conn: &mut Conn,
        progress: &mut ScanProgress,
        most: u64,
        sort: Sort,
        window: PageWindow,
    ) -> DbResult<()> {
        while !progress.ends(window) && progress.scanned < most {
            let (step, began) = (progress.next_step(most), Instant::now());
            let of_step =
                PageWindow { after: progress.after, skip: 0, take: i64::try_from(step).unwrap_or(i64::MAX) };
            // The keys are of the same moment: only builds that are listed have some.
            let wanted = (|access| matching(self.filter, access), progress.missing(window));
            let compared = compare(conn, || self.in_order(step), sort, of_step, wanted).await?;
            progress.add(compared, step, window, began.elapsed());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
