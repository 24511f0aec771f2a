//! CORS: an allow-list of origins with credentials, or nothing at all where a proxy does it. The crate actix-cors is not
//! used: what it refuses has not the shape of this service's errors.

use actix_web::HttpResponse;
use actix_web::dev::RequestHead;
use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue, ORIGIN,
};

use crate::settings::CorsOrigins;

const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
const EXPOSED: HeaderValue = HeaderValue::from_static(
    "X-Session-ID, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, RateLimit, RateLimit-Policy, \
     Retry-After, ETag, Location, X-Request-ID",
);
const MAX_AGE: HeaderValue = HeaderValue::from_static("7200");
const TRUE: HeaderValue = HeaderValue::from_static("true");

impl CorsOrigins {
    /// The request's origin, when it may read the answer.
    #[must_use]
    pub fn allowed<'a>(&self, head: &'a RequestHead) -> Option<&'a HeaderValue> {
        let origin = head.headers().get(ORIGIN)?;
        let allowed = match self {
            Self::Off => false,
            Self::Any => true,
            Self::Only(origins) => origins.iter().any(|it| it.as_bytes() == origin.as_bytes()),
        };
        allowed.then_some(origin)
    }

    /// The answer to a preflight: without permissions for an origin that has none. `None` for every other
    /// request.
    #[must_use]
    pub fn preflight(&self, head: &RequestHead) -> Option<HttpResponse> {
        let asked = head.method == Method::OPTIONS
            && head.headers().contains_key(ORIGIN)
            && head.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
        if !asked {
            return None;
        }
        let mut response = HttpResponse::NoContent().finish();
        if self.allowed(head).is_some() {
            let headers = response.headers_mut();
            headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
            // Any header that was asked for: scripts of monitoring tools add their own to a site's requests.
            if let Some(asked) = head.headers().get(ACCESS_CONTROL_REQUEST_HEADERS) {
                headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, asked.clone());
            }
            headers.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
        }
        Some(response)
    }

    /// What goes with every answer to an allowed origin.
    pub fn write_headers(headers: &mut HeaderMap, origin: HeaderValue) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
}
