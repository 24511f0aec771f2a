//! The middleware of every request: its id, its session, the shape of errors, common response headers, compression, the
//! access log and the request metrics. It is one middleware, since each layer costs time.

use std::cell::{Cell, OnceCell, RefCell};
use std::future::{Ready, ready};
use std::rc::Rc;
use std::time::Instant;

use actix_http::ConnectionType;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, HeaderName, HeaderValue, ORIGIN, VARY};
use actix_web::http::uri::PathAndQuery;
use actix_web::http::{StatusCode, Uri, Version};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use futures_util::future::LocalBoxFuture;
use myashes_domain::Error;
use myashes_domain::limits::LimitClass;
use myashes_domain::session::SessionId;
use tracing::Instrument as _;

use super::context::{RequestContext, is_api};
use super::deadline::Deadline;
use super::guard::admit_address;
use super::table::Endpoint;
use super::{compression, encoding, limits, pages};
use crate::connections::Connection;
use crate::error::{ApiError, TransportError};
use crate::http::services::Services;
use crate::metrics;
use crate::settings::CorsOrigins;
use crate::trace::Trace;

const SESSION: HeaderName = HeaderName::from_static("x-session-id");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const NO_SNIFFING: HeaderName = HeaderName::from_static("x-content-type-options");
const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-cache");
const VARIES: HeaderValue =
    HeaderValue::from_static("Origin, X-Session-ID, Authorization, X-Admin-Token, Accept-Encoding");
/// For paths outside of the API, where no response depends on a session.
const VARIES_AROUND: HeaderValue = HeaderValue::from_static("Origin, Accept-Encoding");
const PREFLIGHT_VARIES: HeaderValue =
    HeaderValue::from_static("Origin, Access-Control-Request-Method, Access-Control-Request-Headers");

/// Bytes of path and query.
const MAX_URI_BYTES: usize = 8 * 1024;
const MAX_HEADERS: usize = 64;
/// Bytes of names and values.
const MAX_HEADER_BYTES: usize = 16 * 1024;

/// The label of requests that no route answered.
const UNMATCHED: Endpoint = Endpoint { method: "OTHER", path: "unmatched", class: None };

/// The middleware of every request.
pub struct RequestMiddleware(pub web::Data<Services>);

impl<S, B> Transform<S, ServiceRequest> for RequestMiddleware
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = actix_web::Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = actix_web::Error;
    type InitError = ();
    type Transform = RequestService<S>;
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        let mut seed = [0; 8];
        self.0.entropy.fill(&mut seed);
        let next_id = Cell::new(u64::from_be_bytes(seed));
        ready(Ok(RequestService { inner, services: self.0.clone(), next_id }))
    }
}

pub struct RequestService<S> {
    inner: S,
    services: web::Data<Services>,
    /// Request ids count up from a random number of 64 bits, one for each worker.
    next_id: Cell<u64>,
}

impl<S, B> Service<ServiceRequest> for RequestService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = actix_web::Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self::Response, Self::Error>>;

    forward_ready!(inner);

    fn call(&self, mut request: ServiceRequest) -> Self::Future {
        let services = self.services.clone();
        if let Some(mut response) = services.rules.cors.preflight(request.head()) {
            if let Some(origin) = services.rules.cors.allowed(request.head()) {
                CorsOrigins::write_headers(response.headers_mut(), origin.clone());
            }
            response.headers_mut().insert(VARY, PREFLIGHT_VARIES);
            response.headers_mut().insert(CACHE_CONTROL, PRIVATE);
            if let Some(connection) = request.conn_data::<Rc<Connection>>() {
                connection.begin_request(request.head());
                connection.answered(Instant::now());
            }
            return Box::pin(ready(Ok(request.into_response(response))));
        }
        if let Some(connection) = request.conn_data::<Rc<Connection>>() {
            connection.begin_request(request.head());
        }
        let trace = Trace::begin(request.headers());
        let context = Rc::new(self.context(&request, trace));
        if let Err(error) = check_head(&request) {
            let is_page = page_path(&services, &request).is_some();
            let (request, _) = request.into_parts();
            return Box::pin(async move {
                let admitted = admit_address(request.head(), &services, &context, LimitClass::Reads).await;
                let error = admitted.map_or_else(ApiError::from, |()| error);
                let response = refuse(&services, &context, &request, &error, is_page);
                Ok(finish(&services, &context, request, response))
            });
        }
        trim_slash(&mut request);
        let is_page = enter_pages(&services, &mut request);
        request.extensions_mut().insert(Rc::clone(&context));
        let span = context.trace.span.clone();
        let answer = span.in_scope(|| self.inner.call(request)).instrument(span);
        Box::pin(async move {
            let (request, response) = answer.await?.into_parts();
            let response = match response.error() {
                None => response.map_into_boxed_body(),
                Some(error) => {
                    let error = error
                        .as_error()
                        .cloned()
                        .unwrap_or_else(|| from_actix_error(response.status(), error));
                    refuse(&services, &context, &request, &error, is_page)
                }
            };
            Ok(finish(&services, &context, request, response))
        })
    }
}

