//! Bodies that stay as they are while the process runs: hashed once, and compressed once in each encoding.

use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ContentEncoding, ETAG, HeaderValue,
};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;

use crate::http::compression::{EncodingChosen, encode, negotiate};
use crate::http::conditional::not_modified;

const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const REVALIDATED: HeaderValue = HeaderValue::from_static("no-cache");

/// Below this many bytes nothing is compressed.
const MIN_COMPRESSED: usize = 1024;

pub struct Asset {
    content_type: String,
    /// The first half of the body's SHA-256, in hex.
    version: String,
    plain: Bytes,
    gzip: OnceCell<Bytes>,
    brotli: OnceCell<Bytes>,
    zstd: OnceCell<Bytes>,
}

impl Asset {
    pub fn new(content_type: impl Into<String>, plain: impl Into<Bytes>) -> Self {
        let plain = plain.into();
        let digest: [u8; 32] = Sha256::digest(&plain).into();
        let half = u128::from_be_bytes(std::array::from_fn(|i| digest[i]));
        let (gzip, brotli, zstd) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        Self { content_type: content_type.into(), version: format!("{half:032x}"), plain, gzip, brotli, zstd }
    }

    /// The same with a body in gzip that is there already.
    #[must_use]
    pub fn with_gzip(mut self, gzip: Bytes) -> Self {
        self.gzip = OnceCell::new_with(Some(gzip));
        self
    }

    /// The query that makes an address of this asset immutable: `v=` and its hash.
    #[must_use]
    pub fn query(&self) -> String {
        format!("v={}", self.version)
    }

    /// Answers a request for it.
    pub async fn respond(&self, request: &HttpRequest) -> HttpResponse {
        let tag = HeaderValue::try_from(format!("W/\"{}\"", self.version)).expect("hex is visible ASCII");
        let immutable = request.query_string() == self.query();
        let caching = if immutable { IMMUTABLE } else { REVALIDATED };
        if not_modified(request.headers(), &tag) {
            return cached(HttpResponse::NotModified().insert_header((ETAG, tag)).finish(), caching);
        }
        let accepted = request.headers().get(ACCEPT_ENCODING).filter(|_| self.plain.len() >= MIN_COMPRESSED);
        let encoding = accepted.and_then(negotiate).unwrap_or(ContentEncoding::Identity);
        let encoded = match encoding {
            ContentEncoding::Gzip => Some(&self.gzip),
            ContentEncoding::Brotli => Some(&self.brotli),
            ContentEncoding::Zstd => Some(&self.zstd),
            _ => None,
        };
        let body = match encoded {
            Some(cell) => cell.get_or_init(|| encode(self.plain.clone(), encoding)).await.clone(),
            None => self.plain.clone(),
        };
        let mut response = HttpResponse::Ok();
        response.insert_header((CONTENT_TYPE, self.content_type.as_str())).insert_header((ETAG, tag));
        if encoded.is_some() {
            response.insert_header((CONTENT_ENCODING, encoding.as_str()));
        }
        cached(response.body(body), caching)
    }
}

fn cached(mut response: HttpResponse, caching: HeaderValue) -> HttpResponse {
    response.headers_mut().insert(CACHE_CONTROL, caching);
    response.extensions_mut().insert(EncodingChosen);
    response
}
