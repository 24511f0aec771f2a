//! The most frequent values of a list's builds, field by field. Without term, tag and creator they are sums over
//! the parts of facets; with one of them the matches are counted, up to a bound.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use myashes_domain::builds::{BuildFacets, BuildFilter, FacetField, ValueCount};
use myashes_domain::page::MAX_COUNTED;

use super::facets::FacetPart;
use super::term_sample::TermSample;
use super::{Backend, Conn, facets, listing, tags};
use crate::sql::error::DbResult;
use crate::sql::schema::{build_ranks, facet_parts};

/// What the fields are counted over.
struct Counted {
    rows: Vec<FacetPart>,
    /// The builds that were looked at; `None` where facets have counted all of them.
    builds: Option<Vec<i64>>,
    approximate: bool,
}

/// Each field is counted under the filter's conditions on the others.
pub async fn count(
    conn: &mut Conn,
    (filter, sample): (BuildFilter, Option<Arc<TermSample>>),
) -> DbResult<BuildFacets> {
    let sample = sample.as_deref();
    let mut found = BuildFacets::default();
    let all = counted(conn, &filter, sample).await?;
    for &field in FacetField::ALL {
        let lifted = field.lifted_from(&filter);
        let own = match &lifted {
            Some(others) => Some(counted(conn, others, sample).await?),
            None => None,
        };
        let (filter, counted) = (lifted.as_ref().unwrap_or(&filter), own.as_ref().unwrap_or(&all));
        found.approximate |= counted.approximate;
        let values = if field == FacetField::Tag {
            let (values, approximate) = tag_values(conn, filter, sample, counted).await?;
            found.approximate |= approximate;
            values
        } else {
            most_frequent(&counted.rows, field)
        };
        found.values.insert(field, values);
    }
    Ok(found)
}

async fn counted(conn: &mut Conn, filter: &BuildFilter, sample: Option<&TermSample>) -> DbResult<Counted> {
    if !filter.is_narrow() {
        let rows = facets::listed(filter).select(FacetPart::as_select()).load(conn).await?;
        return Ok(Counted { rows, builds: None, approximate: false });
    }
    let (builds, approximate) = first_matches(conn, filter, sample).await?;
    let rows = facet_values(conn, &builds).await?;
    Ok(Counted { rows, builds: Some(builds), approximate })
}

/// The first [`MAX_COUNTED`] matches, and whether there are more.
async fn first_matches(
    conn: &mut Conn,
    filter: &BuildFilter,
    sample: Option<&TermSample>,
) -> DbResult<(Vec<i64>, bool)> {
    let most = usize::try_from(MAX_COUNTED).unwrap_or(usize::MAX);
    let (mut builds, unseen) = listing::first_matches(conn, filter, sample, most + 1).await?;
    let more = unseen || builds.len() > most;
    builds.truncate(most);
    Ok((builds, more))
}

/// The facet rows of these builds, with as many builds as there are of these.
async fn facet_values(conn: &mut Conn, builds: &[i64]) -> DbResult<Vec<FacetPart>> {
    let filed: Vec<i32> = build_ranks::table
        .filter(build_ranks::build.eq_any(builds))
        .select(build_ranks::facet)
        .load(conn)
        .await?;
    let mut counts: HashMap<i32, i64> = HashMap::new();
    for facet in filed {
        *counts.entry(facet).or_default() += 1;
    }
    let ids: Vec<i32> = counts.keys().copied().collect();
    let mut rows: Vec<FacetPart> = facet_parts::table
        .filter(facet_parts::id.eq_any(ids))
        .select(FacetPart::as_select())
        .into_boxed::<Backend>()
        .load(conn)
        .await?;
    // A facet has several parts: the first one takes what was counted.
    for row in &mut rows {
        row.builds = counts.remove(&row.id).unwrap_or(0);
    }
    Ok(rows)
}

/// Tags are counted for all builds together. Under other conditions the first matches are counted.
async fn tag_values(
    conn: &mut Conn,
    filter: &BuildFilter,
    sample: Option<&TermSample>,
    counted: &Counted,
) -> DbResult<(Vec<ValueCount>, bool)> {
    let most = BuildFacets::MAX_VALUES;
    match &counted.builds {
        Some(builds) => Ok((tags::of_builds(conn, builds, most).await?, false)),
        None if facets::filters_by_facet(filter) => {
            let (builds, approximate) = first_matches(conn, filter, sample).await?;
            Ok((tags::of_builds(conn, &builds, most).await?, approximate))
        }
        None => {
            let limit = i64::try_from(most).unwrap_or(i64::MAX);
            Ok((tags::most_used(conn, (String::new(), limit)).await?, false))
        }
    }
}

fn most_frequent(rows: &[FacetPart], field: FacetField) -> Vec<ValueCount> {
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for row in rows {
        if let Some(value) = row.value(field) {
            *counts.entry(value).or_default() += row.builds;
        }
    }
    let counts = counts.into_iter().map(|(value, count)| (value.to_owned(), count));
    facets::most_frequent(counts, BuildFacets::MAX_VALUES)
}
