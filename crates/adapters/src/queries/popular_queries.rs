//! The ranking of popular queries.
//!
//! Few queries are ranked on request, all of them. Many are not: candidates of each day are collected now and then, and
//! a request chooses among those of its days. What it shows of them is counted when it is asked for.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};
use diesel_async::RunQueryDsl;
use myashes_domain::analytics::{CandidateRequest, PopularQuery, PopularRequest, count_key};
use myashes_domain::clock::{Day, Timestamp};
use myashes_domain::look_alike::look_alike_keys;

use super::rows::stored;
use super::{Conn, dialect};
use crate::sql::error::DbResult;
use crate::sql::prepared_sql::{PreparedSql, Verbatim};
use crate::sql::schema::{hidden_queries, popular_candidates, search_callers, search_days};
use crate::sql::types::{Instant, SqlTimestamp};

/// The most rows of the roll-up, and of callers, that are ranked on request: 20 ms of work at most.
const MAX_RANKED_ROWS: i64 = 5_000;
const MAX_CALLER_ROWS: i64 = 10_000;

/// The candidates of one day and mode: four times as many as a request shows.
const CANDIDATES: i64 = 200;

/// How many candidates are counted for each query that is shown, since some lack callers.
const SPARE: usize = 2;

/// How many times as many are ranked when too many of them look like hidden queries.
const MORE: usize = 8;

/// How long the collected candidates of a day are fresh, in seconds, whichever process collected them.
const FRESH_SECONDS: i64 = 15;

/// How long those of a day are fresh that is over, yesterday not among them, in seconds: erasures and imports alone
/// change them.
const FRESH_SECONDS_OF_EARLIER_DAYS: i64 = 3_600;

/// A query that was counted.
struct RankedQuery {
    mode: String,
    key: Vec<u8>,
    folded: String,
    searches: i64,
}

/// What hidden queries look like.
pub struct HiddenKeys(pub HashSet<String>);

impl HiddenKeys {
    pub async fn load(conn: &mut Conn) -> DbResult<Self> {
        let queries: Vec<String> = hidden_queries::table.select(hidden_queries::query).load(conn).await?;
        Ok(Self(queries.iter().flat_map(|query| look_alike_keys(query)).collect()))
    }

    /// Whether a query can be seen and does not look like a hidden one. Searches of earlier versions may hold nothing
    /// that can be seen.
    fn shows(&self, folded: &str) -> bool {
        let looks_hidden =
            !self.0.is_empty() && look_alike_keys(folded).iter().any(|key| self.0.contains(key));
        !looks_hidden && !count_key(folded).is_empty()
    }
}

/// One candidate of a day.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub mode: String,
    pub key: Vec<u8>,
    pub searches: i64,
    pub callers: i64,
}

/// The most frequent first, in their most frequent spelling.
pub async fn popular(conn: &mut Conn, request: PopularRequest) -> DbResult<Vec<PopularQuery>> {
    let hidden = HiddenKeys::load(conn).await?;
    let is_few = are_few(conn, request.since, request.min_callers).await?;
    let wanted = request.limit as usize;
    let mut asked = wanted;
    let ranked = loop {
        let found = match is_few {
            true => rank_all(conn, &request, asked).await?,
            false => rank_candidates(conn, &request, asked).await?,
        };
        let is_last = found.len() < asked;
        let mut shown: Vec<RankedQuery> = found.into_iter().filter(|it| hidden.shows(&it.folded)).collect();
        shown.truncate(wanted);
        if is_last || shown.len() == wanted {
            break shown;
        }
        asked *= MORE;
    };
    let days = days_since(conn, request.since).await?;
    let spellings = spellings(conn, &days, &ranked).await?;
    let shown = ranked.into_iter().filter_map(|it| {
        let query = spellings.get(&(it.mode.clone(), it.key))?.clone();
        Some((query, it.mode, it.searches))
    });
    shown
        .map(|(query, mode_name, count)| {
            let count = u64::try_from(count).unwrap_or_default();
            Ok(PopularQuery { query, search_mode: stored("search mode", &mode_name)?, count })
        })
        .collect()
}

