//! Reading the sample of texts that estimates are made from.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

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

/// How long the first search of a process waits for a sample. A database that was just started reads each row from its disk,
/// so that all of them may take seconds: those that were read until then will do.
const MAX_WAIT: Duration = Duration::from_millis(300);

/// The parts that a sample is read in, each spread over all rows.
const PARTS: usize = 16;

/// The sample of this process. The first one is waited for; later ones are taken in the background.
pub async fn current(db: &Db) -> Result<Arc<TermSample>> {
    let Some(sample) = db.samples.current() else {
        let _turn = db.samples.first.lock().await;
        return match db.samples.current() {
            Some(sample) => Ok(sample),
            None => {
                let read = db.read_report(MAX_WAIT, |conn, most| boxed(read(conn, most))).await?;
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
                let read = db.read_in_background(Duration::MAX, |conn, most| boxed(read(conn, most))).await?;
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
async fn keep(db: &Db, (sampled, listed, whole): SampleRows) -> Result<Arc<TermSample>> {
    Ok(db.samples.set(db.compute(move || TermSample::new(sampled, listed, whole)).await?))
}

/// The searched text of a build, and its creator.
type Sampled = (String, Option<String>);

/// Builds, how many are listed, and whether the sample is whole.
type SampleRows = (Vec<Sampled>, u64, bool);

/// Reads builds at about equal distances of their row numbers, for so long, and how many are listed.
async fn read(conn: &mut Conn, longest: Duration) -> DbResult<SampleRows> {
    let listed: PreparedSql<_, BigInt> = PreparedSql::new(
        "SELECT CAST(coalesce(sum(builds), 0) AS bigint) FROM facet_parts WHERE listed AND builds <> $1",
        (0_i64.into_sql::<BigInt>(),),
    );
    let listed: i64 = listed.get_result(conn).await?;
    let newest: Option<i64> = builds::table.select(diesel::dsl::max(builds::id)).get_result(conn).await?;
    let oldest: Option<i64> = builds::table.select(diesel::dsl::min(builds::id)).get_result(conn).await?;
    let rows = sampled_rows(oldest.unwrap_or(0), newest.unwrap_or(0));
    let (begun, mut sampled, mut parts_read) = (Instant::now(), vec![], 0);
    while parts_read < PARTS && (parts_read == 0 || begun.elapsed() < longest) {
        let part: Vec<Sampled> = builds::table
            .inner_join(build_ranks::table)
            .filter(builds::id.eq_any(part_of(&rows, parts_read)))
            .filter(build_ranks::listed)
            .select((builds::search_text, builds::steam_id))
            .load(conn)
            .await?;
        sampled.extend(part);
        parts_read += 1;
    }
    Ok((sampled, u64::try_from(listed).unwrap_or(0), parts_read == PARTS))
}

fn part_of(rows: &[i64], number: usize) -> Vec<i64> {
    rows.iter().skip(number).step_by(PARTS).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_of_a_sample_is_spread_over_all_rows() {
        let rows = sampled_rows(1, 1_000_000);
        let parts: Vec<Vec<i64>> = (0..PARTS).map(|number| part_of(&rows, number)).collect();
        for part in &parts {
            assert!(part.len() == 250 && part[0] < 5_000 && part[249] > 995_000, "{part:?}");
        }
        let mut all = parts.concat();
        all.sort_unstable();
        assert_eq!(all, rows);
    }
}
