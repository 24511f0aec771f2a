//! Pages as responses: their paths, headers and tags, and errors as pages.

use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderName, HeaderValue,
    REFERRER_POLICY,
};
use actix_web::{HttpRequest, HttpResponse};
use myashes_domain::Error;
use myashes_web::{ErrorPage, RenderError, Site};
use sha2::{Digest, Sha256};

use crate::error::ApiError;
use crate::http::conditional::not_modified;
use crate::http::response_cache::CachedResponse;

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
const REVALIDATED: HeaderValue = HeaderValue::from_static("public, no-cache");
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);
const REFERRER: HeaderValue = HeaderValue::from_static("strict-origin-when-cross-origin");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
const NO_PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
);

/// The first segments of pages' paths.
const SEGMENTS: [&str; 9] =
    ["builds", "b", "oembed", "feed.atom", "sitemap.xml", "sitemap", "robots.txt", "admin", "assets"];

/// The path of a page without its mount path; `None` for the path of anything else, which keeps its mount path, so that only
/// pages are found below it.
#[must_use]
pub fn unmounted<'a>(site: &Site, path: &'a str) -> Option<&'a str> {
    if !site.mount_path.is_empty()
        && let Some(rest) = path.strip_prefix(&site.mount_path)
        && (rest.is_empty() || rest.starts_with('/'))
    {
        let rest = if rest.is_empty() { "/" } else { rest };
        return Some(if rest == "/" || is_page(rest) { rest } else { path });
    }
    is_page(path).then_some(path)
}

fn is_page(path: &str) -> bool {
    let first = path.strip_prefix('/').and_then(|below| below.split('/').next());
    first.is_some_and(|first| SEGMENTS.contains(&first))
}

/// A rendered page with the tag of its content.
///
/// # Errors
/// When it could not be rendered.
pub fn page(rendered: Result<String, RenderError>) -> Result<CachedResponse, Error> {
    let body = rendered.map_err(Error::internal)?;
    Ok(CachedResponse::new(tag(body.as_bytes()), body.into()))
}

/// A weak tag of some content.
pub fn tag(content: &[u8]) -> HeaderValue {
    let digest: [u8; 32] = Sha256::digest(content).into();
    let half = u128::from_be_bytes(std::array::from_fn(|i| digest[i]));
    HeaderValue::try_from(format!("W/\"{half:032x}\"")).expect("hex is visible ASCII")
}

/// The page, or 304 to a client that has it.
pub fn respond(request: &HttpRequest, page: &CachedResponse) -> HttpResponse {
    let mut response = if not_modified(request.headers(), &page.tag) {
        HttpResponse::NotModified().finish()
    } else {
        HttpResponse::Ok().insert_header((CONTENT_TYPE, HTML)).body(page.body.clone())
    };
    if request.headers().contains_key(ACCEPT_ENCODING) {
        response.extensions_mut().insert(page.compressed.clone());
    }
    response.headers_mut().insert(ETAG, page.tag.clone());
    response.headers_mut().insert(CACHE_CONTROL, REVALIDATED);
    secure(&mut response);
    response
}

/// An error as a page with the same status and `Retry-After`, `Allow` included.
#[must_use]
pub fn error_page(site: &Site, error: &ApiError, request_id: &str) -> HttpResponse {
    let mut response = error.response(request_id);
    let status = response.status();
    let mut page = match error {
        ApiError::Domain(Error::BuildNotFound(_)) => ErrorPage::build_absent(),
        _ => ErrorPage::of(status.as_u16()),
    };
    if status.is_server_error() {
        page = page.with_request_id(request_id);
    }
    let retry_after = response.headers().get(actix_web::http::header::RETRY_AFTER);
    if let Some(seconds) = retry_after.and_then(|it| it.to_str().ok()?.parse().ok()) {
        page = page.with_retry_after(seconds);
    }
    let Ok(body) = page.render(site) else { return response };
    response.headers_mut().insert(CONTENT_TYPE, HTML);
    secure(&mut response);
    response.set_body(actix_web::body::BoxBody::new(body))
}

fn secure(response: &mut HttpResponse) {
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(REFERRER_POLICY, REFERRER);
    headers.insert(PERMISSIONS, NO_PERMISSIONS);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(mount_path: &str) -> Site {
        Site {
            base_url: format!("https://pages.example{mount_path}"),
            mount_path: mount_path.to_owned(),
            api_base: "/api/v1".to_owned(),
            website_url: "https://site.example".to_owned(),
            can_vote: true,
            version: "0".to_owned(),
        }
    }

    #[test]
    fn pages_are_found_below_their_mount_path() {
        let (root, mounted) = (site(""), site("/api/pages"));
        assert_eq!(unmounted(&root, "/b/b_1"), Some("/b/b_1"));
        assert_eq!(unmounted(&root, "/api/v1/builds"), None);
        assert_eq!(unmounted(&root, "/"), None);
        assert_eq!(unmounted(&mounted, "/api/pages/b/b_1"), Some("/b/b_1"));
        assert_eq!(unmounted(&mounted, "/api/pages"), Some("/"));
        assert_eq!(unmounted(&mounted, "/api/pagesx"), None);
        assert_eq!(unmounted(&mounted, "/api/pages/api/v1/me"), Some("/api/pages/api/v1/me"));
        assert_eq!(unmounted(&mounted, "/api/pages/ready"), Some("/api/pages/ready"));
    }
}