/// Whether all queries since a day can be ranked on request.
async fn are_few(conn: &mut Conn, since: Day, min_callers: u32) -> DbResult<bool> {
    let rows: PreparedSql<_, BigInt> = PreparedSql::new(
        "SELECT count(*) FROM (SELECT 1 FROM search_days WHERE day >= $1 LIMIT $2) AS found",
        (since.0.into_sql::<Integer>(), (MAX_RANKED_ROWS + 1).into_sql::<BigInt>()),
    );
    let rows: i64 = rows.get_result(conn).await?;
    if rows > MAX_RANKED_ROWS || min_callers <= 1 {
        return Ok(rows <= MAX_RANKED_ROWS);
    }
    let callers: PreparedSql<_, BigInt> = PreparedSql::new(
        "SELECT count(*) FROM (SELECT 1 FROM search_callers WHERE day >= $1 LIMIT $2) AS found",
        (since.0.into_sql::<Integer>(), (MAX_CALLER_ROWS + 1).into_sql::<BigInt>()),
    );
    let callers: i64 = callers.get_result(conn).await?;
    Ok(callers <= MAX_CALLER_ROWS)
}

/// Ranks every query of the days.
async fn rank_all(conn: &mut Conn, request: &PopularRequest, limit: usize) -> DbResult<Vec<RankedQuery>> {
    let of_mode = request.search_mode.map(<&str>::from).unwrap_or_default();
    let rows: PreparedSql<_, (Text, Binary, Text, BigInt)> = PreparedSql::new(
        "SELECT search_mode, query_key, min(query_folded), CAST(sum(searches) AS bigint) AS total FROM \
         search_days WHERE day >= $1 AND (search_mode = $2 OR $3 = '') AND query_key NOT IN (SELECT \
         query_key FROM hidden_queries) AND ($4 <= 1 OR (search_mode, query_key) IN (SELECT c.search_mode, \
         c.query_key FROM (SELECT DISTINCT search_mode, query_key, caller FROM search_callers WHERE day >= \
         $5 AND coalesce(length(address), 1) > 0) c GROUP BY c.search_mode, c.query_key HAVING count(*) >= \
         $6) AND (search_mode, query_key) IN (SELECT c.search_mode, c.query_key FROM (SELECT DISTINCT search_mode, \
         query_key, coalesce(address, caller) FROM search_callers WHERE day >= $5 AND coalesce(length(address), 1) \
         > 0) c GROUP BY c.search_mode, c.query_key HAVING count(*) >= $6)) GROUP BY search_mode, query_key ORDER \
         BY total DESC, min(query_folded), search_mode LIMIT $7",
        (
            request.since.0.into_sql::<Integer>(),
            of_mode.into_sql::<Text>(),
            of_mode.into_sql::<Text>(),
            i64::from(request.min_callers).into_sql::<BigInt>(),
            request.since.0.into_sql::<Integer>(),
            i64::from(request.min_callers).into_sql::<BigInt>(),
            i64::try_from(limit).unwrap_or(i64::MAX).into_sql::<BigInt>(),
        ),
    );
    let rows: Vec<(String, Vec<u8>, String, i64)> = rows.load(conn).await?;
    let ranked = |(mode, key, folded, searches)| RankedQuery { mode, key, folded, searches };
    Ok(rows.into_iter().map(ranked).collect())
}

/// Ranks the candidates of the days that come first by what was counted when they were collected.
async fn rank_candidates(
    conn: &mut Conn,
    request: &PopularRequest,
    limit: usize,
) -> DbResult<Vec<RankedQuery>> {
    let of_mode = request.search_mode.map(<&str>::from).unwrap_or_default();
    let first: PreparedSql<_, (Text, Binary)> = PreparedSql::new(
        "SELECT search_mode, query_key FROM popular_candidates WHERE day >= $1 AND (search_mode = $2 OR $3 \
         = '') AND query_key NOT IN (SELECT query_key FROM hidden_queries) GROUP BY search_mode, query_key \
         ORDER BY CASE WHEN sum(callers) >= $4 THEN 0 ELSE 1 END, sum(searches) DESC, query_key LIMIT $5",
        (
            request.since.0.into_sql::<Integer>(),
            of_mode.into_sql::<Text>(),
            of_mode.into_sql::<Text>(),
            i64::from(request.min_callers).into_sql::<BigInt>(),
            i64::try_from(limit * SPARE).unwrap_or(i64::MAX).into_sql::<BigInt>(),
        ),
    );
    let first: Vec<(String, Vec<u8>)> = first.load(conn).await?;
    let days = days_since(conn, request.since).await?;
    let mut counted: Vec<RankedQuery> = vec![];
    for (of_mode, keys) in by_mode(first) {
        let keys = with_callers(conn, &days, &of_mode, keys, request.min_callers).await?;
        let rows: Vec<(Vec<u8>, i64, String)> = search_days::table
            .filter(search_days::day.eq_any(&days))
            .filter(search_days::search_mode.eq(&of_mode))
            .filter(search_days::query_key.eq_any(keys))
            .group_by(search_days::query_key)
            .select((
                search_days::query_key,
                PreparedSql::<_, BigInt>::new("CAST(sum(searches) AS bigint)", ()),
                PreparedSql::<_, Text>::new("min(query_folded)", ()),
            ))
            .load(conn)
            .await?;
        let ranked = |(key, searches, folded)| RankedQuery { mode: of_mode.clone(), key, folded, searches };
        counted.extend(rows.into_iter().map(ranked));
    }
    counted.sort_by(|a, b| (b.searches, &a.folded, &a.mode).cmp(&(a.searches, &b.folded, &b.mode)));
    counted.truncate(limit);
    Ok(counted)
}

