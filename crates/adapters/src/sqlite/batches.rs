//! Batches in SQLite. A statement costs no round trip here, but each one that is awaited costs two changes of
//! threads: so a batch goes over to the blocking thread once, and loops there.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Double, Integer, Nullable, SmallInt, Text};
use myashes_domain::analytics::{CALLERS_KEPT, SearchRecord};
use myashes_domain::clock::Day;
use myashes_domain::session::SessionHash;
use myashes_domain::votes::{DayTally, Scores, Vote};

use super::Conn;
use super::rows::VoteRow;
use crate::sql::error::DbResult;
use crate::sql::fixed::Fixed;
use crate::sql::schema::votes;
use crate::sql::types::{At, Instant, text_key};

/// The votes cast on a build in a session, or by a player.
pub async fn present_votes(
    conn: &mut Conn,
    sessions: &[(i64, SessionHash)],
    players: &[(i64, String)],
) -> DbResult<Vec<VoteRow>> {
    let (sessions, players) = (sessions.to_vec(), players.to_vec());
    let present = conn.spawn_blocking(move |conn| {
        let mut found: Vec<VoteRow> = vec![];
        for (row, session) in &sessions {
            let vote = votes::table.filter(votes::build.eq(row)).filter(votes::session.eq(&session.0[..]));
            found.extend(vote.select(VoteRow::as_select()).load(conn)?);
        }
        for (row, player) in &players {
            let vote = votes::table.filter(votes::build.eq(row)).filter(votes::player_id.eq(player));
            found.extend(vote.select(VoteRow::as_select()).load(conn)?);
        }
        Ok(found)
    });
    Ok(present.await?)
}

/// Stores new votes and what they, and changed ones, do to scores and days.
pub async fn store_votes(
    conn: &mut Conn,
    new: &[(i64, &Vote)],
    scores: &[(i64, &Scores)],
    days: &[(i64, Day, DayTally)],
) -> DbResult<()> {
    let new: Vec<(i64, Vote)> = new.iter().map(|(row, vote)| (*row, (*vote).clone())).collect();
    let scores: Vec<(i64, Scores)> = scores.iter().map(|(row, it)| (*row, (*it).clone())).collect();
    let days = days.to_vec();
    let stored = conn.spawn_blocking(move |conn| {
        new.iter().try_for_each(|(row, vote)| insert_vote(conn, *row, vote))?;
        scores.iter().try_for_each(|(row, it)| store_scores(conn, *row, it))?;
        days.iter().try_for_each(|(row, day, change)| add_day(conn, *row, *day, change))
    });
    Ok(stored.await?)
}

fn insert_vote(conn: &mut SqliteConnection, row: i64, vote: &Vote) -> QueryResult<()> {
    let insert: Fixed<_> = Fixed::new(
        &[
            "INSERT INTO votes (build, session, player_id, rating, cast_at) VALUES (",
            ", ",
            ", ",
            ", ",
            ", ",
            ")",
        ],
        (
            row.into_sql::<BigInt>(),
            vote.session.0.as_slice().into_sql::<Binary>(),
            vote.player_id.as_deref().into_sql::<Nullable<Text>>(),
            (vote.rating.stars() as i16).into_sql::<SmallInt>(),
            At(vote.cast_at).into_sql::<Instant>(),
        ),
    );
    insert.execute(conn).map(drop)
}

fn store_scores(conn: &mut SqliteConnection, row: i64, scores: &Scores) -> QueryResult<()> {
    let update: Fixed<_> = Fixed::new(
        &[
            "UPDATE build_ranks SET tally_revision = tally_revision + 1, vote_count = ",
            ", rating_sum = ",
            ", bayesian = ",
            ", trend = ",
            " WHERE build = ",
            "",
        ],
        (
            scores.tally.vote_count.into_sql::<BigInt>(),
            scores.tally.rating_sum.into_sql::<BigInt>(),
            scores.bayesian.into_sql::<Double>(),
            scores.trend.into_sql::<Double>(),
            row.into_sql::<BigInt>(),
        ),
    );
    update.execute(conn).map(drop)
}

