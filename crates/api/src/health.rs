//! The health of the service, polled in the background, so that a health request waits for no dependency.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use myashes_domain::health::{Dependency, Schema};
use myashes_domain::ranking::Ranking;
use myashes_domain::text::FOLDING_VERSION;

use crate::active_sessions::ActiveSessionCounter;
use crate::metrics;

/// The time between two checks. With [`PING_TIMEOUT`], every answer is at most a second old once the schema was found to be
/// the required one.
const INTERVAL: Duration = Duration::from_millis(450);

/// How long a dependency may take before it counts as down.
const PING_TIMEOUT: Duration = Duration::from_millis(500);

/// How long the service stays ready while the database is merely slow: an overload must not take every replica
/// out of rotation at once.
const READY_GRACE: Duration = Duration::from_secs(5);

/// The result of the last check.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct DependencyStatus {
    pub up: bool,
    /// Milliseconds; `None` while it is down.
    pub latency_ms: Option<f64>,
}

#[derive(Debug, Default)]
struct MonitorState {
    database: DependencyStatus,
    /// The check timed out, as opposed to a refused connection.
    slow: bool,
    cache: Option<DependencyStatus>,
    last_up: Option<Instant>,
    /// `None` until it is known.
    migrated: Option<bool>,
    /// The databases may be used.
    accepted: bool,
    /// The last logged reason why the database does not answer.
    logged: Option<String>,
}

/// Why this service must not use its database.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RefusedDatabase {
    /// The stored scores were made with other constants than this service's: it would mix the two.
    #[error(
        "RATING_PRIOR_MEAN, RATING_PRIOR_WEIGHT, TRENDING_HALF_LIFE: the stored scores were made with {}, {} and {}s; go \
         back to these, or run `myashes doctor --repair` to rebuild the scores",
        .0.prior_mean, .0.prior_weight, .0.half_life
    )]
    Ranking(Ranking),
    /// Stored texts were folded by this version of the rules: searches would miss them.
    #[error(
        "the database holds texts that version {0} of the folding was used on, and this program uses version \
         {FOLDING_VERSION}; run `myashes doctor --repair` to fold them anew"
    )]
    Folding(i32),
    /// The refusal in one line, with what to change.
    #[error("{0}")]
    Unsuitable(String),
}

/// Polls the dependencies.
pub struct Monitor {
    schema: Arc<dyn Schema>,
    ranking: Ranking,
    /// `None` when the cache is inside the process.
    cache: Option<Arc<dyn Dependency>>,
    pool_state: Arc<dyn Fn() -> (usize, usize) + Send + Sync>,
    state: Mutex<MonitorState>,
    stopping: AtomicBool,
    began: Instant,
    /// Active sessions; counted as often as the dependencies are polled.
    pub active_sessions: ActiveSessionCounter,
}

impl Monitor {
    pub fn new(
        schema: Arc<dyn Schema>,
        ranking: Ranking,
        cache: Option<Arc<dyn Dependency>>,
        pool_state: Arc<dyn Fn() -> (usize, usize) + Send + Sync>,
    ) -> Self {
        let state = MonitorState {
            cache: cache.as_ref().map(|_| DependencyStatus::default()),
            ..MonitorState::default()
        };
        Self {
            schema,
            ranking,
            cache,
            pool_state,
            state: Mutex::new(state),
            stopping: AtomicBool::new(false),
            began: Instant::now(),
            active_sessions: ActiveSessionCounter::default(),
        }
    }

    /// Polls the dependencies. Returns only when it finds a database that this service must not use.
    pub async fn watch(&self) -> RefusedDatabase {
        loop {
            if let Err(refused) = self.check().await {
                return refused;
            }
            tokio::time::sleep(INTERVAL).await;
        }
    }

