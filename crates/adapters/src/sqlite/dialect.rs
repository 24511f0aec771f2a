//! What is said differently in SQLite: its writer is alone, so there is nothing to lock; trigrams are those
//! of FTS5; and a batch is a loop (batches.rs).

use diesel::helper_types::AsExprOf;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use diesel_async::RunQueryDsl;
use myashes_domain::clock::{Day, Timestamp};
use myashes_domain::ids::BuildId;
use myashes_domain::session::Caller;
use myashes_domain::write_options::IdempotencyKey;

pub use super::batches::{lock_and_read, record_batch, record_searches, store_votes, vote_batch};
use super::queries::matching::RowsOf;
use super::queries::popular_queries::Candidate;
use super::queries::rows::{RankRow, SummaryRow};
use super::queries::term_sample::{Trigram, trigrams};
use super::queries::vote_batch::Locking;
pub use super::statement_timeout::set_statement_timeout;
use super::{Backend, Conn};
use crate::sql::error::DbResult;
use crate::sql::prepared_sql::{PreparedSql, Verbatim};
use crate::sql::schema::{build_ranks, builds, popular_candidates};
use crate::sql::types::SqlTimestamp;

/// Batches that are under way at once. More would only wait for the one writer.
pub const VOTE_LANES: usize = 1;
pub const SEARCH_LANES: usize = 1;

/// `ANALYZE` keeps samples of indexed values, which an erasure would leave behind. The counts are enough to plan with.
pub const AFTER_ANALYZE: &[&str] = &["DELETE FROM sqlite_stat4"];

/// Transactions that write follow one another, so that a key is never held by another one.
pub async fn try_lock_key(_: &mut Conn, _: &IdempotencyKey) -> DbResult<bool> {
    Ok(true)
}

pub async fn try_advisory_lock(_: &mut Conn, _: i64) -> DbResult<bool> {
    Ok(true)
}

pub async fn advisory_lock(_: &mut Conn, _: i64) -> DbResult<()> {
    Ok(())
}

/// Reads score rows: a transaction that writes is alone.
pub async fn lock_ranks(conn: &mut Conn, rows: &[i64], _: Locking) -> DbResult<Vec<(i64, RankRow)>> {
    Ok(build_ranks::table
        .filter(build_ranks::build.eq_any(rows))
        .order_by(build_ranks::build)
        .select((build_ranks::build, RankRow::as_select()))
        .load(conn)
        .await?)
}

/// Claims and erasures follow one another, as all writes do.
pub async fn lock_account(_: &mut Conn, _: &Caller) -> DbResult<()> {
    Ok(())
}

/// Stores candidates of a day that has none.
pub async fn insert_candidates(
    conn: &mut Conn,
    day: Day,
    candidates: &[Candidate],
    at: Timestamp,
) -> DbResult<()> {
    let candidates = candidates.to_vec();
    let stored = conn.spawn_blocking(move |conn| {
        candidates.iter().try_for_each(|it| {
            diesel::RunQueryDsl::execute(
                diesel::insert_into(popular_candidates::table).values((
                    popular_candidates::day.eq(day.0),
                    popular_candidates::search_mode.eq(&it.mode),
                    popular_candidates::query_key.eq(&it.key),
                    popular_candidates::searches.eq(it.searches),
                    popular_candidates::callers.eq(it.callers),
                    popular_candidates::collected_at.eq(SqlTimestamp(at)),
                )),
                conn,
            )
            .map(drop)
        })
    });
    Ok(stored.await?)
}

/// A condition of searches and reports that ends a statement whose time is over.
pub const WITHIN_TIMEOUT: Verbatim = Verbatim("within_statement_timeout()");

/// How the keys of a scan are held that are read several times: an index is not enough for them, which lacks `listed`.
pub const KEYS_OF_AN_INDEX: Verbatim = Verbatim("MATERIALIZED");

/// So many rows with successive numbers are compared in the time that one takes which is looked up by itself.
pub const DENSE_ROWS: u64 = 2;

