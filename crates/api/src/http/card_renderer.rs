//! Renders card images one after the other, on a thread of their own, and caches them for a while.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock, mpsc};
use std::thread;

use bytes::Bytes;
use moka::future::Cache;
use myashes_domain::Error;
use myashes_domain::ids::BuildId;
use myashes_web::BuildCard;
use myashes_web::card::{self, CardError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::metrics;

/// Bytes of cached images.
const CACHE_BYTES: u64 = 12 * 1024 * 1024;
/// Images that are being rendered or wait for it.
const QUEUE_LENGTH: usize = 16;

/// A build as it was at some moment.
pub type CardKey = (BuildId, i64, i64);

type Job = Box<dyn FnOnce() + Send>;

/// Renders and caches card images.
pub struct CardRenderer {
    cards: Cache<CardKey, Bytes>,
    /// By primary and secondary archetype.
    class_cards: Cache<(String, String), Bytes>,
    queue: Arc<Semaphore>,
    /// To the thread that renders, which starts with the first image. It is always the same one, since an allocator
    /// keeps freed memory for each thread, and an image takes several MiB.
    jobs: OnceLock<mpsc::Sender<Job>>,
}

impl Default for CardRenderer {
    fn default() -> Self {
        let weight = |_: &_, image: &Bytes| u32::try_from(image.len()).unwrap_or(u32::MAX);
        Self {
            cards: Cache::builder().max_capacity(CACHE_BYTES).weigher(weight).build(),
            class_cards: Cache::builder().max_capacity(256).build(),
            queue: Arc::new(Semaphore::new(QUEUE_LENGTH)),
            jobs: OnceLock::new(),
        }
    }
}

impl CardRenderer {
    /// A card that was rendered before.
    pub async fn cached(&self, key: &CardKey) -> Option<Bytes> {
        self.cards.get(key).await
    }

    /// A place in the queue; `None` when it is full.
    pub fn place(&self) -> Option<OwnedSemaphorePermit> {
        let place = Arc::clone(&self.queue).try_acquire_owned().ok();
        metrics::card_queue(QUEUE_LENGTH - self.queue.available_permits());
        place
    }

    async fn render(
        &self,
        draw: impl FnOnce() -> Result<Vec<u8>, CardError> + Send + 'static,
    ) -> Result<Bytes, Error> {
        let (answer, drawn) = oneshot::channel();
        let job = move || drop(answer.send(draw()));
        self.jobs.get_or_init(start).send(Box::new(job)).map_err(|_| Error::internal("no thread renders"))?;
        let image = drawn.await.map_err(|_| Error::internal("a card could not be rendered"))?;
        let image = image.map_err(Error::internal)?;
        // Without the spare capacity, which the cache would keep and not count.
        Ok(image.into_boxed_slice().into())
    }

    /// The card of a build. Equal ones at the same time are rendered once.
    pub async fn card(
        &self,
        key: CardKey,
        build: BuildCard,
        place: OwnedSemaphorePermit,
    ) -> Result<Bytes, Error> {
        let drawn = self.cards.try_get_with(key, self.render(move || card::render(&build))).await;
        drop(place);
        drawn.map_err(|error| (*error).clone())
    }

    pub async fn class_card(&self, build: BuildCard) -> Result<Bytes, Error> {
        let key = (build.primary.id.clone(), build.secondary.id.clone());
        let draw = move || card::render_class_card(&build.class_name, &build.primary, &build.secondary);
        self.class_cards.try_get_with(key, self.render(draw)).await.map_err(|error| (*error).clone())
    }
}

/// Starts the thread, which ends with the renderer.
fn start() -> mpsc::Sender<Job> {
    let (jobs, queue) = mpsc::channel::<Job>();
    let render = move || {
        for job in queue {
            // The panic hook logs a panic, and the request learns that it gets no image.
            drop(catch_unwind(AssertUnwindSafe(job)));
        }
    };
    // Without the thread the queue is dropped, and so is each job that is sent to it.
    if let Err(error) = thread::Builder::new().name("cards".to_owned()).spawn(render) {
        tracing::error!(%error, "there is no thread to render cards");
    }
    jobs
}
