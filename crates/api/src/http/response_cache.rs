//! Serialized responses of public builds, with their ETags, kept for at most a second.
//!
//! The generation in a response's key changes when the build does, so that a request after a write never gets the state
//! before it, and with each period, so that no response is older than one. Concurrent requests that miss the cache share
//! their reads, not their responses: look-ups of builds are batched, and lists are single-flight in the adapters.

use std::future::Future;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use actix_web::http::header::HeaderValue;
use bytes::Bytes;
use moka::sync::Cache;
use myashes_domain::Error;
use myashes_domain::builds::InvalidationListener;
use myashes_domain::ids::BuildId;

use crate::http::compression::CompressedForms;

/// Bytes of responses. Their compressed forms together are assumed to be as large.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// Under a second, to leave time for sending a response.
const PERIOD: Duration = Duration::from_millis(900);

/// Bytes of an entry besides its body.
const OVERHEAD: usize = 256;

/// Builds that share a generation are invalidated together.
const SHARDS: usize = 1024;

/// A response that is the same for every caller.
#[derive(Debug, Clone)]
pub struct CachedResponse {
    pub tag: HeaderValue,
    pub body: Bytes,
    pub compressed: CompressedForms,
}

impl CachedResponse {
    #[must_use]
    pub fn new(tag: HeaderValue, body: Bytes) -> Self {
        Self { tag, body, compressed: CompressedForms::default() }
    }
}

/// A response that was just made.
pub enum Made {
    /// It is the same for every caller, and kept.
    ForAll(CachedResponse),
    /// It is of what not every caller may see.
    ForOne(CachedResponse),
}

/// A cache of responses. Pages are cached likewise, those of lists by their query.
pub struct BuildResponseCache<K: ResponseKey = BuildId> {
    responses: Cache<(u64, K), CachedResponse>,
    /// One for each shard of keys.
    generations: Box<[AtomicU64]>,
    /// Of all keys.
    generation: AtomicU64,
    hasher: RandomState,
    start: Instant,
}

/// The key of a cached response.
pub trait ResponseKey: Clone + Eq + Hash + Send + Sync + 'static {}

impl<K: Clone + Eq + Hash + Send + Sync + 'static> ResponseKey for K {}

impl<K: ResponseKey> Default for BuildResponseCache<K> {
    fn default() -> Self {
        let weight = |_: &(u64, K), ready: &CachedResponse| {
            u32::try_from(2 * ready.body.len() + OVERHEAD).unwrap_or(u32::MAX)
        };
        Self {
            responses: Cache::builder().max_capacity(MAX_BYTES).weigher(weight).time_to_live(PERIOD).build(),
            generations: (0..SHARDS).map(|_| AtomicU64::new(0)).collect(),
            generation: AtomicU64::new(0),
            hasher: RandomState::new(),
            start: Instant::now(),
        }
    }
}

impl<K: ResponseKey> BuildResponseCache<K> {
    /// The response, made by `make` unless it is cached.
    ///
    /// # Errors
    /// Those of `make`.
    pub async fn get<F>(&self, id: &K, make: impl FnOnce() -> F) -> Result<CachedResponse, Error>
    where
        F: Future<Output = Result<Made, Error>>,
    {
        self.get_at(id, Instant::now(), make).await
    }

    async fn get_at<F>(&self, id: &K, now: Instant, make: impl FnOnce() -> F) -> Result<CachedResponse, Error>
    where
        F: Future<Output = Result<Made, Error>>,
    {
        let key = (self.generation_at(id, now), id.clone());
        if let Some(ready) = self.responses.get(&key) {
            return Ok(ready);
        }
        match make().await? {
            Made::ForAll(ready) => {
                self.responses.insert(key, ready.clone());
                Ok(ready)
            }
            Made::ForOne(response) => Ok(response),
        }
    }

    /// Grows with each invalidation and each period.
    fn generation_at(&self, id: &K, now: Instant) -> u64 {
        let period = now.saturating_duration_since(self.start).as_millis() / PERIOD.as_millis();
        u64::try_from(period).unwrap_or(u64::MAX)
            + self.shard(id).load(Ordering::Acquire)
            + self.generation.load(Ordering::Acquire)
    }

    fn shard(&self, id: &K) -> &AtomicU64 {
        let hash = usize::try_from(self.hasher.hash_one(id) % SHARDS as u64).unwrap_or_default();
        &self.generations[hash]
    }

    /// Invalidates all responses, those in progress included.
    pub fn clear(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
    }
}

impl InvalidationListener for BuildResponseCache {
    fn changed(&self, builds: &[BuildId]) {
        for build in builds {
            self.shard(build).fetch_add(1, Ordering::AcqRel);
        }
    }

    fn all_changed(&self) {
        self.clear();
    }
}

