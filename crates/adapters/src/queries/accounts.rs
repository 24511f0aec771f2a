//! What belongs to one caller, taken over by a player, shown, or erased.

use std::collections::BTreeSet;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use myashes_domain::accounts::{
    AccountJob, AccountJobKind, AccountRepository, Claimed, Erasure, ExportCursor, ExportKind, ExportPage,
};
use myashes_domain::analytics::count_key;
use myashes_domain::clock::{Day, Timestamp};
use myashes_domain::ids::BuildId;
use myashes_domain::ranking::Ranking;
use myashes_domain::session::Caller;
use myashes_domain::votes::{Change, ExistingVotes};
use myashes_domain::write_options::{IdempotencyRecord, WriteOutcome};
use myashes_domain::{Error, Result};

use super::db::{boxed, job};
use super::rows::VoteRow;
use super::vote_batch::VoteBatch;
use super::{Backend, Conn, Db, account_jobs, analytics, build_rows, dialect, export, idempotency, tags};
use crate::cache::Invalidation;
use crate::sql::error::{DbResult, expect_rows};
use crate::sql::schema::{
    build_ranks, builds, feedback, idempotency_records, reports, search_callers, searches, votes,
};
use crate::sql::types::{SqlTimestamp, text_key};

pub struct Accounts(pub Db);

#[async_trait]
impl AccountRepository for Accounts {
    async fn claim(
        &self,
        caller: &Caller,
        so_far: Claimed,
        limit: u32,
        at: Timestamp,
        idempotency: Option<IdempotencyRecord<Claimed>>,
    ) -> Result<WriteOutcome<Claimed>> {
        let (caller, ranking) = (caller.clone(), self.0.ranking);
        let work = job(move |conn| {
            boxed(async move {
                if let Some(record) = &idempotency
                    && let Some(answer) = idempotency::open(conn, &record.key).await?
                {
                    return Ok(WriteOutcome::Replayed(answer));
                }
                let claimed = claim(conn, &caller, so_far, i64::from(limit), &ranking).await?;
                account_jobs::store(conn, AccountJobKind::Claim, &caller, at, claimed.finished).await?;
                // A part of an answer is not worth keeping: the same key asks for the rest.
                if let Some(record) = idempotency.filter(|_| claimed.finished) {
                    idempotency::keep(conn, &record.key, &(record.render)(&claimed)).await?;
                }
                Ok(WriteOutcome::Executed(claimed))
            })
        });
        self.0.write_plain(Invalidation::Account, work).await
    }

    async fn export(&self, caller: &Caller, kind: ExportKind, after: ExportCursor) -> Result<ExportPage> {
        let args = (caller.clone(), kind, after);
        self.0.read(args, |conn, args| boxed(export::page(conn, args))).await
    }

    async fn erase(&self, caller: &Caller, limit: u32, at: Timestamp) -> Result<Erasure> {
        let (caller, ranking) = (caller.clone(), self.0.ranking);
        let work = job(move |conn| {
            boxed(async move {
                let erased = erase(conn, &caller, i64::from(limit), &ranking).await?;
                let finished = erased == Erasure::Done;
                account_jobs::store(conn, AccountJobKind::Erasure, &caller, at, finished).await?;
                Ok(erased)
            })
        });
        self.0.write_plain(Invalidation::Account, work).await
    }

    async fn resume(&self, kind: AccountJobKind, caller: &Caller, limit: u32, at: Timestamp) -> Result<bool> {
        let (caller, ranking) = (caller.clone(), self.0.ranking);
        let work = job(move |conn| {
            boxed(async move {
                dialect::lock_account(conn, &caller).await?;
                if !account_jobs::is_open(conn, kind, &caller).await? {
                    return Ok(true);
                }
                let limit = i64::from(limit);
                let finished = match kind {
                    AccountJobKind::Claim => {
                        claim(conn, &caller, Claimed::default(), limit, &ranking).await?.finished
                    }
                    AccountJobKind::Erasure => erase(conn, &caller, limit, &ranking).await? == Erasure::Done,
                };
                account_jobs::store(conn, kind, &caller, at, finished).await?;
                Ok(finished)
            })
        });
        self.0.write_plain(Invalidation::Account, work).await
    }

