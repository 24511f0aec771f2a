//! Lists by relevance: candidates are collected from several sources, each bounded, and ranked by the domain's rules.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use myashes_domain::Result;
use myashes_domain::builds::relevance::{Matcher, SearchCandidate, rank};
use myashes_domain::builds::{BuildFilter, Matches, Scope, Sort, TagMode};
use myashes_domain::page::{SortKey, Total};
use myashes_domain::text::{SearchTerm, fold, words};

use super::build_search::List;
use super::db::boxed;
use super::matching::{RowAccess, RowsOf, holding_any, public_matching, public_rows};
use super::order::PageWindow;
use super::term_sample::TermSample;
use super::{Conn, Db, facets, sample_reads, tags};
use crate::sql::error::DbResult;
use crate::sql::schema::{build_tags, builds};

/// How many candidates are enough where only pieces of the term are left to look for, which costs most: a page.
const ENOUGH_BEFORE_SPELLING: i64 = 20;

/// How many builds are looked at that hold pieces of the term, since a slip leaves some of them as they are. Which of them
/// resemble the term is decided by the edit distance.
const MAX_SIMILAR: i64 = 2_000;

/// Tags that are compared with the term, the most used first.
const MAX_TAGS: i64 = 1_000;

/// Where candidates come from besides the builds that hold the term, in the order of how well they may fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CandidateSource {
    /// They hold all words of the term.
    Words,
    /// Their tags are the term, or its words, or like it.
    Tags,
    /// The name of their class or race is like the term.
    Facets,
    /// They hold pieces of the term.
    Spelling,
}

const SOURCES: [CandidateSource; 4] =
    [CandidateSource::Words, CandidateSource::Tags, CandidateSource::Facets, CandidateSource::Spelling];

pub async fn rank_matches(db: &Db, filter: &BuildFilter, limit: u32) -> Result<Matches> {
    let Some(term) = filter.search.clone() else {
        return Ok(Matches::default());
    };
    let args = (filter.clone(), sample_reads::current(db).await?, i64::from(limit));
    let find = db.read_report(args, |conn, (filter, sample, limit)| {
        boxed(async move { candidates(conn, &filter, &sample, limit).await })
    });
    let Candidates { candidates, rest, total } = find.await?;
    let places = db.compute(move || rank(&term, candidates)).await?;
    Ok(Matches { places, rest, total })
}

/// What is ranked, and what [`Matches`] says of the rest.
struct Candidates {
    candidates: Vec<SearchCandidate>,
    rest: Option<SortKey>,
    total: Option<Total>,
}

/// The builds with the best rating that hold the term. When these are all, and not many: also all others of the list where
/// they are few, else those that other sources give.
async fn candidates(
    conn: &mut Conn,
    filter: &BuildFilter,
    sample: &TermSample,
    limit: i64,
) -> DbResult<Candidates> {
    let Some(term) = &filter.search else {
        return Ok(Candidates { candidates: vec![], rest: None, total: None });
    };
    let list = List::open(conn, filter).await?;
    let Matches { places: mut keys, total, rest: end } =
        list.find(conn, Some(sample), Sort::Rating, PageWindow::first(limit)).await?;
    let complete = total.is_some_and(|total| !total.capped && total.count == keys.len() as u64);
    let rest = if complete { None } else { end.or(keys.last().copied()) };
    if complete {
        let others = BuildFilter { search: None, ..filter.clone() };
        let list = List::open(conn, &others).await?;
        let few = list.all_of_few(conn, sample, Sort::Rating).await?;
        let sources = if few.is_some() { &[][..] } else { &SOURCES };
        let mut known: BTreeSet<i64> = keys.iter().map(|key| key.row).collect();
        keys.extend(few.into_iter().flatten().filter(|key| known.insert(key.row)));
        for &source in sources {
            let enough = if source == CandidateSource::Spelling { ENOUGH_BEFORE_SPELLING } else { limit };
            if i64::try_from(keys.len()).is_ok_and(|known| known >= enough) {
                break;
            }
            let more = from_source(conn, (&list, sample), term, source, limit).await?;
            keys.extend(more.into_iter().filter(|key| known.insert(key.row)));
        }
    }
    let rows: Vec<i64> = keys.iter().map(|key| key.row).collect();
    let texts: Vec<(i64, String, String)> = public_rows()
        .filter(builds::id.eq_any(rows))
        .select((builds::id, builds::search_text, builds::tags))
        .load(conn)
        .await?;
    let mut texts: HashMap<i64, (String, String)> =
        texts.into_iter().map(|(row, text, tags)| (row, (text, tags))).collect();
    let candidate = |key: SortKey| {
        let (search_text, tags) = texts.remove(&key.row)?;
        Some(SearchCandidate { key, search_text, tags: serde_json::from_str(&tags).unwrap_or_default() })
    };
    let total = total.filter(|_| rest.is_some());
    Ok(Candidates { candidates: keys.into_iter().filter_map(candidate).collect(), rest, total })
}