    async fn check(&self) -> Result<(), RefusedDatabase> {
        let cache = async {
            match &self.cache {
                Some(cache) => Some(ask(&**cache).await.reading),
                None => None,
            }
        };
        let (asked, cache, accepted) = tokio::join!(ask(&*self.schema), cache, self.accepts_database());
        let accepted = accepted?;
        let PingResult { reading: database, slow, error } = asked;
        let migrated =
            if database.up && self.lock().migrated != Some(true) { self.check_schema().await? } else { None };
        // Before the state that `/ready` shows: who has seen that finds it in the metrics.
        metrics::up("db", database.up);
        metrics::up("cache", cache.is_none_or(|reading| reading.up));
        let mut state = self.lock();
        state.accepted = accepted;
        state.log_change(error, slow);
        state.database = database;
        state.slow = slow;
        state.cache = cache;
        if database.up {
            state.last_up = Some(Instant::now());
        }
        state.migrated = migrated.or(state.migrated);
        drop(state);
        metrics::sessions_active(self.active_sessions.count());
        let (idle, busy) = (self.pool_state)();
        metrics::pool("primary", idle, busy);
        metrics::upkeep();
        Ok(())
    }

    /// Whether the databases may be used; false while one of them has not answered yet.
    async fn accepts_database(&self) -> Result<bool, RefusedDatabase> {
        if self.lock().accepted {
            return Ok(true);
        }
        match tokio::time::timeout(PING_TIMEOUT, self.schema.refusal()).await {
            Ok(Ok(Some(why))) => Err(RefusedDatabase::Unsuitable(why)),
            Ok(Ok(None)) => Ok(true),
            Ok(Err(_)) | Err(_) => Ok(false),
        }
    }

    /// Whether the schema is the required one; `None` when that cannot be checked now.
    async fn check_schema(&self) -> Result<Option<bool>, RefusedDatabase> {
        let Ok(Ok(pending)) = tokio::time::timeout(PING_TIMEOUT, self.schema.pending()).await else {
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
        match tokio::time::timeout(PING_TIMEOUT, self.schema.settle_ranking()).await {
            Ok(Ok(recorded)) if recorded != self.ranking => {
                return Err(RefusedDatabase::Ranking(recorded));
            }
            Ok(Ok(_)) => {}
            Ok(Err(_)) | Err(_) => return Ok(None),
        }
        match tokio::time::timeout(PING_TIMEOUT, self.schema.folding_version()).await {
            Ok(Ok(Some(version))) if version != FOLDING_VERSION => Err(RefusedDatabase::Folding(version)),
            Ok(Ok(Some(_))) => Ok(Some(true)),
            Ok(Ok(None)) | Ok(Err(_)) | Err(_) => Ok(None),
        }
    }

    #[must_use]
    pub fn database(&self) -> DependencyStatus {
        self.lock().database
    }

    /// `None` when the cache is inside the process.
    #[must_use]
    pub fn cache(&self) -> Option<DependencyStatus> {
        self.lock().cache
    }

    /// Whether the service is ready for traffic.
    #[must_use]
    pub fn ready(&self) -> bool {
        let state = self.lock();
        let lately = state.last_up.is_some_and(|at| at.elapsed() < READY_GRACE);
        let answers = state.database.up || (state.slow && lately);
        answers && state.migrated == Some(true) && !self.stopping()
    }

    /// Marks the service as not ready.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    /// Whether the service is shutting down.
    #[must_use]
    pub fn stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    #[must_use]
    pub fn uptime(&self) -> Duration {
        self.began.elapsed()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, MonitorState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl MonitorState {
    /// Logs when the database stops answering, when the reason changes, and when it answers again.
    fn log_change(&mut self, error: Option<String>, slow: bool) {
        match error {
            Some(error) if self.logged.as_ref() != Some(&error) => {
                tracing::error!(%error, "the database cannot be used");
                self.logged = Some(error);
            }
            None if !slow && self.logged.take().is_some() => tracing::info!("the database answers again"),
            _ => {}
        }
    }
}

/// The result of a check of a dependency.
struct PingResult {
    reading: DependencyStatus,
    /// It timed out, as opposed to a refused connection.
    slow: bool,
    error: Option<String>,
}

async fn ask<D: Dependency + ?Sized>(dependency: &D) -> PingResult {
    let began = Instant::now();
    match tokio::time::timeout(PING_TIMEOUT, dependency.ping()).await {
        Ok(Ok(())) => {
            let latency_ms = Some(began.elapsed().as_secs_f64() * 1e3);
            PingResult { reading: DependencyStatus { up: true, latency_ms }, slow: false, error: None }
        }
        Ok(Err(error)) => {
            PingResult { reading: DependencyStatus::default(), slow: false, error: Some(error.cause()) }
        }
        Err(_) => PingResult { reading: DependencyStatus::default(), slow: true, error: None },
    }
}