    async fn take_job(&self, before: Timestamp, at: Timestamp) -> Result<Option<AccountJob>> {
        self.0.write_plain(Invalidation::None, move |conn| boxed(account_jobs::take(conn, before, at))).await
    }
}

/// The rows of a table that belong to a caller: the session's without a player, and the player's.
macro_rules! owned_rows {
    ($table:ident, $caller:expr) => {{
        let caller: &Caller = $caller;
        let unclaimed = $table::session.eq(caller.session.0.to_vec()).and($table::player_id.is_null());
        let rows = $table::table.into_boxed::<Backend>();
        match caller.player_id() {
            Some(player) => rows.filter(unclaimed.or($table::player_id.eq(player.to_owned()))),
            None => rows.filter(unclaimed),
        }
    }};
}

/// One batch of a claim: what is concerned is collected, locked, read again under the lock, decided and stored.
async fn claim(
    conn: &mut Conn,
    caller: &Caller,
    so_far: Claimed,
    limit: i64,
    ranking: &Ranking,
) -> DbResult<Claimed> {
    let player = caller.player.as_ref().ok_or(Error::AuthenticationRequired)?;
    dialect::lock_account(conn, caller).await?;
    let unclaimed_builds = || {
        builds::table
            .filter(builds::session.eq(caller.session.0.as_slice()))
            .filter(builds::player_id.is_null())
            .filter(builds::is_template.eq(false))
    };
    let unclaimed_votes = || {
        votes::table.filter(votes::session.eq(caller.session.0.as_slice())).filter(votes::player_id.is_null())
    };
    let owned: Vec<i64> =
        unclaimed_builds().order_by(builds::id).select(builds::id).limit(limit).load(conn).await?;
    let voted: Vec<i64> =
        unclaimed_votes().order_by(votes::build).select(votes::build).limit(limit).load(conn).await?;
    let full = is_full(owned.len(), limit) || is_full(voted.len(), limit);
    let (mut batch, complete) = VoteBatch::lock_free(conn, owned, voted).await?;
    let rows = batch.rows();

    let owned: Vec<(i64, String)> = unclaimed_builds()
        .filter(builds::id.eq_any(&rows))
        .order_by(builds::id)
        .select((builds::id, builds::build_id))
        .load(conn)
        .await?;
    let (owned, ids): (Vec<i64>, Vec<String>) = owned.into_iter().unzip();
    let claimed = diesel::update(builds::table.filter(builds::id.eq_any(&owned)))
        .set((
            builds::player_id.eq(&player.player_id),
            builds::steam_id.eq(&player.steam_id),
            builds::display_name.eq(&player.display_name),
        ))
        .execute(conn)
        .await?;
    expect_rows(owned.len(), claimed)?;
    // The maker's name is shown with the build, so what a client has of it is out of date.
    diesel::update(build_ranks::table.filter(build_ranks::build.eq_any(&owned)))
        .set(build_ranks::tally_revision.eq(build_ranks::tally_revision + 1))
        .execute(conn)
        .await?;

    let of_session = unclaimed_votes().filter(votes::build.eq_any(&rows)).select(VoteRow::as_select());
    batch.add_votes(of_session.load(conn).await?)?;
    let of_player = votes::table
        .filter(votes::player_id.eq(&player.player_id))
        .filter(votes::build.eq_any(&rows))
        .select(VoteRow::as_select());
    batch.add_votes(of_player.load(conn).await?)?;
    let changes: Vec<(i64, Change)> = rows
        .iter()
        .filter_map(|row| {
            let present = ExistingVotes::among(batch.votes_on(*row).iter(), caller);
            Some((*row, present.claim(&player.player_id)?))
        })
        .collect();
    let doubled = changes.iter().filter(|(_, change)| matches!(change, Change::Delete(_)));
    batch.read_days(conn, &doubled.map(|(row, _)| *row).collect()).await?;
    let moved = changes.iter().filter(|(_, change)| matches!(change, Change::Update { .. })).count();
    for (row, change) in changes {
        batch.apply(row, &[change], ranking);
    }
    batch.store(conn).await?;

    let bare = Caller { session: caller.session, player: None };
    idempotency::claim(conn, &bare.fingerprint(), &caller.fingerprint(), &rows).await?;

    let Claimed { mut builds, votes, .. } = so_far;
    builds.extend(ids.into_iter().map(BuildId::stored));
    Ok(Claimed { builds, votes: votes + moved as u64, finished: complete && !full })
}

