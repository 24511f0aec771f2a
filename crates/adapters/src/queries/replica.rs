//! A replica: reads that may lag go to it first, within a short timeout. Reads that it does not answer in time go to the
//! primary; a replica that keeps failing is only probed now and then.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use myashes_domain::Error;
use myashes_domain::clock::Clock as _;
use tokio::sync::Semaphore;

use super::Conn;
use super::bounded_reads::report_permits;
use super::db::{Db, Limits};
use super::pool::Pool;
use crate::breaker::Breaker;
use crate::sql::error::{DbError, DbResult};
use crate::system::SystemClock;

/// Timeout for connecting to the replica, and for an answer, the wait for a connection included.
pub const ANSWER_TIMEOUT: Duration = Duration::from_millis(500);

/// Statement timeout of the replica: less than [`ANSWER_TIMEOUT`], so that its server reports the cause in time.
pub const STATEMENT_TIMEOUT: Duration = Duration::from_millis(400);

/// Whether the replica is asked: 0 while the breaker is open.
const UP: &str = "db_replica_up";

/// Counts reads that the primary had to answer instead.
const FALLBACKS: &str = "db_replica_fallbacks_total";

/// The replica's pool, with a circuit breaker.
pub struct Replica {
    pub pool: Pool,
    pub breaker: Breaker,
    /// One for each connection that searches and reports may hold there at once.
    permits: Arc<Semaphore>,
}

impl Replica {
    #[allow(dead_code, reason = "SQLite has none")]
    pub fn new(pool: Pool) -> Self {
        let connections = pool.status().max_size;
        metrics::gauge!(UP).set(1.0);
        Self { pool, breaker: Breaker::default(), permits: report_permits(connections) }
    }

    /// Reports the outcome of a call to the breaker.
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
    /// The replica's answer; `None` when there is no replica, or it does not answer, and the primary has to be read.
    /// `bounded` reads hold at most half of its connections.
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
    // A busy replica does not count as failed.
    let _turn = tokio::time::timeout(ANSWER_TIMEOUT, turn).await.ok()?;
    let permit = replica.breaker.permit(SystemClock.now())?;
    let limits = Limits { statement: db.limits.statement.min(STATEMENT_TIMEOUT), call: ANSWER_TIMEOUT };
    let answer = db.run_with(&replica.pool, None, limits, work);
    let answer = match tokio::time::timeout(ANSWER_TIMEOUT, answer).await {
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
