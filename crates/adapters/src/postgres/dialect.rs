//! What is said differently in PostgreSQL: locks, trigrams, and batches over arrays.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Double, Integer, Nullable, SmallInt, Text};
use diesel_async::RunQueryDsl;
use myashes_domain::alongside::ReceiptKey;
use myashes_domain::analytics::{CALLERS_KEPT, SearchRecord};
use myashes_domain::clock::Day;
use myashes_domain::session::SessionHash;
use myashes_domain::text::SearchTerm;
use myashes_domain::votes::{DayTally, Scores, Vote};
use myashes_domain::{Error, Result};

use super::db::{boxed, job};
use super::listing::RowsOf;
use super::rows::{RankRow, VoteRow};
use super::standing::SubjectRow;
use super::{Conn, Db};
use crate::sql::error::DbResult;
use crate::sql::fixed::Fixed;
use crate::sql::schema::{build_ranks, builds};
use crate::sql::types::{At, Instant, text_key};

/// Batches that are under way at once: votes are carried out while others commit; searches, cheap each, gain more
/// from larger batches (docs/BENCHMARKS.md).
pub const VOTE_LANES: usize = 2;
pub const SEARCH_LANES: usize = 1;

/// The advisory lock of the retention job: the letters `sweep`.
const SWEEP_LOCK: i64 = 0x73_7765_6570;

/// Takes an idempotency key for the transaction; false when another transaction holds it.
pub async fn try_lock_key(conn: &mut Conn, key: &ReceiptKey) -> DbResult<bool> {
    use sha2::{Digest, Sha256};
    let digest = Sha256::new().chain_update(key.caller).chain_update(&key.key).finalize();
    let number = i64::from_be_bytes(std::array::from_fn(|i| digest[i]));
    let lock: Fixed<_, Bool> =
        Fixed::new(&["SELECT pg_try_advisory_xact_lock(", ")"], (number.into_sql::<BigInt>(),));
    Ok(lock.get_result(conn).await?)
}

/// Makes this transaction the only one that sweeps; false when another one is at it.
pub async fn try_lock_sweep(conn: &mut Conn) -> DbResult<bool> {
    let lock: Fixed<_, Bool> =
        Fixed::new(&["SELECT pg_try_advisory_xact_lock(", ")"], (SWEEP_LOCK.into_sql::<BigInt>(),));
    Ok(lock.get_result(conn).await?)
}

/// Locks narrow rows in the order of their numbers, and reads them.
pub async fn lock_ranks(conn: &mut Conn, rows: &[i64]) -> DbResult<Vec<(i64, RankRow)>> {
    Ok(build_ranks::table
        .filter(build_ranks::build.eq_any(rows))
        .order_by(build_ranks::build)
        .select((build_ranks::build, RankRow::as_select()))
        .for_no_key_update()
        .load(conn)
        .await?)
}

/// The builds of these public ids, their narrow rows locked in the order of their numbers.
pub async fn lock_subjects(conn: &mut Conn, ids: &[&str]) -> DbResult<Vec<(SubjectRow, RankRow)>> {
    type Subject = (BigInt, Text, Text, Nullable<Binary>, Nullable<Text>);
    type Rank = (BigInt, BigInt, Double, Double, BigInt);
    let locked: Fixed<_, (Subject, Rank)> = Fixed::new(
        &[
            "SELECT b.id, b.build_id, b.visibility, b.session, b.player_id, \
             r.vote_count, r.rating_sum, r.bayesian, r.trend, r.tally_revision \
             FROM builds b JOIN build_ranks r ON r.build = b.id WHERE b.build_id = ANY(",
            ") ORDER BY b.id FOR NO KEY UPDATE OF r",
        ],
        (ids.into_sql::<Array<Text>>(),),
    );
    Ok(locked.load(conn).await?)
}

/// The day of an instant, for counting feedback by day.
pub const FEEDBACK_BY_DAY: &[&str] = &[
    "SELECT CAST(floor(extract(epoch FROM received_at) / 86400) AS integer), \
     count(*) FILTER (WHERE rating = 'up'), count(*) FILTER (WHERE rating = 'down') \
     FROM feedback WHERE received_at >= ",
    " GROUP BY 1 ORDER BY 1",
];

