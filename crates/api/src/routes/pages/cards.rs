//! Card images. They are rendered one at a time, off the threads that serve requests, and cached for a while. A
//! client that requests too many at once gets the static card of the class.

use std::sync::Arc;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use moka::future::Cache;
use myashes_domain::Error;
use myashes_domain::builds::Build;
use myashes_domain::ids::BuildId;
use myashes_web::card::{self, CardError, CardView};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::views::card_view;
use crate::error::ApiError;
use crate::http::conditional::{etag, not_modified};
use crate::http::context::RequestContext;
use crate::http::limits;
use crate::metrics;
use crate::routes::builds::build_id;
use crate::services::Services;

/// Bytes of cached images.
const CACHE_BYTES: u64 = 12 * 1024 * 1024;
/// Images that are being rendered or wait for it.
const QUEUE_LENGTH: usize = 16;

const FIVE_MINUTES: HeaderValue = HeaderValue::from_static("public, max-age=300");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// A build as it was at some moment.
type CardKey = (BuildId, i64, i64);

/// Renders and caches card images.
pub struct CardRenderer {
    cards: Cache<CardKey, Bytes>,
    /// By primary and secondary archetype.
    class_cards: Cache<(String, String), Bytes>,
    queue: Arc<Semaphore>,
    renderer: Arc<Semaphore>,
}

impl Default for CardRenderer {
    fn default() -> Self {
        let weight = |_: &_, image: &Bytes| u32::try_from(image.len()).unwrap_or(u32::MAX);
        Self {
            cards: Cache::builder().max_capacity(CACHE_BYTES).weigher(weight).build(),
            class_cards: Cache::builder().max_capacity(256).build(),
            queue: Arc::new(Semaphore::new(QUEUE_LENGTH)),
            renderer: Arc::new(Semaphore::new(1)),
        }
    }
}

impl CardRenderer {
    /// A place in the queue; `None` when it is full.
    fn place(&self) -> Option<OwnedSemaphorePermit> {
        let place = Arc::clone(&self.queue).try_acquire_owned().ok();
        metrics::card_queue(QUEUE_LENGTH - self.queue.available_permits());
        place
    }

    async fn render(
        &self,
        draw: impl FnOnce() -> Result<Vec<u8>, CardError> + Send + 'static,
    ) -> Result<Bytes, Error> {
        let turn = Arc::clone(&self.renderer).acquire_owned().await.map_err(Error::internal)?;
        let drawn = tokio::task::spawn_blocking(move || {
            let drawn = draw();
            drop(turn);
            drawn
        });
        Ok(drawn.await.map_err(Error::internal)?.map_err(Error::internal)?.into())
    }

    /// The card of a build. Equal ones at the same time are rendered once.
    async fn card(&self, key: CardKey, view: CardView, place: OwnedSemaphorePermit) -> Result<Bytes, Error> {
        let drawn = self.cards.try_get_with(key, self.render(move || card::render(&view))).await;
        drop(place);
        drawn.map_err(|error| (*error).clone())
    }

    async fn class_card(&self, view: CardView) -> Result<Bytes, Error> {
        let key = (view.primary.id.clone(), view.secondary.id.clone());
        let draw = move || card::render_class_card(&view.class_name, &view.primary, &view.secondary);
        self.class_cards.try_get_with(key, self.render(draw)).await.map_err(|error| (*error).clone())
    }
}

pub(super) async fn card(
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    super::site(&services)?;
    let id = build_id(&request)?;
    let build = services.builds.get_shared(&id).await?;
    let build = build.ok_or_else(|| Error::BuildNotFound(id.to_string()))?;
    let tag = etag(&build);
    if not_modified(request.headers(), &tag) {
        let mut response = HttpResponse::NotModified();
        return Ok(response.insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, FIVE_MINUTES)).finish());
    }
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, card::CONTENT_TYPE));
    if let Some(image) = own_card(&services, &request, &build).await? {
        response.insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, FIVE_MINUTES));
        return Ok(response.body(image));
    }
    metrics::card_replaced();
    response.insert_header((CACHE_CONTROL, NO_STORE));
    let view = card_view(&build.summary, &services.game);
    let shared = services.clone();
    let image = in_background(&services, async move { shared.pages.cards.class_card(view).await }).await?;
    Ok(response.body(image))
}

/// The card of the build; `None` when the address has had too many new ones, or the queue is full.
async fn own_card(
    services: &web::Data<Services>,
    request: &HttpRequest,
    build: &Build,
) -> Result<Option<Bytes>, Error> {
    let cards = &services.pages.cards;
    let key = (build.summary.id.clone(), build.revision, build.tally_revision);
    if let Some(image) = cards.cards.get(&key).await {
        return Ok(Some(image));
    }
    if !limits::admits_card(services, &RequestContext::of(request)).await {
        return Ok(None);
    }
    let Some(place) = cards.place() else { return Ok(None) };
    let view = card_view(&build.summary, &services.game);
    let shared = services.clone();
    let work = async move { shared.pages.cards.card(key, view, place).await };
    in_background(services, work).await.map(Some)
}

/// Runs on the main runtime, so that a client that hangs up cancels no rendering that others wait for.
async fn in_background(
    services: &Services,
    work: impl Future<Output = Result<Bytes, Error>> + Send + 'static,
) -> Result<Bytes, Error> {
    services.background.spawn(work).await.map_err(Error::internal)?
}
