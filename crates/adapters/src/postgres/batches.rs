//! Batches in PostgreSQL: a statement over arrays for each step, and what needs no answer to what went before it is
//! sent without waiting for one. The server carries out what it is sent in that order.

use std::collections::HashSet;

use diesel::prelude::*;
use diesel::result::Error as Diesel;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Double, Integer, Nullable, SmallInt, Text};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection as _};
use futures_util::{FutureExt as _, join, try_join};
use myashes_domain::analytics::SearchRecord;
use myashes_domain::ids::BuildId;
use myashes_domain::ranking::Ranking;
use myashes_domain::session::Caller;
use myashes_domain::votes::{VoteRequest, VoteView};
use myashes_domain::{Error, Result};

use super::queries::db::{boxed, job};
use super::queries::rows::{RankRow, VoteRow};
use super::queries::vote_batch::{Locking, SubjectRow, VoteBatch};
use super::vote_storage::store_votes;
use super::{Conn, Db};
use crate::batcher::Turn;
use crate::sql::error::{DbError, DbResult};
use crate::sql::prepared_sql::{PreparedSql, Verbatim};
use crate::sql::roll_up::{RollUp, SaturatedKeys, SearchRollupKey};
use crate::sql::schema::builds;
use crate::sql::types::{Instant, SqlTimestamp};

/// Begins a batch. It waits 50 ms at most for a score row that another transaction has locked: a few commits of a
/// busy neighbour, and little for the votes on other builds in the same batch.
const BEGIN_BATCH: &str =
    "BEGIN; SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL lock_timeout = '50ms'";

/// Carries out a batch of votes in a transaction of its own. Two round trips are enough for it: begin, lock and
/// read; then store and commit. `None` answers a request whose build is locked by another transaction.
pub async fn vote_batch(
    db: &Db,
    requests: Vec<VoteRequest>,
    locking: Locking,
    turn: Turn,
) -> DbResult<Vec<Result<Option<VoteView>>>> {
    let ranking = db.ranking;
    db.run_in_batch(&db.writers, move |conn| {
        boxed(async move {
            let result = in_two_trips(conn, &requests, &ranking, locking, turn).await;
            let failed = matches!(&result, Err(error) if !matches!(error, DbError::CommitUnknown(_)));
            if failed && end(conn, "ROLLBACK").await.is_err() {
                // The state of this connection is not known: it must not serve again.
                return result.and(Err(Diesel::BrokenTransactionManager.into()));
            }
            result
        })
    })
    .await
}

async fn in_two_trips(
    conn: &mut Conn,
    requests: &[VoteRequest],
    ranking: &Ranking,
    locking: Locking,
    turn: Turn,
) -> DbResult<Vec<Result<Option<VoteView>>>> {
    // A joined future is polled in the order of the list, and so is what it sends.
    let (_, (locked, votes)) = try_join!(begin(conn), lock_and_read(conn, requests, locking))?;
    let left_out = match locking {
        Locking::Wait => HashSet::new(),
        Locking::Skip => left_out(conn, requests, &locked).await?,
    };
    let mut batch = VoteBatch::over(locked, votes)?;
    let (held, skipped): (Vec<_>, Vec<_>) =
        requests.iter().cloned().partition(|request| !left_out.contains(request.build.as_str()));
    let mut answers = batch.answer(conn, &held, ranking).await?.into_iter();
    // Where votes share builds, the next batch gains more from becoming larger than from waiting for these rows early.
    let turn = (batch.rows().len() * 2 <= held.len()).then_some(turn);
    match batch.changes() {
        Some(changes) => {
            let store = store_votes(conn, changes).inspect(|_| drop(turn));
            let (stored, committed) = join!(store, end(conn, "COMMIT"));
            if let Err(error) = batch.report(stored) {
                // Sent before the connection was lost, the commit may have been carried out.
                return Err(if error.is_lost_connection() {
                    DbError::CommitUnknown(format!("{error:?}"))
                } else {
                    error
                });
            }
            committed.map_err(|error| DbError::CommitUnknown(format!("{error:?}")))?;
        }
        None => end(conn, "COMMIT").await?,
    }
    if skipped.is_empty() {
        return Ok(answers.map(|answer| answer.map(Some)).collect());
    }
    let in_order = requests.iter().map(|request| {
        if left_out.contains(request.build.as_str()) { Ok(None) } else { answers.next().transpose() }
    });
    Ok(in_order.collect())
}

