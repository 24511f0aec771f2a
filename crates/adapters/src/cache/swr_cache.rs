//! A short-lived cache with single-flight and stale-while-revalidate. Equal requests at the same time share one
//! computation.
//!
//! An answer is cached for the lifetime of its cache, unless a write invalidates it. In a cache of reports, an answer
//! that was slow to compute is returned stale while it is computed anew in the background. Such answers are renewed one
//! after the other, and each may spend a hundredth of the time on it: so a report over millions of rows is returned as
//! quickly as one over ten, and is as fresh as its cost allows.

use std::any::Any;
use std::future::Future;
use std::hash::Hash;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use moka::future::Cache;
use myashes_domain::{Error, Result};
use scopeguard::guard;

use super::any_key::AnyKey;

/// An answer that took longer to compute counts as slow: it is returned stale while it is computed anew.
const QUICK: Duration = Duration::from_millis(10);

/// An answer is computed anew at most after this multiple of the time that its computation takes.
const SHARE: u32 = 100;

/// How long a slow answer is cached when it is not requested meanwhile.
const OLDEST: Duration = Duration::from_secs(60);

/// The most answers in a store.
const MAX_ENTRIES: u64 = 4_000;

/// An answer of any type: see [`super::any_key`].
type Answer = Arc<dyn Any + Send + Sync>;

/// Where caches of one lifetime keep their answers. They share it, since each store takes memory while it is empty.
#[derive(Clone)]
pub struct AnswerStore {
    /// By cache, generation and key.
    quick: Cache<AnyKey, Answer>,
    lifetime: Duration,
}

impl AnswerStore {
    /// For answers that may be this old. With a lifetime of zero they are shared by the requests that wait for them,
    /// and not cached.
    pub fn new(lifetime: Duration) -> Self {
        let capacity = if lifetime.is_zero() { 0 } else { MAX_ENTRIES };
        Self { quick: Cache::builder().max_capacity(capacity).time_to_live(lifetime).build(), lifetime }
    }
}

/// Where caches of reports keep slow answers, by cache and key.
#[derive(Clone)]
pub struct SlowAnswerStore(Cache<AnyKey, Arc<SlowAnswer>>);

impl SlowAnswerStore {
    pub fn new() -> Self {
        Self(Cache::builder().max_capacity(MAX_ENTRIES).time_to_live(OLDEST).build())
    }
}

/// A single-flight cache. A computation that began before [`SwrCache::invalidate`] is never shared with requests after
/// it: the generation is part of the key.
pub struct SwrCache<K, V> {
    answers: Answers,
    types: PhantomData<fn(K) -> V>,
}

/// What is the same for all types of keys and answers.
struct Answers {
    /// The number of the cache, by which its keys differ from those of others in the same store.
    number: usize,
    store: AnswerStore,
    /// Only of reports.
    slow: Option<SlowAnswerStore>,
    generation: AtomicU64,
    /// Whether a slow answer is being computed anew. One at a time, since requests that wait take precedence.
    renewing: Arc<AtomicBool>,
}

struct SlowAnswer {
    answer: Answer,
    generation: u64,
    found: Instant,
    cost: Duration,
}

impl<K, V> SwrCache<K, V>
where
    K: Clone + Hash + Eq + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// For answers as old as `store` keeps them.
    pub fn new(store: &AnswerStore) -> Self {
        Self { answers: Answers::new(store.clone(), None), types: PhantomData }
    }

    /// For answers that may be stale when they are slow to compute.
    pub fn of_reports(store: &AnswerStore, slow: &SlowAnswerStore) -> Self {
        let slow = (!store.lifetime.is_zero()).then(|| slow.clone());
        Self { answers: Answers::new(store.clone(), slow), types: PhantomData }
    }

    /// The answer to `key`, computed by `find` unless it is cached.
    pub async fn get<F>(&self, key: K, find: F) -> Result<V>
    where
        F: Future<Output = Result<V>> + Send + 'static,
    {
        let find = Box::pin(async move { find.await.map(|answer| Arc::new(answer) as Answer) });
        let generation = self.answers.generation.load(Ordering::Acquire);
        let number = self.answers.number;
        let of_generation = AnyKey::new((number, generation, key.clone()));
        let answer = self.answers.get(AnyKey::new((number, key)), of_generation, generation, find).await?;
        answer.downcast_ref().cloned().ok_or_else(|| Error::internal("a cached answer has another type"))
    }

    /// Invalidates every quick answer after a write, and marks the slow ones as outdated, so that the next request
    /// has them computed anew.
    pub fn invalidate(&self) {
        self.answers.generation.fetch_add(1, Ordering::AcqRel);
    }
}

impl Answers {
    fn new(store: AnswerStore, slow: Option<SlowAnswerStore>) -> Self {
        static NUMBERS: AtomicUsize = AtomicUsize::new(0);
        Self {
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
            store,
            slow,
            generation: AtomicU64::new(0),
            renewing: Arc::default(),
        }
    }

    async fn get(
        &self,
        key: AnyKey,
        of_generation: AnyKey,
        generation: u64,
        find: BoxFuture<'static, Result<Answer>>,
    ) -> Result<Answer> {
        if let Some(slow) = &self.slow
            && let Some(known) = slow.0.get(&key).await
        {
            let age = known.found.elapsed();
            let outdated = known.generation != generation || age >= self.store.lifetime;
            if outdated && age >= known.cost * SHARE && !self.renewing.swap(true, Ordering::AcqRel) {
                let turn = guard(Arc::clone(&self.renewing), |it| it.store(false, Ordering::Release));
                let slow = Some(slow.clone());
                tokio::spawn(async move {
                    let _turn = turn;
                    // A failed computation is repeated by the next request.
                    compute(slow.as_ref(), key, generation, find).await.ok();
                });
            }
            return Ok(Arc::clone(&known.answer));
        }
        let found = compute(self.slow.as_ref(), key, generation, find);
        let answer = self.store.quick.try_get_with(of_generation, found).await;
        answer.map_err(|error: Arc<Error>| (*error).clone())
    }
}

