//! Batches in SQLite. A statement costs no round trip here, but each one that is awaited costs two changes of
//! threads: so a batch goes over to the blocking thread once, and loops there.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Double, Integer, Nullable, SmallInt, Text};
use myashes_domain::Result;
use myashes_domain::analytics::SearchRecord;
use myashes_domain::clock::Day;
use myashes_domain::ids::BuildId;
use myashes_domain::session::Caller;
use myashes_domain::votes::{DayTally, Scores, Vote, VoteRequest, VoteView};

use super::queries::db::{boxed, job};
use super::queries::rows::{RankRow, VoteRow};
use super::queries::vote_batch::{Changes, Locking, SubjectRow};
use super::queries::votes::execute_batch;
use super::{Conn, Db};
use crate::batcher::Turn;
use crate::cache::Invalidation;
use crate::sql::error::{DbResult, expect_rows};
use crate::sql::prepared_sql::PreparedSql;
use crate::sql::roll_up::{DayCount, RollUp, SaturatedKeys, SearchRollupKey};
use crate::sql::schema::{build_ranks, builds, vote_days, votes};
use crate::sql::types::{Instant, SqlTimestamp};

/// Carries out a batch of votes in one transaction. No build is ever locked by another one.
pub async fn vote_batch(
    db: &Db,
    requests: Vec<VoteRequest>,
    _: Locking,
    _: Turn,
) -> DbResult<Vec<Result<Option<VoteView>>>> {
    let ranking = db.ranking;
    let work = job(move |conn| boxed(async move { execute_batch(conn, &requests, &ranking).await }));
    // The caller invalidates.
    let answers = db.write_plain(Invalidation::None, work).await?;
    Ok(answers.into_iter().map(|answer| answer.map(Some)).collect())
}

/// The builds that requests are about, and the votes that their callers have cast on them.
pub async fn lock_and_read(
    conn: &mut Conn,
    requests: &[VoteRequest],
    _: Locking,
) -> DbResult<(Vec<(SubjectRow, RankRow)>, Vec<VoteRow>)> {
    let wanted: Vec<_> = requests.iter().map(|it| (it.build.clone(), it.caller.clone())).collect();
    let seen = conn.spawn_blocking(move |conn| {
        let ids: BTreeSet<&str> = wanted.iter().map(|(build, _)| build.as_str()).collect();
        let subjects = builds::table
            .inner_join(build_ranks::table)
            .filter(builds::build_id.eq_any(ids))
            .order_by(builds::id)
            .select((
                (
                    builds::id,
                    builds::build_id,
                    builds::visibility,
                    builds::hidden,
                    builds::session,
                    builds::player_id,
                ),
                RankRow::as_select(),
            ))
            .load(conn)?;
        Ok((subjects, cast_by(conn, &wanted)?))
    });
    Ok(seen.await?)
}

/// The votes that callers have cast on builds, in their sessions or as players.
fn cast_by(conn: &mut SqliteConnection, wanted: &[(BuildId, Caller)]) -> QueryResult<Vec<VoteRow>> {
    let mut found: Vec<VoteRow> = vec![];
    for (build, caller) in wanted {
        let cast = votes::table.inner_join(builds::table).filter(builds::build_id.eq(build.as_str()));
        let cast = cast.select(VoteRow::as_select());
        found.extend(cast.filter(votes::session.eq(&caller.session.0[..])).load(conn)?);
        if let Some(player) = caller.player_id() {
            found.extend(cast.filter(votes::player_id.eq(player)).load(conn)?);
        }
    }
    Ok(found)
}

/// Stores changes of votes and what they do to scores and days. Votes that go are removed first, since new ones may
/// take their place. Each statement changes its one row, or the transaction fails.
pub async fn store_votes(conn: &mut Conn, changes: &Changes) -> DbResult<()> {
    let Changes { inserted, updated, deleted, scores, added_days, changed_days, emptied_days, .. } =
        changes.clone();
    let expected = updated.len() + deleted.len() + scores.len() + changed_days.len() + emptied_days.len();
    let stored = conn.spawn_blocking(move |conn| {
        let mut affected = 0;
        for id in deleted {
            affected += diesel::delete(votes::table.find(id)).execute(conn)?;
        }
        for (id, vote) in &updated {
            affected += update_vote(conn, *id, vote)?;
        }
        for (row, day) in emptied_days {
            affected += diesel::delete(vote_days::table.find((row, day.0))).execute(conn)?;
        }
        for (row, day, change) in &changed_days {
            affected += change_day(conn, *row, *day, change)?;
        }
        for (row, it) in &scores {
            affected += store_scores(conn, *row, it)?;
        }
        inserted.iter().try_for_each(|((row, _), vote)| insert_vote(conn, *row, vote))?;
        added_days.iter().try_for_each(|(row, day, change)| add_day(conn, *row, *day, change))?;
        Ok(affected)
    });
    expect_rows(expected, stored.await?)
}

