//! Lists by relevance: candidates are collected from several sources, each bounded, and ranked by the domain's rules.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use myashes_domain::Result;
use myashes_domain::builds::relevance::{Matcher, SearchCandidate, rank};
use myashes_domain::builds::{BuildFilter, Matches, Scope, Sort, TagMode};
use myashes_domain::page::{SortKey, Total};
use myashes_domain::text::{SearchTerm, fold, words};

use super::build_search::List;
use super::db::boxed;
use super::listing::own_keys;
use super::matching::{RowAccess, RowsOf, holding_any, matching, public_rows};
use super::order::PageWindow;
use super::term_sample::TermSample;
use super::{Conn, Db, facets, sample_reads, tags};
use crate::sql::error::DbResult;
use crate::sql::schema::builds;

/// How many candidates are enough where only pieces of the term are left to look for, which costs most: a page.
const ENOUGH_BEFORE_SPELLING: i64 = 20;

/// How many builds are looked at that hold pieces of the term, since a slip leaves some of them as they are. Which of them
/// resemble the term is decided by the edit distance.
const MAX_SIMILAR: i64 = 2_000;

/// Tags that are compared with the term, the most used first.
const MAX_TAGS: i64 = 1_000;

/// Builds of one source whose texts are compared.
const MAX_COMPARED: i64 = 1_000;

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
    let (filter, limit) = (filter.clone(), i64::from(limit));
    let (candidates, matches) = match filter.scope {
        Scope::Public => {
            let args = (filter, term.clone(), limit, sample_reads::current(db).await?);
            db.read_report(args, |conn, args| boxed(of_public(conn, args))).await?
        }
        Scope::OwnedBy { .. } => {
            db.read_report_from_primary((filter, limit), |conn, args| boxed(of_caller(conn, args))).await?
        }
    };
    let places = db.compute(move || rank(&term, candidates)).await?;
    Ok(Matches { places, ..matches })
}

/// What is ranked, and what [`Matches`] says of the rest.
type Candidates = (Vec<SearchCandidate>, Matches);

/// Of a list with more than was looked at.
const NOT_COUNTED: Total = Total { count: 0, capped: true };

/// The matches with the texts of their builds, which are among `rows`.
async fn with_texts(conn: &mut Conn, rows: RowsOf<'static>, matches: Matches) -> DbResult<Candidates> {
    let found: Vec<i64> = matches.places.iter().map(|key| key.row).collect();
    let texts: Vec<(i64, String, String)> = rows
        .filter(builds::id.eq_any(found))
        .select((builds::id, builds::search_text, builds::tags))
        .load(conn)
        .await?;
    let mut texts: HashMap<i64, (String, String)> =
        texts.into_iter().map(|(row, text, tags)| (row, (text, tags))).collect();
    let candidate = |key: &SortKey| {
        let (search_text, tags) = texts.remove(&key.row)?;
        let tags = serde_json::from_str(&tags).unwrap_or_default();
        Some(SearchCandidate { key: *key, search_text, tags })
    };
    Ok((matches.places.iter().filter_map(candidate).collect(), matches))
}

/// The caller's builds with the best rating that hold the term. When these are all: also the others.
async fn of_caller(conn: &mut Conn, (filter, limit): (BuildFilter, i64)) -> DbResult<Candidates> {
    let places = own_keys(conn, &filter, Sort::Rating, PageWindow::first(limit)).await?;
    let mut found = Matches { places, ..Matches::default() };
    if i64::try_from(found.places.len()) == Ok(limit) {
        found.rest = found.places.last().copied();
    } else {
        let others = BuildFilter { search: None, ..filter };
        let others = own_keys(conn, &others, Sort::Rating, PageWindow::first(MAX_COMPARED + 1)).await?;
        let (others, are_all) = cut(others, MAX_COMPARED, true);
        found.total = (!are_all).then_some(NOT_COUNTED);
        let known: BTreeSet<i64> = found.places.iter().map(|key| key.row).collect();
        found.places.extend(others.into_iter().filter(|key| !known.contains(&key.row)));
    }
    with_texts(conn, builds::table.select(builds::id).into_boxed(), found).await
}

/// The builds with the best rating that hold the term. When these are all, and not many: also all others of the list where
/// they are few, else those that other sources give.
async fn of_public(
    conn: &mut Conn,
    (filter, term, limit, sample): (BuildFilter, SearchTerm, i64, Arc<TermSample>),
) -> DbResult<Candidates> {
    let (sample, list) = (sample.as_ref(), List::open(conn, &filter).await?);
    let mut found = list.find(conn, Some(sample), Sort::Rating, PageWindow::first(limit)).await?;
    let complete = found.total.is_some_and(|it| !it.capped && it.count == found.places.len() as u64);
    if !complete {
        found.rest = found.rest.or(found.places.last().copied());
        return with_texts(conn, public_rows(), found).await;
    }
    (found.rest, found.total) = (None, None);
    let others = BuildFilter { search: None, ..filter.clone() };
    let list = List::open(conn, &others).await?;
    let few = list.all_of_few(conn, sample, Sort::Rating).await?;
    let sources = if few.is_some() { &[][..] } else { &SOURCES };
    let keys = &mut found.places;
    let mut known: BTreeSet<i64> = keys.iter().map(|key| key.row).collect();
    keys.extend(few.into_iter().flatten().filter(|key| known.insert(key.row)));
    for &source in sources {
        let enough = if source == CandidateSource::Spelling { ENOUGH_BEFORE_SPELLING } else { limit };
        if i64::try_from(keys.len()).is_ok_and(|known| known >= enough) {
            break;
        }
        let (more, is_all) = from_source(conn, (&list, sample), &term, source).await?;
        if !is_all {
            found.total = Some(NOT_COUNTED);
        }
        keys.extend(more.into_iter().filter(|key| known.insert(key.row)));
    }
    with_texts(conn, public_rows(), found).await
}