/// Whether a limited query may have left rows out.
fn is_full(rows: usize, limit: i64) -> bool {
    i64::try_from(rows).unwrap_or(limit) >= limit
}

/// One batch of an erasure, built as that of a claim.
async fn erase(conn: &mut Conn, caller: &Caller, limit: i64, ranking: &Ranking) -> DbResult<Erasure> {
    dialect::lock_account(conn, caller).await?;
    let owned: Vec<i64> = owned_rows!(builds, caller)
        .filter(builds::is_template.eq(false))
        .order_by(builds::id)
        .select(builds::id)
        .limit(limit)
        .load(conn)
        .await?;
    let voted: Vec<i64> = owned_rows!(votes, caller)
        .order_by(votes::build)
        .select(votes::build)
        .limit(limit)
        .load(conn)
        .await?;
    let mut full = is_full(owned.len(), limit) || is_full(voted.len(), limit);
    let (mut batch, complete) = VoteBatch::lock_free(conn, owned, voted).await?;
    full |= !complete;
    let rows = batch.rows();

    let owned: Vec<i64> = owned_rows!(builds, caller)
        .filter(builds::is_template.eq(false))
        .filter(builds::id.eq_any(rows.clone()))
        .order_by(builds::id)
        .select(builds::id)
        .load(conn)
        .await?;
    // The votes on the caller's own builds go with these.
    let others: BTreeSet<i64> = rows.into_iter().filter(|row| !owned.contains(row)).collect();
    let voted: Vec<VoteRow> = owned_rows!(votes, caller)
        .filter(votes::build.eq_any(others.iter().copied().collect::<Vec<_>>()))
        .select(VoteRow::as_select())
        .load(conn)
        .await?;
    let concerned: BTreeSet<i64> = voted.iter().map(|vote| vote.build).collect();
    batch.add_votes(voted)?;
    batch.read_days(conn, &concerned).await?;
    for row in concerned {
        let own: Vec<Change> = batch.votes_on(row).iter().cloned().map(Change::Delete).collect();
        batch.apply(row, &own, ranking);
    }
    batch.store(conn).await?;
    let erased_tags = tags::indexed(conn, &owned).await?;
    build_rows::remove(conn, &owned).await?;
    tags::fold_all_of(conn, &erased_tags).await?;

    let mut note = |rows: usize| full |= is_full(rows, limit);
    note(erase_searches(conn, caller, limit).await?);
    let said: Vec<i64> = owned_rows!(feedback, caller).select(feedback::id).limit(limit).load(conn).await?;
    let said =
        diesel::delete(feedback::table.filter(feedback::id.eq_any(said))).returning(feedback::feedback_id);
    let said: Vec<String> = said.get_results(conn).await?;
    note(said.len());
    let reported: Vec<i64> = owned_rows!(reports, caller).select(reports::id).limit(limit).load(conn).await?;
    let reported =
        diesel::delete(reports::table.filter(reports::id.eq_any(reported))).returning(reports::report_id);
    let reported: Vec<String> = reported.get_results(conn).await?;
    note(reported.len());
    idempotency::remove_about(conn, &said).await?;
    idempotency::remove_about(conn, &reported).await?;
    let kept: Vec<(Vec<u8>, String)> = idempotency_records::table
        .filter(idempotency_records::caller.eq_any(caller.fingerprints().map(Vec::from)))
        .select((idempotency_records::caller, idempotency_records::idempotency_key))
        .limit(limit)
        .load(conn)
        .await?;
    note(kept.len());
    for key in kept {
        diesel::delete(idempotency_records::table.find(key)).execute(conn).await?;
    }
    if full {
        return Ok(Erasure::More);
    }
    if let Some(player_id) = caller.player_id() {
        account_jobs::remove_claims(conn, player_id).await?;
    }
    Ok(Erasure::Done)
}

