//! What belongs to one caller, taken over by a player, shown, or erased.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use myashes_domain::accounts::{AccountRepository, Claimed, Erasure, Export};
use myashes_domain::alongside::{Receipt, Written};
use myashes_domain::clock::Timestamp;
use myashes_domain::ids::BuildId;
use myashes_domain::ranking::Ranking;
use myashes_domain::session::{Caller, Player, SessionHash};
use myashes_domain::text::fold_query;
use myashes_domain::votes::Change;
use myashes_domain::{Error, Result};
use serde_json::{Value, json};

use super::db::{boxed, job};
use super::rows::VoteRow;
use super::standing::Standing;
use super::{Backend, Conn, Db, analytics, builds as build_rows};
use crate::sql::error::DbResult;
use crate::sql::schema::{build_ranks, builds, feedback, receipts, reports, search_callers, searches, votes};
use crate::sql::types::{At, text_key};

pub struct Accounts(pub Db);

#[async_trait]
impl AccountRepository for Accounts {
    async fn claim(
        &self,
        session: SessionHash,
        player: &Player,
        _at: Timestamp,
        receipt: Option<Receipt<Claimed>>,
    ) -> Result<Written<Claimed>> {
        let (player, ranking) = (player.clone(), self.0.ranking);
        let work =
            job(move |conn| boxed(async move { claim(conn, session, &player, &ranking).await.map(Some) }));
        let written = self.0.write(receipt.into(), work).await?;
        written.ok_or_else(|| Error::internal("a claim came to nothing"))
    }

    async fn export(&self, caller: &Caller) -> Result<Export> {
        self.0.read(caller.clone(), |conn, caller| boxed(export(conn, caller))).await
    }

    async fn erase(&self, caller: &Caller, limit: u32) -> Result<Erasure> {
        let (caller, ranking) = (caller.clone(), self.0.ranking);
        let work = job(move |conn| {
            boxed(async move { erase(conn, &caller, i64::from(limit), &ranking).await.map(Some) })
        });
        Ok(self.0.write_plain(work).await?.unwrap_or(Erasure::Done))
    }
}

