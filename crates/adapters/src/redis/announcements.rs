//! Publishes changed builds to the other replicas, and receives theirs. A message lost while Redis is down leaves an
//! entry stale for at most a second: no cache entry lives longer.

use std::sync::Arc;
use std::time::Duration;

use ::redis::{Client, RedisResult};
use futures_util::StreamExt;
use myashes_domain::builds::InvalidationListener;
use myashes_domain::ids::BuildId;
use tokio::sync::mpsc;

use super::link::RedisLink;
use super::rights::{Purpose, channel, client, explain_refusal, user};
use crate::OpenError;

/// Stands for every build.
const ALL: &str = "*";

/// How many announcements may wait. More are dropped: the others' entries expire by themselves.
const WAITING: usize = 10_000;

/// How many ids go in one message.
const LARGEST: usize = 200;

/// How far messages are apart: what changes meanwhile goes together, since each message wakes every replica.
const PUBLISH_INTERVAL: Duration = Duration::from_millis(10);

const PAUSE: Duration = Duration::from_secs(1);

/// Publishes invalidations to the other replicas.
pub struct InvalidationPublisher {
    queue: mpsc::Sender<String>,
}

impl InvalidationPublisher {
    /// Announces through `link`, on the runtime this is called in.
    #[must_use]
    pub fn start(link: Arc<RedisLink>) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING);
        tokio::spawn(announce(link, waiting));
        Self { queue }
    }
}

impl InvalidationListener for InvalidationPublisher {
    fn changed(&self, builds: &[BuildId]) {
        for build in builds {
            self.queue.try_send(build.as_str().to_owned()).ok();
        }
    }

    fn all_changed(&self) {
        self.queue.try_send(ALL.to_owned()).ok();
    }
}

async fn announce(link: Arc<RedisLink>, mut waiting: mpsc::Receiver<String>) {
    let mut batch = Vec::new();
    while waiting.recv_many(&mut batch, LARGEST).await > 0 {
        batch.sort_unstable();
        batch.dedup();
        let message = batch.join(" ");
        batch.clear();
        let channel = link.channel().to_owned();
        let publish = |mut connection| async move {
            ::redis::cmd("PUBLISH").arg(channel).arg(message).query_async::<()>(&mut connection).await
        };
        link.run(Purpose::Publish, publish).await.ok();
        tokio::time::sleep(PUBLISH_INTERVAL).await;
    }
}

/// Passes on to `watcher` what any replica announces, this one included, for as long as the task lives. A
/// connection that breaks may have lost something, so everything counts as changed after it.
///
/// # Errors
/// For a URL that is not understood; it is not in the message.
pub fn listen(
    url: &str,
    watcher: Arc<dyn InvalidationListener>,
) -> Result<impl Future<Output = ()> + Send + use<>, OpenError> {
    let client = client(url).map_err(|error| {
        OpenError(format!("REDIS_URL: expected redis:// or rediss:// ({:?})", error.kind()))
    })?;
    Ok(async move {
        let user = user(&client);
        let mut warned_of = None;
        loop {
            if let Err(error) = pass_all_on(&client, &*watcher).await {
                // That Redis is away is said by the link.
                let refusal = error.code().map(str::to_owned);
                if refusal.is_some() && refusal != warned_of {
                    let why = explain_refusal(Purpose::Subscribe, &user, &error);
                    tracing::warn!(%error, "{why}; changes at other replicas are seen a second later");
                    warned_of = refusal;
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
    })
}

/// Listens for as long as the connection lasts.
async fn pass_all_on(client: &Client, watcher: &dyn InvalidationListener) -> RedisResult<()> {
    let mut subscription = client.get_async_pubsub().await?;
    subscription.subscribe(channel(client)).await?;
    watcher.all_changed();
    let mut messages = subscription.on_message();
    while let Some(message) = messages.next().await {
        dispatch(&message.get_payload::<String>().unwrap_or_default(), watcher);
    }
    Ok(())
}

fn dispatch(message: &str, watcher: &dyn InvalidationListener) {
    let ids: Vec<&str> = message.split(' ').filter(|id| !id.is_empty()).collect();
    if ids.contains(&ALL) {
        watcher.all_changed();
    } else {
        let builds: Vec<BuildId> = ids.into_iter().map(|id| BuildId::stored(id.to_owned())).collect();
        watcher.changed(&builds);
    }
}
