//! Answers kept for a moment. Who asks while an answer is being found waits for that one.
//!
//! An answer is kept for a second at most, and let go of by each write. In a memo of reports, one that took
//! long to find is given again while it is found anew behind the scenes, one after the other, which may take a
//! hundredth of the time each: so a report over millions of rows is as quick as one over ten, and as fresh as its
//! cost allows. A memo of requests in flight keeps nothing: equal requests at the same time are carried out once.

use std::future::Future;
use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use moka::future::Cache;
use myashes_domain::{Error, Result};
use scopeguard::guard;

/// The longest a quick answer is given again.
const LIFETIME: Duration = Duration::from_secs(1);

/// An answer that took longer to find is given again while it is found anew.
const QUICK: Duration = Duration::from_millis(10);

/// The share of the time that finding one answer anew may take.
const SHARE: u32 = 100;

/// The longest a costly answer is given again, when nobody has asked for it meanwhile.
const OLDEST: Duration = Duration::from_secs(60);

/// The most answers kept.
const MOST: u64 = 2_000;

/// See the module. An answer that was begun before [`SwrCache::forget`] is never taken for one of after it: the
/// generation is part of the key.
pub struct SwrCache<K, V> {
    quick: Cache<(u64, K), V>,
    /// Only of reports.
    costly: Option<Cache<K, Arc<Costly<V>>>>,
    generation: AtomicU64,
    /// An answer is being found anew. One at a time, since those who wait for theirs come first.
    renewing: Arc<AtomicBool>,
}

struct Costly<V> {
    answer: V,
    generation: u64,
    found: Instant,
    cost: Duration,
}

impl<K, V> SwrCache<K, V>
where
    K: Clone + Hash + Eq + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    pub fn new() -> Self {
        Self::kept_for(LIFETIME)
    }

    /// For answers that may be of this age.
    pub fn kept_for(lifetime: Duration) -> Self {
        let quick = Cache::builder().max_capacity(MOST).time_to_live(lifetime).build();
        Self { quick, costly: None, generation: AtomicU64::new(0), renewing: Arc::default() }
    }

    /// For requests whose answers are given to those who wait for them, and to nobody else.
    pub fn in_flight() -> Self {
        Self { quick: Cache::builder().max_capacity(0).build(), ..Self::new() }
    }

    /// For answers that may be as old as it takes to find them now and then.
    pub fn of_reports() -> Self {
        let costly = Cache::builder().max_capacity(MOST).time_to_live(OLDEST).build();
        Self { costly: Some(costly), ..Self::new() }
    }

    /// The answer to `key`, found by `find` unless it is known.
    pub async fn get<F>(&self, key: K, find: F) -> Result<V>
    where
        F: Future<Output = Result<V>> + Send + 'static,
    {
        let generation = self.generation.load(Ordering::Acquire);
        if let Some(costly) = &self.costly
            && let Some(known) = costly.get(&key).await
        {
            let age = known.found.elapsed();
            let outdated = known.generation != generation || age >= LIFETIME;
            if outdated && age >= known.cost * SHARE && !self.renewing.swap(true, Ordering::AcqRel) {
                let turn = guard(Arc::clone(&self.renewing), |it| it.store(false, Ordering::Release));
                let costly = Some(costly.clone());
                tokio::spawn(async move {
                    let _turn = turn;
                    // What cannot be found now is looked for again by whoever asks next.
                    keep(costly.as_ref(), key, generation, find).await.ok();
                });
            }
            return Ok(known.answer.clone());
        }
        let found = keep(self.costly.as_ref(), key.clone(), generation, find);
        let answer = self.quick.try_get_with((generation, key), found).await;
        answer.map_err(|error: Arc<Error>| (*error).clone())
    }

    /// Lets go of every quick answer, because something was written, and has the costly ones found anew when
    /// they are next asked for.
    pub fn forget(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
    }
}

