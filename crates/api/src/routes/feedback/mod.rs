//! Feedback on the assistant's answers.

pub mod dto;

use actix_web::{HttpResponse, web};
use myashes_domain::feedback::FeedbackReceipt;
use myashes_domain::limits::LimitClass;
use myashes_domain::write_options::{RecordSubject, StoredResponse};

use self::dto::{FeedbackAnswer, FeedbackBody};
use crate::error::{ApiError, respond};
use crate::http::answer;
use crate::http::body::{JsonBody, answer};
use crate::http::caller::CurrentCaller;
use crate::http::services::Services;
use crate::http::table::{RouteSpec, route};
use crate::metrics;

pub fn routes() -> Vec<RouteSpec> {
    vec![route!(LimitClass::Writes, record_feedback)]
}

/// Say what an answer of the assistant was worth
#[utoipa::path(post, path = "/api/v1/feedback", tag = "feedback", request_body = FeedbackBody,
    responses((status = 201, description = "It is stored", body = FeedbackAnswer<'_>)))]
async fn record_feedback(
    services: web::Data<Services>,
    CurrentCaller(caller): CurrentCaller,
    mut submission: JsonBody,
) -> Result<HttpResponse, ApiError> {
    let draft = submission.dto::<FeedbackBody>()?.draft()?;
    let (rating, mode) = (draft.rating.into_str(), draft.search_mode.into_str());
    let written = services.feedback.record(&caller, draft, submission.idempotency(shown)).await?;
    Ok(respond(answer(written, |receipt| {
        metrics::feedback(rating, mode);
        shown(receipt)
    })))
}

fn shown(receipt: &FeedbackReceipt) -> StoredResponse {
    let body = FeedbackAnswer { feedback_id: receipt.id.as_str(), received_at: receipt.received_at };
    answer::answer_about(RecordSubject::Feedback(receipt.id.clone()), 201, &body)
}