impl<S> RequestService<S> {
    fn context(&self, request: &ServiceRequest, trace: Trace) -> RequestContext {
        let header = |name: &HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
        let in_api = is_api(request.match_info().as_str());
        let sent = header(&SESSION).filter(|_| in_api).and_then(SessionId::parse);
        let minted = sent.is_none();
        let session = sent.unwrap_or_else(|| SessionId::generate(&*self.services.entropy));
        let request_id = header(&REQUEST_ID).filter(|id| usable_id(id)).map_or_else(
            || {
                let id = self.next_id.get();
                self.next_id.set(id.wrapping_add(1));
                format!("{id:016x}")
            },
            str::to_owned,
        );
        let began = Instant::now();
        RequestContext {
            request_id,
            trace,
            began,
            deadline: Deadline::after(self.services.rules.request_timeout, began),
            place: RefCell::new(None),
            in_api,
            session,
            minted,
            endpoint: Cell::new(None),
            client: OnceCell::new(),
            charged: Cell::new(None),
            caller: OnceCell::new(),
            idempotency_key: RefCell::new(None),
        }
    }
}

fn usable_id(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

fn check_head(request: &ServiceRequest) -> Result<(), ApiError> {
    let uri = request.uri();
    if uri.path_and_query().is_some_and(|it| it.as_str().len() > MAX_URI_BYTES) {
        return Err(TransportError::UriTooLong.into());
    }
    let headers = request.headers();
    let size: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if headers.len() > MAX_HEADERS || size > MAX_HEADER_BYTES {
        return Err(TransportError::HeadersTooLarge.into());
    }
    Ok(encoding::check_path(uri.path())?)
}

/// A trailing slash means the same route.
fn trim_slash(request: &mut ServiceRequest) {
    let path = request.uri().path();
    if path.len() < 2 || !path.ends_with('/') {
        return;
    }
    let trimmed = match path.trim_end_matches('/') {
        "" => "/",
        trimmed => trimmed,
    };
    let trimmed = trimmed.to_owned();
    set_path(request, &trimmed);
}

/// The path of a page without its mount path.
fn page_path<'a>(services: &Services, request: &'a ServiceRequest) -> Option<&'a str> {
    pages::unmounted(services.rules.site.as_ref()?, request.uri().path())
}

/// Strips the mount path of the pages. Returns whether the path is one of a page.
fn enter_pages(services: &Services, request: &mut ServiceRequest) -> bool {
    let Some(below) = page_path(services, request) else { return false };
    if below.len() < request.uri().path().len() {
        let below = below.to_owned();
        set_path(request, &below);
    }
    true
}

fn set_path(request: &mut ServiceRequest, path: &str) {
    let target = match request.uri().query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let mut parts = request.uri().clone().into_parts();
    let Ok(target) = PathAndQuery::try_from(target) else { return };
    parts.path_and_query = Some(target);
    let Ok(uri) = Uri::from_parts(parts) else { return };
    request.match_info_mut().get_mut().update(&uri);
    request.head_mut().uri = uri;
}

