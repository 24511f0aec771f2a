//! The database behind the ports, whichever it is.

use std::sync::Arc;
use std::time::Duration;

use myashes_domain::accounts::AccountRepository;
use myashes_domain::analytics::AnalyticsRepository;
use myashes_domain::builds::BuildRepository;
use myashes_domain::feedback::FeedbackRepository;
use myashes_domain::health::Schema;
use myashes_domain::moderation::ModerationRepository;
use myashes_domain::ranking::Ranking;
use myashes_domain::retention::RetentionRepository;
use myashes_domain::votes::VoteRepository;
use myashes_domain::write_options::IdempotencyRepository;

use crate::cache::Caches;

/// How to reach a database and how long to wait for it.
#[derive(Debug, Clone)]
pub struct StorageOptions {
    /// `postgres://…`, `postgresql://…` or `sqlite://path`.
    pub url: String,
    /// A replica for public lists and reports.
    pub read_url: Option<String>,
    pub pool_size: usize,
    pub pool_timeout: Duration,
    pub statement_timeout: Duration,
    pub ranking: Ranking,
    /// How old a cached result may be. With zero nothing is cached.
    pub cache_lifetime: Duration,
}

/// Why a database cannot be used at all: it is a fault of configuration, not of the moment.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct OpenError(pub String);

/// The ports over one database.
#[derive(Clone)]
pub struct Storage {
    pub builds: Arc<dyn BuildRepository>,
    pub votes: Arc<dyn VoteRepository>,
    pub feedback: Arc<dyn FeedbackRepository>,
    pub analytics: Arc<dyn AnalyticsRepository>,
    pub accounts: Arc<dyn AccountRepository>,
    pub moderation: Arc<dyn ModerationRepository>,
    pub idempotency: Arc<dyn IdempotencyRepository>,
    pub retention: Arc<dyn RetentionRepository>,
    pub schema: Arc<dyn Schema>,
    pub caches: Arc<Caches>,
    /// Connections in the pool: (idle, busy).
    pub pool_state: Arc<dyn Fn() -> (usize, usize) + Send + Sync>,
}

/// Which database a URL names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Postgres,
    Sqlite,
}

impl Kind {
    /// # Errors
    /// For any other scheme.
    pub fn of(url: &str) -> Result<Self, OpenError> {
        match url.split_once("://").map(|(scheme, _)| scheme) {
            Some("postgres" | "postgresql") => Ok(Self::Postgres),
            Some("sqlite") => Ok(Self::Sqlite),
            _ => Err(OpenError("DATABASE_URL: expected postgres://…, postgresql://… or sqlite://…".into())),
        }
    }
}
