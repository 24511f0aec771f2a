//! Removal of rows past their retention, in batches, by one process at a time.

use async_trait::async_trait;
use diesel::IntoSql;
use diesel::sql_types::{BigInt, Integer};
use diesel_async::RunQueryDsl;
use myashes_domain::Result;
use myashes_domain::clock::{Day, Timestamp};
use myashes_domain::retention::{Cutoffs, RetentionRepository};

use super::db::{boxed, job};
use super::{Conn, Db, dialect};
use crate::cache::Invalidation;
use crate::sql::error::DbResult;
use crate::sql::prepared_sql::PreparedSql;
use crate::sql::types::{Instant, SqlTimestamp};

/// The advisory lock of the retention job: the letters `sweep`.
const SWEEP_LOCK: i64 = 0x73_7765_6570;

const SEARCHES: &str =
    "DELETE FROM searches WHERE id IN (SELECT id FROM searches WHERE searched_at < $1 LIMIT $2)";
const SEARCH_CALLERS: &str = "DELETE FROM search_callers WHERE (day, search_mode, query_key, caller) IN \
     (SELECT day, search_mode, query_key, caller FROM search_callers WHERE day < $1 ORDER BY day LIMIT $2)";
/// Of days whose callers have all been deleted.
const SEARCH_DAYS: &str = "DELETE FROM search_days WHERE (day, search_mode, query_key, spelling_key) IN \
     (SELECT day, search_mode, query_key, spelling_key FROM search_days WHERE day < $1 AND day < \
     (SELECT coalesce(min(day), $1) FROM search_callers) ORDER BY day LIMIT $2)";
const CANDIDATES: &str = "DELETE FROM popular_candidates WHERE (day, search_mode, query_key) IN \
     (SELECT day, search_mode, query_key FROM popular_candidates WHERE day < $1 ORDER BY day LIMIT $2)";
const FEEDBACK: &str =
    "DELETE FROM feedback WHERE id IN (SELECT id FROM feedback WHERE received_at < $1 LIMIT $2)";
const ANSWERS: &str = "DELETE FROM idempotency_records WHERE (caller, idempotency_key) IN \
     (SELECT caller, idempotency_key FROM idempotency_records WHERE kept_at < $1 LIMIT $2)";
/// Without its key no hash leads back to its address.
const ADDRESS_KEYS: &str = "DELETE FROM search_address_keys WHERE day IN \
     (SELECT day FROM search_address_keys WHERE day < $1 LIMIT $2)";

/// Rows before this.
#[derive(Clone, Copy)]
enum Before {
    Instant(Timestamp),
    Day(Day),
}

pub struct Retention(pub Db);

#[async_trait]
impl RetentionRepository for Retention {
    async fn delete_expired(&self, cutoffs: &Cutoffs, limit: u32) -> Result<u64> {
        let mut kinds = vec![
            (ADDRESS_KEYS, Before::Day(cutoffs.address_keys)),
            (ANSWERS, Before::Instant(cutoffs.answers)),
        ];
        kinds.extend(cutoffs.feedback.map(|before| (FEEDBACK, Before::Instant(before))));
        if let Some(before) = cutoffs.searches {
            let day = Before::Day(before.day());
            kinds.extend([(SEARCHES, Before::Instant(before)), (CANDIDATES, day)]);
            kinds.extend([(SEARCH_CALLERS, day), (SEARCH_DAYS, day)]);
        }
        let (mut deleted, mut failed) = (0, None);
        for (sql, before) in kinds {
            match self.delete_batch(sql, before, limit).await {
                Ok(rows) => deleted += rows,
                Err(error) => failed = Some(error),
            }
        }
        match failed {
            Some(error) if deleted == 0 => Err(error),
            _ => Ok(deleted),
        }
    }
}

impl Retention {
    async fn delete_batch(&self, sql: &'static str, before: Before, limit: u32) -> Result<u64> {
        let work = job(move |conn| {
            boxed(async move {
                if !dialect::try_advisory_lock(conn, SWEEP_LOCK).await? {
                    return Ok(0);
                }
                delete(conn, sql, before, i64::from(limit)).await
            })
        });
        self.0.write_plain(Invalidation::None, work).await
    }
}

async fn delete(conn: &mut Conn, sql: &'static str, before: Before, limit: i64) -> DbResult<u64> {
    let limit = limit.into_sql::<BigInt>();
    let deleted = match before {
        Before::Instant(before) => {
            let before = SqlTimestamp(before).into_sql::<Instant>();
            let delete: PreparedSql<_> = PreparedSql::new(sql, (before, limit));
            delete.execute(conn).await?
        }
        Before::Day(before) => {
            let delete: PreparedSql<_> = PreparedSql::new(sql, (before.0.into_sql::<Integer>(), limit));
            delete.execute(conn).await?
        }
    };
    Ok(deleted as u64)
}
