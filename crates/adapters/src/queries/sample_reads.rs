//! Reading the sample of texts that estimates are made from.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;
use myashes_domain::Result;
use scopeguard::guard;

use super::db::boxed;
use super::term_sample::{TermSample, sampled_rows};
use super::{Conn, Db};
use crate::sql::error::DbResult;
use crate::sql::prepared_sql::PreparedSql;
use crate::sql::schema::{build_ranks, builds};

/// The sample of this process. The first one is waited for; later ones are taken in the background.
pub async fn current(db: &Db) -> Result<Arc<TermSample>> {
    let Some(sample) = db.samples.current() else {
        let _turn = db.samples.first.lock().await;
        return match db.samples.current() {
            Some(sample) => Ok(sample),
            None => {
                let sample = db.read_report((), |conn, ()| boxed(take(conn))).await?;
                Ok(db.samples.set(sample))
            }
        };
    };
    if sample.is_old() && !db.samples.renewing.swap(true, Ordering::AcqRel) {
        let turn = guard(Arc::clone(&db.samples.renewing), |it| it.store(false, Ordering::Release));
        let db = db.clone();
        db.runtime.clone().spawn(async move {
            let _turn = turn;
            match db.read_in_background((), |conn, ()| boxed(take(conn))).await {
                Ok(sample) => drop(db.samples.set(sample)),
                Err(error) => tracing::debug!(?error, "a sample of texts could not be taken"),
            }
        });
    }
    Ok(sample)
}

/// Takes texts at about equal distances of their row numbers.
async fn take(conn: &mut Conn) -> DbResult<TermSample> {
    let listed: PreparedSql<_, BigInt> = PreparedSql::new(
        "SELECT CAST(coalesce(sum(builds), 0) AS bigint) FROM facets WHERE listed AND builds > $1",
        (0_i64.into_sql::<BigInt>(),),
    );
    let listed: i64 = listed.get_result(conn).await?;
    let newest: Option<i64> = builds::table.select(diesel::dsl::max(builds::id)).get_result(conn).await?;
    let oldest: Option<i64> = builds::table.select(diesel::dsl::min(builds::id)).get_result(conn).await?;
    let rows = sampled_rows(oldest.unwrap_or(0), newest.unwrap_or(0));
    let texts: Vec<String> = builds::table
        .inner_join(build_ranks::table)
        .filter(builds::id.eq_any(rows))
        .filter(build_ranks::listed)
        .select(builds::search_text)
        .load(conn)
        .await?;
    Ok(TermSample::new(texts, u64::try_from(listed).unwrap_or(0)))
}