/// The rows of a table that belong to a caller: the session's without a player, and the player's.
macro_rules! belonging {
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

async fn claim(
    conn: &mut Conn,
    session: SessionHash,
    player: &Player,
    ranking: &Ranking,
) -> DbResult<Claimed> {
    let unclaimed: Vec<(i64, String)> = builds::table
        .filter(builds::session.eq(session.0.as_slice()))
        .filter(builds::player_id.is_null())
        .filter(builds::is_template.eq(false))
        .order_by(builds::id)
        .select((builds::id, builds::build_id))
        .load(conn)
        .await?;
    let rows: Vec<i64> = unclaimed.iter().map(|(row, _)| *row).collect();
    let voted: Vec<VoteRow> = votes::table
        .filter(votes::session.eq(session.0.as_slice()))
        .filter(votes::player_id.is_null())
        .select(VoteRow::as_select())
        .load(conn)
        .await?;
    let mut locked: Vec<i64> = rows.iter().copied().chain(voted.iter().map(|vote| vote.build)).collect();
    locked.sort_unstable();
    locked.dedup();
    let mut standing = Standing::lock(conn, &locked).await?;
    standing.read_days(conn).await?;
    diesel::update(builds::table.filter(builds::id.eq_any(&rows)).filter(builds::player_id.is_null()))
        .set((
            builds::player_id.eq(&player.player_id),
            builds::steam_id.eq(&player.steam_id),
            builds::display_name.eq(&player.display_name),
        ))
        .execute(conn)
        .await?;
    // The maker's name is shown with the build, so what a client has of it is out of date.
    diesel::update(build_ranks::table.filter(build_ranks::build.eq_any(&rows)))
        .set(build_ranks::tally_revision.eq(build_ranks::tally_revision + 1))
        .execute(conn)
        .await?;
    let doubled: Vec<i64> = votes::table
        .filter(votes::player_id.eq(&player.player_id))
        .filter(votes::build.eq_any(voted.iter().map(|vote| vote.build).collect::<Vec<_>>()))
        .select(votes::build)
        .load(conn)
        .await?;
    let mut moved = 0;
    for found in voted {
        let (row, id) = (found.build, found.id);
        if doubled.contains(&row) {
            standing.apply(row, &Change::Delete(found.vote()?), ranking);
        } else {
            diesel::update(votes::table.find(id))
                .set(votes::player_id.eq(&player.player_id))
                .execute(conn)
                .await?;
            moved += 1;
        }
    }
    standing.store(conn).await?;
    Ok(Claimed { builds: unclaimed.into_iter().map(|(_, id)| BuildId::stored(id)).collect(), votes: moved })
}

type ExportedBuild = (String, String, Option<String>, String, String, String, String, Option<String>, At, At);

async fn export(conn: &mut Conn, caller: Caller) -> DbResult<Export> {
    let caller = &caller;
    let built: Vec<ExportedBuild> = belonging!(builds, caller)
        .filter(builds::is_template.eq(false))
        .order_by(builds::id)
        .select((
            builds::build_id,
            builds::name,
            builds::description,
            builds::class_name,
            builds::race,
            builds::visibility,
            builds::tags,
            builds::build_data,
            builds::created_at,
            builds::updated_at,
        ))
        .load(conn)
        .await?;
    let voted: Vec<(i64, i16, At)> = belonging!(votes, caller)
        .order_by(votes::id)
        .select((votes::build, votes::rating, votes::cast_at))
        .load(conn)
        .await?;
    let names: Vec<(i64, String)> = builds::table
        .filter(builds::id.eq_any(voted.iter().map(|(row, ..)| *row).collect::<Vec<_>>()))
        .select((builds::id, builds::build_id))
        .load(conn)
        .await?;
    let names: std::collections::HashMap<i64, String> = names.into_iter().collect();
    type FeedbackRow = (String, String, String, String, String, Option<String>, At);
    let said: Vec<FeedbackRow> = belonging!(feedback, caller)
        .order_by(feedback::id)
        .select((
            feedback::feedback_id,
            feedback::query,
            feedback::response_snippet,
            feedback::rating,
            feedback::search_mode,
            feedback::comment,
            feedback::received_at,
        ))
        .load(conn)
        .await?;
    let searched: Vec<(String, String, i32, At)> = belonging!(searches, caller)
        .order_by(searches::id)
        .select((searches::query, searches::search_mode, searches::result_count, searches::searched_at))
        .load(conn)
        .await?;
    let reported: Vec<(String, String, At)> = belonging!(reports, caller)
        .order_by(reports::id)
        .select((reports::report_id, reports::reason, reports::reported_at))
        .load(conn)
        .await?;
    let kept: Vec<(String, At)> = receipts::table
        .filter(receipts::caller.eq_any(fingerprints(caller)))
        .order_by(receipts::kept_at)
        .select((receipts::idempotency_key, receipts::kept_at))
        .load(conn)
        .await?;
    Ok(Export {
        builds: built.into_iter().map(exported_build).collect::<Result<_>>()?,
        votes: voted
            .into_iter()
            .map(|(row, rating, at)| json!({"build_id": names.get(&row), "rating": rating, "cast_at": at.0}))
            .collect(),
        feedback: said
            .into_iter()
            .map(|(id, query, snippet, rating, mode, comment, at)| {
                json!({
                    "feedback_id": id, "query": query, "response_snippet": snippet, "rating": rating,
                    "search_mode": mode, "comment": comment, "received_at": at.0,
                })
            })
            .collect(),
        searches: searched
            .into_iter()
            .map(|(query, mode, results, at)| {
                json!({"query": query, "search_mode": mode, "result_count": results, "searched_at": at.0})
            })
            .collect(),
        reports: reported
            .into_iter()
            .map(|(id, reason, at)| json!({"report_id": id, "reason": reason, "reported_at": at.0}))
            .collect(),
        idempotency_keys: kept.into_iter().map(|(key, at)| json!({"key": key, "kept_at": at.0})).collect(),
    })
}

fn exported_build(row: ExportedBuild) -> Result<Value> {
    let (id, name, description, class, race, visibility, tags, data, created, updated) = row;
    let parsed =
        |text: &str| serde_json::from_str::<Value>(text).map_err(|error| Error::internal(error.to_string()));
    Ok(json!({
        "build_id": id, "name": name, "description": description, "class_name": class, "race": race,
        "visibility": visibility, "tags": parsed(&tags)?,
        "build_data": data.as_deref().map(parsed).transpose()?,
        "created_at": created.0, "updated_at": updated.0,
    }))
}

/// Under which values the caller's kept answers stand: the player's and the bare session's.
fn fingerprints(caller: &Caller) -> Vec<Vec<u8>> {
    let bare = Caller { session: caller.session, player: None };
    vec![caller.fingerprint().to_vec(), bare.fingerprint().to_vec()]
}

async fn erase(conn: &mut Conn, caller: &Caller, limit: i64, ranking: &Ranking) -> DbResult<Erasure> {
    let mut full = false;
    let mut note = |rows: usize| full |= i64::try_from(rows).unwrap_or(limit) >= limit;
    let owned: Vec<i64> = belonging!(builds, caller)
        .filter(builds::is_template.eq(false))
        .order_by(builds::id)
        .select(builds::id)
        .limit(limit)
        .load(conn)
        .await?;
    let voted: Vec<VoteRow> = belonging!(votes, caller)
        .order_by(votes::id)
        .select(VoteRow::as_select())
        .limit(limit)
        .load(conn)
        .await?;
    note(owned.len());
    note(voted.len());
    let mut locked: Vec<i64> = owned.iter().copied().chain(voted.iter().map(|vote| vote.build)).collect();
    locked.sort_unstable();
    locked.dedup();
    let mut standing = Standing::lock(conn, &locked).await?;
    standing.read_days(conn).await?;
    for found in voted {
        let row = found.build;
        standing.apply(row, &Change::Delete(found.vote()?), ranking);
    }
    standing.store(conn).await?;
    for row in owned {
        build_rows::remove(conn, row).await?;
    }
    note(erase_searches(conn, caller, limit).await?);
    let said: Vec<i64> = belonging!(feedback, caller).select(feedback::id).limit(limit).load(conn).await?;
    note(diesel::delete(feedback::table.filter(feedback::id.eq_any(said))).execute(conn).await?);
    let reported: Vec<i64> = belonging!(reports, caller).select(reports::id).limit(limit).load(conn).await?;
    note(diesel::delete(reports::table.filter(reports::id.eq_any(reported))).execute(conn).await?);
    let kept: Vec<(Vec<u8>, String)> = receipts::table
        .filter(receipts::caller.eq_any(fingerprints(caller)))
        .select((receipts::caller, receipts::idempotency_key))
        .limit(limit)
        .load(conn)
        .await?;
    note(kept.len());
    for key in kept {
        diesel::delete(receipts::table.find(key)).execute(conn).await?;
    }
    Ok(if full { Erasure::More } else { Erasure::Done })
}

/// Takes the caller's searches out of the events, the roll-up and the distinct callers.
async fn erase_searches(conn: &mut Conn, caller: &Caller, limit: i64) -> DbResult<usize> {
    type Row = (i64, String, String, i32, Vec<u8>, At);
    let mut searched: Vec<Row> = belonging!(searches, caller)
        .order_by(searches::id)
        .select((
            searches::id,
            searches::query,
            searches::search_mode,
            searches::result_count,
            searches::caller,
            searches::searched_at,
        ))
        .limit(limit)
        .load(conn)
        .await?;
    // In the order of the roll-up's key, as everybody who changes it goes.
    let asked = |(_, query, mode, _, _, at): &Row| {
        (at.0.day().0, mode.clone(), text_key(&fold_query(query)), text_key(query))
    };
    searched.sort_by_cached_key(asked);
    for row in &searched {
        let (_, query, mode, results, by, _) = row;
        let (day, _, key, _) = asked(row);
        analytics::uncount(conn, day, mode, query, *results == 0).await?;
        diesel::delete(search_callers::table.find((day, mode.as_str(), key, by.as_slice())))
            .execute(conn)
            .await?;
    }
    let ids: Vec<i64> = searched.iter().map(|(id, ..)| *id).collect();
    Ok(diesel::delete(searches::table.filter(searches::id.eq_any(ids))).execute(conn).await?)
}
