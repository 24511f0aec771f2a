//! Request bodies: bounded in size and time, of one media type, and replayed when their key was used before.

use std::rc::Rc;
use std::time::Instant;

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::{FromRequest, HttpRequest};
use bytes::{Bytes, BytesMut};
use futures_util::future::LocalBoxFuture;
use futures_util::{FutureExt as _, StreamExt as _};
use myashes_domain::Error;
use myashes_domain::write_options::{IdempotencyKey, IdempotencyRecord, StoredResponse, WriteOutcome};
use serde::de::DeserializeOwned;

use super::context::RequestContext;
use super::deadline::Deadline;
use super::{idempotency, json};
use crate::connections::{BODY_DEADLINE, Connection};
use crate::error::{ApiError, TransportError};
use crate::http::services::Services;
use crate::metrics;

/// Bytes.
pub const LARGEST_BODY: usize = 64 * 1024;

/// A JSON body that was read, and the key it came with.
pub struct JsonBody {
    /// An object in strict JSON.
    json: Bytes,
    key: Option<IdempotencyKey>,
}

/// A POST without a meaningful body, but with an idempotency key.
pub struct EmptyBody {
    key: Option<IdempotencyKey>,
}

impl JsonBody {
    /// The body as a DTO. DTOs consist of [`super::fields::Field`]s, which accept any value.
    ///
    /// # Errors
    /// Only for a DTO with other fields.
    pub fn dto<T: DeserializeOwned>(&mut self) -> Result<T, Error> {
        serde_json::from_slice(&std::mem::take(&mut self.json)).map_err(Error::internal)
    }

    /// The record with which a repository stores the response; `None` without a key.
    pub fn idempotency<T>(
        &self,
        render: impl Fn(&T) -> StoredResponse + Send + Sync + 'static,
    ) -> Option<IdempotencyRecord<T>> {
        idempotency(self.key.as_ref(), render)
    }
}

impl EmptyBody {
    /// See [`JsonBody::idempotency`].
    pub fn idempotency<T>(
        &self,
        render: impl Fn(&T) -> StoredResponse + Send + Sync + 'static,
    ) -> Option<IdempotencyRecord<T>> {
        idempotency(self.key.as_ref(), render)
    }
}

fn idempotency<T>(
    key: Option<&IdempotencyKey>,
    render: impl Fn(&T) -> StoredResponse + Send + Sync + 'static,
) -> Option<IdempotencyRecord<T>> {
    key.map(|key| IdempotencyRecord { key: key.clone(), render: std::sync::Arc::new(render) })
}

/// The response to a write, executed or replayed.
pub fn answer<T>(written: WriteOutcome<T>, render: impl FnOnce(&T) -> StoredResponse) -> StoredResponse {
    match written {
        WriteOutcome::Executed(value) => render(&value),
        WriteOutcome::Replayed(answer) => {
            metrics::replayed();
            answer
        }
    }
}

/// What was read of a request about one thing. A request that cannot be read at all is refused first, then a thing that is
/// missing, then validation errors.
///
/// # Errors
/// Those of the thing, where there are validation errors; else those of the request.
pub async fn read_about<T, S>(
    read: Result<T, impl Into<ApiError>>,
    thing: impl Future<Output = Result<S, Error>>,
) -> Result<T, ApiError> {
    match read {
        Ok(value) => Ok(value),
        Err(error) => {
            let error = error.into();
            if let ApiError::Domain(Error::Invalid(_)) = error {
                thing.await?;
            }
            Err(error)
        }
    }
}

impl FromRequest for JsonBody {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            check_media_type(&request)?;
            let bytes = without_bom(read(&request, payload).await?);
            let key = idempotency_key(&request, &bytes).await?;
            json::check_object(&bytes)?;
            Ok(Self { json: bytes, key })
        })
    }
}

impl FromRequest for EmptyBody {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let bytes = read(&request, payload).await?;
            Ok(Self { key: idempotency_key(&request, &bytes).await? })
        })
    }
}

/// The key of the request. When it was used before, the stored response is returned as [`ApiError::Replay`].
async fn idempotency_key(request: &HttpRequest, bytes: &Bytes) -> Result<Option<IdempotencyKey>, ApiError> {
    let context = RequestContext::of(request);
    let services = Services::of(request);
    let Some(key) = idempotency::key(request, &context, bytes, &*services.clock)? else { return Ok(None) };
    if let Some(answer) = services.idempotency.find(&key).await? {
        metrics::replayed();
        return Err(ApiError::Replay(answer));
    }
    *context.idempotency_key.borrow_mut() = Some(key.clone());
    Ok(Some(key))
}

fn check_media_type(request: &HttpRequest) -> Result<(), TransportError> {
    let headers = request.headers();
    let header = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = header.split(';');
    let essence = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let json =
        essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"));
    let utf8 = parts.all(|parameter| match parameter.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
            let charset = value.trim().trim_matches('"');
            charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
        }
        _ => true,
    });
    // An encoded body would have to be unpacked before its size is known.
    let plain = headers.get(CONTENT_ENCODING).is_none_or(|value| value.as_bytes() == b"identity");
    if json && utf8 && plain { Ok(()) } else { Err(TransportError::UnsupportedMediaType) }
}

/// RFC 8259 allows a reader to skip a byte order mark.
fn without_bom(body: Bytes) -> Bytes {
    const BOM: &[u8] = "\u{feff}".as_bytes();
    if body.starts_with(BOM) { body.slice(BOM.len()..) } else { body }
}

async fn read(request: &HttpRequest, payload: Payload) -> Result<Bytes, ApiError> {
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: u64| length > LARGEST_BODY as u64) {
        return Err(TransportError::PayloadTooLarge.into());
    }
    let context = RequestContext::of(request);
    let body = arrival(payload, &context.deadline).await?;
    if let Some(connection) = request.conn_data::<Rc<Connection>>() {
        connection.body_complete();
    }
    let services = Services::of(request);
    context.take_place(&services.admission).await?;
    Ok(body)
}

/// Reads the body within [`BODY_DEADLINE`]. The deadline of the response begins with the body's last byte.
async fn arrival(payload: Payload, deadline: &Deadline) -> Result<Bytes, ApiError> {
    let mut body = Box::pin(collect(payload));
    if let Some(body) = body.as_mut().now_or_never() {
        return body;
    }
    deadline.wait_for_body();
    let arrived = tokio::time::timeout(BODY_DEADLINE, body).await;
    deadline.body_complete(Instant::now());
    arrived.map_err(|_| ApiError::from(TransportError::RequestTimeout))?
}

async fn collect(mut payload: Payload) -> Result<Bytes, ApiError> {
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Error::Unreadable("The body broke off".into()))?;
        if first.len() + rest.len() + chunk.len() > LARGEST_BODY {
            return Err(TransportError::PayloadTooLarge.into());
        }
        // Nearly every body comes in one chunk, which needs no copy.
        if first.is_empty() {
            first = chunk;
        } else {
            rest.extend_from_slice(&chunk);
        }
    }
    if rest.is_empty() {
        return Ok(first);
    }
    let mut whole = BytesMut::with_capacity(first.len() + rest.len());
    whole.extend_from_slice(&first);
    whole.extend_from_slice(&rest);
    Ok(whole.freeze())
}
