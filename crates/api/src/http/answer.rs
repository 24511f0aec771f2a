//! Constructors of responses.

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_TYPE;
use bytes::Bytes;
use futures_util::{Stream, TryStreamExt as _};
use myashes_domain::Error;
use myashes_domain::write_options::{RecordSubject, StoredResponse};
use serde::Serialize;

use crate::error::{ApiError, JSON};

/// A response that can be stored.
#[must_use]
pub fn answer(status: u16, body: &impl Serialize) -> StoredResponse {
    StoredResponse { status, location: None, body: text(body), subject: None }
}

/// A response that can be stored until its subject is deleted.
#[must_use]
pub fn answer_about(subject: RecordSubject, status: u16, body: &impl Serialize) -> StoredResponse {
    StoredResponse { subject: Some(subject), ..answer(status, body) }
}

/// 200 with this body.
#[must_use]
pub fn ok(body: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok().insert_header((CONTENT_TYPE, JSON)).body(text(body))
}

/// The parts of a body that is sent while it is read. An error ends the response early, after its status was sent: it
/// is logged here.
pub fn logged(
    parts: impl Stream<Item = Result<Bytes, Error>> + 'static,
) -> impl Stream<Item = Result<Bytes, ApiError>> + 'static {
    parts.map_err(|error| {
        tracing::error!("a response ended early: {}", error.cause());
        ApiError::from(error)
    })
}

/// A body as text.
#[must_use]
pub fn text(body: &impl Serialize) -> String {
    serde_json::to_string(body).expect("answers have nothing that JSON cannot say")
}