fn update_vote(conn: &mut SqliteConnection, id: i64, vote: &Vote) -> QueryResult<usize> {
    diesel::update(votes::table.find(id))
        .set((votes::rating.eq(vote.rating.stars() as i16), votes::player_id.eq(&vote.player_id)))
        .execute(conn)
}

fn insert_vote(conn: &mut SqliteConnection, row: i64, vote: &Vote) -> QueryResult<()> {
    let insert: PreparedSql<_> = PreparedSql::new(
        "INSERT INTO votes (build, session, player_id, rating, cast_at) VALUES ($1, $2, $3, $4, $5)",
        (
            row.into_sql::<BigInt>(),
            vote.session.0.as_slice().into_sql::<Binary>(),
            vote.player_id.as_deref().into_sql::<Nullable<Text>>(),
            (vote.rating.stars() as i16).into_sql::<SmallInt>(),
            SqlTimestamp(vote.cast_at).into_sql::<Instant>(),
        ),
    );
    insert.execute(conn).map(drop)
}

fn store_scores(conn: &mut SqliteConnection, row: i64, scores: &Scores) -> QueryResult<usize> {
    let [one, two, three, four, five] = scores.tally.stars;
    let update: PreparedSql<_> = PreparedSql::new(
        "UPDATE build_ranks SET tally_revision = tally_revision + 1, stars_1 = $1, stars_2 = $2, stars_3 = \
         $3, stars_4 = $4, stars_5 = $5, bayesian = $6, trend = $7 WHERE build = $8",
        (
            one.into_sql::<BigInt>(),
            two.into_sql::<BigInt>(),
            three.into_sql::<BigInt>(),
            four.into_sql::<BigInt>(),
            five.into_sql::<BigInt>(),
            scores.bayesian.into_sql::<Double>(),
            scores.trend.into_sql::<Double>(),
            row.into_sql::<BigInt>(),
        ),
    );
    update.execute(conn)
}

/// Changes a day on which stored votes changed.
fn change_day(conn: &mut SqliteConnection, row: i64, day: Day, change: &DayTally) -> QueryResult<usize> {
    diesel::update(vote_days::table.find((row, day.0)))
        .set((
            vote_days::votes.eq(vote_days::votes + change.votes),
            vote_days::rating_sum.eq(vote_days::rating_sum + change.rating_sum),
            vote_days::weight.eq(vote_days::weight + change.weight),
        ))
        .execute(conn)
}

/// Adds votes to a day that only gains some.
fn add_day(conn: &mut SqliteConnection, row: i64, day: Day, change: &DayTally) -> QueryResult<()> {
    let add: PreparedSql<_> = PreparedSql::new(
        "INSERT INTO vote_days (build, day, votes, rating_sum, weight) VALUES ($1, $2, $3, $4, $5) ON \
         CONFLICT (build, day) DO UPDATE SET votes = votes + excluded.votes, rating_sum = rating_sum + \
         excluded.rating_sum, weight = weight + excluded.weight",
        (
            row.into_sql::<BigInt>(),
            day.0.into_sql::<Integer>(),
            change.votes.into_sql::<BigInt>(),
            change.rating_sum.into_sql::<BigInt>(),
            change.weight.into_sql::<BigInt>(),
        ),
    );
    add.execute(conn).map(drop)
}

/// Stores a batch of searches in one transaction.
pub async fn record_batch(db: &Db, records: Vec<SearchRecord>) -> Result<()> {
    let settled = &db.caches.analytics.saturated;
    let known = settled.clone();
    let work = job(move |conn| boxed(async move { record_searches(conn, &records, &known).await }));
    settled.note(db.write_plain(Invalidation::None, work).await?);
    Ok(())
}

