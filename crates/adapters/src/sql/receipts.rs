//! Answers kept for replay under an `Idempotency-Key`.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use myashes_domain::alongside::{ANSWER_LIFETIME_SECONDS, Answer, ReceiptKey, ReceiptRepository};
use myashes_domain::{Error, Result};

use super::db::boxed;
use super::{Conn, Db, dialect};
use crate::sql::error::DbResult;
use crate::sql::schema::receipts;
use crate::sql::types::At;

pub struct Receipts(pub Db);

#[async_trait]
impl ReceiptRepository for Receipts {
    async fn find(&self, key: &ReceiptKey) -> Result<Option<Answer>> {
        self.0.read(key.clone(), |conn, key| boxed(async move { find(conn, &key).await })).await
    }

    async fn keep(&self, key: &ReceiptKey, answer: &Answer) -> Result<()> {
        let (key, answer) = (key.clone(), answer.clone());
        let kept =
            self.0.write_plain(move |conn| boxed(async move { keep(conn, &key, &answer).await.map(Some) }));
        kept.await.map(|_| ())
    }
}

/// Takes the key for this transaction, and returns the answer of an earlier one. The lock goes with the
/// transaction, however it ends: a first try that dies midway leaves nothing behind.
pub async fn open(conn: &mut Conn, key: &ReceiptKey) -> DbResult<Option<Answer>> {
    if !dialect::try_lock_key(conn, key).await? {
        return Err(Error::IdempotencyConflict.into());
    }
    find(conn, key).await
}

/// Keeps an answer, in the place of an expired one.
pub async fn keep(conn: &mut Conn, key: &ReceiptKey, answer: &Answer) -> DbResult<()> {
    let oldest = At(key.at.plus_seconds(-ANSWER_LIFETIME_SECONDS));
    let stored = receipts::table
        .filter(receipts::caller.eq(key.caller.as_slice()))
        .filter(receipts::idempotency_key.eq(&key.key));
    diesel::delete(stored.filter(receipts::kept_at.le(oldest))).execute(conn).await?;
    diesel::insert_into(receipts::table)
        .values((
            receipts::caller.eq(key.caller.as_slice()),
            receipts::idempotency_key.eq(&key.key),
            receipts::fingerprint.eq(key.fingerprint.as_slice()),
            receipts::status.eq(i16::try_from(answer.status).unwrap_or(i16::MAX)),
            receipts::location.eq(&answer.location),
            receipts::body.eq(&answer.body),
            receipts::kept_at.eq(At(key.at)),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(())
}

async fn find(conn: &mut Conn, key: &ReceiptKey) -> DbResult<Option<Answer>> {
    let oldest = At(key.at.plus_seconds(-ANSWER_LIFETIME_SECONDS));
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
            Ok(Some(Answer { status, location, body }))
        }
    }
}
