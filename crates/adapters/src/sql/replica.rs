//! A replica: it is asked first for what may lag, and it must not make anybody wait for long. Whatever it does not
//! answer quickly is read from the primary; one that keeps failing is left alone, but for a probe now and then.

use std::sync::Arc;
use std::time::Duration;

use diesel_async::pooled_connection::deadpool::Pool;
use futures_util::future::BoxFuture;
use myashes_domain::Error;
use myashes_domain::clock::Clock as _;
use tokio::sync::Semaphore;

use super::db::Db;
use super::{Conn, Limits};
use crate::breaker::Breaker;
use crate::sql::error::{DbError, DbResult};
use crate::system::SystemClock;

/// The longest that a connection to the replica may take, and that an answer may, the wait for a connection included.
pub const PATIENCE: Duration = Duration::from_millis(500);

/// The longest run of a statement there: less, so that its server says what took too long while it answers at all.
pub const STATEMENT_TIMEOUT: Duration = Duration::from_millis(400);

/// Whether the replica is asked: 0 while the breaker is open.
const UP: &str = "db_replica_up";

/// Counts reads that the primary had to answer instead.
const FALLBACKS: &str = "db_replica_fallbacks_total";

/// See the module.
pub struct Replica {
    pub pool: Pool<Conn>,
    pub breaker: Breaker,
    /// One for each connection that searches and reports may hold there at once.
    permits: Arc<Semaphore>,
}

impl Replica {
    #[allow(dead_code, reason = "SQLite has none")]
    pub fn new(pool: Pool<Conn>) -> Self {
        let connections = pool.status().max_size;
        metrics::gauge!(UP).set(1.0);
        metrics::counter!(FALLBACKS).absolute(0);
        let permits = Arc::new(Semaphore::new((connections / 2).max(1)));
        Self { pool, breaker: Breaker::default(), permits }
    }

    /// Tells the breaker how a call has ended.
    fn note(&self, permit: crate::breaker::Permit<'_>, answered: bool) {
        if answered {
            permit.succeeded();
        } else {
            permit.failed(SystemClock.now());
        }
        metrics::gauge!(UP).set(if self.breaker.is_open() { 0.0 } else { 1.0 });
    }
}

impl Db {
    /// What the replica answers; `None` when the primary has to be asked, since there is no replica, or none that
    /// answers. What is `bounded` holds at most half of its connections.
    pub async fn ask_replica<T, F>(&self, bounded: bool, work: F) -> Option<DbResult<T>>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, DbResult<T>> + Send + 'static,
    {
        let replica = self.replica.as_ref()?;
        let answer = ask(self, replica, bounded, work).await;
        if answer.is_none() {
            metrics::counter!(FALLBACKS).increment(1);
        }
        answer
    }
}

async fn ask<T, F>(db: &Db, replica: &Replica, bounded: bool, work: F) -> Option<DbResult<T>>
where
    T: Send + 'static,
    F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, DbResult<T>> + Send + 'static,
{
    let turn = async { if bounded { Arc::clone(&replica.permits).acquire_owned().await.ok() } else { None } };
    // A replica that has much to do is not one that is away.
    let _turn = tokio::time::timeout(PATIENCE, turn).await.ok()?;
    let permit = replica.breaker.permit(SystemClock.now())?;
    let answer = db.run_with(&replica.pool, None, Limits::of(PATIENCE), work);
    let answer = match tokio::time::timeout(PATIENCE, answer).await {
        Ok(answer) => answer,
        Err(_) => Err(Error::unavailable("it did not answer in time").into()),
    };
    match answer {
        Err(DbError::Domain(Error::Unavailable(error))) => {
            tracing::warn!(%error, "the replica is away, asking the primary");
            replica.note(permit, false);
            None
        }
        Err(error @ DbError::Database(_)) => {
            tracing::warn!(?error, "the replica failed, asking the primary");
            replica.note(permit, !error.must_discard_connection());
            None
        }
        answer => {
            replica.note(permit, true);
            Some(answer)
        }
    }
}
