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

use super::db::{boxed, job};
use super::rows::row_of;
use super::{Conn, Db, dialect};
use crate::cache::Invalidation;
use crate::sql::error::DbResult;
use crate::sql::schema::idempotency_records;
use crate::sql::types::SqlTimestamp;

pub struct IdempotencyRecords(pub Db);

#[async_trait]
impl IdempotencyRepository for IdempotencyRecords {
    async fn find(&self, key: &IdempotencyKey) -> Result<Option<StoredResponse>> {
        self.0.read(key.clone(), |conn, key| boxed(async move { find(conn, &key).await })).await
    }

    async fn keep(&self, key: &IdempotencyKey, answer: &StoredResponse) -> Result<()> {
        let (key, answer) = (key.clone(), answer.clone());
        let work = job(move |conn| boxed(async move { keep(conn, &key, &answer).await }));
        self.0.write_plain(Invalidation::None, work).await
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
    let stored = idempotency_records::table
        .filter(idempotency_records::caller.eq(key.caller.as_slice()))
        .filter(idempotency_records::idempotency_key.eq(&key.key));
    diesel::delete(stored.filter(idempotency_records::kept_at.le(oldest))).execute(conn).await?;
    let build = match answer.subject.as_ref().and_then(RecordSubject::build) {
        Some(build) => row_of(conn, build).await?,
        None => None,
    };
    diesel::insert_into(idempotency_records::table)
        .values((
            idempotency_records::caller.eq(key.caller.as_slice()),
            idempotency_records::idempotency_key.eq(&key.key),
            idempotency_records::fingerprint.eq(key.fingerprint.as_slice()),
            idempotency_records::status.eq(i16::try_from(answer.status).unwrap_or(i16::MAX)),
            idempotency_records::location.eq(&answer.location),
            idempotency_records::body.eq(&answer.body),
            idempotency_records::kept_at.eq(SqlTimestamp(key.at)),
            idempotency_records::build.eq(build),
            idempotency_records::subject.eq(answer.subject.as_ref().and_then(RecordSubject::other)),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    trim(conn, &key.caller).await
}

/// Removes the oldest answers of a caller beyond [`MAX_KEPT_PER_CALLER`]. They are found by an index without bodies.
async fn trim(conn: &mut Conn, caller: &[u8; 32]) -> DbResult<()> {
    let of_caller = || idempotency_records::table.filter(idempotency_records::caller.eq(caller.to_vec()));
    let surplus: Vec<String> = of_caller()
        .order_by((idempotency_records::kept_at.desc(), idempotency_records::idempotency_key))
        .select(idempotency_records::idempotency_key)
        .offset(i64::from(MAX_KEPT_PER_CALLER))
        .limit(i64::from(MAX_KEPT_PER_CALLER))
        .load(conn)
        .await?;
    if !surplus.is_empty() {
        let surplus = of_caller().filter(idempotency_records::idempotency_key.eq_any(surplus));
        diesel::delete(surplus).execute(conn).await?;
    }
    Ok(())
}

/// Gives the player what is kept of the session about these builds. Of two answers under one key the player's stays.
pub async fn claim(conn: &mut Conn, session: &[u8; 32], player: &[u8; 32], builds: &[i64]) -> DbResult<()> {
    let of = |caller: &[u8; 32]| {
        idempotency_records::table.filter(idempotency_records::caller.eq(caller.to_vec()))
    };
    let keys: Vec<String> = of(session)
        .filter(idempotency_records::build.eq_any(builds))
        .select(idempotency_records::idempotency_key)
        .load(conn)
        .await?;
    if keys.is_empty() {
        return Ok(());
    }
    // Copied and not renamed: the player may be writing under the same key at the moment. All columns, in the order of
    // the table.
    let moved = of(session).filter(idempotency_records::idempotency_key.eq_any(&keys)).select((
        player.to_vec().into_sql::<Binary>(),
        idempotency_records::idempotency_key,
        idempotency_records::fingerprint,
        idempotency_records::status,
        idempotency_records::location,
        idempotency_records::body,
        idempotency_records::kept_at,
        idempotency_records::build,
        idempotency_records::subject,
    ));
    diesel::insert_into(idempotency_records::table)
        .values(moved)
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    diesel::delete(of(session).filter(idempotency_records::idempotency_key.eq_any(&keys)))
        .execute(conn)
        .await?;
    trim(conn, player).await
}

/// Removes the responses about these reports and feedback, of all callers: an administrator's response contains their
/// text.
pub async fn remove_about(conn: &mut Conn, subjects: &[String]) -> DbResult<()> {
    diesel::delete(idempotency_records::table.filter(idempotency_records::subject.eq_any(subjects)))
        .execute(conn)
        .await?;
    Ok(())
}

async fn find(conn: &mut Conn, key: &IdempotencyKey) -> DbResult<Option<StoredResponse>> {
    let oldest = SqlTimestamp(key.at.plus_seconds(-ANSWER_LIFETIME_SECONDS));
    let row: Option<(Vec<u8>, i16, Option<String>, String)> = idempotency_records::table
        .filter(idempotency_records::caller.eq(key.caller.as_slice()))
        .filter(idempotency_records::idempotency_key.eq(&key.key))
        .filter(idempotency_records::kept_at.gt(oldest))
        .select((
            idempotency_records::fingerprint,
            idempotency_records::status,
            idempotency_records::location,
            idempotency_records::body,
        ))
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
