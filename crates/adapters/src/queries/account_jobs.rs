//! Claims and erasures that were accepted and are not finished.

use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use myashes_domain::Error;
use myashes_domain::accounts::{AccountJob, AccountJobKind};
use myashes_domain::clock::Timestamp;
use myashes_domain::session::{Caller, Player, SessionHash};
use sha2::{Digest, Sha256};
use strum::VariantNames as _;

use super::Conn;
use crate::sql::error::DbResult;
use crate::sql::schema::account_jobs;
use crate::sql::types::{SqlTimestamp, hash32};

/// Stores that a job was carried on, or removes it once it is finished.
pub async fn store(
    conn: &mut Conn,
    kind: AccountJobKind,
    caller: &Caller,
    at: Timestamp,
    finished: bool,
) -> DbResult<()> {
    let key = job_key(caller);
    if finished {
        diesel::delete(account_jobs::table.find((kind.into_str(), key))).execute(conn).await?;
        return Ok(());
    }
    let player = caller.player.as_ref();
    diesel::insert_into(account_jobs::table)
        .values((
            account_jobs::kind.eq(kind.into_str()),
            account_jobs::job_key.eq(key),
            account_jobs::session.eq(caller.session.0.as_slice()),
            account_jobs::player_id.eq(caller.player_id()),
            account_jobs::steam_id.eq(player.and_then(|it| it.steam_id.as_deref())),
            account_jobs::display_name.eq(player.and_then(|it| it.display_name.as_deref())),
            account_jobs::accepted_at.eq(SqlTimestamp(at)),
            account_jobs::resumed_at.eq(SqlTimestamp(at)),
        ))
        .on_conflict((account_jobs::kind, account_jobs::job_key))
        .do_update()
        .set(account_jobs::resumed_at.eq(excluded(account_jobs::resumed_at)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Whether a job was accepted and is not finished.
pub async fn is_open(conn: &mut Conn, kind: AccountJobKind, caller: &Caller) -> DbResult<bool> {
    let stored = account_jobs::table.find((kind.into_str(), job_key(caller)));
    Ok(diesel::select(diesel::dsl::exists(stored)).get_result(conn).await?)
}

/// Removes the claims of a player whose things were erased: they would bring some back, and hold a name.
pub async fn remove_claims(conn: &mut Conn, player_id: &str) -> DbResult<()> {
    let claims = account_jobs::table.filter(account_jobs::kind.eq(AccountJobKind::Claim.into_str()));
    diesel::delete(claims.filter(account_jobs::player_id.eq(player_id))).execute(conn).await?;
    Ok(())
}

/// Takes over the job that was left behind for longest.
pub async fn take(conn: &mut Conn, before: Timestamp, at: Timestamp) -> DbResult<Option<AccountJob>> {
    type Row = (String, Vec<u8>, Vec<u8>, Option<String>, Option<String>, Option<String>, SqlTimestamp);
    let found: Option<Row> = account_jobs::table
        .filter(account_jobs::resumed_at.le(SqlTimestamp(before)))
        // Those of a later version are left to it.
        .filter(account_jobs::kind.eq_any(AccountJobKind::VARIANTS))
        .order_by(account_jobs::resumed_at)
        .select((
            account_jobs::kind,
            account_jobs::job_key,
            account_jobs::session,
            account_jobs::player_id,
            account_jobs::steam_id,
            account_jobs::display_name,
            account_jobs::resumed_at,
        ))
        .first(conn)
        .await
        .optional()?;
    let Some((kind, key, session, player_id, steam_id, display_name, resumed_at)) = found else {
        return Ok(None);
    };
    // Of several processes that found the same job, the first takes it.
    let mine = account_jobs::table.find((&kind, &key)).filter(account_jobs::resumed_at.eq(resumed_at));
    if diesel::update(mine).set(account_jobs::resumed_at.eq(SqlTimestamp(at))).execute(conn).await? == 0 {
        return Ok(None);
    }
    let player = player_id.map(|player_id| Player {
        player_id,
        steam_id,
        display_name,
        tier: String::new(),
        roles: vec![],
    });
    let kind = kind.parse().map_err(|_| Error::internal(format!("a stored account job of kind {kind:?}")))?;
    let caller = Caller { session: SessionHash(hash32(&session)), player };
    Ok(Some(AccountJob { kind, caller, resumed_at: at }))
}

fn job_key(caller: &Caller) -> Vec<u8> {
    let player = caller.player_id().unwrap_or_default();
    Sha256::new().chain_update(caller.session.0).chain_update(player).finalize().to_vec()
}
