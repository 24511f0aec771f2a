//! PostgreSQL: the database of production.

mod batches;
mod connect;
mod connect_error;
mod dialect;
pub mod doctor_schema;
mod legacy_bulk;
mod server_check;
mod tls;
mod vote_storage;
mod wire;

#[path = "../queries/mod.rs"]
pub mod queries;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use diesel_async::{AsyncConnection, AsyncPgConnection};
use futures_util::future::BoxFuture;

pub use connect::{connect, establish, establish_foreign};
pub use connect_error::ConnectFailure;
pub use queries::ports::storage;

use queries::db::{self, Db};
use server_check::DatabaseCheck;

use myashes_domain::write_options::{WriteOptions, WriteOutcome};

use crate::sql::error::{DbError, DbResult};

pub type Conn = AsyncPgConnection;
pub type Backend = diesel::pg::Pg;

#[cfg(test)]
const KIND: myashes_testkit::DatabaseKind = myashes_testkit::DatabaseKind::Postgres;

/// `None` when `work` took longer than `limit` and was dropped; its connection must be, too. The server enforces its
/// own statement timeout; this one also holds when the server does not answer at all.
async fn bound<T>(limit: Duration, work: BoxFuture<'_, T>) -> Option<T> {
    tokio::time::timeout(limit, work).await.ok()
}

/// Carries out a write in a transaction.
async fn transaction<T, F>(conn: &mut Conn, options: WriteOptions<T>, work: F) -> DbResult<WriteOutcome<T>>
where
    T: Send + 'static,
    F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, DbResult<T>> + Send + 'static,
{
    let decided = Arc::new(AtomicBool::new(false));
    let reached = Arc::clone(&decided);
    let result = conn.transaction(async move |conn| {
        let value = db::run_in_transaction(conn, options, work).await?;
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
