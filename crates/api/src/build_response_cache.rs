//! Serialized responses of public builds, with their ETags, kept for at most a second.
//!
//! Concurrent requests for one build share one fill (single-flight). A change to the build invalidates the stored
//! response and the fill in progress, so that a request after a write never gets the state before it.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use actix_web::http::header::HeaderValue;
use bytes::Bytes;
use moka::sync::Cache;
use myashes_domain::Error;
use myashes_domain::builds::InvalidationListener;
use myashes_domain::ids::BuildId;
use tokio::sync::OnceCell;

use crate::http::compression::CompressedForms;

/// Bytes of responses and their keys. Their compressed forms together are assumed to be as large.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Counted from before a response is made, since it is as old as the data it is made of. Under a second, to leave time
/// for sending it.
const LIFETIME: Duration = Duration::from_millis(900);

/// Bytes of an entry besides its body.
const OVERHEAD: usize = 256;

/// A response that is the same for every caller.
#[derive(Debug, Clone)]
pub struct Ready {
    pub tag: HeaderValue,
    pub body: Bytes,
    pub compressed: CompressedForms,
}

impl Ready {
    #[must_use]
    pub fn new(tag: HeaderValue, body: Bytes) -> Self {
        Self { tag, body, compressed: CompressedForms::default() }
    }
}

/// A fill in progress, shared by all waiting requests; `None` when the build is not public. A failure is shared,
/// too, so that waiting requests do not retry one after the other.
type InFlight = Arc<Making>;

struct Making {
    began: Instant,
    answer: OnceCell<Result<Option<Ready>, Error>>,
}

/// A single-flight cache of responses. Pages are cached likewise, those of lists by their query.
pub struct BuildResponseCache<K: Key = BuildId> {
    /// Each with when it began to be made.
    kept: Cache<K, (Instant, Ready)>,
    flights: Mutex<HashMap<K, InFlight>>,
}

/// The key of a cached response.
pub trait Key: Clone + Eq + Hash + Send + Sync + 'static {}

impl<K: Clone + Eq + Hash + Send + Sync + 'static> Key for K {}

impl<K: Key> Default for BuildResponseCache<K> {
    fn default() -> Self {
        let weight = |_: &K, (_, ready): &(Instant, Ready)| {
            u32::try_from(2 * ready.body.len() + OVERHEAD).unwrap_or(u32::MAX)
        };
        let kept = Cache::builder().max_capacity(LARGEST).weigher(weight).time_to_live(LIFETIME).build();
        Self { kept, flights: Mutex::default() }
    }
}

impl<K: Key> BuildResponseCache<K> {
    /// The response for a public build, made by `make` unless it is cached; `None` for any other build.
    ///
    /// # Errors
    /// Those of `make`.
    pub async fn get<F>(&self, id: &K, make: impl FnOnce() -> F) -> Result<Option<Ready>, Error>
    where
        F: Future<Output = Result<Option<Ready>, Error>>,
    {
        self.get_at(id, Instant::now(), make).await
    }

    async fn get_at<F>(&self, id: &K, now: Instant, make: impl FnOnce() -> F) -> Result<Option<Ready>, Error>
    where
        F: Future<Output = Result<Option<Ready>, Error>>,
    {
        let is_young = |began: Instant| now.saturating_duration_since(began) < LIFETIME;
        if let Some((began, ready)) = self.kept.get(id)
            && is_young(began)
        {
            return Ok(Some(ready));
        }
        let fresh = || Arc::new(Making { began: now, answer: OnceCell::new() });
        let flight = {
            let mut flights = self.flights();
            let known = flights.entry(id.clone()).or_insert_with(fresh);
            // What has been in the making for long may be made of what is out of date.
            if !is_young(known.began) {
                *known = fresh();
            }
            Arc::clone(known)
        };
        // A dropped request removes its unfinished fill.
        let boarding = InFlightGuard { builds: self, id, flight: &flight };
        let landed = flight.answer.get_or_init(make).await.clone();
        drop(boarding);
        landed
    }

    fn flights(&self) -> std::sync::MutexGuard<'_, HashMap<K, InFlight>> {
        self.flights.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that waits for a fill. The last one to be dropped removes the fill.
struct InFlightGuard<'a, K: Key> {
    builds: &'a BuildResponseCache<K>,
    id: &'a K,
    flight: &'a InFlight,
}

impl<K: Key> Drop for InFlightGuard<'_, K> {
    fn drop(&mut self) {
        let mut flights = self.builds.flights();
        // Only the flight that is still known may be kept: a write takes it off the list.
        if flights.get(self.id).is_some_and(|known| Arc::ptr_eq(known, self.flight)) {
            if let Some(Ok(Some(ready))) = self.flight.answer.get() {
                self.builds.kept.insert(self.id.clone(), (self.flight.began, ready.clone()));
            }
            flights.remove(self.id);
        }
    }
}

