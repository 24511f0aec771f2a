//! Compression of larger answers, in the encoding the client likes best.

use actix_http::encoding::Encoder;
use actix_web::HttpResponse;
use actix_web::body::{BodySize, BoxBody, MessageBody, to_bytes};
use actix_web::http::header::{
    AcceptEncoding, CONTENT_ENCODING, CONTENT_TYPE, ContentEncoding, Encoding, HeaderMap, HeaderValue,
};
use bytes::Bytes;

/// Below this many bytes the headers of a packet weigh more than what is saved.
const MIN_COMPRESSED_BYTES: u64 = 1024;

/// Marks a response whose encoding is chosen already.
pub struct EncodingChosen;

/// Compresses the body if it is large enough and `accepted` (the request's `Accept-Encoding`) allows it.
#[must_use]
pub fn compress(response: HttpResponse, accepted: Option<&HeaderValue>) -> HttpResponse {
    let Some(accepted) = accepted else { return response };
    if response.extensions().contains::<EncodingChosen>() {
        return response;
    }
    let large = match response.body().size() {
        BodySize::Sized(size) => size >= MIN_COMPRESSED_BYTES,
        BodySize::Stream => true,
        BodySize::None => false,
    };
    if !large || !compressible(response.headers()) {
        return response;
    }
    let encoding = match negotiate(accepted) {
        Some(encoding) if encoding != ContentEncoding::Identity => encoding,
        _ => return response,
    };
    response.map_body(|head, body| BoxBody::new(Encoder::response(encoding, head, body)))
}

/// A body in an encoding, whole.
pub async fn encode(body: Bytes, encoding: ContentEncoding) -> Bytes {
    let response = HttpResponse::Ok().body(body.clone());
    let encoded = response.map_body(|head, body| BoxBody::new(Encoder::response(encoding, head, body)));
    to_bytes(encoded.into_body()).await.unwrap_or(body)
}

fn compressible(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let text = [
        "application/json",
        "application/javascript",
        "application/atom+xml",
        "application/xml",
        "text/",
        "image/svg",
    ];
    !headers.contains_key(CONTENT_ENCODING) && text.iter().any(|beginning| kind.starts_with(beginning))
}

/// The encoding a client likes best of those that this service can make.
pub fn negotiate(accepted: &HeaderValue) -> Option<ContentEncoding> {
    // What this service can do, the cheapest to make first among those a client likes equally.
    negotiate_among(accepted, &[Encoding::zstd(), Encoding::gzip(), Encoding::brotli(), Encoding::identity()])
}

/// The encoding a client likes best of some; the first among equals.
pub fn negotiate_among(accepted: &HeaderValue, supported: &[Encoding]) -> Option<ContentEncoding> {
    let parsed: AcceptEncoding = AcceptEncoding(
        accepted.to_str().ok()?.split(',').filter_map(|part| part.trim().parse().ok()).collect(),
    );
    match parsed.negotiate(supported.iter())? {
        Encoding::Known(encoding) => Some(encoding),
        Encoding::Unknown(_) => None,
    }
}
