//! Database access of all repositories: a read, or a write in one transaction.
//!
//! Each call runs as a task of the main runtime. A client that hangs up drops the future of its request, but
//! not this task: a transaction is always finished, and its connection is returned in a known state or closed.

use std::any::Any;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use deadpool::managed::{Object, PoolError};
use futures_util::future::BoxFuture;
use myashes_domain::ranking::Ranking;
use myashes_domain::write_options::{AuditEntry, WriteOptions, WriteOutcome};
use myashes_domain::{Error, Result};
use scopeguard::{ScopeGuard, guard};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tracing::Instrument as _;

use super::pool::{Pool, PooledConnection};
use super::replica::Replica;
use super::term_sample::TermSampleCache;
use super::{Conn, DatabaseCheck, bound, idempotency, moderation, transaction};
use crate::cache::{Caches, Invalidation};
use crate::sql::error::DbResult;

/// A query that reads. A plain function, since it is run again when its connection turns out to be lost.
pub type Read<A, T> = for<'c> fn(&'c mut Conn, A) -> BoxFuture<'c, DbResult<T>>;

/// Work on a connection with any result, so that what surrounds it is compiled once and not for each query.
type Work = Box<dyn for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, DbResult<WorkResult>> + Send>;

type WorkResult = Box<dyn Any + Send>;

/// Counts transactions that were tried again.
pub const RETRIES: &str = "db_transaction_retries_total";

/// How often one transaction is tried at most.
pub const MAX_ATTEMPTS: u32 = 10;

/// How long to wait before the next attempt: 5 ms, doubled with each attempt, with half of it at random so that two
/// transactions that conflicted do not conflict again.
pub fn backoff(attempt: u32) -> Duration {
    use std::hash::{BuildHasher, RandomState};
    let random = RandomState::new().hash_one(attempt) % 1000;
    let longest = Duration::from_millis(5) * 2_u32.pow(attempt.min(6));
    longest / 2 + longest / 2000 * u32::try_from(random).unwrap_or_default()
}

/// How long the work of a call may take once it has its connection.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Each statement.
    pub statement: Duration,
    /// All of it, where work can be broken off.
    pub call: Duration,
}

impl Limits {
    pub fn of(statement: Duration) -> Self {
        Self { statement, call: statement }
    }
}

#[derive(Clone)]
pub struct Db {
    pub writers: Pool,
    /// The same database, perhaps through connections that cannot write.
    pub readers: Pool,
    /// A replica, which may lag, for public lists and reports.
    pub replica: Option<Arc<Replica>>,
    pub runtime: tokio::runtime::Handle,
    pub limits: Limits,
    pub check: DatabaseCheck,
    /// One for each connection that searches and reports may hold at once.
    pub report_permits: Arc<Semaphore>,
    /// The longest that a caller waits for a call: DB_POOL_TIMEOUT and DB_STATEMENT_TIMEOUT together.
    pub call_timeout: Duration,
    pub ranking: Ranking,
    /// For estimates of how frequent a term is.
    pub samples: Arc<TermSampleCache>,
    pub caches: Arc<Caches>,
}

impl Db {
    /// Reads what was committed last.
    pub async fn read<A, T>(&self, args: A, query: Read<A, T>) -> Result<T>
    where
        A: Clone + Send + 'static,
        T: Send + 'static,
    {
        let again = args.clone();
        let found = async {
            match self.run(&self.readers, move |conn| query(conn, args)).await {
                Err(error) if error.may_be_overcome_elsewhere() => {
                    self.run(&self.readers, move |conn| query(conn, again)).await
                }
                result => result,
            }
        };
        // A statement of SQLite may run on for a while; its caller does not wait for it.
        match tokio::time::timeout(self.call_timeout, found).await {
            Ok(result) => result.map_err(Error::from),
            Err(_) => Err(Error::unavailable(
                "the database did not answer within DB_POOL_TIMEOUT and DB_STATEMENT_TIMEOUT",
            )),
        }
    }

    /// Reads what was committed last, in a batch: see [`Db::run_in_batch`].
    pub async fn read_in_batch<A, T>(&self, args: A, query: Read<A, T>) -> Result<T>
    where
        A: Clone + Send + 'static,
        T: Send + 'static,
    {
        let again = args.clone();
        match self.run_in_batch(&self.readers, move |conn| query(conn, args)).await {
            Err(error) if error.may_be_overcome_elsewhere() => {
                Ok(self.run_in_batch(&self.readers, move |conn| query(conn, again)).await?)
            }
            result => Ok(result?),
        }
    }

