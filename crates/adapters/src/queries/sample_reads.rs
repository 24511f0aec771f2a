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
                let read = db.read_report((), |conn, ()| boxed(read(conn))).await?;
                keep(db, read).await
            }
        };
    };
    if sample.is_old() && !db.samples.renewing.swap(true, Ordering::AcqRel) {
        let turn = guard(Arc::clone(&db.samples.renewing), |it| it.store(false, Ordering::Release));
        let db = db.clone();
        db.runtime.clone().spawn(async move {
            let _turn = turn;
            let taken = async {
                let read = db.read_in_background((), |conn, ()| boxed(read(conn))).await?;
                keep(&db, read).await
            };
            if let Err(error) = taken.await {
                tracing::debug!(?error, "a sample of texts could not be taken");
            }
        });
    }
    Ok(sample)
}

/// Makes a sample of what was read, and keeps it.
async fn keep(db: &Db, (sampled, listed): (Vec<Sampled>, u64)) -> Result<Arc<TermSample>> {
    Ok(db.samples.set(db.compute(move || TermSample::new(sampled, listed)).await?))
}

/// The searched text of a build, and its creator.
type Sampled = (String, Option<String>);

/// Reads builds at about equal distances of their row numbers, and how many are listed.
async fn read(conn: &mut Conn) -> DbResult<(Vec<Sampled>, u64)> {
    let listed: PreparedSql<_, BigInt> = PreparedSql::new(
        "SELECT CAST(coalesce(sum(builds), 0) AS bigint) FROM facet_parts WHERE listed AND builds <> $1",
        (0_i64.into_sql::<BigInt>(),),
    );
    let listed: i64 = listed.get_result(conn).await?;
    let newest: Option<i64> = builds::table.select(diesel::dsl::max(builds::id)).get_result(conn).await?;
    let oldest: Option<i64> = builds::table.select(diesel::dsl::min(builds::id)).get_result(conn).await?;
    let rows = sampled_rows(oldest.unwrap_or(0), newest.unwrap_or(0));
    let sampled: Vec<Sampled> = builds::table
        .inner_join(build_ranks::table)
        .filter(builds::id.eq_any(rows))
        .filter(build_ranks::listed)
        .select((builds::search_text, builds::steam_id))
        .load(conn)
        .await?;
    Ok((sampled, u64::try_from(listed).unwrap_or(0)))
}
