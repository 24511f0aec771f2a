//! Compression of larger responses, in the encoding that the client prefers.
//!
//! A body that is known whole and not very large is compressed in one piece, so that it goes out with its length and
//! with its head; others are compressed as they go.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use actix_http::ResponseHead;
use actix_http::encoding::Encoder;
use actix_web::HttpResponse;
use actix_web::body::{BodySize, BoxBody, MessageBody, to_bytes};
use actix_web::http::StatusCode;
use actix_web::http::header::{
    AcceptEncoding, CONTENT_ENCODING, CONTENT_TYPE, ContentEncoding, Encoding, HeaderMap, HeaderValue,
    Preference, Quality,
};
use bytes::Bytes;
use futures_util::FutureExt as _;

/// Below this many bytes compression saves less than a packet's headers take.
const MIN_COMPRESSED_BYTES: u64 = 1024;

/// Up to so many bytes a body is compressed by the thread that serves its request, in about a millisecond.
const IN_ONE_PIECE: usize = 128 * 1024;

/// actix's encoder compresses smaller pieces on this thread, and larger ones on another.
const PIECE: usize = 1023;

/// Marks a response whose encoding is chosen already.
pub struct EncodingChosen;

/// The compressed forms of a body that is sent repeatedly, each made when it is first asked for. An extension of
/// the response.
#[derive(Debug, Clone, Default)]
pub struct CompressedForms(Arc<[OnceLock<Bytes>; 3]>);

impl CompressedForms {
    fn get_or_make(&self, encoding: ContentEncoding, make: impl FnOnce() -> Bytes) -> Bytes {
        let number = match encoding {
            ContentEncoding::Gzip => 0,
            ContentEncoding::Brotli => 1,
            ContentEncoding::Zstd => 2,
            _ => return make(),
        };
        self.0[number].get_or_init(make).clone()
    }
}

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
    let forms = response.extensions().get::<CompressedForms>().cloned();
    response.map_body(|head, body| match body.try_into_bytes() {
        Ok(whole) if whole.len() <= IN_ONE_PIECE => {
            let compressed = match forms {
                Some(forms) => forms.get_or_make(encoding, || in_one_piece(&whole, encoding)),
                None => in_one_piece(&whole, encoding),
            };
            head.headers_mut().insert(CONTENT_ENCODING, encoding.to_header_value());
            BoxBody::new(compressed)
        }
        Ok(whole) => BoxBody::new(Encoder::response(encoding, head, whole)),
        Err(body) => BoxBody::new(Encoder::response(encoding, head, body)),
    })
}

/// A body in an encoding, whole.
pub async fn encode(body: Bytes, encoding: ContentEncoding) -> Bytes {
    let response = HttpResponse::Ok().body(body.clone());
    let encoded = response.map_body(|head, body| BoxBody::new(Encoder::response(encoding, head, body)));
    to_bytes(encoded.into_body()).await.unwrap_or(body)
}

/// The same at once, on this thread.
fn in_one_piece(body: &Bytes, encoding: ContentEncoding) -> Bytes {
    let mut head = ResponseHead::new(StatusCode::OK);
    let encoder = Encoder::response(encoding, &mut head, Pieces(body.clone()));
    let encoded = to_bytes(encoder).now_or_never();
    let encoded = encoded.and_then(Result::ok).expect("small pieces are encoded in memory, and at once");
    // It was collected in a buffer of 32 KiB, which a cache would keep and not count.
    Bytes::copy_from_slice(&encoded)
}

/// A body in pieces that the encoder compresses on this thread.
struct Pieces(Bytes);

impl MessageBody for Pieces {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.0.len() as u64)
    }

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        let length = self.0.len().min(PIECE);
        Poll::Ready((length > 0).then(|| Ok(self.0.split_to(length))))
    }
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

