//! Writing imported rows to this service's tables. Each batch is one transaction together with the mark that it
//! has been done, so that a run that was broken off goes on where it stopped. What becomes of builds and votes that
//! are here already is decided in `reconcile`.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use myashes_domain::analytics::SearchRecord;
use myashes_domain::builds::Tally;
use myashes_domain::clock::{Day, Timestamp};
use myashes_domain::ranking::Ranking;
use myashes_domain::votes::{DayTally, Scores};
use myashes_domain::write_options::WriteOptions;

use super::super::db::boxed;
use super::super::facets::{self, Facet};
use super::super::feedback::NewFeedbackRow;
use super::super::rows::{RankRow, VoteRow};
use super::super::vote_batch::{Changes, Locking};
use super::super::{Conn, dialect, transaction};
use super::import_records::Scope;
use super::{bulk, reconcile};
use crate::command_error::CommandError;
use crate::legacy_rows::{
    Batch, BatchOutcome, ImportedBuild, ImportedFeedback, ImportedSearch, ImportedVote, Mark, QuarantinedRow,
    Rows, Table,
};
use crate::sql::error::DbResult;
use crate::sql::roll_up::SaturatedKeys;
use crate::sql::schema::{builds, feedback, import_progress, import_quarantine, searches, vote_days};
use crate::sql::types::SqlTimestamp;

/// SQLite takes up to 32,766 values in one statement.
pub const VALUES: usize = 10_000;

/// Rows of one INSERT. PostgreSQL numbers up to 65,535 values.
pub const INSERTED_ROWS: usize = 1_000;

/// Feedback as an import inserts it, with its review.
#[derive(Debug, Insertable)]
#[diesel(table_name = feedback, treat_none_as_default_value = false)]
pub struct ImportedFeedbackRow<'a> {
    #[diesel(embed)]
    feedback: NewFeedbackRow<'a>,
    reviewed_at: Option<SqlTimestamp>,
    reviewed_by: Option<&'a str>,
    flagged_for_cleanup: bool,
    cleanup_issue_url: Option<&'a str>,
}

impl<'a> ImportedFeedbackRow<'a> {
    pub fn of(ImportedFeedback { feedback, review, cleanup }: &'a ImportedFeedback) -> Self {
        Self {
            feedback: NewFeedbackRow::of(feedback),
            reviewed_at: review.as_ref().map(|it| SqlTimestamp(it.reviewed_at)),
            reviewed_by: review.as_ref().map(|it| it.reviewed_by.as_str()),
            flagged_for_cleanup: cleanup.flagged,
            cleanup_issue_url: cleanup.issue_url.as_deref(),
        }
    }
}

/// How far a table has come in earlier runs.
pub async fn mark(conn: &mut Conn, table: Table) -> Result<Mark, CommandError> {
    let stored: Option<Mark> = import_progress::table
        .find(table.name())
        .select((import_progress::last_id, import_progress::witness))
        .first(conn)
        .await
        .optional()?;
    Ok(stored.unwrap_or((i64::MIN, vec![])))
}

