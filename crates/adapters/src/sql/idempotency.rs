//! Answers kept for replay under an `Idempotency-Key`.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_types::Binary;
use diesel_async::RunQueryDsl;
use myashes_domain::write_options::{
    ANSWER_LIFETIME_SECONDS, IdempotencyKey, IdempotencyRepository, MAX_KEPT_BODY, MAX_KEPT_PER_CALLER,
    RecordSubject, StoredResponse,
};
use myashes_domain::{Error, Result};

use super::db::boxed;
use super::{Conn, Db, dialect};
use crate::sql::error::DbResult;
use crate::sql::schema::{builds, receipts};
use crate::sql::types::SqlTimestamp;

pub struct Receipts(pub Db);

#[async_trait]
impl IdempotencyRepository for Receipts {
    async fn find(&self, key: &IdempotencyKey) -> Result<Option<StoredResponse>> {
        self.0.read(key.clone(), |conn, key| boxed(async move { find(conn, &key).await })).await
    }

    async fn keep(&self, key: &IdempotencyKey, answer: &StoredResponse) -> Result<()> {
        let (key, answer) = (key.clone(), answer.clone());
        let kept =
            self.0.write_plain(move |conn| boxed(async move { keep(conn, &key, &answer).await.map(Some) }));
        kept.await.map(|_| ())
    }
}

/// Takes the key for this transaction, and returns the answer of an earlier one. The lock goes with the
/// transaction, however it ends: a first try that dies midway leaves nothing behind.
pub async fn open(conn: &mut Conn, key: &IdempotencyKey) -> DbResult<Option<StoredResponse>> {
    if !dialect::try_lock_key(conn, key).await? {
        return Err(Error::IdempotencyConflict.into());
    }
    find(conn, key).await
}

/// Keeps an answer, in the place of an expired one and of the caller's oldest ones beyond [`MAX_KEPT_PER_CALLER`].
pub async fn keep(conn: &mut Conn, key: &IdempotencyKey, answer: &StoredResponse) -> DbResult<()> {
    if answer.body.len() > MAX_KEPT_BODY {
        return Ok(());
    }
    let oldest = SqlTimestamp(key.at.plus_seconds(-ANSWER_LIFETIME_SECONDS));
    let stored = receipts::table
        .filter(receipts::caller.eq(key.caller.as_slice()))
        .filter(receipts::idempotency_key.eq(&key.key));
    diesel::delete(stored.filter(receipts::kept_at.le(oldest))).execute(conn).await?;
    let build: Option<i64> = match answer.subject.as_ref().and_then(RecordSubject::build) {
        Some(build) => {
            let row = builds::table.filter(builds::build_id.eq(build.as_str())).select(builds::id);
            row.first(conn).await.optional()?
        }
        None => None,
    };
    diesel::insert_into(receipts::table)
        .values((
            receipts::caller.eq(key.caller.as_slice()),
            receipts::idempotency_key.eq(&key.key),
            receipts::fingerprint.eq(key.fingerprint.as_slice()),
            receipts::status.eq(i16::try_from(answer.status).unwrap_or(i16::MAX)),
            receipts::location.eq(&answer.location),
            receipts::body.eq(&answer.body),
            receipts::kept_at.eq(SqlTimestamp(key.at)),
            receipts::build.eq(build),
            receipts::subject.eq(answer.subject.as_ref().and_then(RecordSubject::other)),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    trim(conn, &key.caller).await
}

/// Removes the oldest answers of a caller beyond [`MAX_KEPT_PER_CALLER`]. They are found by an index without bodies.
async fn trim(conn: &mut Conn, caller: &[u8; 32]) -> DbResult<()> {
    let of_caller = || receipts::table.filter(receipts::caller.eq(caller.to_vec()));
    let surplus: Vec<String> = of_caller()
        .order_by((receipts::kept_at.desc(), receipts::idempotency_key))
        .select(receipts::idempotency_key)
        .offset(i64::from(MAX_KEPT_PER_CALLER))
        .limit(i64::from(MAX_KEPT_PER_CALLER))
        .load(conn)
        .await?;
    if !surplus.is_empty() {
        let surplus = of_caller().filter(receipts::idempotency_key.eq_any(surplus));
        diesel::delete(surplus).execute(conn).await?;
    }
    Ok(())
}

/// Gives the player what is kept of the session about these builds. Of two answers under one key the player's stays.
pub async fn claim(conn: &mut Conn, session: &[u8; 32], player: &[u8; 32], builds: &[i64]) -> DbResult<()> {
    let of = |caller: &[u8; 32]| receipts::table.filter(receipts::caller.eq(caller.to_vec()));
    let keys: Vec<String> = of(session)
        .filter(receipts::build.eq_any(builds))
        .select(receipts::idempotency_key)
        .load(conn)
        .await?;
    if keys.is_empty() {
        return Ok(());
    }
    // Copied and not renamed: the player may be writing under the same key at the moment.
    let moved = of(session).filter(receipts::idempotency_key.eq_any(&keys)).select((
        player.to_vec().into_sql::<Binary>(),
        receipts::idempotency_key,
        receipts::fingerprint,
        receipts::status,
        receipts::location,
        receipts::body,
        receipts::kept_at,
        receipts::build,
        receipts::subject,
    ));
    diesel::insert_into(receipts::table)
        .values(moved)
        .into_columns((
            receipts::caller,
            receipts::idempotency_key,
            receipts::fingerprint,
            receipts::status,
            receipts::location,
            receipts::body,
            receipts::kept_at,
            receipts::build,
            receipts::subject,
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    diesel::delete(of(session).filter(receipts::idempotency_key.eq_any(&keys))).execute(conn).await?;
    trim(conn, player).await
}

/// Removes the responses about these reports and feedback, of all callers: an administrator's response contains their
/// text.
pub async fn remove_about(conn: &mut Conn, subjects: &[String]) -> DbResult<()> {
    diesel::delete(receipts::table.filter(receipts::subject.eq_any(subjects))).execute(conn).await?;
    Ok(())
}

async fn find(conn: &mut Conn, key: &IdempotencyKey) -> DbResult<Option<StoredResponse>> {
    let oldest = SqlTimestamp(key.at.plus_seconds(-ANSWER_LIFETIME_SECONDS));
    let row: Option<(Vec<u8>, i16, Option<String>, String)> = receipts::table
        .filter(receipts::caller.eq(key.caller.as_slice()))
        .filter(receipts::idempotency_key.eq(&key.key))
        .filter(receipts::kept_at.gt(oldest))
        .select((receipts::fingerprint, receipts::status, receipts::location, receipts::body))
        .first(conn)
        .await
        .optional()?;
    match row {
        None => Ok(None),
        Some((fingerprint, ..)) if fingerprint != key.fingerprint => Err(Error::IdempotencyKeyReused.into()),
        Some((_, status, location, body)) => {
            let status = u16::try_from(status).map_err(|_| Error::internal("a stored status below zero"))?;
            Ok(Some(StoredResponse { status, location, body, subject: None }))
        }
    }
}