/// The callers of a day whose addresses differ. One address may be stored for two callers that came at the same moment.
const ADDRESSES: &str = "count(DISTINCT coalesce(address, caller))";

/// Those of the queries for which enough callers have brought an address.
async fn with_callers(
    conn: &mut Conn,
    days: &[i32],
    of_mode: &str,
    keys: Vec<Vec<u8>>,
    min_callers: u32,
) -> DbResult<Vec<Vec<u8>>> {
    if min_callers <= 1 {
        return Ok(keys);
    }
    Ok(search_callers::table
        .filter(search_callers::day.eq_any(days))
        .filter(search_callers::search_mode.eq(of_mode))
        .filter(search_callers::query_key.eq_any(keys))
        .filter(PreparedSql::<_, Bool>::new("coalesce(length(address), 1) > 0", ()))
        .group_by(search_callers::query_key)
        .having(
            PreparedSql::<_, BigInt>::new("count(DISTINCT caller)", ())
                .ge(i64::from(min_callers))
                .and(PreparedSql::<_, BigInt>::new(ADDRESSES, ()).ge(i64::from(min_callers))),
        )
        .select(search_callers::query_key)
        .load(conn)
        .await?)
}

/// The most frequent spelling of each query.
async fn spellings(
    conn: &mut Conn,
    days: &[i32],
    ranked: &[RankedQuery],
) -> DbResult<HashMap<(String, Vec<u8>), String>> {
    let mut found: HashMap<(String, Vec<u8>), (i64, String)> = HashMap::new();
    let queries = ranked.iter().map(|it| (it.mode.clone(), it.key.clone())).collect();
    for (of_mode, keys) in by_mode(queries) {
        let rows: Vec<(Vec<u8>, String, i64)> = search_days::table
            .filter(search_days::day.eq_any(days))
            .filter(search_days::search_mode.eq(&of_mode))
            .filter(search_days::query_key.eq_any(keys))
            .group_by((search_days::query_key, search_days::spelling))
            .select((
                search_days::query_key,
                search_days::spelling,
                PreparedSql::<_, BigInt>::new("CAST(sum(searches) AS bigint)", ()),
            ))
            .load(conn)
            .await?;
        for (key, spelling, searches) in rows {
            let known = found.entry((of_mode.clone(), key)).or_insert_with(|| (searches, spelling.clone()));
            if (known.0, &spelling) < (searches, &known.1) {
                *known = (searches, spelling);
            }
        }
    }
    Ok(found.into_iter().map(|(query, (_, spelling))| (query, spelling)).collect())
}

/// Queries by their mode, so that one statement asks for all of a mode.
fn by_mode(queries: Vec<(String, Vec<u8>)>) -> HashMap<String, Vec<Vec<u8>>> {
    let mut by_mode: HashMap<String, Vec<Vec<u8>>> = HashMap::new();
    for (mode, key) in queries {
        by_mode.entry(mode).or_default().push(key);
    }
    by_mode
}

/// The days from `since` to the last one with a search. Indexes begin with the day: a list of days lets them go on to
/// the query, a range does not.
async fn days_since(conn: &mut Conn, since: Day) -> DbResult<Vec<i32>> {
    let last: Option<i32> = search_days::table
        .select(search_days::day)
        .order_by(search_days::day.desc())
        .first(conn)
        .await
        .optional()?;
    Ok(last.map_or_else(Vec::new, |last| (since.0..=last).collect()))
}

