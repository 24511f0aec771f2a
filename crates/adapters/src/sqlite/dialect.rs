//! What is said differently in SQLite: its writer is alone, so there is nothing to lock; trigrams are those
//! of FTS5; and a statement costs no round trip, so that a batch is a loop.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use myashes_domain::Result;
use myashes_domain::alongside::ReceiptKey;
use myashes_domain::analytics::{CALLERS_KEPT, SearchRecord};
use myashes_domain::clock::Day;
use myashes_domain::session::SessionHash;
use myashes_domain::text::SearchTerm;
use myashes_domain::votes::{DayTally, Scores, Vote};

use super::db::{boxed, job};
use super::listing::Ranks;
use super::rows::{RankRow, VoteRow};
use super::standing::SubjectRow;
use super::{Conn, Db};
use crate::sql::error::DbResult;
use crate::sql::fixed::Fixed;
use crate::sql::schema::{build_ranks, builds, search_callers, search_days, searches, vote_days, votes};
use crate::sql::types::{At, text_key};

/// Transactions that write follow one another, so that a key is never held by another one.
pub async fn try_lock_key(_: &mut Conn, _: &ReceiptKey) -> DbResult<bool> {
    Ok(true)
}

pub async fn try_lock_sweep(_: &mut Conn) -> DbResult<bool> {
    Ok(true)
}

pub async fn lock_ranks(conn: &mut Conn, rows: &[i64]) -> DbResult<Vec<(i64, RankRow)>> {
    Ok(build_ranks::table
        .filter(build_ranks::build.eq_any(rows))
        .order_by(build_ranks::build)
        .select((build_ranks::build, RankRow::as_select()))
        .load(conn)
        .await?)
}

/// The day of an instant, for counting feedback by day.
pub const FEEDBACK_BY_DAY: &[&str] = &[
    "SELECT received_at / 86400000000, count(*) FILTER (WHERE rating = 'up'), \
     count(*) FILTER (WHERE rating = 'down') FROM feedback WHERE received_at >= ",
    " GROUP BY 1 ORDER BY 1",
];

/// The builds of these public ids with their narrow rows.
pub async fn lock_subjects(conn: &mut Conn, ids: &[&str]) -> DbResult<Vec<(SubjectRow, RankRow)>> {
    Ok(builds::table
        .inner_join(build_ranks::table)
        .filter(builds::build_id.eq_any(ids))
        .order_by(builds::id)
        .select((
            (builds::id, builds::build_id, builds::visibility, builds::session, builds::player_id),
            RankRow::as_select(),
        ))
        .load(conn)
        .await?)
}

/// Lets through the narrow rows of builds whose searched text holds the term: a phrase of trigrams is a
/// substring.
pub fn holding<'a>(ranks: Ranks<'a>, term: &SearchTerm) -> Ranks<'a> {
    let holding = diesel::dsl::sql::<Bool>(
        "build_ranks.build IN (SELECT rowid FROM build_search WHERE build_search MATCH ",
    );
    ranks.filter(holding.bind::<Text, _>(phrase(term.needle())).sql(")"))
}

/// Rows whose searched text shares most trigrams with the term.
pub async fn similar(conn: &mut Conn, term: &SearchTerm, limit: i64) -> DbResult<Vec<i64>> {
    let similar: Fixed<_, BigInt> = Fixed::new(
        &["SELECT rowid FROM build_search WHERE build_search MATCH ", " ORDER BY rank LIMIT ", ""],
        (trigrams(term.folded()).into_sql::<Text>(), limit.into_sql::<BigInt>()),
    );
    Ok(similar.load(conn).await?)
}

fn phrase(needle: &str) -> String {
    format!("\"{}\"", needle.replace('"', "\"\""))
}

/// Any of the trigrams of each word and of its start.
fn trigrams(folded: &str) -> String {
    let mut all = std::collections::BTreeSet::new();
    for word in folded.split(' ') {
        let padded: Vec<char> = "  ".chars().chain(word.chars()).collect();
        all.extend(padded.windows(3).map(|three| phrase(&three.iter().collect::<String>())));
    }
    all.into_iter().collect::<Vec<_>>().join(" OR ")
}

pub async fn present_votes(
    conn: &mut Conn,
    sessions: &[(i64, SessionHash)],
    players: &[(i64, String)],
) -> DbResult<Vec<VoteRow>> {
    let mut found: Vec<VoteRow> = vec![];
    for (row, session) in sessions {
        let vote = votes::table.filter(votes::build.eq(row)).filter(votes::session.eq(session.0.as_slice()));
        found.extend(vote.select(VoteRow::as_select()).load::<VoteRow>(conn).await?);
    }
    for (row, player) in players {
        let vote = votes::table.filter(votes::build.eq(row)).filter(votes::player_id.eq(player));
        found.extend(vote.select(VoteRow::as_select()).load::<VoteRow>(conn).await?);
    }
    Ok(found)
}

