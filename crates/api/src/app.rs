//! The composition root: wires adapters to ports, and builds the server.
//!
//! Architecture invariant: no other module of the service names the adapters.

use std::future::{Future, pending};
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::web;
use anyhow::Context as _;
use myashes_adapters::identity::{Identity, IdentityOptions, JwtKeySource, JwtOptions};
use myashes_adapters::memory::LocalRateLimiter;
use myashes_adapters::migrations::Migrator;
use myashes_adapters::redis::{InvalidationPublisher, RedisLink, SharedRateLimiter};
use myashes_adapters::system::{SystemClock, SystemEntropy};
use myashes_adapters::{OpenError, Storage, StorageOptions};
use myashes_domain::accounts::AccountService;
use myashes_domain::analytics::AnalyticsService;
use myashes_domain::builds::{BuildService, InvalidationListener};
use myashes_domain::clock::Clock;
use myashes_domain::feedback::FeedbackService;
use myashes_domain::game::GamePack;
use myashes_domain::health::Dependency;
use myashes_domain::ids::Entropy;
use myashes_domain::limits::RateLimiter;
use myashes_domain::moderation::ModerationService;
use myashes_domain::ranking::Ranking;
use myashes_domain::votes::VoteService;
use tokio::task::JoinHandle;

use crate::health::{Monitor, RefusedDatabase};
use crate::http::admission::Admission;
use crate::http::card_renderer::CardRenderer;
use crate::http::forwarding::UntrustedProxyWarning;
use crate::http::options::HttpOptions;
use crate::http::refused_requests::RefusedRequests;
use crate::http::response_cache::{BuildResponseCache, FanOut, PageCache};
use crate::http::running_exports::RunningExports;
use crate::http::services::{Pages, Services};
use crate::http::table::RouteSpec;
use crate::server::{drain_delay, serve, serve_metrics};
use crate::settings::{DatabaseKind, JwtKeys, Settings};
use crate::{jobs, metrics, routes};

const EMBEDDED_PACK: &str = include_str!("../../../game/ashes-of-creation.toml");

/// A service that listens already.
pub struct Application {
    port: u16,
    server: Server,
    metrics_server: Option<Server>,
    monitor: Arc<Monitor>,
    watch: JoinHandle<RefusedDatabase>,
    tasks: Vec<JoinHandle<()>>,
    grace: Duration,
}

impl Application {
    /// Wires everything together and begins to listen. Must be called on a runtime of several threads.
    ///
    /// # Errors
    /// When the configuration cannot be used, or the address is taken. An unreachable database is no error.
    pub async fn build(settings: &Settings) -> anyhow::Result<Self> {
        Self::build_with(settings, routes::table).await
    }

