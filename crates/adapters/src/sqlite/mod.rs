//! SQLite: the embedded default, one file beside the binary.

mod batches;
mod connect;
mod dialect;
mod file_check;
mod statement_timeout;

#[path = "../sql/account_jobs.rs"]
mod account_jobs;
#[path = "../sql/accounts.rs"]
mod accounts;
#[path = "../legacy/bulk_sqlite.rs"]
mod bulk;
#[path = "../legacy/export_writer.rs"]
pub mod export_writer;
#[path = "../legacy/import_records.rs"]
pub mod import_records;
#[path = "../legacy/import_writer.rs"]
pub mod import_writer;
#[path = "../legacy/reconcile.rs"]
pub mod reconcile;

#[path = "../doctor/builds.rs"]
pub mod doctor_builds;
#[path = "../doctor/consistency_check.rs"]
mod doctor_check;
#[path = "../doctor/rollups.rs"]
pub mod doctor_rollups;
#[path = "../doctor/schema_sqlite.rs"]
pub mod doctor_schema;
#[path = "../doctor/upkeep.rs"]
pub mod doctor_upkeep;

#[path = "../sql/analytics.rs"]
mod analytics;
#[path = "../sql/bounded_reads.rs"]
mod bounded_reads;
#[path = "../sql/build_search.rs"]
mod build_search;
#[path = "../sql/builds.rs"]
mod builds;
#[path = "../sql/db.rs"]
mod db;
#[path = "../sql/export.rs"]
mod export;
#[path = "../sql/facet_counts.rs"]
mod facet_counts;
#[path = "../sql/facets.rs"]
mod facets;
#[path = "../sql/feedback.rs"]
mod feedback;
#[path = "../sql/idempotency.rs"]
mod idempotency;
#[path = "../sql/listing.rs"]
mod listing;
#[path = "../sql/moderation.rs"]
mod moderation;
#[path = "../sql/order.rs"]
mod order;
#[path = "../sql/own_votes.rs"]
mod own_votes;
#[path = "../sql/popular.rs"]
mod popular;
#[path = "../sql/popular_queries.rs"]
mod popular_queries;
#[path = "../sql/ports.rs"]
mod ports;
#[path = "../sql/relevance.rs"]
mod relevance;
#[path = "../sql/replica.rs"]
mod replica;
#[path = "../sql/retention.rs"]
mod retention;
#[path = "../sql/rows.rs"]
mod rows;
#[path = "../sql/sample_reads.rs"]
mod sample_reads;
#[path = "../sql/schema_state.rs"]
mod schema_state;
#[path = "../sql/search_plan.rs"]
mod search_plan;
#[path = "../sql/small_result_set.rs"]
mod small_result_set;
#[path = "../sql/tags.rs"]
mod tags;
#[path = "../sql/term_sample.rs"]
mod term_sample;
#[path = "../sql/vocabulary.rs"]
mod vocabulary;
#[path = "../sql/vote_batch.rs"]
mod vote_batch;
#[path = "../sql/vote_removal.rs"]
mod vote_removal;
#[path = "../sql/votes.rs"]
mod votes;

use std::time::Duration;

use diesel::SqliteConnection;
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use futures_util::future::BoxFuture;

pub use connect::{connect, establish, folder};
pub use ports::storage;

use db::Db;
use file_check::DatabaseCheck;

use myashes_domain::write_options::{WriteOptions, WriteOutcome};

use crate::sql::error::DbResult;

pub type Conn = SyncConnectionWrapper<SqliteConnection>;
pub type Backend = diesel::sqlite::Sqlite;

#[cfg(test)]
const KIND: myashes_testkit::DatabaseKind = myashes_testkit::DatabaseKind::Sqlite;

/// SQLite works in this very process and bounds its own waits (`busy_timeout`) and searches
/// ([`statement_timeout`]). Its calls are never broken off, since a connection that is dropped in the middle of one cannot be rolled back.
#[derive(Debug, Clone, Copy)]
pub struct Limits;

impl Limits {
    pub fn of(_: Duration) -> Self {
        Self
    }

    async fn bound<T>(&self, work: BoxFuture<'_, T>) -> Option<T> {
        Some(work.await)
    }
}

/// Carries out a write in a transaction that holds the write lock from its first statement on: one that only asks
/// for it later fails where it might have waited.
async fn transaction<T, F>(
    conn: &mut Conn,
    options: WriteOptions<T>,
    work: F,
) -> DbResult<Option<WriteOutcome<T>>>
where
    T: Send + 'static,
    F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, DbResult<Option<T>>> + Send + 'static,
{
    conn.immediate_transaction(async move |conn| db::within(conn, options, work).await).await
}