/// The builds of one source with the best rating, and whether these are all.
async fn from_source(
    conn: &mut Conn,
    (list, sample): (&List<'_>, &TermSample),
    term: &SearchTerm,
    source: CandidateSource,
) -> DbResult<(Vec<SortKey>, bool)> {
    let (rows, most) = match source {
        CandidateSource::Words => {
            let needles = term.word_needles();
            if needles.len() < 2 {
                return Ok((vec![], true));
            }
            (holding_any(list.rows(), &[needles], Some(sample)), MAX_COMPARED)
        }
        CandidateSource::Tags => return tagged(conn, (list, sample), term).await,
        CandidateSource::Facets => {
            let similar = facets::similar(conn, list.filter, term).await?;
            if similar.0.is_empty() {
                return Ok((vec![], true));
            }
            return best(conn, (&List::of_facets(list.filter, similar), sample), MAX_COMPARED).await;
        }
        CandidateSource::Spelling => {
            let groups = term.slip_pieces();
            if groups.is_empty() {
                return Ok((vec![], true));
            }
            (holding_any(list.rows(), &groups, Some(sample)), MAX_SIMILAR)
        }
    };
    best_of(conn, list, rows, most).await
}

/// The builds of a list with the best rating, and whether these are all.
async fn best(
    conn: &mut Conn,
    (list, sample): (&List<'_>, &TermSample),
    limit: i64,
) -> DbResult<(Vec<SortKey>, bool)> {
    let found = list.find(conn, Some(sample), Sort::Rating, PageWindow::first(limit + 1)).await?;
    Ok(cut(found.places, limit, found.rest.is_none()))
}

/// Those of some rows of a list with the best rating, and whether these are all.
async fn best_of(
    conn: &mut Conn,
    list: &List<'_>,
    rows: RowsOf<'static>,
    limit: i64,
) -> DbResult<(Vec<SortKey>, bool)> {
    let rows: Vec<i64> = rows.limit(MAX_SIMILAR).load(conn).await?;
    let is_all = i64::try_from(rows.len()).is_ok_and(|found| found < MAX_SIMILAR);
    let found = list.among(conn, rows, Sort::Rating).await?;
    Ok(cut(found.sorted(PageWindow::first(limit + 1)), limit, is_all))
}

fn cut(mut keys: Vec<SortKey>, limit: i64, is_all: bool) -> (Vec<SortKey>, bool) {
    let found = keys.len();
    keys.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let is_all = is_all && keys.len() == found;
    (keys, is_all)
}

/// Builds one of whose tags is the term or like it, or whose tags hold all words of the term.
async fn tagged(
    conn: &mut Conn,
    (list, sample): (&List<'_>, &TermSample),
    term: &SearchTerm,
) -> DbResult<(Vec<SortKey>, bool)> {
    let of_term: BTreeSet<&str> = words(term.folded()).collect();
    let used = tags::most_used(conn, (String::new(), MAX_TAGS)).await?;
    let (mut holding, mut similar) = (vec![term.folded().to_owned()], vec![]);
    let mut with_word: BTreeMap<&str, Vec<String>> = of_term.iter().map(|word| (*word, vec![])).collect();
    let mut matcher = Matcher::new(term);
    for tag in used.into_iter().map(|it| it.value) {
        let folded = fold(&tag);
        let of_tag: BTreeSet<&str> = words(&folded).collect();
        for (_, tags) in with_word.iter_mut().filter(|(word, _)| of_tag.contains(**word)) {
            tags.push(tag.clone());
        }
        if of_term.is_subset(&of_tag) {
            holding.push(tag);
        } else if matcher.is_similar(&folded) {
            similar.push(tag);
        }
    }
    // As they are ranked: what is cut off is what fits least.
    let mut wanted = vec![vec![holding]];
    if with_word.len() > 1 {
        // As they are typed one filter asks for them, whose list is in the order of rating; spelled otherwise it takes several.
        let as_typed = |word: &&str| vec![(*word).to_owned()];
        wanted.push(with_word.keys().map(as_typed).collect());
        let spelled =
            with_word.iter().map(|(word, tags)| if tags.is_empty() { as_typed(word) } else { tags.clone() });
        wanted.push(spelled.collect());
        wanted.dedup();
    }
    if !similar.is_empty() {
        wanted.push(vec![similar]);
    }
    let (mut keys, mut are_all) = (vec![], true);
    for groups in wanted {
        let (more, is_all) = match one_list(&groups).filter(|_| list.filter.tag.is_empty()) {
            Some((tag, tag_mode)) => {
                let of_tags = BuildFilter { tag, tag_mode, ..list.filter.clone() };
                let list = List::open(conn, &of_tags).await?;
                best(conn, (&list, sample), MAX_COMPARED).await?
            }
            None => {
                let rows = groups.into_iter().fold(list.rows(), |rows, tag| {
                    let of_tags = BuildFilter { tag, ..BuildFilter::all(Scope::Public) };
                    rows.filter(builds::id.eq_any(matching(&of_tags, RowAccess::ByOthers)))
                });
                best_of(conn, list, rows, MAX_COMPARED).await?
            }
        };
        are_all &= is_all;
        keys.extend(more);
    }
    Ok(cut(keys, MAX_COMPARED, are_all))
}

/// Any tag of each group, as the tags of one filter, where one can say it.
fn one_list(groups: &[Vec<String>]) -> Option<(Vec<String>, TagMode)> {
    match groups {
        [tags] => Some((tags.clone(), TagMode::Any)),
        _ => groups.iter().all(|tags| tags.len() == 1).then(|| (groups.concat(), TagMode::All)),
    }
}
