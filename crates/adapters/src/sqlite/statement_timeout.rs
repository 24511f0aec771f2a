//! Ends statements of SQLite at DB_STATEMENT_TIMEOUT, those of searches and reports earlier.
//!
//! Diesel 2.3 offers neither SQLite's progress handler nor its interrupt, so that a statement has to ask: one whose
//! work depends on what callers send has `within_statement_timeout()` among its conditions, which SQLite evaluates
//! row by row.

use std::panic::UnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::connection::InstrumentationEvent;
use diesel::prelude::*;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, Bool};
use diesel::sqlite::Sqlite;
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::{AsyncConnection, RunQueryDsl};

use super::Conn;
use crate::sql::error::DbResult;
use crate::sql::prepared_sql::PreparedSql;

#[diesel::declare_sql_function]
extern "SQL" {
    fn within_statement_timeout() -> Bool;
    fn change_statement_timeout(millis: BigInt) -> BigInt;
}

/// True, or an error that ends the statement.
#[derive(Debug)]
struct Within(bool);

impl ToSql<Bool, Sqlite> for Within {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        if !self.0 {
            return Err("interrupted at its statement timeout (DB_STATEMENT_TIMEOUT)".into());
        }
        out.set_value(1);
        Ok(IsNull::No)
    }
}

/// Bounds the statements that follow on this connection.
pub async fn set_statement_timeout(conn: &mut Conn, timeout: Duration) -> DbResult<()> {
    let millis = i64::try_from(timeout.as_millis()).unwrap_or(i64::MAX);
    let set: PreparedSql<_, BigInt> =
        PreparedSql::new("SELECT change_statement_timeout($1)", (millis.into_sql::<BigInt>(),));
    let _before: i64 = set.get_result(conn).await?;
    Ok(())
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
    let millis = Arc::new(AtomicU64::new(u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX)));
    let of_setter = Arc::clone(&millis);
    let within = move || {
        let began = *began.lock().unwrap_or_else(PoisonError::into_inner);
        Within(began.elapsed() < Duration::from_millis(AtomicU64::load(&millis, Ordering::Relaxed)))
    };
    let set = move |millis: i64| {
        let before = of_setter.swap(u64::try_from(millis).unwrap_or_default(), Ordering::Relaxed);
        i64::try_from(before).unwrap_or(i64::MAX)
    };
    conn.spawn_blocking(move |conn| register(conn, within, set))
        .await
        .map_err(ConnectionError::CouldntSetupConfiguration)
}

fn register(
    conn: &mut diesel::SqliteConnection,
    within: impl FnMut() -> Within + UnwindSafe + Send + 'static,
    set: impl FnMut(i64) -> i64 + UnwindSafe + Send + 'static,
) -> diesel::QueryResult<()> {
    within_statement_timeout_utils::register_nondeterministic_impl(conn, within)?;
    change_statement_timeout_utils::register_nondeterministic_impl(conn, set)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use diesel_async::RunQueryDsl;
    use futures_util::future::BoxFuture;
    use myashes_domain::Error;
    use myashes_testkit::TestDatabase;

    use super::super::queries::db::boxed;
    use super::super::{Conn, connect};
    use crate::sql::error::DbResult;
    use crate::storage::StorageOptions;

    fn endless(conn: &mut Conn, (): ()) -> BoxFuture<'_, DbResult<usize>> {
        let sql = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE within_statement_timeout()) \
                   SELECT count(*) FROM n";
        boxed(async move { Ok(diesel::sql_query(sql).execute(conn).await?) })
    }

    fn timeout_before(conn: &mut Conn, (): ()) -> BoxFuture<'_, DbResult<i64>> {
        use diesel::sql_types::BigInt;
        let set = crate::sql::prepared_sql::PreparedSql::<(), BigInt>::new(
            "SELECT change_statement_timeout(1)",
            (),
        );
        boxed(async move { Ok(set.get_result(conn).await?) })
    }

    fn short(conn: &mut Conn, (): ()) -> BoxFuture<'_, DbResult<usize>> {
        boxed(async move { Ok(diesel::sql_query("SELECT within_statement_timeout()").execute(conn).await?) })
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_statement_that_never_ends_is_interrupted() {
        let database = TestDatabase::sqlite().await;
        let options = StorageOptions {
            pool_timeout: Duration::from_secs(30),
            statement_timeout: Duration::from_millis(50),
            ..StorageOptions::of_test(&database.url)
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

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_report_is_interrupted_where_other_statements_go_on() {
        let database = TestDatabase::sqlite().await;
        let options = StorageOptions {
            statement_timeout: Duration::from_secs(3600),
            ..StorageOptions::of_test(&database.url)
        };
        let db = connect(&options).unwrap();
        let error = db.read_report((), endless).await.unwrap_err();
        assert!(matches!(&error, Error::Unavailable(_)), "{error:?}");
        assert_eq!(db.read((), timeout_before).await.unwrap(), 3_600_000, "the connection is as it was");
    }
}
