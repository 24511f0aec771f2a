//! Ends statements of SQLite at DB_STATEMENT_TIMEOUT.
//!
//! Diesel 2.3 offers neither SQLite's progress handler nor its interrupt, so that a statement has to ask: one whose
//! work depends on what callers send has `within_statement_timeout()` among its conditions, which SQLite evaluates
//! row by row.

use std::panic::UnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::connection::InstrumentationEvent;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::Bool;
use diesel::sqlite::Sqlite;
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::AsyncConnection;

use super::Conn;

#[diesel::declare_sql_function]
extern "SQL" {
    fn within_statement_timeout() -> Bool;
}

/// True, or an error that ends the statement.
#[derive(Debug)]
struct Within(bool);

impl ToSql<Bool, Sqlite> for Within {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        if !self.0 {
            return Err("interrupted at DB_STATEMENT_TIMEOUT".into());
        }
        out.set_value(1);
        Ok(IsNull::No)
    }
}

/// Gives every statement of the connection `timeout` from its beginning.
pub async fn install(conn: &mut Conn, timeout: Duration) -> ConnectionResult<()> {
    let began = Arc::new(Mutex::new(Instant::now()));
    let of_events = Arc::clone(&began);
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { .. } = event {
            *of_events.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        }
    });
    let within = move || {
        let began = *began.lock().unwrap_or_else(PoisonError::into_inner);
        Within(began.elapsed() < timeout)
    };
    conn.spawn_blocking(move |conn| register(conn, within))
        .await
        .map_err(ConnectionError::CouldntSetupConfiguration)
}

fn register(
    conn: &mut diesel::SqliteConnection,
    within: impl FnMut() -> Within + UnwindSafe + Send + 'static,
) -> diesel::QueryResult<()> {
    within_statement_timeout_utils::register_nondeterministic_impl(conn, within)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use diesel_async::RunQueryDsl;
    use futures_util::future::BoxFuture;
    use myashes_domain::Error;
    use myashes_testkit::TestDatabase;

    use super::super::db::boxed;
    use super::super::{Conn, connect};
    use crate::sql::error::DbResult;
    use crate::storage::StorageOptions;

    fn endless(conn: &mut Conn, (): ()) -> BoxFuture<'_, DbResult<usize>> {
        let sql = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE within_statement_timeout()) \
                   SELECT count(*) FROM n";
        boxed(async move { Ok(diesel::sql_query(sql).execute(conn).await?) })
    }

    fn short(conn: &mut Conn, (): ()) -> BoxFuture<'_, DbResult<usize>> {
        boxed(async move { Ok(diesel::sql_query("SELECT within_statement_timeout()").execute(conn).await?) })
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_statement_that_never_ends_is_interrupted() {
        let database = TestDatabase::sqlite().await;
        let options = StorageOptions {
            url: database.url.clone(),
            read_url: None,
            pool_size: 1,
            pool_timeout: Duration::from_secs(30),
            statement_timeout: Duration::from_millis(50),
            ranking: myashes_domain::ranking::Ranking::default(),
        };
        let db = connect(&options).unwrap();
        for _ in 0..2 * db.readers.status().max_size {
            let error = db.read((), endless).await.unwrap_err();
            assert!(
                matches!(&error, Error::Unavailable(why) if why.0.contains("DB_STATEMENT_TIMEOUT")),
                "{error:?}"
            );
        }
        assert!(db.read((), short).await.is_ok(), "each statement has its own time");
    }
}
