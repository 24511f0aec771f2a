//! Administration of feedback.

use actix_web::{HttpRequest, HttpResponse, web};
use myashes_domain::Error;
use myashes_domain::clock::Timestamp;
use myashes_domain::feedback::Feedback;
use myashes_domain::ids::FeedbackId;
use myashes_domain::write_options::{RecordSubject, StoredResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::admin_dto::{BySearchMode, FeedbackItem, FeedbackParameters, ModeThumbs, ReviewBody};
use crate::error::{ApiError, respond};
use crate::http::answer::{self, ok};
use crate::http::body::{JsonBody, answer, read_about};
use crate::http::caller::RequireAdmin;
use crate::http::paging::{DaysParameters, PageOf};
use crate::http::query;
use crate::http::services::Services;

pub(super) fn feedback_id(request: &HttpRequest) -> Result<FeedbackId, Error> {
    let raw = request.match_info().query("id");
    FeedbackId::parse(raw).ok_or_else(|| Error::FeedbackNotFound(raw.chars().take(64).collect()))
}

fn shown(feedback: &Feedback) -> StoredResponse {
    answer::answer_about(RecordSubject::Feedback(feedback.id.clone()), 200, &FeedbackItem::from(feedback))
}

/// List feedback
#[utoipa::path(get, path = "/api/v1/admin/feedback", tag = "admin", params(FeedbackParameters),
    responses((status = 200, description = "A page, newest first", body = PageOf<FeedbackItem<'_>>)))]
pub(super) async fn list_feedback(
    RequireAdmin(admin): RequireAdmin,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let (filter, paging) = query::read::<FeedbackParameters>(&request)?.read()?;
    let page = services.feedback.list(&admin, &filter, paging.request.page).await?;
    Ok(ok(&PageOf::<FeedbackItem<'_>>::new(&page, &paging)))
}

/// Read one piece of feedback
#[utoipa::path(get, path = "/api/v1/admin/feedback/{id}", tag = "admin",
    params(("id" = String, Path, description = "Id of a piece of feedback")),
    responses((status = 200, description = "The feedback", body = FeedbackItem<'_>)))]
pub(super) async fn get_feedback(
    RequireAdmin(admin): RequireAdmin,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let feedback = services.feedback.get(&admin, &feedback_id(&request)?).await?;
    Ok(ok(&FeedbackItem::from(&feedback)))
}

/// Set a review
#[utoipa::path(post, path = "/api/v1/admin/feedback/{id}/review", tag = "admin", request_body = ReviewBody,
    params(("id" = String, Path, description = "Id of a piece of feedback")),
    responses((status = 200, description = "The feedback", body = FeedbackItem<'_>)))]
pub(super) async fn review_feedback(
    RequireAdmin(admin): RequireAdmin,
    services: web::Data<Services>,
    request: HttpRequest,
    mut submission: JsonBody,
) -> Result<HttpResponse, ApiError> {
    let id = feedback_id(&request)?;
    let read = submission.dto::<ReviewBody>()?.read();
    let (by, cleanup) = read_about(read, services.feedback.get(&admin, &id)).await?;
    let idempotency = submission.idempotency(shown);
    let written = services.feedback.review(&admin, &id, by, cleanup, idempotency).await?;
    Ok(respond(answer(written, shown)))
}

/// Take a review back
#[utoipa::path(delete, path = "/api/v1/admin/feedback/{id}/review", tag = "admin",
    params(("id" = String, Path, description = "Id of a piece of feedback")),
    responses((status = 200, description = "The feedback", body = FeedbackItem<'_>)))]
pub(super) async fn unreview_feedback(
    RequireAdmin(admin): RequireAdmin,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let feedback = services.feedback.unreview(&admin, &feedback_id(&request)?).await?;
    Ok(ok(&FeedbackItem::from(&feedback)))
}

#[derive(Serialize, ToSchema)]
#[schema(as = FeedbackSummary)]
struct Summary {
    total_feedback: u64,
    positive_count: u64,
    negative_count: u64,
    /// Of all, 0 to 1, to four decimals; 0 without any.
    positive_rate: f64,
    by_search_mode: BySearchMode<ModeThumbs>,
    period_days: u32,
    #[schema(value_type = String, format = DateTime)]
    queried_at: Timestamp,
}

/// Thumbs in sum
#[utoipa::path(get, path = "/api/v1/admin/feedback/summary", tag = "admin", params(DaysParameters),
    responses((status = 200, description = "Over 30 days by default", body = Summary)))]
pub(super) async fn feedback_summary(
    RequireAdmin(admin): RequireAdmin,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let days = query::read::<DaysParameters>(&request)?.read(30)?;
    let (modes, queried_at) = services.feedback.summary(&admin, days).await?;
    let positive: u64 = modes.iter().map(|mode| mode.positive).sum();
    let negative: u64 = modes.iter().map(|mode| mode.negative).sum();
    let total = positive + negative;
    let rate = if total == 0 { 0.0 } else { positive as f64 / total as f64 };
    Ok(ok(&Summary {
        total_feedback: total,
        positive_count: positive,
        negative_count: negative,
        positive_rate: (rate * 1e4).round() / 1e4,
        by_search_mode: BySearchMode::new(&modes, ModeThumbs::from),
        period_days: days,
        queried_at,
    }))
}

#[derive(Serialize, ToSchema)]
#[schema(as = FeedbackPatterns)]
struct PatternsBody<'a> {
    frequent_queries: Vec<FrequentQuery<'a>>,
    /// Negative ones.
    by_search_mode: BySearchMode<u64>,
    total_negative: u64,
    total_unreviewed: u64,
}

#[derive(Serialize, ToSchema)]
struct FrequentQuery<'a> {
    query: &'a str,
    negative_count: u64,
}

/// Queries whose answers were disliked
#[utoipa::path(get, path = "/api/v1/admin/feedback/patterns", tag = "admin", params(DaysParameters),
    responses((status = 200, description = "Over 30 days by default", body = PatternsBody<'_>)))]
pub(super) async fn feedback_patterns(
    RequireAdmin(admin): RequireAdmin,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let days = query::read::<DaysParameters>(&request)?.read(30)?;
    let patterns = services.feedback.patterns(&admin, days).await?;
    let frequent = patterns.frequent_queries.iter();
    Ok(ok(&PatternsBody {
        frequent_queries: frequent
            .map(|(query, count)| FrequentQuery { query, negative_count: *count })
            .collect(),
        by_search_mode: BySearchMode::new(&patterns.by_search_mode, |it| it.negative),
        total_negative: patterns.total_negative,
        total_unreviewed: patterns.total_unreviewed,
    }))
}

#[derive(Serialize, ToSchema)]
#[schema(as = FeedbackTrends)]
struct Trends {
    data: Vec<TrendDay>,
    period_days: u32,
}

#[derive(Serialize, ToSchema)]
struct TrendDay {
    date: String,
    positive: u64,
    negative: u64,
    total: u64,
}

/// Thumbs by day
#[utoipa::path(get, path = "/api/v1/admin/feedback/trends", tag = "admin", params(DaysParameters),
    responses((status = 200, description = "Over 7 days by default, empty ones too", body = Trends)))]
pub(super) async fn feedback_trends(
    RequireAdmin(admin): RequireAdmin,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let days = query::read::<DaysParameters>(&request)?.read(7)?;
    let data = services.feedback.trends(&admin, days).await?.into_iter().map(|it| TrendDay {
        date: it.day.to_string(),
        positive: it.positive,
        negative: it.negative,
        total: it.positive + it.negative,
    });
    Ok(ok(&Trends { data: data.collect(), period_days: days }))
}
