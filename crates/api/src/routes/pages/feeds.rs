//! The Atom feed and the oEmbed endpoint.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use myashes_domain::builds::{Scope, Sort};
use myashes_domain::ids::BuildId;
use myashes_domain::page::{PageRequest, Position};
use myashes_domain::{Error, FieldError};
use myashes_web::{ErrorPage, feed, oembed as web_oembed};
use serde::Deserialize;
use validator::Validate;

use super::views::{build_card, gallery_query};
use crate::error::ApiError;
use crate::http::conditional::not_modified;
use crate::http::fields::{Field, FieldErrorCollector, Integer, deserialize_from_str, optional};
use crate::http::pages;
use crate::http::query;
use crate::http::services::Services;
use crate::routes::builds::query::ListParameters;

/// How many builds a feed holds.
const ENTRIES: u32 = 50;
const SHORT_LIVED: HeaderValue = HeaderValue::from_static("public, no-cache");

pub(super) async fn atom(
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let site = super::site(&services)?;
    let mut query = query::read::<ListParameters>(&request)?.query(Scope::Public)?;
    query.sort = Sort::Newest;
    query.page = PageRequest { position: Position::Page(1), limit: ENTRIES };
    let list = services.builds.list(&query).await?;
    let entries: Vec<feed::FeedEntry> = list
        .builds
        .iter()
        .map(|it| feed::FeedEntry {
            build: build_card(it, &services.game),
            description: it.content.description.clone(),
            updated_at: it.updated_at.to_string(),
        })
        .collect();
    let shown = gallery_query(request.query_string());
    let body = feed::render(site, &shown, &entries, &services.clock.now().day().start().to_string());
    let tag = pages::tag(body.as_bytes());
    let mut response = if not_modified(request.headers(), &tag) {
        HttpResponse::NotModified().finish()
    } else {
        HttpResponse::Ok().insert_header((CONTENT_TYPE, feed::CONTENT_TYPE)).body(body)
    };
    response.headers_mut().insert(ETAG, tag);
    response.headers_mut().insert(CACHE_CONTROL, SHORT_LIVED);
    Ok(response)
}

#[derive(Deserialize, Validate)]
struct OembedParameters {
    #[serde(default)]
    #[validate(custom(function = optional))]
    url: Field<String>,
    #[serde(default)]
    #[validate(custom(function = optional))]
    format: Field<String>,
    #[serde(default, deserialize_with = "deserialize_from_str")]
    #[validate(custom(function = optional), range(min = 1))]
    maxwidth: Field<Integer>,
    #[serde(default, deserialize_with = "deserialize_from_str")]
    #[validate(custom(function = optional), range(min = 1))]
    maxheight: Field<Integer>,
}

/// The `type: link` answer about a build's page. A foreign URL is a 404, XML a 501, as oEmbed has it.
pub(super) async fn oembed(
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let site = super::site(&services)?;
    let parameters = query::read::<OembedParameters>(&request)?;
    let mut checked = FieldErrorCollector::of(&parameters);
    if parameters.url.value().is_none() {
        checked.push(FieldError::new("url", "required", "is required"));
    }
    checked.finish(Some(())).map_err(Error::Invalid)?;
    if parameters.format.value().is_some_and(|it| it != "json") {
        let body = ErrorPage::of(501).render(site).map_err(Error::internal)?;
        return Ok(HttpResponse::NotImplemented().content_type("text/html; charset=utf-8").body(body));
    }
    let url = parameters.url.value().map(String::as_str).unwrap_or_default();
    let id = web_oembed::build_id_of(site, url).and_then(|id| BuildId::parse(&id)).ok_or(Error::NotFound)?;
    let build = services.builds.get_shared(&id).await?;
    let most = |field: &Field<Integer>| field.value().map(|it| u32::try_from(it.0).unwrap_or(u32::MAX));
    let card = build_card(&build.summary, &services.game);
    let body = web_oembed::render(site, &card, most(&parameters.maxwidth), most(&parameters.maxheight));
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, web_oembed::CONTENT_TYPE));
    response.insert_header((CACHE_CONTROL, SHORT_LIVED));
    Ok(response.body(body))
}