/// Converts an error of actix itself.
fn from_actix_error(status: StatusCode, error: &actix_web::Error) -> ApiError {
    match status {
        StatusCode::NOT_FOUND => Error::NotFound.into(),
        StatusCode::PAYLOAD_TOO_LARGE => TransportError::PayloadTooLarge.into(),
        status if status.is_client_error() => Error::Unreadable("The request cannot be read".into()).into(),
        _ => Error::internal(error).into(),
    }
}

/// The response to a request that failed, which is logged or counted here.
fn refuse(
    services: &Services,
    context: &RequestContext,
    request: &HttpRequest,
    error: &ApiError,
    is_page: bool,
) -> HttpResponse {
    let endpoint = context.endpoint.get().unwrap_or(UNMATCHED);
    error.log(request.method().as_str(), endpoint.path, &context.request_id);
    if let ApiError::Domain(Error::RateLimited { limit, .. }) = error {
        metrics::rate_limited(limit);
        services.refused.record(limit, context.client.get());
    }
    match services.rules.site.as_ref().filter(|_| is_page) {
        Some(site) => pages::error_page(site, error, &context.request_id),
        None => error.response(&context.request_id),
    }
}

fn finish(
    services: &Services,
    context: &RequestContext,
    request: HttpRequest,
    response: HttpResponse,
) -> ServiceResponse<BoxBody> {
    drop(context.place.take());
    let own_variation = response.headers().get(VARY).cloned();
    let mut response = compression::compress(response, request.headers().get(ACCEPT_ENCODING));
    if services.monitor.stopping() {
        // The client opens another connection for its next request, rather than have this one closed under it.
        response.head_mut().set_connection_type(ConnectionType::Close);
    }
    if request.version() < Version::HTTP_11 && response.body().size() == BodySize::Stream {
        // HTTP/1.0 has no chunks: the end of the connection is the end of the body.
        response.head_mut().no_chunking(true);
        response.head_mut().set_connection_type(ConnectionType::Close);
    }
    let headers = response.headers_mut();
    if context.in_api {
        let session = HeaderValue::from_str(context.session.expose());
        headers.insert(SESSION, session.expect("a session id is visible ASCII"));
    }
    let id = HeaderValue::from_str(&context.request_id);
    headers.insert(REQUEST_ID, id.expect("a request id is visible ASCII"));
    let varies = if context.in_api { VARIES } else { VARIES_AROUND };
    headers.insert(VARY, varies);
    if let Some(own) = own_variation {
        headers.append(VARY, own);
    }
    headers.insert(NO_SNIFFING, HeaderValue::from_static("nosniff"));
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, PRIVATE);
    }
    if let Some(charged) = context.charged.get().filter(|_| context.in_api) {
        limits::write_headers(headers, charged);
    }
    if request.headers().contains_key(ORIGIN)
        && let Some(origin) = services.rules.cors.allowed(request.head())
    {
        CorsOrigins::write_headers(headers, origin.clone());
    }
    if let Some(connection) = request.conn_data::<Rc<Connection>>() {
        connection.answered(Instant::now());
    }
    let endpoint = context.endpoint.get().unwrap_or(UNMATCHED);
    let (elapsed, status) = (context.began.elapsed(), response.status().as_u16());
    metrics::request(endpoint.path, request.method(), status, elapsed);
    context.trace.end(request.method(), endpoint.path, status);
    macro_rules! access {
        ($level:ident) => {
            tracing::$level!(
                target: "myashes::access",
                method = request.method().as_str(),
                route = endpoint.path,
                status,
                latency_ms = elapsed.as_secs_f64() * 1e3,
                request_id = context.request_id,
                trace_id = context.trace.id,
                "request"
            )
        };
    }
    // Probes come every few seconds, and what the limits refuse is counted in a line of its own each second.
    let is_probe = context.endpoint.get().is_some_and(|endpoint| endpoint.class.is_none());
    if is_probe || status == StatusCode::TOO_MANY_REQUESTS {
        access!(debug);
    } else {
        access!(info);
    }
    ServiceResponse::new(request, response)
}
