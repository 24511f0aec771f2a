//! Reaching PostgreSQL: the URL, TLS by rustls, and the pools.

use std::sync::Arc;
use std::time::Duration;

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use futures_util::FutureExt;
use percent_encoding::percent_decode_str;
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;
use url::Url;

use super::{Conn, Db, Limits};
use crate::postgres::tls;
use crate::storage::{OpenError, StorageOptions};

/// How long the peer may be silent before a connection counts as lost.
const KEEPALIVE: Duration = Duration::from_secs(15);

/// Longest wait of a statement for a lock, in milliseconds. Then the transaction gives its connection back and is
/// tried again, so that one locked row does not take up the pool.
const LOCK_TIMEOUT_MILLIS: u32 = 500;

/// A URL that was understood, and how to encrypt.
#[derive(Clone)]
pub struct Target {
    config: tokio_postgres::Config,
    tls: Arc<rustls::ClientConfig>,
    setup: String,
}

/// Prepares the pools. No connection is made before the first query, so the database need not be there yet.
pub fn connect(options: &StorageOptions) -> Result<Db, OpenError> {
    let writers = pool(options, &options.url, "DATABASE_URL")?;
    let replica = match &options.read_url {
        Some(url) => Some(pool(options, url, "DATABASE_READ_URL")?),
        None => None,
    };
    Ok(Db {
        readers: writers.clone(),
        writers,
        replica,
        runtime: tokio::runtime::Handle::current(),
        limits: Limits { statement: options.statement_timeout },
        patience: options.pool_timeout + options.statement_timeout,
        ranking: options.ranking,
    })
}

/// One connection of its own, for migrations: without a statement timeout.
pub async fn establish(options: &StorageOptions) -> ConnectionResult<Conn> {
    let mut target = Target::parse(&options.url, "DATABASE_URL", options)
        .map_err(|error| ConnectionError::BadConnection(error.to_string()))?;
    target.setup = "SET lock_timeout = '10s'".into();
    target.establish().await
}

fn pool(options: &StorageOptions, url: &str, variable: &str) -> Result<Pool<Conn>, OpenError> {
    let target = Target::parse(url, variable, options)?;
    let mut config = ManagerConfig::default();
    config.recycling_method = RecyclingMethod::Fast;
    config.custom_setup = Box::new(move |_| {
        let target = target.clone();
        async move { target.establish().await }.boxed()
    });
    // The manager passes its URL on to `custom_setup`, which has no use for it: better that it holds none.
    Pool::builder(AsyncDieselConnectionManager::new_with_config("", config))
        .max_size(options.pool_size)
        .runtime(deadpool::Runtime::Tokio1)
        .wait_timeout(Some(options.pool_timeout))
        .create_timeout(Some(options.pool_timeout))
        .recycle_timeout(Some(options.pool_timeout))
        .build()
        .map_err(|error| OpenError(format!("the database pool: {error}")))
}

