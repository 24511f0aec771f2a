//! How the service is: asked in the background, so that nobody who asks has to wait for a database.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use myashes_domain::health::{Dependency, Schema};
use myashes_domain::ranking::Ranking;

use crate::metrics;
use crate::presence::Presence;

/// Between two looks. With [`PATIENCE`] it keeps every answer within a second of the truth.
const INTERVAL: Duration = Duration::from_millis(450);

/// How long a dependency may take before it counts as down.
const PATIENCE: Duration = Duration::from_millis(500);

/// How long a database that is merely slow leaves the service ready: an overload must not take every replica
/// out of rotation at once.
const SLOW_BUT_READY: Duration = Duration::from_secs(5);

/// What the last look found.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Reading {
    pub up: bool,
    /// Milliseconds; `None` while it is down.
    pub latency_ms: Option<f64>,
}

#[derive(Debug, Default)]
struct State {
    database: Reading,
    /// The database did not refuse, it only took too long.
    slow: bool,
    cache: Option<Reading>,
    last_up: Option<Instant>,
    /// `None` until it was found out.
    migrated: Option<bool>,
}

/// The stored scores were made with other constants than this service's: it would mix the two.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OtherRanking(pub Ranking);

impl fmt::Display for OtherRanking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ranking { prior_mean, prior_weight, half_life } = self.0;
        write!(
            f,
            "RATING_PRIOR_MEAN, RATING_PRIOR_WEIGHT, TRENDING_HALF_LIFE: the stored scores were made with \
             {prior_mean}, {prior_weight} and {half_life}s; go back to these, or run `myashes doctor --repair` to \
             rebuild the scores"
        )
    }
}

impl std::error::Error for OtherRanking {}

/// Looks after the dependencies.
pub struct Monitor {
    schema: Arc<dyn Schema>,
    ranking: Ranking,
    /// `None` when the cache is inside the process.
    cache: Option<Arc<dyn Dependency>>,
    pool_state: Arc<dyn Fn() -> (usize, usize) + Send + Sync>,
    state: Mutex<State>,
    stopping: AtomicBool,
    began: Instant,
    /// Who is here; counted as often as the dependencies are looked at.
    pub presence: Presence,
}

impl Monitor {
    pub fn new(
        schema: Arc<dyn Schema>,
        ranking: Ranking,
        cache: Option<Arc<dyn Dependency>>,
        pool_state: Arc<dyn Fn() -> (usize, usize) + Send + Sync>,
    ) -> Self {
        let state = State { cache: cache.as_ref().map(|_| Reading::default()), ..State::default() };
        Self {
            schema,
            ranking,
            cache,
            pool_state,
            state: Mutex::new(state),
            stopping: AtomicBool::new(false),
            began: Instant::now(),
            presence: Presence::default(),
        }
    }

    /// Looks again and again. Ends only when it finds a database that this service must not write to.
    pub async fn watch(&self) -> OtherRanking {
        loop {
            if let Err(other) = self.look().await {
                return other;
            }
            tokio::time::sleep(INTERVAL).await;
        }
    }

    async fn look(&self) -> Result<(), OtherRanking> {
        let ((database, slow), cache) = tokio::join!(ask(&*self.schema), async {
            match &self.cache {
                Some(cache) => Some(ask(&**cache).await.0),
                None => None,
            }
        });
        let migrated = if database.up && self.lock().migrated != Some(true) {
            self.look_at_schema().await?
        } else {
            None
        };
        let mut state = self.lock();
        state.database = database;
        state.slow = slow;
        state.cache = cache;
        if database.up {
            state.last_up = Some(Instant::now());
        }
        state.migrated = migrated.or(state.migrated);
        drop(state);
        metrics::up("db", database.up);
        metrics::up("cache", cache.is_none_or(|reading| reading.up));
        metrics::sessions_active(self.presence.count());
        let (idle, busy) = (self.pool_state)();
        metrics::pool("primary", idle, busy);
        metrics::upkeep();
        Ok(())
    }

    /// Whether the schema is the one that is needed; `None` when that cannot be found out now.
    async fn look_at_schema(&self) -> Result<Option<bool>, OtherRanking> {
        let Ok(Ok(pending)) = tokio::time::timeout(PATIENCE, self.schema.pending()).await else {
            return Ok(None);
        };
        if !pending.is_empty() {
            if self.lock().migrated.is_none() {
                tracing::error!(
                    pending = pending.len(),
                    "the database lacks migrations that this version needs; run: myashes migrate"
                );
            }
            return Ok(Some(false));
        }
        match tokio::time::timeout(PATIENCE, self.schema.settle_ranking()).await {
            Ok(Ok(recorded)) if recorded != self.ranking => Err(OtherRanking(recorded)),
            Ok(Ok(_)) => Ok(Some(true)),
            Ok(Err(_)) | Err(_) => Ok(None),
        }
    }

    #[must_use]
    pub fn database(&self) -> Reading {
        self.lock().database
    }

    /// `None` when the cache is inside the process.
    #[must_use]
    pub fn cache(&self) -> Option<Reading> {
        self.lock().cache
    }

    /// Whether traffic should come here.
    #[must_use]
    pub fn ready(&self) -> bool {
        let state = self.lock();
        let lately = state.last_up.is_some_and(|at| at.elapsed() < SLOW_BUT_READY);
        let answers = state.database.up || (state.slow && lately);
        answers && state.migrated == Some(true) && !self.stopping()
    }

    /// From now on the service is not ready.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    /// Whether the service is about to end.
    #[must_use]
    pub fn stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    #[must_use]
    pub fn uptime(&self) -> Duration {
        self.began.elapsed()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The reading, and whether it is bad only for taking too long.
async fn ask<D: Dependency + ?Sized>(dependency: &D) -> (Reading, bool) {
    let began = Instant::now();
    match tokio::time::timeout(PATIENCE, dependency.ping()).await {
        Ok(Ok(())) => (Reading { up: true, latency_ms: Some(began.elapsed().as_secs_f64() * 1e3) }, false),
        Ok(Err(_)) => (Reading::default(), false),
        Err(_) => (Reading::default(), true),
    }
}
