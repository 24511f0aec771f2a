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

/// How to reach a database and how long to wait for it. Without `Debug`, since its URLs may hold passwords.
#[derive(Clone)]
pub struct StorageOptions {
    /// `postgres://…`, `postgresql://…` or `sqlite://path`.
    pub url: String,
    /// A replica for public lists and reports (PostgreSQL only). `None` reads everything from the primary.
    pub read_url: Option<String>,
    /// Most connections of each pool, with PostgreSQL. SQLite has a fixed number.
    pub pool_size: usize,
    /// Longest wait for a connection of the pool, and for opening one.
    pub pool_timeout: Duration,
    /// Longest run of one statement.
    pub statement_timeout: Duration,
    /// Constants that scores are computed with.
    pub ranking: Ranking,
    /// How old a cached result may be. With zero nothing is cached.
    pub cache_lifetime: Duration,
}

#[cfg(test)]
impl StorageOptions {
    /// Of a database of a test, which waits for it as long as it takes.
    pub(crate) fn of_test(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            read_url: None,
            pool_size: 1,
            pool_timeout: Duration::from_secs(600),
            statement_timeout: Duration::from_secs(600),
            ranking: Ranking::default(),
            cache_lifetime: Duration::ZERO,
        }
    }
}

/// Why a database cannot be used at all: it is a fault of configuration, not of the moment.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct OpenError(pub String);

/// The ports over one database.
#[derive(Clone)]
pub struct Storage {
    /// Builds, their lists and tags.
    pub builds: Arc<dyn BuildRepository>,
    /// Votes on builds.
    pub votes: Arc<dyn VoteRepository>,
    /// Feedback on answers to searches.
    pub feedback: Arc<dyn FeedbackRepository>,
    /// Recorded searches and reports about them.
    pub analytics: Arc<dyn AnalyticsRepository>,
    /// Data of a caller: claims, exports and erasures.
    pub accounts: Arc<dyn AccountRepository>,
    /// Reports of builds, lists for admins and the audit log.
    pub moderation: Arc<dyn ModerationRepository>,
    /// Stored responses to idempotency keys.
    pub idempotency: Arc<dyn IdempotencyRepository>,
    /// Removal of rows by their age.
    pub retention: Arc<dyn RetentionRepository>,
    /// Health of the database and state of its schema.
    pub schema: Arc<dyn Schema>,
    /// The caches that the repositories above share.
    pub caches: Arc<Caches>,
    /// Connections in the pool: (idle, busy).
    pub pool_state: Arc<dyn Fn() -> (usize, usize) + Send + Sync>,
}

/// Which database a URL names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Postgres,
    Sqlite,
}

impl Kind {
    /// Reads the kind from the scheme of a URL.
    ///
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
