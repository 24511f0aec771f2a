//! Collects concurrent requests into batches, each one round trip. Requests that arrive while a batch runs form the
//! next one; a single request is sent at once as a batch of one.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use myashes_domain::{Error, Result};
use tokio::sync::{mpsc, oneshot};

/// Length of the queue. Further requests are refused, which bounds the memory of an overload.
const WAITING: usize = 4096;

/// Most requests in one batch.
const LARGEST: usize = 256;

/// Carries out a batch and answers each of its requests, in their order.
type CarryOut<Q, A> = Arc<dyn Fn(Vec<Q>, Turn) -> BoxFuture<'static, Result<Vec<Result<A>>>> + Send + Sync>;

/// While a batch holds it, no other lane collects. A batch whose successor would only wait for its locks drops it before it
/// commits: what comes until then goes together, and reaches the lock when it is free.
#[derive(Default)]
pub struct Turn(#[expect(dead_code, reason = "held until it is dropped")] Option<Box<dyn Send>>);

type Waiting<Q, A> = (Q, oneshot::Sender<Result<A>>);

/// Collects requests of one kind. Clones share the queue.
pub struct Batcher<Q, A> {
    queue: mpsc::Sender<Waiting<Q, A>>,
    timeout: Duration,
}

impl<Q, A> Clone for Batcher<Q, A> {
    fn clone(&self) -> Self {
        Self { queue: self.queue.clone(), timeout: self.timeout }
    }
}

impl<Q, A> Batcher<Q, A>
where
    Q: Clone + Send + 'static,
    A: Send + 'static,
{
    /// Starts `lanes` tasks on the runtime that carry out batches side by side. They end with the last clone,
    /// after the queue is empty. No request waits longer than `timeout`, including the batches before its own.
    pub fn start<F, R>(
        runtime: &tokio::runtime::Handle,
        lanes: usize,
        timeout: Duration,
        execute_batch: F,
    ) -> Self
    where
        F: Fn(Vec<Q>, Turn) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Vec<Result<A>>>> + Send + 'static,
    {
        let (queue, waiting) = mpsc::channel(WAITING);
        let waiting = Arc::new(tokio::sync::Mutex::new(waiting));
        let execute_batch: CarryOut<Q, A> = Arc::new(move |batch, turn| Box::pin(execute_batch(batch, turn)));
        for _ in 0..lanes {
            runtime.spawn(worker(Arc::clone(&waiting), Arc::clone(&execute_batch)));
        }
        Self { queue, timeout }
    }

    /// The answer to one request, once its batch is done.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when too many are waiting or it takes too long, besides those of the request
    /// itself. What took too long is not carried out, unless it was under way already.
    pub async fn submit(&self, request: Q) -> Result<A> {
        let (answer, answered) = oneshot::channel();
        self.queue
            .try_send((request, answer))
            .map_err(|_| Error::unavailable("too many requests are waiting for the database"))?;
        match tokio::time::timeout(self.timeout, answered).await {
            Ok(answer) => answer.map_err(|_| Error::unavailable("the batch was broken off"))?,
            Err(_) => Err(Error::unavailable("the database did not answer in time")),
        }
    }
}

async fn worker<Q, A>(
    waiting: Arc<tokio::sync::Mutex<mpsc::Receiver<Waiting<Q, A>>>>,
    execute_batch: CarryOut<Q, A>,
) where
    Q: Clone + Send + 'static,
    A: Send + 'static,
{
    loop {
        let mut batch = Vec::new();
        let mut collecting = Arc::clone(&waiting).lock_owned().await;
        if collecting.recv_many(&mut batch, LARGEST).await == 0 {
            return;
        }
        let turn = Turn(Some(Box::new(collecting)));
        // Requests whose caller has disconnected or timed out are skipped.
        batch.retain(|(_, answer)| !answer.is_closed());
        if batch.is_empty() {
            continue;
        }
        let (requests, answers): (Vec<Q>, Vec<_>) = batch.into_iter().unzip();
        let results = match carry_out(requests.clone(), turn, &execute_batch).await {
            Ok(results) => results,
            // One request that the database refuses must not fail the others of its batch.
            Err(Error::Internal(_)) if requests.len() > 1 => one_by_one(requests, &execute_batch).await,
            Err(error) => requests.iter().map(|_| Err(error.clone())).collect(),
        };
        for (answer, result) in answers.into_iter().zip(results) {
            // The receiver may have been dropped.
            drop(answer.send(result));
        }
    }
}

/// A batch that panics is answered, and its lane goes on.
async fn carry_out<Q, A>(
    requests: Vec<Q>,
    turn: Turn,
    execute_batch: &CarryOut<Q, A>,
) -> Result<Vec<Result<A>>> {
    let batch = AssertUnwindSafe(execute_batch(requests, turn)).catch_unwind();
    batch.await.unwrap_or_else(|_| Err(Error::internal("a batch ended early")))
}

async fn one_by_one<Q, A>(requests: Vec<Q>, execute_batch: &CarryOut<Q, A>) -> Vec<Result<A>> {
    let mut results = Vec::with_capacity(requests.len());
    for request in requests {
        let alone = carry_out(vec![request], Turn::default(), execute_batch).await;
        let result = alone.and_then(|mut answers| {
            answers.pop().unwrap_or_else(|| Err(Error::internal("a batch of one was not answered")))
        });
        results.push(result);
    }
    results
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use tokio::sync::Semaphore;

    use super::*;

    const TIMEOUT: Duration = Duration::from_secs(600);

    #[tokio::test]
    async fn what_comes_while_a_batch_is_under_way_goes_together() {
        let sizes = Arc::new(Mutex::new(vec![]));
        let gate = Arc::new(Semaphore::new(0));
        let (seen, open) = (Arc::clone(&sizes), Arc::clone(&gate));
        let batcher =
            Batcher::start(&tokio::runtime::Handle::current(), 1, TIMEOUT, move |batch: Vec<u32>, _| {
                seen.lock().unwrap().push(batch.len());
                let open = Arc::clone(&open);
                async move {
                    open.acquire().await.unwrap().forget();
                    Ok(batch.into_iter().map(|n| Ok(n * 2)).collect())
                }
            });
        let first = tokio::spawn({
            let batcher = batcher.clone();
            async move { batcher.submit(1).await }
        });
        while sizes.lock().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
        let mut rest = tokio::task::JoinSet::new();
        for n in 2..12 {
            let batcher = batcher.clone();
            rest.spawn(async move { batcher.submit(n).await.unwrap() });
        }
        tokio::task::yield_now().await;
        gate.add_permits(2);
        assert_eq!(first.await.unwrap().unwrap(), 2);
        let mut answers = rest.join_all().await;
        answers.sort_unstable();
        assert_eq!(answers, (2..12).map(|n| n * 2).collect::<Vec<_>>());
        assert_eq!(*sizes.lock().unwrap(), [1, 10]);
    }

    #[tokio::test]
    async fn what_comes_until_a_turn_ends_goes_together() {
        let (started, mut batches) = mpsc::unbounded_channel();
        let batcher = Batcher::start(&tokio::runtime::Handle::current(), 2, TIMEOUT, move |batch, turn| {
            let started = started.clone();
            async move {
                let answers = batch.iter().copied().map(Ok).collect();
                let (end, ended) = oneshot::channel::<()>();
                started.send((batch, turn, end)).unwrap();
                assert!(ended.await.is_err());
                Ok(answers)
            }
        });
        let submit = |numbers: std::ops::Range<u32>| {
            let batcher = batcher.clone();
            tokio::spawn(async move {
                futures_util::future::try_join_all(numbers.map(|n| batcher.submit(n))).await
            })
        };
        let mut answers = vec![submit(1..2)];
        let (first, turn, end) = batches.recv().await.unwrap();
        assert_eq!(first, [1]);
        for n in 2..5 {
            answers.push(submit(n..n + 1));
            tokio::task::yield_now().await;
        }
        assert!(batches.try_recv().is_err(), "the other lane collects during the turn of the first");
        drop(turn);
        let (second, _, _) = batches.recv().await.unwrap();
        assert_eq!(second, [2, 3, 4], "the first batch has not ended yet");
        drop(end);
        for answer in answers {
            answer.await.unwrap().unwrap();
        }
    }

    #[tokio::test]
    async fn one_bad_request_fails_alone() {
        let batcher =
            Batcher::start(&tokio::runtime::Handle::current(), 1, TIMEOUT, |batch: Vec<u32>, _| async move {
                if batch.contains(&13) {
                    Err(Error::internal("13"))
                } else {
                    Ok(batch.into_iter().map(Ok).collect())
                }
            });
        let mut tasks = tokio::task::JoinSet::new();
        for n in 10..16 {
            let batcher = batcher.clone();
            tasks.spawn(async move { (n, batcher.submit(n).await.is_ok()) });
        }
        for (n, well) in tasks.join_all().await {
            assert_eq!(well, n != 13, "{n}");
        }
    }

    #[tokio::test]
    async fn a_panic_fails_its_request_alone() {
        let batcher =
            Batcher::start(&tokio::runtime::Handle::current(), 1, TIMEOUT, |batch: Vec<u32>, _| async move {
                assert!(!batch.contains(&13), "13");
                Ok(batch.into_iter().map(Ok).collect())
            });
        for n in [12, 13, 14] {
            assert_eq!(batcher.submit(n).await.is_ok(), n != 13, "{n}");
        }
        let requests = (10..16).map(|n| batcher.submit(n));
        let answers = futures_util::future::join_all(requests).await;
        assert_eq!(
            answers.iter().map(Result::is_ok).collect::<Vec<_>>(),
            [true, true, true, false, true, true]
        );
    }

    #[tokio::test]
    async fn a_full_queue_is_refused_at_once() {
        let batcher = Batcher::start(&tokio::runtime::Handle::current(), 1, TIMEOUT, |_: Vec<usize>, _| {
            std::future::pending::<Result<Vec<Result<usize>>>>()
        });
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..WAITING + LARGEST + 2 {
            let batcher = batcher.clone();
            tasks.spawn(async move { batcher.submit(n).await });
        }
        let refused = tasks.join_next().await.unwrap().unwrap();
        assert!(matches!(refused, Err(Error::Unavailable(_))));
    }
}
