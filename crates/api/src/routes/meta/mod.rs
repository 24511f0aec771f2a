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
use crate::http::table::{At, at};
use crate::metrics;
use crate::services::Services;

pub fn routes() -> Vec<At> {
    use LimitClass::Reads;
    vec![
        at("/").get(Reads, root),
        at("/health").get(None, health::health),
        at("/health/db").get(None, health::database),
        at("/ready").get(None, health::ready),
        at("/metrics").get(None, metrics_text),
        at("/openapi.json").get(Reads, docs::document),
        at("/api/v1/openapi.json").get(Reads, docs::document),
        at("/docs").get(Reads, docs::index),
        at("/docs/{file}").get(Reads, docs::file),
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
pub async fn root() -> HttpResponse {
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
pub async fn metrics_text(services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    if !services.rules.metrics_here {
        return Err(Error::NotFound.into());
    }
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(metrics::render()))
}