/// Finds an answer, and keeps it for long if it was costly.
async fn keep<K, V>(
    costly: Option<&Cache<K, Arc<Costly<V>>>>,
    key: K,
    generation: u64,
    find: impl Future<Output = Result<V>>,
) -> Result<V>
where
    K: Hash + Eq + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    let began = Instant::now();
    let answer = find.await?;
    let Some(costly) = costly else { return Ok(answer) };
    let (found, cost) = (Instant::now(), began.elapsed());
    if cost < QUICK {
        costly.invalidate(&key).await;
    } else {
        let known = Costly { answer: answer.clone(), generation, found, cost };
        costly.insert(key, Arc::new(known)).await;
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_answer_is_given_again_until_it_is_forgotten() {
        let memo = SwrCache::new();
        assert_eq!(memo.get("k", async { Ok(1) }).await.unwrap(), 1);
        assert_eq!(memo.get("k", async { Ok(2) }).await.unwrap(), 1);
        memo.forget();
        assert_eq!(memo.get("k", async { Ok(2) }).await.unwrap(), 2);
    }

    #[tokio::test]
    async fn an_answer_begun_before_a_write_is_not_given_after_it() {
        let memo = Arc::new(SwrCache::new());
        let (go, wait) = tokio::sync::oneshot::channel::<()>();
        let (begun, has_begun) = tokio::sync::oneshot::channel::<()>();
        let early = tokio::spawn({
            let memo = Arc::clone(&memo);
            async move {
                let find = async {
                    begun.send(()).unwrap();
                    wait.await.unwrap();
                    Ok("before")
                };
                memo.get("k", find).await
            }
        });
        has_begun.await.unwrap();
        memo.forget();
        assert_eq!(memo.get("k", async { Ok("after") }).await.unwrap(), "after");
        go.send(()).unwrap();
        assert_eq!(early.await.unwrap().unwrap(), "before");
        assert_eq!(memo.get("k", async { Ok("never asked") }).await.unwrap(), "after");
    }

    #[tokio::test]
    async fn requests_in_flight_are_carried_out_once_and_not_kept() {
        let memo = SwrCache::in_flight();
        let (go, wait) = tokio::sync::oneshot::channel::<()>();
        let first = memo.get("k", async {
            wait.await.unwrap();
            Ok(1)
        });
        let second = memo.get("k", async { Ok(2) });
        let (first, second, ()) = tokio::join!(first, second, async { go.send(()).unwrap() });
        assert_eq!((first.unwrap(), second.unwrap()), (1, 1));
        assert_eq!(memo.get("k", async { Ok(3) }).await.unwrap(), 3);
        assert_eq!(memo.get("k", async { Ok(4) }).await.unwrap(), 4);
    }

    #[tokio::test]
    async fn failures_are_not_kept() {
        let memo: SwrCache<&str, u8> = SwrCache::new();
        assert!(memo.get("k", async { Err(Error::NotFound) }).await.is_err());
        assert_eq!(memo.get("k", async { Ok(1) }).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn a_costly_report_is_given_again_until_it_was_found_anew() {
        let memo: SwrCache<&str, &str> = SwrCache::of_reports();
        let known = Costly { answer: "first", generation: 0, found: Instant::now(), cost: Duration::ZERO };
        memo.costly.as_ref().unwrap().insert("k", Arc::new(known)).await;
        let nothing = || async { panic!("nothing has changed, so nothing is found anew") };
        assert_eq!(memo.get("k", nothing()).await.unwrap(), "first");
        memo.forget();
        let (go, wait) = tokio::sync::oneshot::channel::<()>();
        let (begun, has_begun) = tokio::sync::oneshot::channel::<()>();
        let anew = async {
            begun.send(()).unwrap();
            wait.await.unwrap();
            Ok("second")
        };
        assert_eq!(memo.get("k", anew).await.unwrap(), "first", "who asks does not wait for it");
        has_begun.await.unwrap();
        let another = || async { panic!("one at a time") };
        assert_eq!(memo.get("k", another()).await.unwrap(), "first", "and nobody else finds it meanwhile");
        go.send(()).unwrap();
        while memo.get("k", async { Ok("second") }).await.unwrap() == "first" {
            tokio::task::yield_now().await;
        }
    }
}