/// Stores searches and counts them. Gives what has callers enough.
pub async fn record_searches(
    conn: &mut Conn,
    records: &[SearchRecord],
    settled: &SaturatedKeys,
) -> DbResult<Vec<SearchRollupKey>> {
    let (records, settled) = (records.to_vec(), settled.clone());
    let recorded = conn.spawn_blocking(move |conn| {
        let RollUp { days, callers, callers_kept, addresses_kept } = RollUp::of(&records, &settled);
        records.iter().try_for_each(|it| insert_search(conn, it))?;
        days.iter().try_for_each(|((asked, spelling), count)| add_searches(conn, asked, spelling, count))?;
        let mut full = vec![];
        for (asked, callers) in callers {
            let (kept, mut addresses) = stored_callers(conn, &asked)?;
            let has_capacity = kept < i64::from(callers_kept);
            if !has_capacity && addresses >= i64::from(addresses_kept) {
                full.push(asked);
                continue;
            }
            for (caller, address) in callers.addresses {
                let brings_one = match address {
                    None => true,
                    Some(hash) => !hash.is_empty() && !is_address_kept(conn, &asked, hash)?,
                };
                let is_needed = brings_one && addresses < i64::from(addresses_kept);
                if has_capacity || is_needed {
                    let kept_address = if is_needed { address } else { address.map(|_| &[][..]) };
                    let is_new = keep_caller(conn, &asked, caller, kept_address)? > 0;
                    addresses += i64::from(brings_one && is_new);
                }
            }
        }
        Ok(full)
    });
    Ok(recorded.await?)
}

fn insert_search(conn: &mut SqliteConnection, record: &SearchRecord) -> QueryResult<()> {
    let insert: PreparedSql<_> = PreparedSql::new(
        "INSERT INTO searches (query, search_mode, result_count, session, player_id, caller, searched_at, \
         ranked) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        (
            record.query.text().into_sql::<Text>(),
            record.search_mode.into_str().into_sql::<Text>(),
            record.result_count.into_sql::<Integer>(),
            record.session.0.as_slice().into_sql::<Binary>(),
            record.player_id.as_deref().into_sql::<Nullable<Text>>(),
            record.caller.as_slice().into_sql::<Binary>(),
            SqlTimestamp(record.at).into_sql::<Instant>(),
            record.ranked.into_sql::<Bool>(),
        ),
    );
    insert.execute(conn).map(drop)
}

fn add_searches(
    conn: &mut SqliteConnection,
    (day, mode, key): &SearchRollupKey,
    spelling_key: &[u8],
    count: &DayCount<'_>,
) -> QueryResult<()> {
    let add: PreparedSql<_> = PreparedSql::new(
        "INSERT INTO search_days (day, search_mode, query_key, spelling_key, query_folded, spelling, \
         searches, zero_results) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (day, search_mode, \
         query_key, spelling_key) DO UPDATE SET searches = searches + excluded.searches, zero_results = \
         zero_results + excluded.zero_results",
        (
            day.into_sql::<Integer>(),
            mode.into_sql::<Text>(),
            key.into_sql::<Binary>(),
            spelling_key.into_sql::<Binary>(),
            count.folded.into_sql::<Text>(),
            count.spelling.into_sql::<Text>(),
            count.searches.into_sql::<BigInt>(),
            count.zero_results.into_sql::<BigInt>(),
        ),
    );
    add.execute(conn).map(drop)
}

/// How many callers of a query are kept, and how many of them have brought an address.
fn stored_callers(
    conn: &mut SqliteConnection,
    (day, mode, key): &SearchRollupKey,
) -> QueryResult<(i64, i64)> {
    let kept: PreparedSql<_, (BigInt, BigInt)> = PreparedSql::new(
        "SELECT count(*), count(DISTINCT coalesce(address, caller)) FILTER (WHERE address IS NULL OR \
         length(address) > 0) FROM search_callers WHERE day = $1 AND search_mode = $2 AND query_key = $3",
        (day.into_sql::<Integer>(), mode.into_sql::<Text>(), key.into_sql::<Binary>()),
    );
    kept.get_result(conn)
}

fn is_address_kept(
    conn: &mut SqliteConnection,
    (day, mode, key): &SearchRollupKey,
    address: &[u8],
) -> QueryResult<bool> {
    let is_kept: PreparedSql<_, Bool> = PreparedSql::new(
        "SELECT EXISTS (SELECT 1 FROM search_callers WHERE day = $1 AND search_mode = $2 AND query_key = \
         $3 AND address = $4)",
        (
            day.into_sql::<Integer>(),
            mode.into_sql::<Text>(),
            key.into_sql::<Binary>(),
            address.into_sql::<Binary>(),
        ),
    );
    is_kept.get_result(conn)
}

fn keep_caller(
    conn: &mut SqliteConnection,
    (day, mode, key): &SearchRollupKey,
    caller: &[u8],
    address: Option<&[u8]>,
) -> QueryResult<usize> {
    let keep: PreparedSql<_> = PreparedSql::new(
        "INSERT INTO search_callers (day, search_mode, query_key, caller, address) VALUES ($1, $2, $3, $4, \
         $5) ON CONFLICT DO NOTHING",
        (
            day.into_sql::<Integer>(),
            mode.into_sql::<Text>(),
            key.into_sql::<Binary>(),
            caller.into_sql::<Binary>(),
            address.into_sql::<Nullable<Binary>>(),
        ),
    );
    keep.execute(conn)
}
