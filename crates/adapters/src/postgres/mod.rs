//! PostgreSQL: the database of production.

mod batches;
mod connect;
mod connect_error;
mod dialect;
mod server_check;
mod tls;
mod vote_storage;
mod wire;

#[path = "../sql/account_jobs.rs"]
mod account_jobs;
#[path = "../sql/accounts.rs"]
mod accounts;
#[path = "../legacy/bulk_postgres.rs"]
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
#[path = "../doctor/schema_postgres.rs"]
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

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use diesel_async::{AsyncConnection, AsyncPgConnection};
use futures_util::future::BoxFuture;

pub use connect::{connect, establish, establish_foreign};
pub use connect_error::ConnectFailure;
pub use ports::storage;

use db::Db;
use server_check::DatabaseCheck;

use myashes_domain::write_options::{WriteOptions, WriteOutcome};

use crate::sql::error::{DbError, DbResult};

pub type Conn = AsyncPgConnection;
pub type Backend = diesel::pg::Pg;

#[cfg(test)]
const KIND: myashes_testkit::DatabaseKind = myashes_testkit::DatabaseKind::Postgres;

/// How long one call may take once it has its connection. The server enforces its own statement timeout;
/// this one also holds when the server does not answer at all.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub statement: Duration,
}

impl Limits {
    /// A call takes `statement` at most.
    pub fn of(statement: Duration) -> Self {
        Self { statement }
    }

    /// `None` when `work` took too long and was dropped; its connection must be, too.
    async fn bound<T>(&self, work: BoxFuture<'_, T>) -> Option<T> {
        tokio::time::timeout(self.statement, work).await.ok()
    }
}

/// Carries out a write in a transaction.
async fn transaction<T, F>(
    conn: &mut Conn,
    options: WriteOptions<T>,
    work: F,
) -> DbResult<Option<WriteOutcome<T>>>
where
    T: Send + 'static,
    F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, DbResult<Option<T>>> + Send + 'static,
{
    let decided = Arc::new(AtomicBool::new(false));
    let reached = Arc::clone(&decided);
    let result = conn.transaction(async move |conn| {
        let value = db::within(conn, options, work).await?;
        reached.store(true, Ordering::Relaxed);
        Ok(value)
    });
    match result.await {
        Err(DbError::Database(error)) if decided.load(Ordering::Relaxed) => {
            Err(DbError::CommitUnknown(error.to_string()))
        }
        result => result,
    }
}