    /// Reads what may lag: from the replica where there is one, from the primary when it does not answer.
    pub async fn read_from_replica<A, T>(&self, args: A, query: Read<A, T>) -> Result<T>
    where
        A: Clone + Send + 'static,
        T: Send + 'static,
    {
        let first = args.clone();
        match self.ask_replica(false, move |conn| query(conn, first)).await {
            Some(answer) => Ok(answer?),
            None => self.read(args, query).await,
        }
    }

    /// Executes `work` and stores `options` in one transaction, and invalidates once it has ended. A transaction that
    /// conflicts with another one is tried again, [`MAX_ATTEMPTS`] times in all.
    pub async fn write<T, F>(
        &self,
        invalidation: Invalidation,
        options: WriteOptions<T>,
        work: F,
    ) -> Result<WriteOutcome<T>>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, DbResult<T>> + Clone + Send + 'static,
    {
        let began = Instant::now();
        let mut attempt = 1;
        loop {
            let (options, work) = (options.clone(), work.clone());
            self.check.in_place()?;
            // Part of the task, which goes on when the caller is dropped.
            let invalidates = self.invalidate_on_drop(invalidation.clone());
            let task = self.run(&self.writers, move |conn| {
                boxed(async move {
                    let _invalidates = invalidates;
                    transaction(conn, options, work).await
                })
            });
            let ended = task.await;
            self.check.note_write(&ended);
            match ended {
                Err(error)
                    if error.is_transient()
                        && attempt < MAX_ATTEMPTS
                        && began.elapsed() < self.call_timeout * 3 / 4 =>
                {
                    metrics::counter!(RETRIES).increment(1);
                    tracing::debug!(?error, attempt, "a transaction is tried again");
                    tokio::time::sleep(backoff(attempt)).await;
                    attempt += 1;
                }
                result => {
                    let written = result?;
                    // A commit to a file that is missing by now must not be acknowledged.
                    self.check.in_place()?;
                    return Ok(written);
                }
            }
        }
    }

    /// A write without an idempotency record and an audit entry.
    pub async fn write_plain<T, F>(&self, invalidation: Invalidation, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, DbResult<T>> + Clone + Send + 'static,
    {
        self.write(invalidation, WriteOptions::default(), work).await?.executed()
    }

    /// A write with an entry in the audit log.
    pub async fn write_audited<T, F>(
        &self,
        invalidation: Invalidation,
        audit: AuditEntry,
        work: F,
    ) -> Result<T>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, DbResult<T>> + Clone + Send + 'static,
    {
        self.write(invalidation, WriteOptions::audit(audit), work).await?.executed()
    }

    /// Invalidates when the result is dropped.
    pub fn invalidate_on_drop(&self, invalidation: Invalidation) -> impl Drop + Send + use<> {
        let caches = Arc::clone(&self.caches);
        guard((), move |()| caches.invalidate(&invalidation))
    }

    /// Runs work for the CPU on a thread that serves neither requests nor connections.
    pub async fn compute<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        self.runtime.spawn_blocking(work).await.map_err(Error::internal)
    }

    /// Runs `work` on a connection of `pool`, in a task that goes on when its caller is dropped.
    pub async fn run<T, F>(&self, pool: &Pool, work: F) -> DbResult<T>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, DbResult<T>> + Send + 'static,
    {
        self.run_with(pool, None, self.limits, work).await
    }

    /// The same within other limits, and with one of `permits` for as long as it holds its connection.
    pub async fn run_with<T, F>(
        &self,
        pool: &Pool,
        permits: Option<Arc<Semaphore>>,
        limits: Limits,
        work: F,
    ) -> DbResult<T>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, DbResult<T>> + Send + 'static,
    {
        typed(self.spawn(pool.clone(), permits, limits, untyped(work)).await?)
    }

    /// The same for a [`Batcher`](crate::batcher::Batcher), within its task: no request drops that.
    pub async fn run_in_batch<T, F>(&self, pool: &Pool, work: F) -> DbResult<T>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, DbResult<T>> + Send + 'static,
    {
        let (conn, _) = checkout(pool, None).await?;
        typed(on_connection(pool, conn, self.limits, untyped(work)).await?)
    }

    async fn spawn(
        &self,
        pool: Pool,
        permits: Option<Arc<Semaphore>>,
        limits: Limits,
        work: Work,
    ) -> DbResult<WorkResult> {
        let (mut answer, answered) = oneshot::channel();
        let span = tracing::info_span!(target: "myashes::trace", "database", otel.kind = "client");
        let task = async move {
            let conn = tokio::select! {
                conn = checkout(&pool, permits) => conn,
                // The caller was dropped before the work has begun: the connection goes to other callers.
                () = answer.closed() => return,
            };
            let result = match conn {
                Ok((conn, permit)) => {
                    let result = on_connection(&pool, conn, limits, work).await;
                    drop(permit);
                    result
                }
                Err(error) => Err(error),
            };
            drop(answer.send(result));
        };
        self.runtime.spawn(task.instrument(span));
        match answered.await {
            Ok(result) => result,
            Err(_) => Err(Error::internal("a database task ended early").into()),
        }
    }
}

