//! Removal of rows past their retention, in batches, by one process at a time.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use myashes_domain::Result;
use myashes_domain::retention::{Cutoffs, RetentionRepository};

use super::db::{boxed, job};
use super::{Conn, Db, dialect};
use crate::cache::Invalidation;
use crate::sql::error::DbResult;
use crate::sql::schema::{
    feedback, idempotency_records, popular_candidates, search_address_keys, search_callers, search_days,
    searches,
};
use crate::sql::types::SqlTimestamp;

/// The advisory lock of the retention job: the letters `sweep`.
const SWEEP_LOCK: i64 = 0x73_7765_6570;

pub struct Retention(pub Db);

#[async_trait]
impl RetentionRepository for Retention {
    async fn delete_expired(&self, cutoffs: &Cutoffs, limit: u32) -> Result<u64> {
        let (cutoffs, limit) = (*cutoffs, i64::from(limit));
        let work = job(move |conn| {
            boxed(async move {
                if !dialect::try_advisory_lock(conn, SWEEP_LOCK).await? {
                    return Ok(0);
                }
                delete_expired(conn, &cutoffs, limit).await
            })
        });
        self.0.write_plain(Invalidation::None, work).await
    }
}

async fn delete_expired(conn: &mut Conn, cutoffs: &Cutoffs, limit: i64) -> DbResult<u64> {
    let mut deleted = 0;
    if let Some(before) = cutoffs.searches {
        let old = searches::table
            .filter(searches::searched_at.lt(SqlTimestamp(before)))
            .select(searches::id)
            .limit(limit);
        let old: Vec<i64> = old.load(conn).await?;
        deleted += diesel::delete(searches::table.filter(searches::id.eq_any(old))).execute(conn).await?;
        // The oldest day goes whole: its events are of the same day.
        let oldest: Option<i32> = search_days::table
            .filter(search_days::day.lt(before.day().0))
            .select(search_days::day)
            .order_by(search_days::day)
            .first(conn)
            .await
            .optional()?;
        if let Some(day) = oldest {
            deleted +=
                diesel::delete(search_days::table.filter(search_days::day.eq(day))).execute(conn).await?;
            deleted += diesel::delete(search_callers::table.filter(search_callers::day.eq(day)))
                .execute(conn)
                .await?;
        }
        let old = popular_candidates::table.filter(popular_candidates::day.lt(before.day().0));
        deleted += diesel::delete(old).execute(conn).await?;
    }
    // Without its key no hash leads back to its address.
    let over = search_address_keys::table.filter(search_address_keys::day.lt(cutoffs.address_keys.0));
    deleted += diesel::delete(over).execute(conn).await?;
    if let Some(before) = cutoffs.feedback {
        let old = feedback::table
            .filter(feedback::received_at.lt(SqlTimestamp(before)))
            .select(feedback::id)
            .limit(limit);
        let old: Vec<i64> = old.load(conn).await?;
        deleted += diesel::delete(feedback::table.filter(feedback::id.eq_any(old))).execute(conn).await?;
    }
    let old: Vec<(Vec<u8>, String)> = idempotency_records::table
        .filter(idempotency_records::kept_at.lt(SqlTimestamp(cutoffs.answers)))
        .select((idempotency_records::caller, idempotency_records::idempotency_key))
        .limit(limit)
        .load(conn)
        .await?;
    for key in old {
        deleted += diesel::delete(idempotency_records::table.find(key)).execute(conn).await?;
    }
    Ok(deleted as u64)
}