    /// The same with other routes.
    ///
    /// # Errors
    /// As [`Application::build`].
    pub async fn build_with(settings: &Settings, table: fn() -> Vec<RouteSpec>) -> anyhow::Result<Self> {
        metrics::install();
        let storage_options = storage_options(settings);
        let ready = Arc::new(BuildResponseCache::default());
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let redis = settings.redis.as_ref().map(|url| RedisLink::open(url.expose())).transpose()?;
        let pages = Arc::new(PageCache::default());
        let mut watchers: Vec<Arc<dyn InvalidationListener>> =
            vec![Arc::clone(&ready) as _, Arc::clone(&pages) as _];
        let mut tasks = vec![];
        if let (Some(link), Some(url)) = (&redis, &settings.redis) {
            let here = Arc::new(FanOut(watchers.clone()));
            tasks.push(tokio::spawn(myashes_adapters::redis::listen(url.expose(), here)?));
            watchers.push(Arc::new(InvalidationPublisher::start(Arc::clone(link))));
        }
        let storage = Storage::open(&storage_options)?;
        storage.caches.set_listener(Arc::new(FanOut(watchers)));
        if settings.database.migrate_on_start {
            migrate(&storage_options).await?;
        }
        let address = (settings.server.host.as_str(), settings.server.port);
        let listener = TcpListener::bind(address)
            .with_context(|| format!("HOST, PORT: cannot listen on {}:{}", address.0, address.1))?;
        let port = listener.local_addr()?.port();
        let cache = redis.clone().map(|link| -> Arc<dyn Dependency> { link });
        let pool_state = Arc::clone(&storage.pool_state);
        let one_writer = settings.database.kind == DatabaseKind::Sqlite;
        metrics::pool_max("primary", if one_writer { 1 } else { settings.database.pool_size });
        let schema = Arc::clone(&storage.schema);
        let monitor = Arc::new(Monitor::new(schema, storage_options.ranking, cache, pool_state));
        let responses = Responses { ready, pages, options: HttpOptions::of(settings, port) };
        if settings.web.pages_enabled && responses.options.site.is_none() {
            tracing::warn!(
                "PUBLIC_URL is not set: the HTML pages are off, and share links point to WEBSITE_URL"
            );
        }
        if !settings.is_development() && !settings.identity.is_configured() {
            tracing::warn!(
                "no way to check a token is configured: every signed-in player gets 401; set IDENTITY_URL, or \
                 JWT_JWKS_URL or JWT_HS256_SECRET"
            );
        }
        let services = web::Data::new(services(settings, &storage, &clock, redis, &monitor, responses)?);

        let watched = Arc::clone(&monitor);
        let watch = tokio::spawn(async move { watched.watch().await });
        tasks.extend(jobs::start(&services, &storage.retention, &settings.privacy));

        let grace = settings.server.shutdown_grace;
        let metrics_server = match settings.server.metrics_addr {
            Some(address) => {
                let listener = TcpListener::bind(address)
                    .with_context(|| format!("METRICS_ADDR: cannot listen on {address}"))?;
                Some(serve_metrics(listener)?)
            }
            None => None,
        };
        let server = serve(listener, services, grace, table)?;
        Ok(Self { port, server, metrics_server, monitor, watch, tasks, grace })
    }

    /// The port it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Serves until `shutdown` resolves. Then it reports that it is not ready, still serves for a moment, stops
    /// accepting connections and finishes running requests, all within the grace.
    ///
    /// # Errors
    /// [`RefusedDatabase`] when the database turns out to be unsuitable, or to hold scores of another configuration;
    /// when the server fails.
    pub async fn run_until_stopped(mut self, shutdown: impl Future<Output = ()>) -> anyhow::Result<()> {
        let handle = self.server.handle();
        let metrics_handle = self.metrics_server.as_ref().map(Server::handle);
        let mut metrics_task = self.metrics_server.map(tokio::spawn);
        let metrics_served = async {
            match &mut metrics_task {
                Some(task) => task.await,
                None => pending().await,
            }
        };
        let server = tokio::spawn(self.server);
        let ended = tokio::select! {
            served = server => served.map_err(io::Error::other).flatten().context("the server failed"),
            served = metrics_served => {
                served.map_err(io::Error::other).flatten().context("the metrics server failed")
            }
            refused = &mut self.watch => Err(refused?.into()),
            () = shutdown => {
                self.monitor.stop();
                tracing::info!("stopping");
                tokio::time::sleep(drain_delay(self.grace)).await;
                Ok(())
            }
        };
        stop(&handle, metrics_handle.as_ref()).await;
        self.watch.abort();
        for task in self.tasks {
            task.abort();
        }
        if let Some(task) = metrics_task {
            task.abort();
        }
        ended
    }
}

async fn stop(server: &ServerHandle, metrics: Option<&ServerHandle>) {
    server.stop(true).await;
    if let Some(metrics) = metrics {
        metrics.stop(false).await;
    }
}

/// The age of a cached result that may be a second old; that of others is a multiple of it.
const CACHE_LIFETIME: Duration = Duration::from_secs(1);

/// The storage options of a configuration.
#[must_use]
pub fn storage_options(settings: &Settings) -> StorageOptions {
    let database = &settings.database;
    StorageOptions {
        url: database.url.expose().to_owned(),
        read_url: database.read_url.as_ref().map(|url| url.expose().to_owned()),
        pool_size: database.pool_size,
        pool_timeout: database.pool_timeout,
        statement_timeout: database.statement_timeout,
        ranking: Ranking {
            prior_mean: settings.ranking.prior_mean,
            prior_weight: settings.ranking.prior_weight,
            half_life: settings.ranking.half_life.as_secs_f64(),
        },
        cache_lifetime: CACHE_LIFETIME,
    }
}