/// Computes an answer, and caches it for long if it was slow.
async fn compute(
    slow: Option<&SlowAnswerStore>,
    key: AnyKey,
    generation: u64,
    find: BoxFuture<'static, Result<Answer>>,
) -> Result<Answer> {
    let began = Instant::now();
    let answer = find.await?;
    let Some(slow) = slow else { return Ok(answer) };
    let (found, cost) = (Instant::now(), began.elapsed());
    if cost < QUICK {
        slow.0.invalidate(&key).await;
    } else {
        let known = SlowAnswer { answer: Arc::clone(&answer), generation, found, cost };
        slow.0.insert(key, Arc::new(known)).await;
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFETIME: Duration = Duration::from_secs(1);

    #[tokio::test]
    async fn an_answer_is_returned_again_until_it_is_invalidated() {
        let cache = SwrCache::new(&AnswerStore::new(LIFETIME));
        assert_eq!(cache.get("k", async { Ok(1) }).await.unwrap(), 1);
        assert_eq!(cache.get("k", async { Ok(2) }).await.unwrap(), 1);
        cache.invalidate();
        assert_eq!(cache.get("k", async { Ok(2) }).await.unwrap(), 2);
    }

    #[tokio::test]
    async fn an_answer_begun_before_a_write_is_not_returned_after_it() {
        let cache = Arc::new(SwrCache::new(&AnswerStore::new(LIFETIME)));
        let (go, wait) = tokio::sync::oneshot::channel::<()>();
        let (begun, has_begun) = tokio::sync::oneshot::channel::<()>();
        let early = tokio::spawn({
            let cache = Arc::clone(&cache);
            async move {
                let find = async {
                    begun.send(()).unwrap();
                    wait.await.unwrap();
                    Ok("before")
                };
                cache.get("k", find).await
            }
        });
        has_begun.await.unwrap();
        cache.invalidate();
        assert_eq!(cache.get("k", async { Ok("after") }).await.unwrap(), "after");
        go.send(()).unwrap();
        assert_eq!(early.await.unwrap().unwrap(), "before");
        assert_eq!(cache.get("k", async { Ok("never asked") }).await.unwrap(), "after");
    }

    #[tokio::test]
    async fn requests_in_flight_are_executed_once_and_not_cached() {
        let cache = SwrCache::new(&AnswerStore::new(Duration::ZERO));
        let (go, wait) = tokio::sync::oneshot::channel::<()>();
        let first = cache.get("k", async {
            wait.await.unwrap();
            Ok(1)
        });
        let second = cache.get("k", async { Ok(2) });
        let (first, second, ()) = tokio::join!(first, second, async { go.send(()).unwrap() });
        assert_eq!((first.unwrap(), second.unwrap()), (1, 1));
        assert_eq!(cache.get("k", async { Ok(3) }).await.unwrap(), 3);
        assert_eq!(cache.get("k", async { Ok(4) }).await.unwrap(), 4);
    }

    #[tokio::test]
    async fn caches_of_one_store_do_not_share_answers() {
        let store = AnswerStore::new(LIFETIME);
        let (one, other) = (SwrCache::new(&store), SwrCache::new(&store));
        assert_eq!(one.get("k", async { Ok(1) }).await.unwrap(), 1);
        assert_eq!(other.get("k", async { Ok(2) }).await.unwrap(), 2);
        one.invalidate();
        assert_eq!(other.get("k", async { Ok(3) }).await.unwrap(), 2);
    }

    #[tokio::test]
    async fn failures_are_not_cached() {
        let cache: SwrCache<&str, u8> = SwrCache::new(&AnswerStore::new(LIFETIME));
        assert!(cache.get("k", async { Err(Error::NotFound) }).await.is_err());
        assert_eq!(cache.get("k", async { Ok(1) }).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn a_slow_report_is_returned_stale_until_it_is_computed_anew() {
        let cache: SwrCache<&str, &str> =
            SwrCache::of_reports(&AnswerStore::new(LIFETIME), &SlowAnswerStore::new());
        let known = SlowAnswer {
            answer: Arc::new("first"),
            generation: 0,
            found: Instant::now(),
            cost: Duration::ZERO,
        };
        let key = AnyKey::new((cache.answers.number, "k"));
        cache.answers.slow.as_ref().unwrap().0.insert(key, Arc::new(known)).await;
        let nothing = || async { panic!("nothing has changed, so nothing is computed anew") };
        assert_eq!(cache.get("k", nothing()).await.unwrap(), "first");
        cache.invalidate();
        let (go, wait) = tokio::sync::oneshot::channel::<()>();
        let (begun, has_begun) = tokio::sync::oneshot::channel::<()>();
        let anew = async {
            begun.send(()).unwrap();
            wait.await.unwrap();
            Ok("second")
        };
        assert_eq!(cache.get("k", anew).await.unwrap(), "first", "a request does not wait for it");
        has_begun.await.unwrap();
        let another = || async { panic!("one at a time") };
        assert_eq!(
            cache.get("k", another()).await.unwrap(),
            "first",
            "and no other request computes it meanwhile"
        );
        go.send(()).unwrap();
        while cache.get("k", async { Ok("second") }).await.unwrap() == "first" {
            tokio::task::yield_now().await;
        }
    }
}
