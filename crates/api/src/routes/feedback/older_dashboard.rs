//! Routes that the dashboard of the older service calls.

use actix_web::{HttpRequest, HttpResponse, web};
use myashes_domain::clock::Timestamp;
use myashes_domain::feedback::{Feedback, FeedbackFilter, ModeCount, Thumb};
use myashes_domain::write_options::{RecordSubject, StoredResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::admin::feedback_id;
use super::admin_dto::{BySearchMode, FeedbackItem, FlagBody, NegativeFeedbackParameters, ReviewedBody};
use crate::error::{ApiError, respond};
use crate::http::answer::{self, ok};
use crate::http::body::{JsonBody, answer, read_about};
use crate::http::caller::RequireAdmin;
use crate::http::paging::PageOf;
use crate::http::query;
use crate::http::services::Services;

/// List negative feedback
///
/// As `GET /api/v1/admin/feedback?rating=down`.
#[utoipa::path(get, path = "/api/v1/admin/feedback/negative", tag = "admin", params(NegativeFeedbackParameters),
    responses((status = 200, description = "A page, newest first", body = PageOf<FeedbackItem<'_>>)))]
pub(super) async fn list_negative_feedback(
    RequireAdmin(admin): RequireAdmin,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let down = FeedbackFilter { rating: Some(Thumb::Down), ..FeedbackFilter::default() };
    let (filter, paging) = query::read::<NegativeFeedbackParameters>(&request)?.read(down)?;
    let page = services.feedback.list(&admin, &filter, paging.request.page).await?;
    Ok(ok(&PageOf::<FeedbackItem<'_>>::new(&page, &paging)))
}

#[derive(Serialize, ToSchema)]
#[schema(as = FeedbackStats)]
struct Stats {
    total_feedback: u64,
    thumbs_up: u64,
    thumbs_down: u64,
    /// 0 to 100, to two decimals; 0 without any.
    thumbs_up_percentage: f64,
    by_search_mode: BySearchMode<UpDown>,
    total_reviewed: u64,
    total_unreviewed: u64,
    total_flagged: u64,
    feedback_last_24h: u64,
    feedback_last_7d: u64,
    feedback_last_30d: u64,
}

/// Thumbs of one search mode.
#[derive(Serialize, ToSchema)]
#[schema(as = ModeUpDown)]
struct UpDown {
    up: u64,
    down: u64,
}

impl From<ModeCount> for UpDown {
    fn from(it: ModeCount) -> Self {
        Self { up: it.positive, down: it.negative }
    }
}

/// All feedback in numbers
#[utoipa::path(get, path = "/api/v1/admin/feedback/stats", tag = "admin",
    responses((status = 200, description = "Since the first feedback that is kept", body = Stats)))]
pub(super) async fn feedback_stats(
    RequireAdmin(admin): RequireAdmin,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let stats = services.feedback.stats(&admin).await?;
    let up: u64 = stats.by_search_mode.iter().map(|it| it.positive).sum();
    let down: u64 = stats.by_search_mode.iter().map(|it| it.negative).sum();
    let total = up + down;
    let share = if total == 0 { 0.0 } else { up as f64 / total as f64 };
    Ok(ok(&Stats {
        total_feedback: total,
        thumbs_up: up,
        thumbs_down: down,
        thumbs_up_percentage: (share * 1e4).round() / 1e2,
        by_search_mode: BySearchMode::new(&stats.by_search_mode, UpDown::from),
        total_reviewed: stats.reviewed,
        total_unreviewed: stats.unreviewed,
        total_flagged: stats.flagged,
        feedback_last_24h: stats.last_24h,
        feedback_last_7d: stats.last_7d,
        feedback_last_30d: stats.last_30d,
    }))
}

#[derive(Serialize, ToSchema)]
#[schema(as = FeedbackReviewed)]
struct Reviewed<'a> {
    feedback_id: &'a str,
    #[schema(value_type = Option<String>, format = DateTime, required)]
    reviewed_at: Option<Timestamp>,
    #[schema(required)]
    reviewed_by: Option<&'a str>,
    #[schema(value_type = String)]
    message: &'static str,
}

/// Mark feedback as reviewed, or as not reviewed
///
/// `reviewed_by` is the admin as the audit log names them. A flag stays as it is.
#[utoipa::path(patch, path = "/api/v1/admin/feedback/{id}", tag = "admin", request_body = ReviewedBody,
    params(("id" = String, Path, description = "Id of a piece of feedback")),
    responses((status = 200, description = "It is marked", body = Reviewed<'_>)))]
pub(super) async fn update_feedback(
    RequireAdmin(admin): RequireAdmin,
    services: web::Data<Services>,
    request: HttpRequest,
    mut submission: JsonBody,
) -> Result<HttpResponse, ApiError> {
    let id = feedback_id(&request)?;
    let read = submission.dto::<ReviewedBody>()?.read();
    let reviewed = read_about(read, services.feedback.get(&admin, &id)).await?;
    let feedback = services.feedback.set_reviewed(&admin, &id, reviewed).await?;
    let review = feedback.review.as_ref();
    Ok(ok(&Reviewed {
        feedback_id: feedback.id.as_str(),
        reviewed_at: review.map(|it| it.reviewed_at),
        reviewed_by: review.map(|it| it.reviewed_by.as_str()),
        message: if reviewed { "Feedback marked as reviewed" } else { "Feedback marked as not reviewed" },
    }))
}

#[derive(Serialize, ToSchema)]
#[schema(as = FeedbackFlagged)]
struct Flagged<'a> {
    feedback_id: &'a str,
    flagged_for_cleanup: bool,
    #[schema(required)]
    cleanup_issue_url: Option<&'a str>,
    #[schema(value_type = String)]
    message: &'static str,
}

fn flagged(feedback: &Feedback) -> StoredResponse {
    let body = Flagged {
        feedback_id: feedback.id.as_str(),
        flagged_for_cleanup: feedback.cleanup.flagged,
        cleanup_issue_url: feedback.cleanup.issue_url.as_deref(),
        message: "Feedback flagged for cleanup",
    };
    answer::answer_about(RecordSubject::Feedback(feedback.id.clone()), 200, &body)
}

/// Flag feedback for cleanup
///
/// 409 `already_flagged` when it is flagged already and `cleanup_issue_url` is set.
#[utoipa::path(post, path = "/api/v1/admin/feedback/{id}/flag", tag = "admin", request_body = FlagBody,
    params(("id" = String, Path, description = "Id of a piece of feedback")),
    responses((status = 200, description = "It is flagged", body = Flagged<'_>)))]
pub(super) async fn flag_feedback(
    RequireAdmin(admin): RequireAdmin,
    services: web::Data<Services>,
    request: HttpRequest,
    mut submission: JsonBody,
) -> Result<HttpResponse, ApiError> {
    let id = feedback_id(&request)?;
    let read = submission.dto::<FlagBody>()?.read();
    let (reason, priority) = read_about(read, services.feedback.get(&admin, &id)).await?;
    let idempotency = submission.idempotency(flagged);
    let written = services.feedback.flag(&admin, &id, &reason, priority, idempotency).await?;
    Ok(respond(answer(written, flagged)))
}
