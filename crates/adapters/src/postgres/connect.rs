//! Reaching PostgreSQL: the URL, TLS by rustls, and the pools.

use std::sync::Arc;
use std::time::Duration;

use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use futures_util::FutureExt;
use percent_encoding::percent_decode_str;
use tokio::sync::OnceCell;
use tokio_postgres::config::{Host, SslMode, SslNegotiation};
use tokio_postgres::{Client, Connection, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;
use url::Url;

use super::connect_error::ConnectFailure;
use super::queries::bounded_reads::report_permits;
use super::queries::db::Limits;
use super::queries::pool::{self, Pool};
use super::queries::replica::{self, Replica};
use super::server_check::{self, DatabaseCheck};
use super::wire::{Negotiation, Wire};
use super::{Conn, Db};
use crate::cache::Caches;
use crate::postgres::tls;
use crate::storage::{OpenError, StorageOptions};

/// Longest time for encryption and authentication, which have no time limit of their own, besides that for the
/// connection itself.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// How long the peer may be silent before a connection counts as lost.
const KEEPALIVE: Duration = Duration::from_secs(15);

/// Longest wait of a statement for a lock, in milliseconds. Then the transaction gives its connection back and is
/// tried again, so that one locked row does not take up the pool.
const LOCK_TIMEOUT_MILLIS: u32 = 500;

/// The timeouts that an administrator can give to a role or a database, and the first version of PostgreSQL that has
/// them.
const ROLE_TIMEOUTS: [(&str, u32); 4] = [
    ("statement_timeout", 0),
    ("idle_in_transaction_session_timeout", 10),
    ("idle_session_timeout", 14),
    ("transaction_timeout", 17),
];

/// A connection that nothing was sent over yet, and what drives it.
pub type RawConnection = (Client, Connection<Socket, Wire>);

/// A URL that was understood, and how to encrypt.
#[derive(Clone)]
pub struct Target {
    /// Where the URL stands, for operators.
    pub variable: &'static str,
    config: tokio_postgres::Config,
    negotiation: Negotiation,
    setup: String,
    /// What stands against the database; empty until it has been asked.
    refusal: Arc<OnceCell<Option<String>>>,
}

/// Prepares the pools. No connection is made before the first query, so the database need not be there yet.
pub fn connect(options: &StorageOptions) -> Result<Db, OpenError> {
    let primary = Target::parse(&options.url, "DATABASE_URL", options)?;
    let quick = StorageOptions {
        pool_timeout: options.pool_timeout.min(replica::ANSWER_TIMEOUT),
        statement_timeout: options.statement_timeout.min(replica::STATEMENT_TIMEOUT),
        ..options.clone()
    };
    let replica = options.read_url.as_ref();
    let replica = replica.map(|url| Target::parse(url, "DATABASE_READ_URL", &quick)).transpose()?;
    let writers = pool_of(options, &primary)?;
    let replica_pool = replica.as_ref().map(|target| pool_of(&quick, target)).transpose()?;
    Ok(Db {
        readers: writers.clone(),
        writers,
        replica: replica_pool.map(|pool| Arc::new(Replica::new(pool))),
        runtime: tokio::runtime::Handle::current(),
        limits: Limits::of(options.statement_timeout),
        check: DatabaseCheck::of([Some(primary), replica].into_iter().flatten().collect()),
        report_permits: report_permits(options.pool_size),
        call_timeout: options.pool_timeout + options.statement_timeout,
        ranking: options.ranking,
        samples: Default::default(),
        caches: Arc::new(Caches::new(options.cache_lifetime)),
    })
}

/// One connection of its own, for migrations: without timeouts, but for locks.
pub async fn establish(options: &StorageOptions) -> Result<Conn, ConnectFailure> {
    let target = single(&options.url, "DATABASE_URL", options)?;
    target.establish().await
}

/// One connection to a database of another service, which may be made otherwise than this one needs it. `variable`
/// says where its URL stands.
pub async fn establish_foreign(
    url: &str,
    variable: &'static str,
    options: &StorageOptions,
) -> Result<Conn, ConnectFailure> {
    let target = single(url, variable, options)?;
    target.refusal.set(None).ok();
    target.establish().await
}

fn single(url: &str, variable: &'static str, options: &StorageOptions) -> Result<Target, ConnectFailure> {
    let mut target = Target::parse(url, variable, options)
        .map_err(|error| ConnectFailure::permanent(error.to_string()))?;
    target.setup = "SET lock_timeout = '10s'".into();
    Ok(target)
}

fn pool_of(options: &StorageOptions, target: &Target) -> Result<Pool, OpenError> {
    let target = target.clone();
    let connect = move || {
        let target = target.clone();
        async move { target.establish().await.map_err(|failure| failure.to_string()) }.boxed()
    };
    pool::pool(Box::new(connect), options.statement_timeout, options.pool_size, options.pool_timeout)
}

impl Target {
    fn parse(raw: &str, variable: &'static str, options: &StorageOptions) -> Result<Self, OpenError> {
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
        let mode = match mode.as_str() {
            "disable" => SslMode::Disable,
            "prefer" => SslMode::Prefer,
            _ => SslMode::Require,
        };
        // What is encrypted, and what is not, is agreed on in `wire.rs`.
        config.ssl_mode(SslMode::Require).ssl_negotiation(SslNegotiation::Direct);
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
        // that now and then takes seconds. Without sequential scans a small table seems to cost more than compiling the
        // statement would, which takes up to a second.
        let setup = format!(
            "SET statement_timeout = {statement}; SET idle_in_transaction_session_timeout = {statement}; \
             SET lock_timeout = {LOCK_TIMEOUT_MILLIS}; SET enable_seqscan = off; SET jit = off; \
             SET max_parallel_workers_per_gather = 0"
        );
        let negotiation = Negotiation { mode, tls: MakeRustlsConnect::new(tls) };
        Ok(Self { variable, config, negotiation, setup, refusal: Arc::default() })
    }

    /// Host, port, user and database, for operators.
    pub fn place(&self) -> String {
        let host = match self.config.get_hosts().first() {
            Some(Host::Tcp(host)) if host.contains(':') => format!("[{host}]"),
            Some(Host::Tcp(host)) => host.clone(),
            _ => String::new(),
        };
        let mut place = format!("{host}:{}", self.config.get_ports().first().copied().unwrap_or(5432));
        if let Some(user) = self.config.get_user() {
            place.push_str(&format!(" as user {user}"));
        }
        if let Some(database) = self.config.get_dbname() {
            place.push_str(&format!(", database {database}"));
        }
        place
    }

    /// The longest that a question may take which can be left out.
    pub fn question_timeout(&self) -> Duration {
        self.connect_timeout() / 2
    }

    fn connect_timeout(&self) -> Duration {
        self.config.get_connect_timeout().copied().unwrap_or(HANDSHAKE)
    }

    /// A connection with the settings of its role, over which nothing was sent.
    pub async fn connect(&self) -> Result<RawConnection, ConnectFailure> {
        let longest = self.connect_timeout() + HANDSHAKE;
        match tokio::time::timeout(longest, self.config.connect(self.negotiation.clone())).await {
            Ok(connected) => connected.map_err(|error| ConnectFailure::of(&error, self)),
            Err(_) => Err(ConnectFailure::transient(self, &format!("no answer within {longest:?}"))),
        }
    }

    /// Why the database must not be used, found out at the first connection.
    pub async fn refusal(&self) -> Result<Option<&str>, ConnectFailure> {
        let refusal = self.refusal.get_or_try_init(|| server_check::check(self)).await?;
        Ok(refusal.as_deref())
    }

    async fn establish(&self) -> Result<Conn, ConnectFailure> {
        // Before the settings: in a session that other programs use, too, they would do harm.
        if let Some(refusal) = self.refusal().await? {
            return Err(ConnectFailure::permanent(refusal.to_owned()));
        }
        let (client, connection) = self.connect().await?;
        let setup = self.setup_for(connection.parameter("server_version"));
        let failed = |error: &dyn std::fmt::Display| ConnectFailure::transient(self, &error.to_string());
        let conn = AsyncPgConnection::try_from_client_and_connection(client, connection).await;
        let mut conn = conn.map_err(|error| failed(&error))?;
        conn.batch_execute(&setup).await.map_err(|error| failed(&error))?;
        Ok(conn)
    }

    /// The settings of a session: whatever timeouts its role has do not hold, but those that it is given here.
    fn setup_for(&self, version: Option<&str>) -> String {
        let digits = version.unwrap_or_default().split(|character: char| !character.is_ascii_digit()).next();
        let version: u32 = digits.and_then(|digits| digits.parse().ok()).unwrap_or_default();
        let known = ROLE_TIMEOUTS.iter().filter(|(_, since)| version >= *since);
        let none: String = known.map(|(name, _)| format!("SET {name} = 0; ")).collect();
        none + &self.setup
    }
}

#[cfg(test)]
mod tests {
    use diesel::sql_types::Text;
    use diesel_async::RunQueryDsl;
    use futures_util::future::BoxFuture;

    use super::super::queries::db::boxed;
    use super::*;
    use crate::sql::error::DbResult;

    fn options(url: &str) -> StorageOptions {
        StorageOptions {
            pool_timeout: Duration::from_secs(1),
            statement_timeout: Duration::from_secs(1),
            ..StorageOptions::of_test(url)
        }
    }

    fn parse(url: &str) -> Result<tokio_postgres::Config, OpenError> {
        Target::parse(url, "DATABASE_URL", &options(url)).map(|target| target.config)
    }

    #[test]
    fn percent_encoding_is_undone() {
        let config = parse("postgres://us%40er:p%2Fw%3A@[::1]:6000/my%20db?sslmode=disable").unwrap();
        assert_eq!((config.get_user(), config.get_dbname()), (Some("us@er"), Some("my db")));
        assert_eq!(config.get_password(), Some(&b"p/w:"[..]));
        assert_eq!(config.get_ports(), [6000]);
    }

    #[test]
    fn timeouts_of_the_role_do_not_hold_as_far_as_the_server_knows_them() {
        let target = Target::parse("postgres://db/x", "DATABASE_URL", &options("postgres://db/x")).unwrap();
        let setup = target.setup_for(Some("15.14 (Debian 15.14-0+deb12u1)"));
        assert!(setup.starts_with("SET statement_timeout = 0; "), "{setup}");
        assert!(setup.contains("SET idle_session_timeout = 0") && !setup.contains("transaction_timeout = 0"));
        assert!(setup.contains("SET statement_timeout = 1000;"), "its own come last: {setup}");
        assert!(target.setup_for(Some("17beta1")).contains("SET transaction_timeout = 0"));
        assert!(!target.setup_for(Some("13.4")).contains("idle_session_timeout"));
    }

    #[test]
    fn a_place_names_all_but_the_password() {
        let url = "postgres://me:hunter2@[::1]:6000/builds";
        let target = Target::parse(url, "DATABASE_URL", &options(url)).unwrap();
        assert_eq!(target.place(), "[::1]:6000 as user me, database builds");
    }

    #[test]
    fn what_is_not_supported_is_refused_by_name_without_the_password() {
        let refused = parse("postgresql://me:hunter2@db/x?target_session_attrs=any").unwrap_err().to_string();
        assert!(refused.contains("target_session_attrs") && !refused.contains("hunter2"), "{refused}");
        let refused = parse("postgres://me:hunter2@db/x?sslmode=maybe").unwrap_err().to_string();
        assert!(refused.contains("sslmode") && !refused.contains("hunter2"), "{refused}");
        assert!(parse("postgres://me:hunter2@/x").is_err());
    }

    fn timeout(conn: &mut Conn, (): ()) -> BoxFuture<'_, DbResult<String>> {
        let setting = crate::sql::prepared_sql::PreparedSql::<(), Text>::new("SHOW statement_timeout", ());
        boxed(async move { Ok(setting.get_result(conn).await?) })
    }

    fn endless(conn: &mut Conn, (): ()) -> BoxFuture<'_, DbResult<usize>> {
        boxed(async move { Ok(diesel::sql_query("SELECT pg_sleep(3600)").execute(conn).await?) })
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_report_is_interrupted_where_other_statements_go_on() {
        let Some(database) = myashes_testkit::TestDatabase::new(super::super::KIND).await else { return };
        let options = StorageOptions {
            statement_timeout: Duration::from_secs(3600),
            ..StorageOptions::of_test(&database.url)
        };
        let db = connect(&options).unwrap();
        assert_eq!(db.read_report((), timeout).await.unwrap(), "1s");
        let error = db.read_report((), endless).await.unwrap_err();
        assert!(matches!(&error, myashes_domain::Error::Unavailable(_)), "{error:?}");
        assert_eq!(db.read((), timeout).await.unwrap(), "1h", "the connection is as it was");
    }
}