/// Records that a table is being read, and creates the mark of a new one.
pub async fn begin(conn: &mut Conn, table: Table) -> Result<(), CommandError> {
    diesel::insert_into(import_progress::table)
        .values((
            import_progress::relation.eq(table.name()),
            import_progress::last_id.eq(i64::MIN),
            import_progress::witness.eq(Vec::<u8>::new()),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    diesel::update(import_progress::table.find(table.name()))
        .set(import_progress::finished_at.eq(None::<SqlTimestamp>))
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes that a table was read to its end.
pub async fn finish(conn: &mut Conn, table: Table, at: Timestamp) -> Result<(), CommandError> {
    diesel::update(import_progress::table.find(table.name()))
        .set(import_progress::finished_at.eq(Some(SqlTimestamp(at))))
        .execute(conn)
        .await?;
    Ok(())
}

/// Tables whose import has begun but not finished.
pub async fn unfinished(conn: &mut Conn) -> DbResult<Vec<String>> {
    Ok(import_progress::table
        .filter(import_progress::finished_at.is_null())
        .select(import_progress::relation)
        .order_by(import_progress::relation)
        .load(conn)
        .await?)
}

/// Which of these pieces of feedback are here.
pub async fn known_feedback(conn: &mut Conn, ids: &[String]) -> DbResult<HashSet<String>> {
    let mut known = HashSet::new();
    for ids in ids.chunks(VALUES) {
        let found: Vec<String> = feedback::table
            .filter(feedback::feedback_id.eq_any(ids))
            .select(feedback::feedback_id)
            .load(conn)
            .await?;
        known.extend(found);
    }
    Ok(known)
}

/// Carries out one batch.
pub async fn put(conn: &mut Conn, ranking: Ranking, batch: Batch) -> Result<BatchOutcome, CommandError> {
    let done = transaction(conn, WriteOptions::default(), move |conn| {
        boxed(async move { put_within(conn, &ranking, batch).await })
    });
    match done.await?.executed().map_err(CommandError::failed)? {
        Some(outcome) => Ok(outcome),
        None => Err(CommandError::failed("another import is at work on this database")),
    }
}

/// `None` when the mark is not where this run left it.
async fn put_within(conn: &mut Conn, ranking: &Ranking, batch: Batch) -> DbResult<Option<BatchOutcome>> {
    let Batch { rows, quarantined, table, from, to, at, read_before, dry_run } = batch;
    if dry_run.is_none() {
        let mark = import_progress::table.find(table.name()).filter(import_progress::last_id.eq(from));
        let moved = diesel::update(mark)
            .set((import_progress::last_id.eq(to.0), import_progress::witness.eq(&to.1)))
            .execute(conn)
            .await?;
        if moved == 0 {
            return Ok(None);
        }
        put_quarantined(conn, table, &quarantined, at).await?;
    }
    let scope = Scope { ranking, read_before, dry_run: dry_run.as_deref() };
    let outcome = match rows {
        Rows::Builds(rows) => reconcile::put_builds(conn, rows, scope).await?,
        Rows::Votes(rows) => reconcile::put_votes(conn, rows, scope).await?,
        Rows::Feedback(rows) if scope.dry_run.is_some() => {
            let ids: Vec<String> = rows.iter().map(|it| it.feedback.id.to_string()).collect();
            let present = known_feedback(conn, &ids).await?.len();
            written(rows.len(), rows.len() - present)
        }
        Rows::Feedback(rows) => {
            let stored = bulk::insert_feedback(conn, &rows).await?;
            written(rows.len(), stored)
        }
        Rows::Searches(rows) => put_searches(conn, rows, scope.dry_run.is_some()).await?,
    };
    Ok(Some(outcome))
}

async fn put_quarantined(
    conn: &mut Conn,
    table: Table,
    rows: &[QuarantinedRow],
    at: Timestamp,
) -> DbResult<()> {
    for it in rows {
        diesel::insert_into(import_quarantine::table)
            .values((
                import_quarantine::relation.eq(table.name()),
                import_quarantine::legacy_id.eq(it.id),
                import_quarantine::reason.eq(&it.reason),
                import_quarantine::contents.eq(&it.contents),
                import_quarantine::noted_at.eq(SqlTimestamp(at)),
            ))
            .on_conflict_do_nothing()
            .execute(conn)
            .await?;
    }
    Ok(())
}

fn written(all: usize, imported: usize) -> BatchOutcome {
    BatchOutcome { imported: imported as u64, present: (all - imported) as u64, ..BatchOutcome::default() }
}

/// Stores builds whose ids are free, without votes, and files them; returns their row numbers by public id.
pub async fn insert_builds(
    conn: &mut Conn,
    rows: &[ImportedBuild],
    ranking: &Ranking,
) -> DbResult<HashMap<String, i64>> {
    let mut stored: HashMap<String, i64> = HashMap::with_capacity(rows.len());
    for rows in rows.chunks(INSERTED_ROWS) {
        stored.extend(bulk::insert_builds(conn, rows).await?);
    }
    let mut filed: BTreeMap<Facet, i64> = BTreeMap::new();
    let mut ranks = Vec::with_capacity(stored.len());
    for imported in rows {
        let build = &imported.build;
        let Some(row) = stored.get(build.id.as_str()) else { continue };
        let facet = Facet::of(&build.content, false, build.is_template, &build.game_version);
        *filed.entry(facet.clone()).or_default() += 1;
        ranks.push((*row, facet, SqlTimestamp(build.created_at)));
    }
    let ids = bulk::enter_facets(conn, &filed).await?;
    let differences = filed.iter().filter_map(|(facet, builds)| Some((*ids.get(facet)?, *builds))).collect();
    facets::adjust(conn, &differences).await?;
    bulk::insert_ranks(conn, &ranks, &ids, &Scores::none(ranking)).await?;
    Ok(stored)
}

/// Stores votes on these builds of whose session and player there is none yet, and works the aggregates out of the days
/// that come of them; returns the new ones.
pub async fn insert_votes(
    conn: &mut Conn,
    rows: &[ImportedVote],
    builds: &HashMap<String, i64>,
    ranking: &Ranking,
) -> DbResult<Vec<VoteRow>> {
    let imported: Vec<_> = rows.iter().filter_map(|it| Some((*builds.get(&it.build)?, &it.vote))).collect();
    let numbers: BTreeSet<i64> = imported.iter().map(|(row, _)| *row).collect();
    let mut tallies: BTreeMap<i64, Tally> = BTreeMap::new();
    for (row, rank) in lock_builds(conn, &numbers).await? {
        tallies.insert(row, rank.tally());
    }
    let inserted = bulk::insert_votes(conn, &imported).await?;
    let mut days: BTreeMap<(i64, Day), DayTally> = BTreeMap::new();
    for VoteRow { build, rating, cast_at, .. } in &inserted {
        let rating = super::super::rows::rating(*rating)?;
        tallies.entry(*build).or_default().increment(rating);
        days.entry((*build, cast_at.0.day())).or_default().add(DayTally::of(rating, cast_at.0, ranking));
    }
    let mut all = days_of(conn, days.keys().map(|(row, _)| *row).collect()).await?;
    for ((row, day), tally) in &days {
        all.entry(*row).or_default().entry(*day).or_default().add(*tally);
    }
    let scores = all
        .iter()
        .map(|(row, days)| (*row, Scores::of(tallies.get(row).copied().unwrap_or_default(), days, ranking)));
    let scores: Vec<_> = scores.collect();
    let added_days: Vec<_> = days.into_iter().map(|((row, day), tally)| (row, day, tally)).collect();
    if !added_days.is_empty() {
        dialect::store_votes(conn, &Changes { scores, added_days, ..Changes::default() }).await?;
    }
    Ok(inserted)
}

/// Locks the score rows of builds in the order of their numbers.
pub async fn lock_builds(conn: &mut Conn, rows: &BTreeSet<i64>) -> DbResult<Vec<(i64, RankRow)>> {
    let rows: Vec<i64> = rows.iter().copied().collect();
    let mut locked = Vec::with_capacity(rows.len());
    for rows in rows.chunks(VALUES) {
        locked.extend(dialect::lock_ranks(conn, rows, Locking::Wait).await?);
    }
    Ok(locked)
}

/// The days of builds, as they are stored.
pub async fn days_of(
    conn: &mut Conn,
    rows: BTreeSet<i64>,
) -> DbResult<BTreeMap<i64, BTreeMap<Day, DayTally>>> {
    let rows: Vec<i64> = rows.into_iter().collect();
    let mut days: BTreeMap<i64, BTreeMap<Day, DayTally>> = BTreeMap::new();
    for rows in rows.chunks(VALUES) {
        let found: Vec<(i64, i32, i64, i64, i64)> =
            vote_days::table.filter(vote_days::build.eq_any(rows)).load(conn).await?;
        for (row, day, votes, rating_sum, weight) in found {
            days.entry(row).or_default().insert(Day(day), DayTally { votes, rating_sum, weight });
        }
    }
    Ok(days)
}

async fn put_searches(conn: &mut Conn, rows: Vec<ImportedSearch>, dry_run: bool) -> DbResult<BatchOutcome> {
    let all = rows.len();
    let known = returned(conn, &rows).await?;
    let rows = rows.into_iter().filter(|it| !(it.returned && known.contains(&key_of(&it.record))));
    let rows: Vec<SearchRecord> = rows.map(|it| it.record).collect();
    if !dry_run {
        dialect::record_searches(conn, &rows, &SaturatedKeys::new()).await?;
    }
    Ok(written(all, rows.len()))
}

/// Session, time in microseconds, mode and query: what a search is known again by.
type SearchKey = (Vec<u8>, i64, String, String);

fn key_of(it: &SearchRecord) -> SearchKey {
    (it.session.0.to_vec(), it.at.micros(), it.search_mode.into_str().to_owned(), it.query.text().to_owned())
}

/// The exported searches that are still here; they have no id by which they could be matched.
async fn returned(conn: &mut Conn, rows: &[ImportedSearch]) -> DbResult<HashSet<SearchKey>> {
    let sessions: BTreeSet<&[u8]> =
        rows.iter().filter(|it| it.returned).map(|it| it.record.session.0.as_slice()).collect();
    let sessions: Vec<&[u8]> = sessions.into_iter().collect();
    let mut known = HashSet::new();
    for sessions in sessions.chunks(VALUES) {
        let found: Vec<(Vec<u8>, SqlTimestamp, String, String)> = searches::table
            .filter(searches::session.eq_any(sessions))
            .select((searches::session, searches::searched_at, searches::search_mode, searches::query))
            .load(conn)
            .await?;
        known.extend(
            found.into_iter().map(|(session, at, mode, query)| (session, at.0.micros(), mode, query)),
        );
    }
    Ok(known)
}

/// The row numbers of builds by their public ids.
pub async fn rows_of(conn: &mut Conn, ids: &[String]) -> DbResult<HashMap<String, i64>> {
    let mut rows = HashMap::with_capacity(ids.len());
    for ids in ids.chunks(VALUES) {
        let found: Vec<(String, i64)> = builds::table
            .filter(builds::build_id.eq_any(ids))
            .select((builds::build_id, builds::id))
            .load(conn)
            .await?;
        rows.extend(found);
    }
    Ok(rows)
}

/// After many rows at once the planner knows nothing of them yet.
pub async fn analyze(conn: &mut Conn) -> Result<(), CommandError> {
    for table in ["builds", "build_ranks", "votes", "vote_days", "feedback", "searches", "search_days"] {
        diesel::sql_query(format!("ANALYZE {table}")).execute(conn).await?;
    }
    for statement in dialect::AFTER_ANALYZE {
        diesel::sql_query(*statement).execute(conn).await?;
    }
    Ok(())
}