/// The builds of one source with the best rating.
async fn from_source(
    conn: &mut Conn,
    (list, sample): (&List<'_>, &TermSample),
    term: &SearchTerm,
    source: CandidateSource,
    limit: i64,
) -> DbResult<Vec<SortKey>> {
    let (rows, most) = match source {
        CandidateSource::Words => {
            let needles = term.word_needles();
            if needles.len() < 2 {
                return Ok(vec![]);
            }
            (load_rows(conn, holding_any(public_rows(), &[needles], Some(sample)), limit).await?, limit)
        }
        CandidateSource::Tags => (tagged(conn, term, limit).await?, limit),
        CandidateSource::Facets => {
            let similar = facets::similar(conn, list.filter, term).await?;
            if similar.0.is_empty() {
                return Ok(vec![]);
            }
            let list = List::of_facets(list.filter, similar);
            return Ok(list.find(conn, Some(sample), Sort::Rating, PageWindow::first(limit)).await?.places);
        }
        CandidateSource::Spelling => {
            let groups = term.slip_pieces();
            if groups.is_empty() {
                return Ok(vec![]);
            }
            let rows = holding_any(public_rows(), &groups, Some(sample));
            (load_rows(conn, rows, MAX_SIMILAR).await?, MAX_SIMILAR)
        }
    };
    let found = list.among(conn, rows, Sort::Rating).await?;
    Ok(found.sorted(PageWindow::first(most)))
}

async fn load_rows(conn: &mut Conn, rows: RowsOf<'static>, limit: i64) -> DbResult<Vec<i64>> {
    Ok(rows.limit(limit).load(conn).await?)
}

/// Builds whose tags hold all words of the term, or one of whose tags is like it.
async fn tagged(conn: &mut Conn, term: &SearchTerm, limit: i64) -> DbResult<Vec<i64>> {
    let of_term: BTreeSet<&str> = words(term.folded()).collect();
    let used = tags::most_used(conn, (String::new(), MAX_TAGS)).await?;
    let mut matcher = Matcher::new(term);
    let mut fits = |tag: &str| {
        let folded = fold(tag);
        let of_tag: BTreeSet<&str> = words(&folded).collect();
        of_term.is_subset(&of_tag) || matcher.is_similar(&folded)
    };
    let mut fitting: Vec<String> = used.into_iter().map(|it| it.value).filter(|tag| fits(tag)).collect();
    fitting.push(term.folded().to_owned());
    let mut rows: Vec<i64> = build_tags::table
        .filter(build_tags::listed)
        .filter(build_tags::tag.eq_any(fitting))
        .select(build_tags::build)
        .limit(limit)
        .load(conn)
        .await?;
    if of_term.len() > 1 {
        let tag = of_term.into_iter().map(str::to_owned).collect();
        let all = BuildFilter { tag, tag_mode: TagMode::All, ..BuildFilter::all(Scope::Public) };
        rows.extend(load_rows(conn, public_matching(&all, RowAccess::ByOthers), limit).await?);
    }
    Ok(rows)
}
