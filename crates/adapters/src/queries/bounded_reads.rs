//! Reads that callers can make expensive: searches and reports. They leave connections to all other work, and each of
//! their statements ends early.

use std::sync::Arc;
use std::time::Duration;

use myashes_domain::{Error, Result};
use tokio::sync::Semaphore;

use super::db::{Db, Limits, Read};
use super::pool::Pool;
use crate::sql::error::DbResult;

/// Longest run of one statement of a search or a report, if DB_STATEMENT_TIMEOUT is not shorter.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(1);

/// Longest run of one statement for which no request waits.
const BACKGROUND_TIMEOUT: Duration = Duration::from_secs(60);

/// For searches and reports: half of so many connections, at least one.
pub fn report_permits(connections: usize) -> Arc<Semaphore> {
    Arc::new(Semaphore::new((connections / 2).max(1)))
}

impl Db {
    /// A search or a report, which may lag: from the replica, where there is one that answers.
    pub async fn read_report<A, T>(&self, args: A, query: Read<A, T>) -> Result<T>
    where
        A: Clone + Send + 'static,
        T: Send + 'static,
    {
        let of_replica = args.clone();
        if let Some(answer) = self.ask_replica(true, move |conn| query(conn, of_replica)).await {
            return Ok(answer?);
        }
        self.read_report_from_primary(args, query).await
    }

    /// A search or a report of what was committed last.
    pub async fn read_report_from_primary<A, T>(&self, args: A, query: Read<A, T>) -> Result<T>
    where
        A: Clone + Send + 'static,
        T: Send + 'static,
    {
        let timeout = STATEMENT_TIMEOUT.min(self.limits.statement);
        let found = async {
            match self.run_bounded(&self.readers, timeout, args.clone(), query).await {
                Err(error) if error.may_be_overcome_elsewhere() => {
                    self.run_bounded(&self.readers, timeout, args, query).await
                }
                result => result,
            }
        };
        match tokio::time::timeout(self.call_timeout, found).await {
            Ok(result) => Ok(result?),
            Err(_) => Err(Error::unavailable("a search or a report did not end in time")),
        }
    }

    /// A report for which no request waits: it is bounded as others are, and takes its time.
    pub async fn read_in_background<A, T>(&self, args: A, query: Read<A, T>) -> Result<T>
    where
        A: Clone + Send + 'static,
        T: Send + 'static,
    {
        let replica = self.replica.as_ref().filter(|replica| !replica.breaker.is_open());
        let pool = replica.map_or(&self.readers, |replica| &replica.pool);
        Ok(self.run_bounded(pool, BACKGROUND_TIMEOUT, args, query).await?)
    }

    async fn run_bounded<A, T>(
        &self,
        pool: &Pool,
        timeout: Duration,
        args: A,
        query: Read<A, T>,
    ) -> DbResult<T>
    where
        A: Send + 'static,
        T: Send + 'static,
    {
        let limits = Limits { statement: timeout, call: self.limits.call.max(timeout) };
        let permits = Some(Arc::clone(&self.report_permits));
        self.run_with(pool, permits, limits, move |conn| query(conn, args)).await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::BoxFuture;
    use tokio::sync::Notify;
    use tokio::task::JoinSet;

    use super::super::db::boxed;
    use super::super::{Conn, KIND, connect};
    use super::*;
    use crate::storage::StorageOptions;

    #[derive(Clone, Default)]
    struct Gate {
        begun: Arc<AtomicUsize>,
        open: Arc<Notify>,
    }

    fn wait_for_gate(_: &mut Conn, gate: Gate) -> BoxFuture<'_, DbResult<()>> {
        boxed(async move {
            let opened = gate.open.notified();
            gate.begun.fetch_add(1, Ordering::SeqCst);
            opened.await;
            Ok(())
        })
    }

    fn nothing(_: &mut Conn, (): ()) -> BoxFuture<'_, DbResult<()>> {
        boxed(async { Ok(()) })
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn reports_hold_at_most_half_of_the_connections() {
        let Some(database) = myashes_testkit::TestDatabase::new(KIND).await else { return };
        let options = StorageOptions { pool_size: 4, ..StorageOptions::of_test(&database.url) };
        let db = connect(&options).unwrap();
        let gate = Gate::default();
        let mut reports = JoinSet::new();
        for _ in 0..6 {
            let (db, gate) = (db.clone(), gate.clone());
            reports.spawn(async move { db.read_report(gate, wait_for_gate).await });
        }
        while gate.begun.load(Ordering::SeqCst) < 2 {
            tokio::task::yield_now().await;
        }
        // Each of these would let another report begin, if there was a place for it.
        for _ in 0..20 {
            db.read((), nothing).await.unwrap();
        }
        assert_eq!(gate.begun.load(Ordering::SeqCst), 2);
        assert_eq!(db.readers.status().max_size, 4);
        while !reports.is_empty() {
            gate.open.notify_one();
            while let Some(ended) = reports.try_join_next() {
                ended.unwrap().unwrap();
            }
            tokio::task::yield_now().await;
        }
        assert_eq!(gate.begun.load(Ordering::SeqCst), 6);
    }
}