/// The days whose candidates are not fresh, the last one first: `None` when no candidates are needed.
pub async fn outdated_days(conn: &mut Conn, request: CandidateRequest) -> DbResult<Option<Vec<Day>>> {
    if are_few(conn, request.first(), request.min_callers).await? {
        return Ok(None);
    }
    // Each step finds the next day with searches in an index.
    let collected: PreparedSql<_, (Integer, Nullable<Instant>)> = PreparedSql::new(
        "WITH RECURSIVE searched (day) AS (SELECT max(day) FROM search_days UNION ALL SELECT (SELECT \
         max(d.day) FROM search_days d WHERE d.day < searched.day AND d.day >= $1) FROM searched WHERE \
         searched.day IS NOT NULL) SELECT day, (SELECT collected_at FROM popular_candidates c WHERE c.day \
         = searched.day LIMIT 1) FROM searched WHERE day >= $1 ORDER BY day DESC",
        (request.first().0.into_sql::<Integer>(),),
    );
    let collected: Vec<(i32, Option<SqlTimestamp>)> = collected.load(conn).await?;
    let yesterday = request.at.day().back(1).0;
    let is_outdated = |day, collected: Option<SqlTimestamp>| {
        let fresh_for = if day < yesterday { FRESH_SECONDS_OF_EARLIER_DAYS } else { FRESH_SECONDS };
        collected.is_none_or(|SqlTimestamp(at)| at < request.at.plus_seconds(-fresh_for))
    };
    let outdated = collected.into_iter().filter(|(day, collected)| is_outdated(*day, *collected));
    Ok(Some(outdated.map(|(day, _)| Day(day)).collect()))
}

/// The candidates of a day: those with callers enough before others, then the most frequent.
pub async fn candidates(conn: &mut Conn, (day, min_callers): (Day, u32)) -> DbResult<Vec<Candidate>> {
    let rows: PreparedSql<_, (Text, Binary, BigInt, BigInt)> = PreparedSql::new(
        "SELECT search_mode, query_key, searches, callers FROM (SELECT d.search_mode, d.query_key, \
         d.searches, coalesce(c.callers, 0) AS callers, row_number() OVER (PARTITION BY d.search_mode \
         ORDER BY CASE WHEN c.callers >= $1 THEN 0 ELSE 1 END, d.searches DESC, d.query_key) AS place FROM \
         (SELECT search_mode, query_key, CAST(sum(searches) AS bigint) AS searches FROM search_days WHERE \
         day = $2 GROUP BY search_mode, query_key) d LEFT JOIN (SELECT search_mode, query_key, $5 AS \
         callers FROM search_callers WHERE day = $3 AND coalesce(length(address), 1) > 0 GROUP BY \
         search_mode, query_key) c ON c.search_mode = d.search_mode AND c.query_key = d.query_key) AS \
         placed WHERE place <= $4",
        (
            i64::from(min_callers).into_sql::<BigInt>(),
            day.0.into_sql::<Integer>(),
            day.0.into_sql::<Integer>(),
            CANDIDATES.into_sql::<BigInt>(),
            Verbatim(ADDRESSES),
        ),
    );
    let rows: Vec<(String, Vec<u8>, i64, i64)> = rows.load(conn).await?;
    let candidate = |(mode, key, searches, callers)| Candidate { mode, key, searches, callers };
    Ok(rows.into_iter().map(candidate).collect())
}

/// Puts collected candidates in the place of the day's earlier ones.
pub async fn store_candidates(
    conn: &mut Conn,
    day: Day,
    candidates: &[Candidate],
    at: Timestamp,
) -> DbResult<()> {
    diesel::delete(popular_candidates::table.filter(popular_candidates::day.eq(day.0))).execute(conn).await?;
    dialect::insert_candidates(conn, day, candidates, at).await
}

/// Drops a candidate of which no search is left.
pub async fn drop_candidate(conn: &mut Conn, day: i32, mode: &str, key: &[u8]) -> DbResult<()> {
    let drop: PreparedSql<_> = PreparedSql::new(
        "DELETE FROM popular_candidates WHERE day = $1 AND search_mode = $2 AND query_key = $3 AND NOT \
         EXISTS (SELECT 1 FROM search_days d WHERE d.day = popular_candidates.day AND d.search_mode = \
         popular_candidates.search_mode AND d.query_key = popular_candidates.query_key)",
        (day.into_sql::<Integer>(), mode.into_sql::<Text>(), key.into_sql::<Binary>()),
    );
    drop.execute(conn).await?;
    Ok(())
}
