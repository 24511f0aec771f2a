//! Card images. They are rendered one at a time, off the threads that serve requests, and cached for a while. A
//! client that requests too many at once gets the static card of the class.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use myashes_domain::Error;
use myashes_domain::builds::Build;
use myashes_web::card;

use super::views::build_card;
use crate::error::ApiError;
use crate::http::conditional::{etag, not_modified};
use crate::http::context::RequestContext;
use crate::http::limits;
use crate::http::services::Services;
use crate::metrics;
use crate::routes::builds::build_id;

const FIVE_MINUTES: HeaderValue = HeaderValue::from_static("public, max-age=300");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

pub(super) async fn card(
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    super::site(&services)?;
    let id = build_id(&request)?;
    let build = services.builds.get_shared(&id).await?;
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
    let card = build_card(&build.summary, &services.game);
    let shared = services.clone();
    let image = in_background(&services, async move { shared.pages.cards.class_card(card).await }).await?;
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
    if let Some(image) = cards.cached(&key).await {
        return Ok(Some(image));
    }
    if !limits::admits_card(services, &RequestContext::of(request)).await {
        return Ok(None);
    }
    let Some(place) = cards.place() else { return Ok(None) };
    let card = build_card(&build.summary, &services.game);
    let shared = services.clone();
    let work = async move { shared.pages.cards.card(key, card, place).await };
    in_background(services, work).await.map(Some)
}

/// Runs on the main runtime, so that a client that hangs up cancels no rendering that others wait for.
async fn in_background(
    services: &Services,
    work: impl Future<Output = Result<Bytes, Error>> + Send + 'static,
) -> Result<Bytes, Error> {
    services.background.spawn(work).await.map_err(Error::internal)?
}
