//! The OpenAPI document and its viewer, both from inside the binary.

use std::collections::HashMap;
use std::io::Read as _;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use actix_web::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use flate2::read::GzDecoder;
use myashes_domain::Error;
use utoipa_swagger_ui::Config;

use super::assets::Asset;
use crate::error::ApiError;
use crate::http::services::Services;
use crate::{openapi, routes};

static DOCUMENT: LazyLock<Asset> = LazyLock::new(|| {
    let text = serde_json::to_vec(&openapi::document(routes::table())).expect("the document is plain JSON");
    Asset::new("application/json", text)
});

/// Files of the viewer by name, each read from the binary when it is first asked for.
static FILES: LazyLock<Mutex<HashMap<String, Arc<Asset>>>> = LazyLock::new(Mutex::default);

static INDEX: LazyLock<Result<Asset, Error>> =
    LazyLock::new(|| Ok(Asset::new("text/html; charset=utf-8", index_page()?)));

/// The content security policy of the viewer: its own files, icons inside of its style sheet, and this service.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// The page loads its files by absolute paths below `/api/`, where proxies that forward nothing else reach them, and by
/// their hashes.
fn index_page() -> Result<String, Error> {
    let path = |name: &str| Ok::<_, Error>(format!("/api/v1/docs/{name}?{}", asset(name)?.query()));
    Ok(format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>MyAshes API</title>\
         <link rel=\"stylesheet\" href=\"{}\"></head><body><div id=\"swagger-ui\"></div>\
         <script src=\"{}\"></script><script src=\"{}\"></script><script src=\"{}\"></script></body></html>\n",
        path("swagger-ui.css")?,
        path("swagger-ui-bundle.js")?,
        path("swagger-ui-standalone-preset.js")?,
        path("swagger-initializer.js")?,
    ))
}

/// A file of the viewer.
fn asset(name: &str) -> Result<Arc<Asset>, Error> {
    let known = FILES.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
    if let Some(known) = known {
        return Ok(known);
    }
    let config = Arc::new(Config::from("/api/v1/openapi.json"));
    let file = utoipa_swagger_ui::serve(name, config).map_err(Error::internal)?.ok_or(Error::NotFound)?;
    let bytes = Bytes::from(file.bytes.into_owned());
    let asset = Arc::new(if file.gzpipped {
        Asset::new(file.content_type, unzipped(&bytes)?).with_gzip(bytes)
    } else {
        Asset::new(file.content_type, bytes)
    });
    let mut files = FILES.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(Arc::clone(files.entry(name.to_owned()).or_insert(asset)))
}

fn enabled(services: &Services) -> Result<(), Error> {
    if services.rules.docs { Ok(()) } else { Err(Error::NotFound) }
}

/// This document
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "around the API",
    responses((status = 200, description = "OpenAPI 3.1", body = Object)))]
pub(super) async fn openapi_document(
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    enabled(&services)?;
    Ok(DOCUMENT.respond(&request).await)
}

/// The viewer of this document
#[utoipa::path(get, path = "/docs", tag = "around the API",
    responses((status = 200, description = "A page", body = String, content_type = "text/html")))]
pub(super) async fn docs(
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    enabled(&services)?;
    let page = INDEX.as_ref().map_err(Clone::clone)?;
    let mut response = page.respond(&request).await;
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, POLICY);
    Ok(response)
}

/// A file of the viewer.
pub async fn file(services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    enabled(&services)?;
    Ok(asset(request.match_info().query("file"))?.respond(&request).await)
}

fn unzipped(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut plain = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut plain).map_err(Error::internal)?;
    Ok(plain)
}
