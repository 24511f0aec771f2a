//! Feedback on the assistant's answers.

pub mod admin;
mod admin_dto;
pub mod dto;
pub mod export;
mod formulas;
mod older_dashboard;

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
    use LimitClass::{Lists, Reads, Writes};
    vec![
        route!(Writes, record_feedback),
        route!(Lists, admin::list_feedback),
        route!(Lists, older_dashboard::list_negative_feedback),
        route!(Lists, older_dashboard::feedback_stats),
        route!(Lists, admin::feedback_summary),
        route!(Lists, admin::feedback_patterns),
        route!(Lists, admin::feedback_trends),
        route!(Lists, export::export_feedback),
        route!(Reads, admin::get_feedback),
        route!(Writes, older_dashboard::update_feedback),
        route!(Writes, older_dashboard::flag_feedback),
        route!(Writes, admin::review_feedback),
        route!(Writes, admin::unreview_feedback),
    ]
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
