//! Around the API: what it is, how it is, and its documents.

mod assets;
pub mod docs;
pub mod health;

use actix_web::{HttpResponse, web};
use myashes_domain::Error;
use myashes_domain::limits::LimitClass;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::http::answer::ok;
use crate::http::table::{RouteSpec, route};
use crate::metrics;
use crate::services::Services;

pub fn routes() -> Vec<RouteSpec> {
    use LimitClass::Reads;
    vec![
        route!(Reads, service_info),
        route!(None, health::health),
        route!(None, health::database_health),
        route!(None, health::ready),
        route!(None, metrics_text),
        route!(Reads, docs::openapi_document),
        RouteSpec::undocumented("GET", "/openapi.json", Reads, docs::openapi_document),
        route!(Reads, docs::docs),
        RouteSpec::undocumented("GET", "/docs/{file}", Reads, docs::file),
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
#[utoipa::path(get, path = "/", tag = "meta",
    responses((status = 200, description = "Name, version and links", body = Root)))]
async fn service_info() -> HttpResponse {
    ok(&Root {
        name: "MyAshes API",
        version: crate::VERSION,
        links: Links { api: "/api/v1", docs: "/docs", openapi: "/api/v1/openapi.json", health: "/health" },
    })
}

/// Metrics in Prometheus' text format
///
/// On this listener in development only.
#[utoipa::path(get, path = "/metrics", tag = "meta",
    responses((status = 200, description = "The metrics", body = String, content_type = "text/plain")))]
async fn metrics_text(services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    if !services.rules.metrics_here {
        return Err(Error::NotFound.into());
    }
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(metrics::render()))
}
