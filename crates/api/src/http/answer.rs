//! Constructors of responses.

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_TYPE;
use myashes_domain::write_options::{RecordSubject, StoredResponse};
use serde::Serialize;

use crate::error::JSON;

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

/// A body as text.
#[must_use]
pub fn text(body: &impl Serialize) -> String {
    serde_json::to_string(body).expect("answers have nothing that JSON cannot say")
}