/// Takes the caller's searches out of the events, the roll-up and the distinct callers, except where searches are left
/// that were stored meanwhile.
async fn erase_searches(conn: &mut Conn, caller: &Caller, limit: i64) -> DbResult<usize> {
    type Row = (SearchRow, i32, bool);
    let ids = owned_rows!(searches, caller).order_by(searches::id).select(searches::id).limit(limit);
    let ids: Vec<i64> = ids.load(conn).await?;
    // Only what this transaction deletes is counted out: the retention may be at the same rows.
    let mut deleted: Vec<Row> = diesel::delete(searches::table.filter(searches::id.eq_any(&ids)))
        .returning((SearchRow::as_returning(), searches::result_count, searches::ranked))
        .get_results(conn)
        .await?;
    // The others were never counted.
    deleted.retain(|(.., ranked)| *ranked);
    // In the order of the roll-up's key, the days before the callers, as all who change them go.
    deleted.sort_by_cached_key(|(search, ..)| (search.query_key(), text_key(&search.query)));
    for (search, results, _) in &deleted {
        let day = search.searched_at.0.day().0;
        analytics::uncount(conn, day, &search.search_mode, &search.query, *results == 0).await?;
    }
    let keys: BTreeSet<_> = deleted.iter().map(|(search, ..)| search.caller_key()).collect();
    let mut locked = vec![];
    for key in keys {
        // Searches of this caller that hold the row are committed by now, and later ones wait for this transaction.
        let lock = diesel::update(search_callers::table.find(key.clone()))
            .set(search_callers::address.eq(search_callers::address));
        if lock.execute(conn).await? > 0 {
            locked.push(key);
        }
    }
    let (Some((first, ..)), Some((last, ..))) = (locked.as_slice().first(), locked.as_slice().last()) else {
        return Ok(ids.len());
    };
    // Of the days that were counted out: no more than a caller may count on them, since the first days go first.
    let left: Vec<SearchRow> = owned_rows!(searches, caller)
        .filter(searches::ranked)
        .filter(searches::searched_at.ge(SqlTimestamp(Day(*first).start())))
        .filter(searches::searched_at.lt(SqlTimestamp(Day(*last + 1).start())))
        .select(SearchRow::as_select())
        .load(conn)
        .await?;
    let left: BTreeSet<_> = left.iter().map(SearchRow::caller_key).collect();
    for key in locked.into_iter().filter(|key| !left.contains(key)) {
        diesel::delete(search_callers::table.find(key)).execute(conn).await?;
    }
    Ok(ids.len())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = searches)]
struct SearchRow {
    query: String,
    search_mode: String,
    caller: Vec<u8>,
    searched_at: SqlTimestamp,
}

impl SearchRow {
    /// Day, mode and key of the query.
    fn query_key(&self) -> (i32, String, Vec<u8>) {
        (self.searched_at.0.day().0, self.search_mode.clone(), text_key(&count_key(&self.query)))
    }

    /// The key of its row in `search_callers`.
    fn caller_key(&self) -> (i32, String, Vec<u8>, Vec<u8>) {
        let (day, mode, query) = self.query_key();
        (day, mode, query, self.caller.clone())
    }
}