/// The game data: the file that the configuration names, else the embedded pack.
///
/// # Errors
/// For a file that cannot be read or is not whole.
pub fn game_pack(settings: &Settings) -> anyhow::Result<GamePack> {
    let source = match &settings.game_pack {
        Some(path) => std::fs::read_to_string(path)
            .with_context(|| format!("GAME_PACK: cannot read {}", path.display()))?,
        None => EMBEDDED_PACK.to_owned(),
    };
    GamePack::parse(&source).context("GAME_PACK")
}

async fn migrate(options: &StorageOptions) -> anyhow::Result<()> {
    let applied = Migrator::new(options)?.up().await?;
    if !applied.is_empty() {
        tracing::info!(?applied, "applied migrations");
    }
    Ok(())
}

/// The response caches of the HTTP layer, and its options.
struct Responses {
    ready: Arc<BuildResponseCache>,
    pages: Arc<PageCache>,
    options: HttpOptions,
}

fn services(
    settings: &Settings,
    storage: &Storage,
    clock: &Arc<dyn Clock>,
    redis: Option<Arc<RedisLink>>,
    monitor: &Arc<Monitor>,
    responses: Responses,
) -> anyhow::Result<Services> {
    let game = Arc::new(game_pack(settings)?);
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let identity = identity(settings, clock)?;
    let limiter: Arc<dyn RateLimiter> = match redis {
        Some(link) => Arc::new(SharedRateLimiter::new(link)),
        None => Arc::new(LocalRateLimiter::new()),
    };
    let clock = Arc::clone(clock);
    let moderation = ModerationService::new(
        Arc::clone(&storage.moderation),
        Arc::clone(&storage.builds),
        Arc::clone(&storage.votes),
        Arc::clone(&clock),
        Arc::clone(&entropy),
    );
    Ok(Services {
        builds: BuildService::new(
            Arc::clone(&storage.builds),
            Arc::clone(&game),
            Arc::clone(&clock),
            Arc::clone(&entropy),
        ),
        ready: responses.ready,
        pages: Pages { cache: responses.pages, cards: CardRenderer::default() },
        votes: VoteService::new(Arc::clone(&storage.votes), Arc::clone(&clock)),
        feedback: FeedbackService::new(
            Arc::clone(&storage.feedback),
            Arc::clone(&clock),
            Arc::clone(&entropy),
        ),
        analytics: AnalyticsService::new(
            Arc::clone(&storage.analytics),
            Arc::clone(&limiter),
            Arc::clone(&clock),
            Arc::clone(&entropy),
            settings.privacy.popular_min_callers,
        ),
        accounts: AccountService::new(Arc::clone(&storage.accounts), Arc::clone(&clock)),
        moderation,
        game,
        idempotency: Arc::clone(&storage.idempotency),
        limiter,
        admission: Admission::default(),
        identity: Arc::new(identity),
        clock,
        entropy,
        monitor: Arc::clone(monitor),
        exports: RunningExports::default(),
        forwarding: UntrustedProxyWarning::default(),
        refused: RefusedRequests::default(),
        rules: responses.options,
        background: tokio::runtime::Handle::current(),
    })
}

fn identity(settings: &Settings, clock: &Arc<dyn Clock>) -> Result<Identity, OpenError> {
    let identity = &settings.identity;
    let jwt = identity.jwt.as_ref().map(|jwt| JwtOptions {
        issuer: jwt.issuer.clone(),
        audience: jwt.audience.clone(),
        keys: match &jwt.keys {
            JwtKeys::Jwks(url) => JwtKeySource::Jwks(url.clone()),
            JwtKeys::Hs256(secret) => JwtKeySource::Hs256(secret.expose().as_bytes().to_vec()),
        },
    });
    let options = IdentityOptions {
        jwt,
        platform_url: identity.platform_url.clone(),
        timeout: identity.timeout,
        token_cache_ttl: identity.token_cache_ttl,
    };
    Identity::new(options, Arc::clone(clock))
}