/// The supported encoding that the client prefers, and among equally preferred ones the cheapest.
pub fn negotiate(accepted: &HeaderValue) -> Option<ContentEncoding> {
    let parsed = parsed(accepted)?;
    let named = parsed.0.iter().filter(|it| it.quality > Quality::ZERO).filter_map(|it| match it.item {
        Preference::Specific(Encoding::Known(encoding)) => Some((it.quality, cheapness(encoding)?, encoding)),
        _ => None,
    });
    if let Some((.., encoding)) = named.max_by_key(|(quality, cheapness, _)| (*quality, *cheapness)) {
        return Some(encoding);
    }
    // Only `*` is left, or nothing that is known here.
    negotiate_among(accepted, &[Encoding::zstd(), Encoding::gzip(), Encoding::brotli(), Encoding::identity()])
}

/// The encoding of `supported` that the client prefers.
pub fn negotiate_among(accepted: &HeaderValue, supported: &[Encoding]) -> Option<ContentEncoding> {
    match parsed(accepted)?.negotiate(supported.iter())? {
        Encoding::Known(encoding) => Some(encoding),
        Encoding::Unknown(_) => None,
    }
}

fn parsed(accepted: &HeaderValue) -> Option<AcceptEncoding> {
    let parts = accepted.to_str().ok()?.split(',');
    Some(AcceptEncoding(parts.filter_map(|part| part.trim().parse().ok()).collect()))
}

/// The higher, the less work it is; `None` when it is not supported. `identity` is lowest: a client that also names an
/// encoding prefers that one.
fn cheapness(encoding: ContentEncoding) -> Option<u8> {
    match encoding {
        ContentEncoding::Zstd => Some(3),
        ContentEncoding::Gzip => Some(2),
        ContentEncoding::Brotli => Some(1),
        ContentEncoding::Identity => Some(0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> Bytes {
        (0..4000).map(|n| format!("{{\"number\":{n}}},")).collect::<String>().into()
    }

    fn compressed(forms: Option<CompressedForms>) -> HttpResponse {
        let mut response = HttpResponse::Ok().content_type("application/json").body(list());
        if let Some(forms) = forms {
            response.extensions_mut().insert(forms);
        }
        compress(response, Some(&HeaderValue::from_static("gzip")))
    }

    #[test]
    fn a_whole_body_is_compressed_in_one_piece_with_its_length() {
        let response = compressed(None);
        assert_eq!(response.headers().get(CONTENT_ENCODING).unwrap(), "gzip");
        let BodySize::Sized(length) = response.body().size() else { panic!("a length") };
        let body = response.into_body().try_into_bytes().unwrap();
        assert_eq!(body.len() as u64, length);
        let mut plain = Vec::new();
        std::io::copy(&mut flate2::read::GzDecoder::new(&*body), &mut plain).unwrap();
        assert_eq!(plain, list());
    }

    #[test]
    fn a_compressed_body_has_no_spare_capacity() {
        for encoding in [ContentEncoding::Gzip, ContentEncoding::Brotli, ContentEncoding::Zstd] {
            let compressed = in_one_piece(&list(), encoding);
            let length = compressed.len();
            assert_eq!(compressed.try_into_mut().unwrap().capacity(), length, "{encoding:?}");
        }
    }

    #[test]
    fn a_form_that_is_kept_is_made_once() {
        let forms = CompressedForms::default();
        let [first, second] =
            [forms.clone(), forms].map(|it| compressed(Some(it)).into_body().try_into_bytes().unwrap());
        assert_eq!(first.as_ptr(), second.as_ptr());
    }

    #[test]
    fn of_encodings_that_are_liked_alike_the_cheapest_is_made() {
        let chosen = |accepted| negotiate(&HeaderValue::from_static(accepted));
        assert_eq!(chosen("gzip, br"), Some(ContentEncoding::Gzip));
        assert_eq!(chosen("gzip, deflate, br, zstd"), Some(ContentEncoding::Zstd));
        assert_eq!(chosen("gzip;q=0.5, br"), Some(ContentEncoding::Brotli));
        assert_eq!(chosen("identity, gzip;q=0.5"), Some(ContentEncoding::Identity));
        assert_eq!(chosen("gzip;q=0, deflate"), Some(ContentEncoding::Identity));
    }
}