/// The builds of requests that are there and not locked by this transaction.
async fn left_out(
    mut conn: &Conn,
    requests: &[VoteRequest],
    locked: &[(SubjectRow, RankRow)],
) -> DbResult<HashSet<String>> {
    let held: HashSet<&str> = locked.iter().map(|((_, id, ..), _)| id.as_str()).collect();
    let missing: Vec<&str> =
        requests.iter().map(|request| request.build.as_str()).filter(|id| !held.contains(id)).collect();
    if missing.is_empty() {
        return Ok(HashSet::new());
    }
    let there: Vec<String> = builds::table
        .filter(builds::build_id.eq_any(missing))
        .select(builds::build_id)
        .load(&mut conn)
        .await?;
    Ok(there.into_iter().collect())
}

/// The builds of these public ids, their score rows locked in the order of their numbers.
async fn lock_subjects(
    mut conn: &Conn,
    ids: &[&str],
    locking: Locking,
) -> DbResult<Vec<(SubjectRow, RankRow)>> {
    type BuildAccess = (BigInt, Text, Text, Bool, Nullable<Binary>, Nullable<Text>);
    type Rank = (Integer, Integer, Integer, Integer, Integer, Double, Double, BigInt);
    let skip = match locking {
        Locking::Wait => Verbatim(""),
        Locking::Skip => Verbatim("SKIP LOCKED"),
    };
    let locked: PreparedSql<_, (BuildAccess, Rank)> = PreparedSql::new(
        "SELECT b.id, b.build_id, b.visibility, b.hidden, b.session, b.player_id, r.stars_1, r.stars_2, r.stars_3, \
         r.stars_4, r.stars_5, r.bayesian, r.trend, r.tally_revision FROM builds b JOIN build_ranks r ON r.build = b.id \
         WHERE b.build_id = ANY($1) ORDER BY b.id FOR NO KEY UPDATE OF r $2",
        (ids.into_sql::<Array<Text>>(), skip),
    );
    Ok(locked.load(&mut conn).await?)
}

