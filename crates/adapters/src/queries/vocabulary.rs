//! What suggestions are chosen among: values of facets, frequent tags, names of builds that many know and of new ones.

use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;
use myashes_domain::builds::{SuggestedCounts, VocabularySource};

use super::{Conn, facets, tags};
use crate::sql::error::DbResult;
use crate::sql::prepared_sql::PreparedSql;
use crate::sql::schema::{build_ranks, builds, facet_parts};

/// Tags and names in the vocabulary: each request compares what was typed with all of them, some 0.2 ms of work.
const MAX_TAGS: i64 = 3_000;
const MAX_KNOWN_BUILDS: i64 = 2_000;
const MAX_NEW_BUILDS: i64 = 500;

pub async fn load(conn: &mut Conn, (): ()) -> DbResult<VocabularySource> {
    let rows: Vec<(String, String, i64)> = facet_parts::table
        .filter(facet_parts::listed)
        .select((facet_parts::class_name, facet_parts::race, facet_parts::builds))
        .load(conn)
        .await?;
    let (mut classes, mut races) = (BTreeMap::new(), BTreeMap::new());
    for (class, race, part) in rows {
        *classes.entry(class).or_default() += part;
        *races.entry(race).or_default() += part;
    }
    let known: PreparedSql<_, BigInt> = PreparedSql::new(
        "SELECT build FROM build_ranks WHERE listed ORDER BY vote_count DESC, created_at DESC, build DESC LIMIT $1",
        (MAX_KNOWN_BUILDS.into_sql::<BigInt>(),),
    );
    let mut rows: Vec<i64> = known.load(conn).await?;
    let new: PreparedSql<_, BigInt> = PreparedSql::new(
        "SELECT build FROM build_ranks WHERE listed ORDER BY created_at DESC, build DESC LIMIT $1",
        (MAX_NEW_BUILDS.into_sql::<BigInt>(),),
    );
    let new: Vec<i64> = new.load(conn).await?;
    let seen: HashSet<i64> = rows.iter().copied().collect();
    rows.extend(new.into_iter().filter(|row| !seen.contains(row)));
    let names: Vec<(i64, String)> =
        builds::table.filter(builds::id.eq_any(&rows)).select((builds::id, builds::name)).load(conn).await?;
    let mut names: HashMap<i64, String> = names.into_iter().collect();
    Ok(VocabularySource {
        classes: facets::most_frequent(classes, usize::MAX),
        races: facets::most_frequent(races, usize::MAX),
        tags: tags::most_used(conn, (String::new(), MAX_TAGS)).await?,
        builds: rows.into_iter().filter_map(|row| Some((row, names.remove(&row)?))).collect(),
    })
}

/// Those of the rows that are listed, and how many listed builds have each of the tags.
pub async fn count_suggested(
    conn: &mut Conn,
    (rows, named): (Vec<i64>, Vec<String>),
) -> DbResult<SuggestedCounts> {
    let of_rows = build_ranks::table.filter(build_ranks::build.eq_any(&rows)).filter(build_ranks::listed);
    let listed: Vec<i64> =
        if rows.is_empty() { vec![] } else { of_rows.select(build_ranks::build).load(conn).await? };
    let tags = if named.is_empty() { HashMap::new() } else { tags::counts(conn, &named).await? };
    Ok(SuggestedCounts { builds: listed.into_iter().collect(), tags })
}
