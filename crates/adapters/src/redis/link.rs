//! The one connection to Redis, and the breaker around it.
//!
//! A background task connects and publishes a connection once it answers. Callers use the published connection or
//! go on without one; they never wait for a connection. The first command that gets no answer within 50 ms closes
//! the connection for all callers, so that a Redis that hangs costs those 50 ms once. An error reply is an answer: the
//! command fails alone, unless the reply says that this server serves no commands now.

use std::collections::HashSet;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ::redis::aio::MultiplexedConnection;
use ::redis::{AsyncConnectionConfig, Client, ErrorKind, RedisError, RedisResult};
use async_trait::async_trait;
use myashes_domain::health::Dependency;
use myashes_domain::{Error, Result};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::rights::{Purpose, channel, client, explain_refusal, is_denied, place, user};
use crate::OpenError;

/// Longest a caller waits for Redis.
const RESPONSE: Duration = Duration::from_millis(50);
const CONNECT: Duration = Duration::from_secs(2);
const SHORTEST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// A connection that lasted this long has earned a quick retry.
const STABLE_AFTER: Duration = Duration::from_secs(30);

/// Error replies after which another connection may reach a server that answers: after a failover, while it
/// loads its data, or with other credentials.
const OUTAGE_CODES: [&str; 6] = ["LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "NOAUTH", "WRONGPASS"];

/// Redis is not there now, or refused the command. The log says why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RedisUnavailable;

#[derive(Clone)]
struct ActiveConnection {
    connection: MultiplexedConnection,
    /// Tells this connection from the one after it, so that a late failure does not take down its successor.
    generation: u64,
}

/// The connection to Redis, which a background task restores until this is dropped.
pub struct RedisLink {
    published: Arc<watch::Sender<Option<ActiveConnection>>>,
    keeper: JoinHandle<()>,
    response: Duration,
    /// As whom the server knows this service.
    user: String,
    channel: String,
    /// What was warned of, with the code of the error reply: a command that is refused again and again is one line.
    warned_of: Mutex<HashSet<(Purpose, String)>>,
}

impl RedisLink {
    /// Starts to connect, on the runtime this is called in, and returns at once: Redis need not be there.
    ///
    /// # Errors
    /// For a URL that is not understood. The message does not hold the URL, which may hold a password.
    pub fn open(url: &str) -> Result<Arc<Self>, OpenError> {
        Self::open_with(url, RESPONSE)
    }

    /// The same with another time limit for callers, which a busy test machine needs.
    ///
    /// # Errors
    /// As [`RedisLink::open`].
    pub fn open_with(url: &str, response: Duration) -> Result<Arc<Self>, OpenError> {
        let client = client(url).map_err(|error| {
            OpenError(format!("REDIS_URL: expected redis:// or rediss:// with a host ({:?})", error.kind()))
        })?;
        let published = Arc::new(watch::Sender::new(None));
        let (user, channel) = (user(&client), channel(&client));
        let keeper = tokio::spawn(maintain_connection(client, response, Arc::clone(&published)));
        Ok(Arc::new(Self { published, keeper, response, user, channel, warned_of: Mutex::default() }))
    }

    /// The channel of the database that this is connected to.
    #[must_use]
    pub(super) fn channel(&self) -> &str {
        &self.channel
    }

    /// Waits until a connection answers.
    pub async fn connected(&self) {
        // The sender lives as long as `self`, so that this cannot fail.
        self.published.subscribe().wait_for(Option::is_some).await.ok();
    }

    /// Returns whether there is a connection that has answered and not failed since.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.published.borrow().is_some()
    }

    /// Runs commands, all of them together within the time limit (50 ms).
    ///
    /// # Errors
    /// [`RedisUnavailable`] at once without a connection, and when the commands fail, which ends the connection unless it
    /// was a reply that refuses them.
    pub(super) async fn run<T, F>(
        &self,
        purpose: Purpose,
        commands: impl FnOnce(MultiplexedConnection) -> F,
    ) -> Result<T, RedisUnavailable>
    where
        F: Future<Output = RedisResult<T>>,
    {
        let ActiveConnection { connection, generation } =
            self.published.borrow().clone().ok_or(RedisUnavailable)?;
        let why = match timeout(self.response, commands(connection)).await {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(error)) if is_refusal(&error) => {
                self.warn_of_refusal(purpose, &error);
                return Err(RedisUnavailable);
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("no answer within {:?}", self.response),
        };
        let taken_down = self.published.send_if_modified(|live| {
            let same = live.as_ref().is_some_and(|live| live.generation == generation);
            if same {
                *live = None;
            }
            same
        });
        if taken_down {
            tracing::warn!(error = %why, "Redis is away; cache and limits live in this process meanwhile");
        }
        Err(RedisUnavailable)
    }
}