impl Target {
    fn parse(raw: &str, variable: &str, options: &StorageOptions) -> Result<Self, OpenError> {
        let refuse = |why: String| OpenError(format!("{variable}: {why}"));
        let url = Url::parse(raw)
            .map_err(|error| refuse(format!("expected postgres://USER@HOST/DATABASE ({error})")))?;
        let decode = |part: &str| percent_decode_str(part).decode_utf8_lossy().into_owned();
        let mut config = tokio_postgres::Config::new();
        let host =
            url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| refuse("expected a host".into()))?;
        config.host(decode(host).trim_matches(['[', ']']));
        config.port(url.port().unwrap_or(5432));
        if !url.username().is_empty() {
            config.user(decode(url.username()));
        }
        if let Some(password) = url.password() {
            config.password(decode(password));
        }
        let database = decode(url.path().trim_start_matches('/'));
        if !database.is_empty() {
            config.dbname(database);
        }
        config.application_name("myashes");
        let (mut mode, mut root) = ("prefer".to_owned(), None);
        for (name, value) in url.query_pairs() {
            match &*name {
                "sslmode" => mode = value.into_owned(),
                "sslrootcert" => root = Some(value.into_owned()),
                "application_name" => {
                    config.application_name(&*value);
                }
                "connect_timeout" => {
                    let seconds =
                        value.parse().map_err(|_| refuse("connect_timeout: expected seconds".into()))?;
                    config.connect_timeout(Duration::from_secs(seconds));
                }
                other => return Err(refuse(format!("the parameter {other} is not supported"))),
            }
        }
        let verify = match mode.as_str() {
            "disable" => None,
            "prefer" | "require" => Some(root.is_some()),
            "verify-full" => Some(true),
            _ => return Err(refuse("sslmode: expected disable, require or verify-full".into())),
        };
        config.ssl_mode(match mode.as_str() {
            "disable" => SslMode::Disable,
            "prefer" => SslMode::Prefer,
            _ => SslMode::Require,
        });
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(options.pool_timeout);
        }
        config
            .keepalives(true)
            .keepalives_idle(KEEPALIVE)
            .keepalives_interval(Duration::from_secs(5))
            .keepalives_retries(3)
            .tcp_user_timeout(KEEPALIVE);
        let tls = tls::client_config(verify.unwrap_or(false), root.as_deref()).map_err(refuse)?;
        let statement = options.statement_timeout.as_millis();
        // No request may read a large table from end to end, nor take more than one of the server's cores,
        // whatever the planner expects of it: a list that is a little slower than it could be is better than one
        // that now and then takes seconds.
        let setup = format!(
            "SET statement_timeout = {statement}; SET idle_in_transaction_session_timeout = {statement}; \
             SET lock_timeout = {LOCK_TIMEOUT_MILLIS}; SET pg_trgm.word_similarity_threshold = 0.5; SET enable_seqscan = off; \
             SET max_parallel_workers_per_gather = 0"
        );
        Ok(Self { config, tls: Arc::new(tls), setup })
    }

    async fn establish(&self) -> ConnectionResult<Conn> {
        let tls = MakeRustlsConnect::new((*self.tls).clone());
        let (client, connection) = self.config.connect(tls).await.map_err(|error| {
            // Its text names the cause, never the password.
            ConnectionError::BadConnection(error.to_string())
        })?;
        let mut conn = AsyncPgConnection::try_from_client_and_connection(client, connection).await?;
        conn.batch_execute(&self.setup).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(conn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<tokio_postgres::Config, OpenError> {
        let options = StorageOptions {
            url: url.into(),
            read_url: None,
            pool_size: 1,
            pool_timeout: Duration::from_secs(1),
            statement_timeout: Duration::from_secs(1),
            ranking: myashes_domain::ranking::Ranking::default(),
        };
        Target::parse(url, "DATABASE_URL", &options).map(|target| target.config)
    }

    #[test]
    fn percent_encoding_is_undone() {
        let config = parse("postgres://us%40er:p%2Fw%3A@[::1]:6000/my%20db?sslmode=disable").unwrap();
        assert_eq!((config.get_user(), config.get_dbname()), (Some("us@er"), Some("my db")));
        assert_eq!(config.get_password(), Some(&b"p/w:"[..]));
        assert_eq!(config.get_ports(), [6000]);
    }

    #[test]
    fn what_is_not_supported_is_refused_by_name_without_the_password() {
        let refused = parse("postgresql://me:hunter2@db/x?target_session_attrs=any").unwrap_err().to_string();
        assert!(refused.contains("target_session_attrs") && !refused.contains("hunter2"), "{refused}");
        let refused = parse("postgres://me:hunter2@db/x?sslmode=maybe").unwrap_err().to_string();
        assert!(refused.contains("sslmode") && !refused.contains("hunter2"), "{refused}");
        assert!(parse("postgres://me:hunter2@/x").is_err());
    }
}