/// Locks the builds that requests are about, and reads the votes that their callers have cast on them. The read
/// comes after the lock, so that it misses none of what was committed before.
pub async fn lock_and_read(
    conn: &Conn,
    requests: &[VoteRequest],
    locking: Locking,
) -> DbResult<(Vec<(SubjectRow, RankRow)>, Vec<VoteRow>)> {
    let mut ids: Vec<&str> = requests.iter().map(|request| request.build.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    let wanted: Vec<_> = requests.iter().map(|request| (&request.build, &request.caller)).collect();
    try_join!(lock_subjects(conn, &ids, locking), present_votes(conn, &wanted))
}

/// The votes that callers have cast on builds, in their sessions or as players. Each is looked up by itself: as a join,
/// the planner would read all votes of a build, which are few on average and many where they are being cast.
async fn present_votes(mut conn: &Conn, wanted: &[(&BuildId, &Caller)]) -> DbResult<Vec<VoteRow>> {
    type Row = (BigInt, BigInt, Binary, Nullable<Text>, SmallInt, Instant);
    let builds: Vec<&str> = wanted.iter().map(|(build, _)| build.as_str()).collect();
    let sessions: Vec<&[u8]> = wanted.iter().map(|(_, caller)| caller.session.0.as_slice()).collect();
    let of_sessions: PreparedSql<_, Row> = PreparedSql::new(
        "SELECT v.* FROM unnest($1, $2) AS c (build, session) JOIN builds b ON b.build_id = c.build CROSS \
         JOIN LATERAL (SELECT id, build, session, player_id, rating, cast_at FROM votes WHERE build = b.id AND \
         votes.session = c.session LIMIT 1) v",
        (builds.into_sql::<Array<Text>>(), sessions.into_sql::<Array<Binary>>()),
    );
    let of_sessions = of_sessions.load(&mut conn);
    let (builds, players): (Vec<&str>, Vec<&str>) =
        wanted.iter().filter_map(|(build, caller)| Some((build.as_str(), caller.player_id()?))).unzip();
    if players.is_empty() {
        return Ok(of_sessions.await?);
    }
    let of_players: PreparedSql<_, Row> = PreparedSql::new(
        "SELECT v.* FROM unnest($1, $2) AS c (build, player_id) JOIN builds b ON b.build_id = c.build CROSS \
         JOIN LATERAL (SELECT id, build, session, player_id, rating, cast_at FROM votes WHERE build = b.id AND \
         votes.player_id = c.player_id LIMIT 1) v",
        (builds.into_sql::<Array<Text>>(), players.into_sql::<Array<Text>>()),
    );
    let (mut found, more): (Vec<VoteRow>, Vec<VoteRow>) =
        try_join!(of_sessions, of_players.load(&mut &*conn))?;
    found.extend(more);
    Ok(found)
}

/// Stores a batch of searches. Its one statement is its transaction.
pub async fn record_batch(db: &Db, records: Vec<SearchRecord>) -> Result<()> {
    let settled = &db.caches.analytics.saturated;
    let mut attempt = 1;
    loop {
        let (records, known) = (records.clone(), settled.clone());
        let work = job(move |conn| boxed(async move { record_searches(conn, &records, &known).await }));
        match db.run_in_batch(&db.writers, work).await {
            // After a lost connection it is not known whether the statement was committed.
            Err(error)
                if error.is_transient()
                    && !error.is_lost_connection()
                    && attempt < super::queries::db::MAX_ATTEMPTS =>
            {
                metrics::counter!(super::queries::db::RETRIES).increment(1);
                tokio::time::sleep(super::queries::db::backoff(attempt)).await;
                attempt += 1;
            }
            result => {
                settled.note(result.map_err(Error::from)?);
                return Ok(());
            }
        }
    }
}

/// Stores searches and counts them, in one statement however many they are. Gives what has callers enough.
pub async fn record_searches(
    mut conn: &Conn,
    records: &[SearchRecord],
    settled: &SaturatedKeys,
) -> DbResult<Vec<SearchRollupKey>> {
    let RollUp { days, callers, callers_kept, addresses_kept } = RollUp::of(records, settled);
    let asked: Vec<&SearchRollupKey> = callers.keys().collect();
    let (mut numbers, mut offered, mut addresses) = (vec![], vec![], vec![]);
    for (number, of) in (1_i64..).zip(callers.values()) {
        for (caller, address) in &of.addresses {
            numbers.push(number);
            offered.push(&caller[..]);
            addresses.push(*address);
        }
    }
    let stored: PreparedSql<_> = PreparedSql::new(
        "events AS (INSERT INTO searches (query, search_mode, result_count, session, player_id, caller, \
         searched_at, ranked) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)), counted AS (INSERT INTO \
         search_days AS d (day, search_mode, query_key, spelling_key, query_folded, spelling, searches, \
         zero_results) SELECT * FROM unnest($9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT (day, \
         search_mode, query_key, spelling_key) DO UPDATE SET searches = d.searches + excluded.searches, \
         zero_results = d.zero_results + excluded.zero_results RETURNING 1)",
        (
            records.iter().map(|it| it.query.text()).collect::<Vec<_>>().into_sql::<Array<Text>>(),
            records.iter().map(|it| it.search_mode.into_str()).collect::<Vec<_>>().into_sql::<Array<Text>>(),
            records.iter().map(|it| it.result_count).collect::<Vec<_>>().into_sql::<Array<Integer>>(),
            records.iter().map(|it| it.session.0.as_slice()).collect::<Vec<_>>().into_sql::<Array<Binary>>(),
            records
                .iter()
                .map(|it| it.player_id.as_deref())
                .collect::<Vec<_>>()
                .into_sql::<Array<Nullable<Text>>>(),
            records.iter().map(|it| it.caller.as_slice()).collect::<Vec<_>>().into_sql::<Array<Binary>>(),
            records.iter().map(|it| SqlTimestamp(it.at)).collect::<Vec<_>>().into_sql::<Array<Instant>>(),
            records.iter().map(|it| it.ranked).collect::<Vec<_>>().into_sql::<Array<Bool>>(),
            days.keys().map(|((day, ..), _)| *day).collect::<Vec<_>>().into_sql::<Array<Integer>>(),
            days.keys().map(|((_, mode, _), _)| *mode).collect::<Vec<_>>().into_sql::<Array<Text>>(),
            days.keys().map(|((.., key), _)| key.as_slice()).collect::<Vec<_>>().into_sql::<Array<Binary>>(),
            days.keys().map(|(_, key)| key.as_slice()).collect::<Vec<_>>().into_sql::<Array<Binary>>(),
            days.values().map(|it| it.folded).collect::<Vec<_>>().into_sql::<Array<Text>>(),
            days.values().map(|it| it.spelling).collect::<Vec<_>>().into_sql::<Array<Text>>(),
            days.values().map(|it| it.searches).collect::<Vec<_>>().into_sql::<Array<BigInt>>(),
            days.values().map(|it| it.zero_results).collect::<Vec<_>>().into_sql::<Array<BigInt>>(),
        ),
    );
    // Most batches are of queries that have callers enough: then there is nothing more to look at.
    if callers.is_empty() {
        let store: PreparedSql<_> = PreparedSql::new("WITH $1 SELECT", (stored,));
        store.execute(&mut conn).await?;
        return Ok(vec![]);
    }
    let store: PreparedSql<_, BigInt> = PreparedSql::new(
        // Locks callers that are stored already, so that an erasure and this search wait for each other. All that change
        // both lock days before callers.
        "WITH $1, asked AS MATERIALIZED \
         (SELECT a.*, k.kept < $2 AS has_capacity, $3 - k.addresses AS wanted, k.held \
         FROM unnest($4, $5, $6) WITH ORDINALITY AS a (day, mode, key, number), LATERAL (SELECT count(*) AS kept, \
         count(DISTINCT coalesce(c.address, c.caller)) FILTER (WHERE c.address IS NULL OR c.address <> '') AS addresses, \
         coalesce(array_agg(c.address) FILTER (WHERE c.address <> ''), '{}') AS held FROM \
         search_callers c WHERE c.day = a.day AND c.search_mode = a.mode AND c.query_key = a.key) k), offered AS \
         (SELECT a.day, a.mode, a.key, a.number, a.has_capacity, a.wanted, c.caller, c.address, c.address IS NULL \
         OR (c.address <> '' AND c.address <> ALL (a.held)) AS brings, s.caller IS NOT NULL AS is_stored, s.address \
         AS stored FROM unnest($7, $8, $9) AS c (number, caller, address) JOIN asked a USING (number) LEFT JOIN \
         search_callers s ON s.day = a.day AND s.search_mode = a.mode AND s.query_key = a.key AND s.caller = c.caller \
         WHERE a.has_capacity OR a.wanted > 0 OR s.caller IS NOT NULL), placed AS (SELECT o.*, o.brings AND \
         row_number() OVER (PARTITION BY o.number, o.brings ORDER BY o.is_stored, o.caller) <= o.wanted AS needed \
         FROM offered o), added AS (INSERT INTO search_callers AS c (day, search_mode, query_key, caller, address) \
         SELECT day, mode, key, caller, CASE WHEN is_stored THEN stored WHEN address IS NULL OR needed THEN address \
         ELSE '' END FROM placed WHERE (has_capacity OR needed OR is_stored) AND (SELECT count(*) FROM counted) > 0 \
         ORDER BY 1, 2, 3, 4 ON CONFLICT (day, search_mode, query_key, caller) DO UPDATE SET address = c.address \
         WHERE false) SELECT number FROM asked WHERE NOT has_capacity AND wanted <= 0",
        (
            stored,
            i64::from(callers_kept).into_sql::<BigInt>(),
            i64::from(addresses_kept).into_sql::<BigInt>(),
            asked.iter().map(|(day, ..)| *day).collect::<Vec<_>>().into_sql::<Array<Integer>>(),
            asked.iter().map(|(_, mode, _)| *mode).collect::<Vec<_>>().into_sql::<Array<Text>>(),
            asked.iter().map(|(.., key)| key.as_slice()).collect::<Vec<_>>().into_sql::<Array<Binary>>(),
            numbers.into_sql::<Array<BigInt>>(),
            offered.into_sql::<Array<Binary>>(),
            addresses.into_sql::<Array<Nullable<Binary>>>(),
        ),
    );
    let full: Vec<i64> = store.load(&mut conn).await?;
    let asked_for = |number: i64| asked.get(usize::try_from(number - 1).ok()?).copied().cloned();
    Ok(full.into_iter().filter_map(asked_for).collect())
}

/// Begins a transaction whose statements are not planned anew for each size of a batch.
async fn begin(mut conn: &Conn) -> DbResult<()> {
    Ok(conn.batch_execute(BEGIN_BATCH).await?)
}

/// Ends a transaction. As a prepared statement, which waits for its turn among those that are being prepared: a plain
/// one would overtake them.
async fn end(mut conn: &Conn, command: &'static str) -> DbResult<()> {
    PreparedSql::<_>::new(command, ()).execute(&mut conn).await?;
    Ok(())
}