/// Stores new votes and what they, and changed ones, do to scores and days.
pub async fn store_votes(
    conn: &mut Conn,
    new: &[(i64, &Vote)],
    scores: &[(i64, &Scores)],
    days: &[(i64, Day, DayTally)],
) -> DbResult<()> {
    insert_votes(conn, new).await?;
    store_scores(conn, scores).await?;
    add_days(conn, days).await
}

async fn insert_votes(conn: &mut Conn, new: &[(i64, &Vote)]) -> DbResult<()> {
    for (row, vote) in new {
        diesel::insert_into(votes::table)
            .values((
                votes::build.eq(row),
                votes::session.eq(vote.session.0.as_slice()),
                votes::player_id.eq(vote.player_id.as_deref()),
                votes::rating.eq(vote.rating.stars() as i16),
                votes::cast_at.eq(At(vote.cast_at)),
            ))
            .execute(conn)
            .await?;
    }
    Ok(())
}

async fn store_scores(conn: &mut Conn, scores: &[(i64, &Scores)]) -> DbResult<()> {
    for (row, it) in scores {
        diesel::update(build_ranks::table.find(row))
            .set((
                build_ranks::vote_count.eq(it.tally.vote_count),
                build_ranks::rating_sum.eq(it.tally.rating_sum),
                build_ranks::bayesian.eq(it.bayesian),
                build_ranks::trend.eq(it.trend),
                build_ranks::tally_revision.eq(build_ranks::tally_revision + 1),
            ))
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// Adds to days what their votes changed by.
async fn add_days(conn: &mut Conn, days: &[(i64, Day, DayTally)]) -> DbResult<()> {
    for (row, day, change) in days {
        diesel::insert_into(vote_days::table)
            .values((
                vote_days::build.eq(row),
                vote_days::day.eq(day.0),
                vote_days::votes.eq(change.votes),
                vote_days::rating_sum.eq(change.rating_sum),
                vote_days::weight.eq(change.weight),
            ))
            .on_conflict((vote_days::build, vote_days::day))
            .do_update()
            .set((
                vote_days::votes.eq(vote_days::votes + excluded(vote_days::votes)),
                vote_days::rating_sum.eq(vote_days::rating_sum + excluded(vote_days::rating_sum)),
                vote_days::weight.eq(vote_days::weight + excluded(vote_days::weight)),
            ))
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// Stores a batch of searches in one transaction.
pub async fn record_batch(db: &Db, records: Vec<SearchRecord>) -> Result<()> {
    let work = job(move |conn| boxed(async move { record_searches(conn, &records).await.map(Some) }));
    db.write_plain(work).await.map(|_| ())
}

/// Stores searches and counts them.
pub async fn record_searches(conn: &mut Conn, records: &[SearchRecord]) -> DbResult<()> {
    for record in records {
        let (day, mode) = (record.at.day().0, record.search_mode.name());
        let key = text_key(record.query.folded());
        diesel::insert_into(searches::table)
            .values((
                searches::query.eq(record.query.text()),
                searches::search_mode.eq(mode),
                searches::result_count.eq(record.result_count),
                searches::session.eq(record.session.0.as_slice()),
                searches::player_id.eq(&record.player_id),
                searches::caller.eq(record.caller.as_slice()),
                searches::searched_at.eq(At(record.at)),
            ))
            .execute(conn)
            .await?;
        diesel::insert_into(search_days::table)
            .values((
                search_days::day.eq(day),
                search_days::search_mode.eq(mode),
                search_days::query_key.eq(&key),
                search_days::spelling_key.eq(text_key(record.query.text())),
                search_days::query_folded.eq(record.query.folded()),
                search_days::spelling.eq(record.query.text()),
                search_days::searches.eq(1_i64),
                search_days::zero_results.eq(i64::from(record.result_count == 0)),
            ))
            .on_conflict((
                search_days::day,
                search_days::search_mode,
                search_days::query_key,
                search_days::spelling_key,
            ))
            .do_update()
            .set((
                search_days::searches.eq(search_days::searches + excluded(search_days::searches)),
                search_days::zero_results.eq(search_days::zero_results + excluded(search_days::zero_results)),
            ))
            .execute(conn)
            .await?;
        let kept: i64 = search_callers::table
            .filter(search_callers::day.eq(day))
            .filter(search_callers::search_mode.eq(mode))
            .filter(search_callers::query_key.eq(&key))
            .count()
            .get_result(conn)
            .await?;
        if kept < i64::from(CALLERS_KEPT) {
            diesel::insert_into(search_callers::table)
                .values((
                    search_callers::day.eq(day),
                    search_callers::search_mode.eq(mode),
                    search_callers::query_key.eq(&key),
                    search_callers::caller.eq(record.caller.as_slice()),
                ))
                .on_conflict_do_nothing()
                .execute(conn)
                .await?;
        }
    }
    Ok(())
}