/// Adds to a day what its votes changed by.
fn add_day(conn: &mut SqliteConnection, row: i64, day: Day, change: &DayTally) -> QueryResult<()> {
    let add: Fixed<_> = Fixed::new(
        &[
            "INSERT INTO vote_days (build, day, votes, rating_sum, weight) VALUES (",
            ", ",
            ", ",
            ", ",
            ", ",
            ") ON CONFLICT (build, day) DO UPDATE SET votes = votes + excluded.votes, \
             rating_sum = rating_sum + excluded.rating_sum, weight = weight + excluded.weight",
        ],
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

/// Stores searches and counts them.
pub async fn record_searches(conn: &mut Conn, records: &[SearchRecord]) -> DbResult<()> {
    let records = records.to_vec();
    Ok(conn.spawn_blocking(move |conn| records.iter().try_for_each(|it| record(conn, it))).await?)
}

fn record(conn: &mut SqliteConnection, record: &SearchRecord) -> QueryResult<()> {
    let (day, mode) = (record.at.day().0, record.search_mode.name());
    let (key, caller) = (text_key(record.query.folded()), record.caller.as_slice());
    let event: Fixed<_> = Fixed::new(
        &[
            "INSERT INTO searches (query, search_mode, result_count, session, player_id, caller, searched_at) \
             VALUES (",
            ", ",
            ", ",
            ", ",
            ", ",
            ", ",
            ", ",
            ")",
        ],
        (
            record.query.text().into_sql::<Text>(),
            mode.into_sql::<Text>(),
            record.result_count.into_sql::<Integer>(),
            record.session.0.as_slice().into_sql::<Binary>(),
            record.player_id.as_deref().into_sql::<Nullable<Text>>(),
            caller.into_sql::<Binary>(),
            At(record.at).into_sql::<Instant>(),
        ),
    );
    event.execute(conn)?;
    let count: Fixed<_> = Fixed::new(
        &[
            "INSERT INTO search_days (searches, day, search_mode, query_key, spelling_key, query_folded, \
             spelling, zero_results) VALUES (1, ",
            ", ",
            ", ",
            ", ",
            ", ",
            ", ",
            ", ",
            ") ON CONFLICT (day, search_mode, query_key, spelling_key) DO UPDATE \
             SET searches = searches + excluded.searches, zero_results = zero_results + excluded.zero_results",
        ],
        (
            day.into_sql::<Integer>(),
            mode.into_sql::<Text>(),
            key.as_slice().into_sql::<Binary>(),
            text_key(record.query.text()).into_sql::<Binary>(),
            record.query.folded().into_sql::<Text>(),
            record.query.text().into_sql::<Text>(),
            i64::from(record.result_count == 0).into_sql::<BigInt>(),
        ),
    );
    count.execute(conn)?;
    let caller_of_day: Fixed<_> = Fixed::new(
        &[
            "INSERT INTO search_callers (day, search_mode, query_key, caller) SELECT ",
            ", ",
            ", ",
            ", ",
            " WHERE (SELECT count(*) FROM (SELECT 1 FROM search_callers WHERE day = ",
            " AND search_mode = ",
            " AND query_key = ",
            " LIMIT ",
            ")) < ",
            " ON CONFLICT DO NOTHING",
        ],
        (
            day.into_sql::<Integer>(),
            mode.into_sql::<Text>(),
            key.as_slice().into_sql::<Binary>(),
            caller.into_sql::<Binary>(),
            day.into_sql::<Integer>(),
            mode.into_sql::<Text>(),
            key.as_slice().into_sql::<Binary>(),
            i64::from(CALLERS_KEPT).into_sql::<BigInt>(),
            i64::from(CALLERS_KEPT).into_sql::<BigInt>(),
        ),
    );
    caller_of_day.execute(conn).map(drop)
}