/// Cached pages. Each shows several builds, so that a change to one build invalidates all pages.
#[derive(Default)]
pub struct PageCache {
    pub builds: BuildResponseCache,
    /// By query string.
    pub galleries: BuildResponseCache<String>,
}

impl InvalidationListener for PageCache {
    fn changed(&self, _: &[BuildId]) {
        self.all_changed();
    }

    fn all_changed(&self) {
        self.builds.clear();
        self.galleries.clear();
    }
}

/// Invalidates the caches of this process and, through Redis, those of the others.
pub struct FanOut(pub Vec<Arc<dyn InvalidationListener>>);

impl InvalidationListener for FanOut {
    fn changed(&self, builds: &[BuildId]) {
        self.0.iter().for_each(|watcher| watcher.changed(builds));
    }

    fn all_changed(&self) {
        self.0.iter().for_each(|watcher| watcher.all_changed());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(body: &'static str) -> CachedResponse {
        CachedResponse::new(HeaderValue::from_static("W/\"1.0\""), Bytes::from_static(body.as_bytes()))
    }

    fn for_all(body: &'static str) -> Result<Made, Error> {
        Ok(Made::ForAll(response(body)))
    }

    fn id() -> BuildId {
        BuildId::parse("b_one").unwrap()
    }

    async fn body(builds: &BuildResponseCache, now: &'static str) -> Bytes {
        builds.get(&id(), || async { for_all(now) }).await.unwrap().body
    }

    #[tokio::test]
    async fn an_answer_is_made_once_and_again_after_a_change() {
        let builds = BuildResponseCache::default();
        assert_eq!(body(&builds, "first").await, "first");
        assert_eq!(body(&builds, "second").await, "first");
        builds.changed(&[id()]);
        assert_eq!(body(&builds, "second").await, "second");
        builds.all_changed();
        assert_eq!(body(&builds, "third").await, "third");
    }

    #[tokio::test]
    async fn an_answer_in_the_making_is_not_kept_past_a_change() {
        let builds = Arc::new(BuildResponseCache::default());
        let (go, wait) = tokio::sync::oneshot::channel::<()>();
        let (begun, has_begun) = tokio::sync::oneshot::channel::<()>();
        let early = tokio::spawn({
            let builds = Arc::clone(&builds);
            async move {
                let make = || async {
                    begun.send(()).unwrap();
                    wait.await.unwrap();
                    for_all("before")
                };
                builds.get(&id(), make).await
            }
        });
        has_begun.await.unwrap();
        builds.changed(&[id()]);
        assert_eq!(body(&builds, "after").await, "after");
        go.send(()).unwrap();
        assert_eq!(early.await.unwrap().unwrap().body, "before");
        assert_eq!(body(&builds, "never made").await, "after");
    }

    #[tokio::test]
    async fn a_failure_is_not_stored() {
        let builds = BuildResponseCache::default();
        assert!(builds.get(&id(), || async { Err(Error::unavailable("away")) }).await.is_err());
        assert_eq!(body(&builds, "back").await, "back");
    }

    #[tokio::test]
    async fn a_build_that_is_not_public_is_never_stored() {
        let builds = BuildResponseCache::default();
        let private = builds.get(&id(), || async { Ok(Made::ForOne(response("private"))) }).await;
        assert_eq!(private.unwrap().body, "private");
        assert_eq!(body(&builds, "public now").await, "public now");
    }

    /// Asks at this time after `base`.
    async fn body_at(builds: &BuildResponseCache, at: Instant, now: &'static str) -> Bytes {
        builds.get_at(&id(), at, || async { for_all(now) }).await.unwrap().body
    }

    #[tokio::test]
    async fn an_answer_is_as_old_as_what_it_was_made_of() {
        let builds = BuildResponseCache::default();
        let base = builds.start;
        assert_eq!(body_at(&builds, base, "first").await, "first");
        assert_eq!(body_at(&builds, base + Duration::from_millis(800), "second").await, "first");
        assert_eq!(body_at(&builds, base + Duration::from_secs(1), "second").await, "second");
    }

    #[tokio::test]
    async fn a_late_request_does_not_wait_for_an_outdated_fill() {
        let builds = BuildResponseCache::default();
        let base = builds.start;
        let (go, wait) = tokio::sync::oneshot::channel::<()>();
        let of_before = || async {
            wait.await.unwrap();
            for_all("of before")
        };
        let id = id();
        let mut early = Box::pin(builds.get_at(&id, base, of_before));
        assert!(futures_util::poll!(&mut early).is_pending());
        let later = base + Duration::from_secs(1);
        assert_eq!(body_at(&builds, later, "of now").await, "of now");
        go.send(()).unwrap();
        assert_eq!(early.await.unwrap().body, "of before");
        assert_eq!(body_at(&builds, later, "never made").await, "of now");
    }
}