impl<K: Key> BuildResponseCache<K> {
    /// Invalidates all responses, those in progress included.
    pub fn clear(&self) {
        let mut flights = self.flights();
        flights.clear();
        self.kept.invalidate_all();
    }
}

impl InvalidationListener for BuildResponseCache {
    fn changed(&self, builds: &[BuildId]) {
        let mut flights = self.flights();
        for build in builds {
            flights.remove(build);
            self.kept.invalidate(build);
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

    fn ready(body: &'static str) -> Ready {
        Ready::new(HeaderValue::from_static("W/\"1.0\""), Bytes::from_static(body.as_bytes()))
    }

    fn id() -> BuildId {
        BuildId::parse("b_one").unwrap()
    }

    async fn body(builds: &BuildResponseCache, now: &'static str) -> Option<Bytes> {
        builds.get(&id(), || async { Ok(Some(ready(now))) }).await.unwrap().map(|it| it.body)
    }

    #[tokio::test]
    async fn an_answer_is_made_once_and_again_after_a_change() {
        let builds = BuildResponseCache::default();
        assert_eq!(body(&builds, "first").await.unwrap(), "first");
        assert_eq!(body(&builds, "second").await.unwrap(), "first");
        builds.changed(&[id()]);
        assert_eq!(body(&builds, "second").await.unwrap(), "second");
        builds.all_changed();
        assert_eq!(body(&builds, "third").await.unwrap(), "third");
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
                    Ok(Some(ready("before")))
                };
                builds.get(&id(), make).await
            }
        });
        has_begun.await.unwrap();
        builds.changed(&[id()]);
        assert_eq!(body(&builds, "after").await.unwrap(), "after");
        go.send(()).unwrap();
        assert_eq!(early.await.unwrap().unwrap().unwrap().body, "before");
        assert_eq!(body(&builds, "never made").await.unwrap(), "after");
    }

    #[tokio::test]
    async fn a_failure_is_shared_by_waiting_requests_and_not_stored() {
        let builds = Arc::new(BuildResponseCache::default());
        let (fail, wait) = tokio::sync::oneshot::channel::<()>();
        let id = id();
        let leader = builds.get(&id, || async {
            wait.await.unwrap();
            Err(Error::unavailable("away"))
        });
        let follower = builds.get(&id, || async { Ok(Some(ready("of its own"))) });
        let (first, second, ()) = tokio::join!(leader, follower, async { fail.send(()).unwrap() });
        assert!(matches!((first, second), (Err(Error::Unavailable(_)), Err(Error::Unavailable(_)))));
        assert_eq!(body(&builds, "back").await.unwrap(), "back");
    }

    #[tokio::test]
    async fn a_dropped_request_removes_its_fill() {
        let builds = BuildResponseCache::default();
        let id = id();
        let never = builds.get(&id, std::future::pending::<Result<Option<Ready>, Error>>);
        assert!(tokio::time::timeout(Duration::ZERO, never).await.is_err());
        assert!(builds.flights().is_empty());
    }

    #[tokio::test]
    async fn a_build_that_is_not_public_is_never_stored() {
        let builds = BuildResponseCache::default();
        assert!(builds.get(&id(), || async { Ok(None) }).await.unwrap().is_none());
        assert_eq!(body(&builds, "public now").await.unwrap(), "public now");
    }

    /// Asks at this time after `base`.
    async fn body_at(builds: &BuildResponseCache, at: Instant, now: &'static str) -> Option<Bytes> {
        builds.get_at(&id(), at, || async { Ok(Some(ready(now))) }).await.unwrap().map(|it| it.body)
    }

    #[tokio::test]
    async fn an_answer_is_as_old_as_what_it_was_made_of() {
        let (builds, base) = (BuildResponseCache::default(), Instant::now());
        assert_eq!(body_at(&builds, base, "first").await.unwrap(), "first");
        assert_eq!(body_at(&builds, base + Duration::from_millis(800), "second").await.unwrap(), "first");
        assert_eq!(body_at(&builds, base + Duration::from_secs(1), "second").await.unwrap(), "second");
    }

    #[tokio::test]
    async fn a_late_request_does_not_wait_for_an_outdated_fill() {
        let (builds, base) = (BuildResponseCache::default(), Instant::now());
        let (go, wait) = tokio::sync::oneshot::channel::<()>();
        let of_before = || async {
            wait.await.unwrap();
            Ok(Some(ready("of before")))
        };
        let id = id();
        let mut early = Box::pin(builds.get_at(&id, base, of_before));
        assert!(futures_util::poll!(&mut early).is_pending());
        let later = base + Duration::from_secs(1);
        assert_eq!(body_at(&builds, later, "of now").await.unwrap(), "of now");
        go.send(()).unwrap();
        assert_eq!(early.await.unwrap().unwrap().body, "of before");
        assert_eq!(body_at(&builds, later, "never made").await.unwrap(), "of now");
    }
}