/// Those of the builds whose searched text holds the term.
pub fn holding(of: RowsOf<'static>, term: &SearchTerm) -> RowsOf<'static> {
    of.filter(builds::search_text.like(term.like_pattern()).escape('\\'))
}

/// Rows whose searched text has words that resemble the term.
pub async fn similar(conn: &mut Conn, term: &SearchTerm, limit: i64) -> DbResult<Vec<i64>> {
    let similar: Fixed<_, BigInt> = Fixed::new(
        &["SELECT id FROM builds WHERE ", " <% search_text LIMIT ", ""],
        (term.folded().into_sql::<Text>(), limit.into_sql::<BigInt>()),
    );
    Ok(similar.load(conn).await?)
}

/// The votes cast on a build in a session, or by a player.
pub async fn present_votes(
    conn: &mut Conn,
    sessions: &[(i64, SessionHash)],
    players: &[(i64, String)],
) -> DbResult<Vec<VoteRow>> {
    type Row = (BigInt, BigInt, Binary, Nullable<Text>, SmallInt, Instant);
    let (builds, hashes): (Vec<i64>, Vec<Vec<u8>>) =
        sessions.iter().map(|(row, session)| (*row, session.0.to_vec())).unzip();
    let of_sessions: Fixed<_, Row> = Fixed::new(
        &[
            "SELECT v.id, v.build, v.session, v.player_id, v.rating, v.cast_at FROM unnest(",
            ", ",
            ") AS c (build, session) JOIN votes v ON v.build = c.build AND v.session = c.session",
        ],
        (builds.into_sql::<Array<BigInt>>(), hashes.into_sql::<Array<Binary>>()),
    );
    let mut found: Vec<VoteRow> = of_sessions.load(conn).await?;
    if !players.is_empty() {
        let (builds, players): (Vec<i64>, Vec<&str>) =
            players.iter().map(|(row, player)| (*row, player.as_str())).unzip();
        let of_players: Fixed<_, Row> = Fixed::new(
            &[
                "SELECT v.id, v.build, v.session, v.player_id, v.rating, v.cast_at FROM unnest(",
                ", ",
                ") AS c (build, player_id) JOIN votes v ON v.build = c.build AND v.player_id = c.player_id",
            ],
            (builds.into_sql::<Array<BigInt>>(), players.into_sql::<Array<Text>>()),
        );
        let more: Vec<VoteRow> = of_players.load(conn).await?;
        found.extend(more);
    }
    Ok(found)
}

/// Stores new votes and what they, and changed ones, do to scores and days, in one statement.
pub async fn store_votes(
    conn: &mut Conn,
    new: &[(i64, &Vote)],
    scores: &[(i64, &Scores)],
    days: &[(i64, Day, DayTally)],
) -> DbResult<()> {
    let store: Fixed<_> = Fixed::new(
        &[
            "WITH cast_now AS (INSERT INTO votes (build, session, player_id, rating, cast_at) \
             SELECT * FROM unnest(",
            ", ",
            ", ",
            ", ",
            ", ",
            ")), scored AS (UPDATE build_ranks r SET vote_count = n.vote_count, rating_sum = n.rating_sum, \
             bayesian = n.bayesian, trend = n.trend, tally_revision = r.tally_revision + 1 FROM unnest(",
            ", ",
            ", ",
            ", ",
            ", ",
            ") AS n (build, vote_count, rating_sum, bayesian, trend) WHERE r.build = n.build) \
             INSERT INTO vote_days AS d (build, day, votes, rating_sum, weight) SELECT * FROM unnest(",
            ", ",
            ", ",
            ", ",
            ", ",
            ") ON CONFLICT (build, day) DO UPDATE SET votes = d.votes + excluded.votes, \
             rating_sum = d.rating_sum + excluded.rating_sum, weight = d.weight + excluded.weight",
        ],
        (
            new.iter().map(|(row, _)| *row).collect::<Vec<i64>>().into_sql::<Array<BigInt>>(),
            new.iter().map(|(_, it)| it.session.0.as_slice()).collect::<Vec<_>>().into_sql::<Array<Binary>>(),
            new.iter()
                .map(|(_, it)| it.player_id.as_deref())
                .collect::<Vec<_>>()
                .into_sql::<Array<Nullable<Text>>>(),
            new.iter()
                .map(|(_, it)| it.rating.stars() as i16)
                .collect::<Vec<_>>()
                .into_sql::<Array<SmallInt>>(),
            new.iter().map(|(_, it)| At(it.cast_at)).collect::<Vec<_>>().into_sql::<Array<Instant>>(),
            scores.iter().map(|(row, _)| *row).collect::<Vec<i64>>().into_sql::<Array<BigInt>>(),
            scores.iter().map(|(_, it)| it.tally.vote_count).collect::<Vec<_>>().into_sql::<Array<BigInt>>(),
            scores.iter().map(|(_, it)| it.tally.rating_sum).collect::<Vec<_>>().into_sql::<Array<BigInt>>(),
            scores.iter().map(|(_, it)| it.bayesian).collect::<Vec<_>>().into_sql::<Array<Double>>(),
            scores.iter().map(|(_, it)| it.trend).collect::<Vec<_>>().into_sql::<Array<Double>>(),
            days.iter().map(|(row, ..)| *row).collect::<Vec<i64>>().into_sql::<Array<BigInt>>(),
            days.iter().map(|(_, day, _)| day.0).collect::<Vec<_>>().into_sql::<Array<Integer>>(),
            days.iter().map(|(.., it)| it.votes).collect::<Vec<_>>().into_sql::<Array<BigInt>>(),
            days.iter().map(|(.., it)| it.rating_sum).collect::<Vec<_>>().into_sql::<Array<BigInt>>(),
            days.iter().map(|(.., it)| it.weight).collect::<Vec<_>>().into_sql::<Array<BigInt>>(),
        ),
    );
    store.execute(conn).await?;
    Ok(())
}

/// Stores a batch of searches. Its one statement is its transaction.
pub async fn record_batch(db: &Db, records: Vec<SearchRecord>) -> Result<()> {
    let work = job(move |conn| boxed(async move { record_searches(conn, &records).await.map(Some) }));
    db.run(&db.writers, work).await.map(|_| ()).map_err(Error::from)
}

/// Stores searches and counts them, in one statement however many they are. Roll-ups are changed in the order
/// of their keys, so that two batches never wait for each other in a circle.
pub async fn record_searches(conn: &mut Conn, records: &[SearchRecord]) -> DbResult<()> {
    let store: Fixed<_> = Fixed::new(
        &[
            "WITH n AS MATERIALIZED (SELECT * FROM unnest(",
            ", ",
            ", ",
            ", ",
            ", ",
            ", ",
            ", ",
            ", ",
            ", ",
            ", ",
            ", ",
            ") AS n (query, mode, results, session, player_id, caller, searched_at, day, key, spelling_key, folded)), \
             events AS (INSERT INTO searches \
             (query, search_mode, result_count, session, player_id, caller, searched_at) \
             SELECT query, mode, results, session, player_id, caller, searched_at FROM n), \
             counted AS (INSERT INTO search_days AS d (day, search_mode, query_key, spelling_key, query_folded, \
             spelling, searches, zero_results) SELECT day, mode, key, spelling_key, min(folded), min(query), \
             count(*), count(*) FILTER (WHERE results = 0) FROM n \
             GROUP BY day, mode, key, spelling_key ORDER BY day, mode, key, spelling_key \
             ON CONFLICT (day, search_mode, query_key, spelling_key) DO UPDATE \
             SET searches = d.searches + excluded.searches, zero_results = d.zero_results + excluded.zero_results), \
             few AS MATERIALIZED (SELECT day, mode, key FROM (SELECT DISTINCT day, mode, key FROM n) AS k \
             WHERE (SELECT count(*) FROM (SELECT 1 FROM search_callers c WHERE c.day = k.day \
             AND c.search_mode = k.mode AND c.query_key = k.key LIMIT ",
            ") AS kept) < ",
            ") INSERT INTO search_callers (day, search_mode, query_key, caller) \
             SELECT DISTINCT n.day, n.mode, n.key, n.caller FROM n JOIN few USING (day, mode, key) \
             ORDER BY 1, 2, 3, 4 ON CONFLICT DO NOTHING",
        ],
        (
            records.iter().map(|it| it.query.text()).collect::<Vec<_>>().into_sql::<Array<Text>>(),
            records.iter().map(|it| it.search_mode.name()).collect::<Vec<_>>().into_sql::<Array<Text>>(),
            records.iter().map(|it| it.result_count).collect::<Vec<_>>().into_sql::<Array<Integer>>(),
            records.iter().map(|it| it.session.0.as_slice()).collect::<Vec<_>>().into_sql::<Array<Binary>>(),
            records
                .iter()
                .map(|it| it.player_id.as_deref())
                .collect::<Vec<_>>()
                .into_sql::<Array<Nullable<Text>>>(),
            records.iter().map(|it| it.caller.as_slice()).collect::<Vec<_>>().into_sql::<Array<Binary>>(),
            records.iter().map(|it| At(it.at)).collect::<Vec<_>>().into_sql::<Array<Instant>>(),
            records.iter().map(|it| it.at.day().0).collect::<Vec<_>>().into_sql::<Array<Integer>>(),
            records
                .iter()
                .map(|it| text_key(it.query.folded()))
                .collect::<Vec<_>>()
                .into_sql::<Array<Binary>>(),
            records
                .iter()
                .map(|it| text_key(it.query.text()))
                .collect::<Vec<_>>()
                .into_sql::<Array<Binary>>(),
            records.iter().map(|it| it.query.folded()).collect::<Vec<_>>().into_sql::<Array<Text>>(),
            i64::from(CALLERS_KEPT).into_sql::<BigInt>(),
            i64::from(CALLERS_KEPT).into_sql::<BigInt>(),
        ),
    );
    store.execute(conn).await?;
    Ok(())
}