/// The builds of a short list of row numbers, each of which is looked up.
pub const AMONG_ROWS: &str = "builds.id IN ($1)";

/// Builds of a range among those of it that have a tag.
pub const AMONG_TAGGED: &str = AMONG_ROWS;

/// The day of an instant, for counting feedback by day.
pub const FEEDBACK_BY_DAY: &str = "SELECT received_at / 86400000000, count(*) FILTER (WHERE rating = 'up'), count(*) FILTER (WHERE \
     rating = 'down') FROM feedback WHERE within_statement_timeout() AND received_at >= $1 GROUP BY 1 \
     ORDER BY 1";

/// Those of the builds that are there.
pub async fn look_up(
    conn: &mut Conn,
    ids: &[BuildId],
) -> DbResult<Vec<(SummaryRow, RankRow, Option<String>)>> {
    Ok(builds::table
        .inner_join(build_ranks::table)
        .filter(builds::build_id.eq_any(ids.iter().map(BuildId::as_str)))
        .select((SummaryRow::as_select(), RankRow::as_select(), builds::build_data))
        .load(conn)
        .await?)
}

/// The most trigrams of a needle that the index is asked for: what these have in common is compared with the whole needle.
const MAX_TRIGRAMS: usize = 10;

/// Whether a score row is filed under one of the facets, for rows that are read in the order of a sort.
pub fn filed_under(
    facets: Vec<i32>,
) -> Box<dyn BoxableExpression<build_ranks::table, Backend, SqlType = Bool>> {
    Box::new(build_ranks::facet.eq_any(facets))
}

/// Whether a build's searched text holds the needle.
pub fn holds(needle: &str) -> PreparedSql<(AsExprOf<String, Text>,), Bool> {
    PreparedSql::new(
        "(within_statement_timeout() AND instr(builds.search_text, $1) > 0)",
        (needle.to_owned().into_sql::<Text>(),),
    )
}

/// The index has all trigrams.
pub fn is_indexed(_: &Trigram) -> bool {
    true
}
pub use is_indexed as may_be_indexed;

/// Those of the builds that the index finds by all pieces of one of the groups.
pub fn indexed_by_any(of: RowsOf<'static>, groups: &[Vec<String>]) -> RowsOf<'static> {
    let all = |group: &Vec<String>| {
        let trigrams: Vec<String> = group.iter().flat_map(|piece| compared(piece)).map(quoted).collect();
        format!("({})", trigrams.join(" AND "))
    };
    let query = groups.iter().map(all).collect::<Vec<_>>().join(" OR ");
    let holding: PreparedSql<_, Bool> = PreparedSql::new(
        "builds.id IN (SELECT rowid FROM build_search WHERE within_statement_timeout() AND build_search MATCH $1)",
        (query.into_sql::<Text>(),),
    );
    of.filter(holding)
}

/// The trigrams of a needle that the index compares.
fn compared(needle: &str) -> impl Iterator<Item = Trigram> {
    trigrams(needle).take(MAX_TRIGRAMS)
}

fn quoted(trigram: Trigram) -> String {
    format!("\"{}\"", String::from_iter(trigram).replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use myashes_domain::text::SearchTerm;

    use super::*;

    #[test]
    fn the_index_compares_a_bounded_part_of_any_term() {
        let alphabet: String = ('a'..='z').chain('0'..='9').collect();
        for raw in [alphabet.repeat(2), "\u{fdfa}".repeat(5), "ab ".repeat(33)] {
            let term = SearchTerm::parse(&raw).unwrap().unwrap();
            assert_eq!(compared(term.needle()).count(), MAX_TRIGRAMS, "{raw}");
        }
        for raw in ["ab", "a", "🔥", "abc"] {
            let term = SearchTerm::parse(raw).unwrap().unwrap();
            assert!(compared(term.needle()).next().is_some(), "{raw} asks the index for nothing");
        }
    }
}
