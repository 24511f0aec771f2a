//! The OpenAPI document and its viewer, both from inside the binary.

use std::io::Read as _;
use std::sync::{Arc, LazyLock};

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use flate2::read::GzDecoder;
use myashes_domain::Error;
use utoipa_swagger_ui::Config;

use crate::error::{ApiError, JSON};
use crate::openapi;
use crate::services::Services;

static DOCUMENT: LazyLock<Bytes> =
    LazyLock::new(|| serde_json::to_vec(&openapi::document()).expect("the document is plain JSON").into());

/// The page loads its own files by absolute paths, since it is served without a slash at its end.
const INDEX: &str = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>MyAshes API</title>\
<link rel=\"stylesheet\" href=\"/docs/swagger-ui.css\"></head><body><div id=\"swagger-ui\"></div>\
<script src=\"/docs/swagger-ui-bundle.js\"></script>\
<script src=\"/docs/swagger-ui-standalone-preset.js\"></script>\
<script src=\"/docs/swagger-initializer.js\"></script></body></html>\n";

fn enabled(services: &Services) -> Result<(), Error> {
    if services.rules.docs { Ok(()) } else { Err(Error::NotFound) }
}

/// This document
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "meta",
    responses((status = 200, description = "OpenAPI 3.1", body = Object)))]
pub async fn document(services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    enabled(&services)?;
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, JSON)).body(DOCUMENT.clone()))
}

/// The viewer of this document
#[utoipa::path(get, path = "/docs", tag = "meta",
    responses((status = 200, description = "A page", body = String, content_type = "text/html")))]
pub async fn index(services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    enabled(&services)?;
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(INDEX))
}

/// A file of the viewer.
pub async fn file(services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    enabled(&services)?;
    let config = Arc::new(Config::from("/api/v1/openapi.json"));
    let name = request.match_info().query("file");
    let file = utoipa_swagger_ui::serve(name, config).map_err(Error::internal)?.ok_or(Error::NotFound)?;
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, HeaderValue::from_static("private, no-cache")))
        .content_type(file.content_type)
        .body(if file.gzpipped { unzipped(&file.bytes)? } else { file.bytes.into_owned() }))
}

/// Files lie compressed in the binary. Whether they travel so is the envelope's affair.
fn unzipped(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut plain = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut plain).map_err(Error::internal)?;
    Ok(plain)
}
