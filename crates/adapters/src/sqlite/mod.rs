//! SQLite: the embedded default, one file beside the binary.

mod batches;
mod connect;
mod dialect;
pub mod doctor_schema;
mod file_check;
mod legacy_bulk;
mod statement_timeout;

#[path = "../queries/mod.rs"]
pub mod queries;

use std::time::Duration;

use diesel::SqliteConnection;
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use futures_util::future::BoxFuture;

pub use connect::{connect, establish, folder};
pub use queries::ports::storage;

use file_check::DatabaseCheck;
use queries::db::{self, Db};

use myashes_domain::write_options::{WriteOptions, WriteOutcome};

use crate::sql::error::DbResult;

pub type Conn = SyncConnectionWrapper<SqliteConnection>;
pub type Backend = diesel::sqlite::Sqlite;

#[cfg(test)]
const KIND: myashes_testkit::DatabaseKind = myashes_testkit::DatabaseKind::Sqlite;

/// SQLite works in this very process and bounds its own waits (`busy_timeout`) and searches ([`statement_timeout`]).
/// Its calls are never broken off, since a connection that is dropped in the middle of one cannot be rolled back.
async fn bound<T>(_: Duration, work: BoxFuture<'_, T>) -> Option<T> {
    Some(work.await)
}

/// Carries out a write in a transaction that holds the write lock from its first statement on: one that only asks
/// for it later fails where it might have waited.
async fn transaction<T, F>(conn: &mut Conn, options: WriteOptions<T>, work: F) -> DbResult<WriteOutcome<T>>
where
    T: Send + 'static,
    F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, DbResult<T>> + Send + 'static,
{
    conn.immediate_transaction(async move |conn| db::run_in_transaction(conn, options, work).await).await
}
