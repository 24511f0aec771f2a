//! Routes around the API: name and version, health, and documents.

mod assets;
pub mod docs;
pub mod health;

use actix_web::http::header::{ACCEPT, HeaderMap, HeaderValue, LOCATION, VARY};
use actix_web::{HttpRequest, HttpResponse, web};
use myashes_domain::Error;
use myashes_domain::limits::LimitClass;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::http::answer::ok;
use crate::http::services::Services;
use crate::http::table::{RouteSpec, route};
use crate::metrics;

pub fn routes() -> Vec<RouteSpec> {
    use LimitClass::Reads;
    vec![
        route!(Reads, service_info),
        route!(None, health::health),
        route!(None, health::database_health),
        route!(None, health::ready),
        route!(Reads, health::builds_health_status),
        route!(None, metrics_text),
        route!(Reads, docs::openapi_document),
        RouteSpec::undocumented("GET", "/openapi.json", Reads, docs::openapi_document),
        route!(Reads, docs::docs),
        RouteSpec::undocumented("GET", "/docs/{file}", Reads, docs::file),
        RouteSpec::undocumented("GET", "/api/v1/docs", Reads, docs::docs),
        RouteSpec::undocumented("GET", "/api/v1/docs/{file}", Reads, docs::file),
        RouteSpec::undocumented("GET", "/api/v1/health", None, health::health),
        RouteSpec::undocumented("GET", "/api/v1/health/db", None, health::database_health),
    ]
}

#[derive(Serialize, ToSchema)]
struct Root {
    name: &'static str,
    version: &'static str,
    links: Links,
}

#[derive(Serialize, ToSchema)]
struct Links {
    api: &'static str,
    docs: &'static str,
    openapi: &'static str,
    health: &'static str,
}

/// What this is
#[utoipa::path(get, path = "/", tag = "around the API",
    responses((status = 200, description = "Name, version and links", body = Root)))]
async fn service_info(services: web::Data<Services>, request: HttpRequest) -> HttpResponse {
    if let Some(site) = services.rules.site.as_ref().filter(|_| prefers_html(request.headers())) {
        return HttpResponse::Found()
            .insert_header((LOCATION, site.path("/builds")))
            .insert_header((VARY, "Accept"))
            .finish();
    }
    let mut response = ok(&Root {
        name: "MyAshes API",
        version: crate::VERSION,
        links: Links { api: "/api/v1", docs: "/docs", openapi: "/api/v1/openapi.json", health: "/health" },
    });
    response.headers_mut().insert(VARY, HeaderValue::from_static("Accept"));
    response
}

/// Whether a client prefers HTML to JSON, as browsers do.
fn prefers_html(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let quality = |kind: &str| {
        let ranges = accepted.split(',').map(str::trim);
        let range = ranges.filter_map(|range| range.split_once(';').map_or(Some((range, "")), Some));
        range
            .filter(|(name, _)| name.trim().eq_ignore_ascii_case(kind))
            .filter_map(|(_, rest)| match rest.trim().strip_prefix("q=") {
                Some(q) => q.parse::<f32>().ok(),
                None => Some(1.0),
            })
            .fold(0.0, f32::max)
    };
    quality("text/html") > quality("application/json")
}

/// Metrics in Prometheus' text format
///
/// On this listener in development only.
#[utoipa::path(get, path = "/metrics", tag = "around the API",
    responses((status = 200, description = "The metrics", body = String, content_type = "text/plain")))]
async fn metrics_text(services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    if !services.rules.metrics_here {
        return Err(Error::NotFound.into());
    }
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(metrics::render()))
}