impl RedisLink {
    fn warn_of_refusal(&self, purpose: Purpose, error: &RedisError) {
        let code = error.code().unwrap_or_default().to_owned();
        let mut warned_of = self.warned_of.lock().unwrap_or_else(PoisonError::into_inner);
        if warned_of.insert((purpose, code)) {
            let why = explain_refusal(purpose, &self.user, error);
            tracing::warn!(%error, "{why}; the connection stays");
        }
    }
}

/// Whether Redis answered, with an error about this command alone.
fn is_refusal(error: &RedisError) -> bool {
    let reply =
        matches!(error.kind(), ErrorKind::Server(_) | ErrorKind::Extension | ErrorKind::UnexpectedReturnType);
    reply && !error.code().is_some_and(|code| OUTAGE_CODES.contains(&code))
}

impl Drop for RedisLink {
    fn drop(&mut self) {
        self.keeper.abort();
    }
}

#[async_trait]
impl Dependency for RedisLink {
    async fn ping(&self) -> Result<()> {
        let ping = |mut connection: MultiplexedConnection| async move {
            ::redis::cmd("PING").query_async::<()>(&mut connection).await
        };
        self.run(Purpose::Ping, ping).await.map_err(|RedisUnavailable| Error::unavailable("Redis is away"))
    }
}

async fn maintain_connection(
    client: Client,
    response: Duration,
    published: Arc<watch::Sender<Option<ActiveConnection>>>,
) {
    let place = place(&client);
    let mut ended = published.subscribe();
    let mut pause = SHORTEST_PAUSE;
    let mut failing = None;
    for generation in 0.. {
        match connect(&client, response).await {
            Ok(connection) => {
                tracing::info!("Redis answers");
                failing = None;
                published.send_replace(Some(ActiveConnection { connection, generation }));
                if timeout(STABLE_AFTER, ended.wait_for(Option::is_none)).await.is_err() {
                    pause = SHORTEST_PAUSE;
                    ended.wait_for(Option::is_none).await.ok();
                }
            }
            Err(why) if failing.as_ref() != Some(&why) => {
                tracing::warn!(
                    error = %why,
                    "REDIS_URL: cannot connect to Redis at {place}; cache and limits live in this process, and it \
                     is tried again in the background"
                );
                failing = Some(why);
            }
            Err(_) => {}
        }
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// A connection that has answered as fast as callers will want it to.
async fn connect(client: &Client, response: Duration) -> Result<MultiplexedConnection, String> {
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(CONNECT))
        .set_response_timeout(Some(response));
    let attempt = async {
        let mut connection = client.get_multiplexed_async_connection_with_config(&config).await?;
        ::redis::cmd("PING").query_async::<()>(&mut connection).await?;
        RedisResult::Ok(connection)
    };
    match timeout(CONNECT, attempt).await {
        Ok(Ok(connection)) => Ok(connection),
        Ok(Err(error)) if is_denied(&error) => {
            Err(format!("{error}; check the user and the password (REDIS_URL, REDIS_PASSWORD)"))
        }
        Ok(Err(error)) if is_refusal(&error) => {
            Err(format!("{error}; {}", explain_refusal(Purpose::Ping, &user(client), &error)))
        }
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("no answer within {CONNECT:?}")),
    }
}