fn untyped<T, F>(work: F) -> Work
where
    T: Send + 'static,
    F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, DbResult<T>> + Send + 'static,
{
    Box::new(move |conn| {
        Box::pin(async move { work(conn).await.map(|result| Box::new(result) as WorkResult) })
    })
}

fn typed<T: 'static>(result: WorkResult) -> DbResult<T> {
    let result = result.downcast().map_err(|_| Error::internal("a result has another type"))?;
    Ok(*result)
}

/// The body of a write transaction: looks up the idempotency record, executes the work, then stores the options.
pub async fn run_in_transaction<T, F>(
    conn: &mut Conn,
    options: WriteOptions<T>,
    work: F,
) -> DbResult<WriteOutcome<T>>
where
    F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, DbResult<T>>,
{
    if let Some(record) = &options.idempotency
        && let Some(answer) = idempotency::open(conn, &record.key).await?
    {
        return Ok(WriteOutcome::Replayed(answer));
    }
    let value = work(conn).await?;
    if let Some(entry) = &options.audit {
        moderation::log(conn, entry).await?;
    }
    if let Some(record) = &options.idempotency {
        idempotency::keep(conn, &record.key, &(record.render)(&value)).await?;
    }
    Ok(WriteOutcome::Executed(value))
}

/// Runs `work` on a connection, which goes back to its pool only if it may serve again.
async fn on_connection(
    pool: &Pool,
    conn: PooledConnection,
    limits: Limits,
    work: Work,
) -> DbResult<WorkResult> {
    // Dropped during its work, as by a panic, it is in an unknown state: it is closed unless it goes back to the pool.
    let mut conn = guard(conn, |conn| drop(Object::take(conn)));
    let within = async { work(conn.within(limits.statement).await?).await };
    match bound(limits.call, Box::pin(within)).await {
        Some(Err(error)) if error.must_discard_connection() => {
            drop(conn);
            // The cause has most likely ended the pool's other connections, too: the next attempt gets a new one.
            pool.retain(|_, _| false);
            Err(error)
        }
        // The next attempt gets another connection.
        Some(Err(error)) if error.spoils() => {
            drop(conn);
            Err(error)
        }
        Some(result) => {
            drop(ScopeGuard::into_inner(conn));
            result
        }
        None => Err(Error::unavailable("the database did not answer within DB_STATEMENT_TIMEOUT").into()),
    }
}

/// A connection, within DB_POOL_TIMEOUT for all that it takes: the pool's own limits hold for the wait, the
/// check and the making each.
async fn checkout(
    pool: &Pool,
    permits: Option<Arc<Semaphore>>,
) -> DbResult<(PooledConnection, Option<OwnedSemaphorePermit>)> {
    let late = || Error::unavailable("no database connection was free within DB_POOL_TIMEOUT");
    let timeout = pool.timeouts().wait.unwrap_or(Duration::MAX);
    let waited = tokio::time::timeout(timeout, async {
        let permit = match permits {
            // It is never closed.
            Some(permits) => permits.acquire_owned().await.ok(),
            None => None,
        };
        let began = Instant::now();
        let conn = pool.get().await;
        metrics::histogram!("db_pool_wait_seconds").record(began.elapsed());
        Ok::<_, PoolError<diesel::ConnectionError>>((conn?, permit))
    })
    .await;
    match waited {
        Ok(Ok(checked_out)) => Ok(checked_out),
        Ok(Err(PoolError::Timeout(_))) | Err(_) => Err(late().into()),
        Ok(Err(PoolError::Backend(error))) => {
            Err(Error::unavailable(format!("no database connection: {error}")).into())
        }
        Ok(Err(other)) => Err(Error::unavailable(format!("no database connection: {other}")).into()),
    }
}

/// Declares to the compiler that a closure takes a connection of any lifetime, where it is not passed on at once.
pub fn job<T, F>(work: F) -> F
where
    F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, DbResult<T>> + Clone + Send + 'static,
{
    work
}

/// Lets repositories write `boxed(async move { … })` where a query is asked for.
pub fn boxed<'c, T, F>(future: F) -> BoxFuture<'c, DbResult<T>>
where
    F: Future<Output = DbResult<T>> + Send + 'c,
{
    Box::pin(future)
}
