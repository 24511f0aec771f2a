//! What people search for.

pub mod dto;

use actix_web::{HttpRequest, HttpResponse, web};
use myashes_domain::limits::LimitClass;

use self::dto::{PopularBody, PopularItem, PopularParameters, Recorded, SearchBody};
use crate::error::{ApiError, respond};
use crate::http::answer::{self, ok};
use crate::http::body::{Submission, answer};
use crate::http::caller::CallerOf;
use crate::http::query;
use crate::http::table::{At, at};
use crate::metrics;
use crate::services::Services;

pub fn routes() -> Vec<At> {
    vec![
        at("/api/v1/analytics/search").post(LimitClass::Writes, record),
        at("/api/v1/analytics/popular-queries").get(LimitClass::Lists, popular),
    ]
}

/// Record a search
///
/// Answered once it is stored durably.
#[utoipa::path(post, path = "/api/v1/analytics/search", tag = "analytics", request_body = SearchBody,
    responses((status = 201, description = "It is stored", body = Recorded)))]
pub async fn record(
    services: web::Data<Services>,
    CallerOf(caller): CallerOf,
    mut submission: Submission,
) -> Result<HttpResponse, ApiError> {
    let (search, mode, results) = submission.dto::<SearchBody>()?.read()?;
    let render = |&(): &()| answer::answer(201, &Recorded { recorded: true });
    let receipt = submission.receipt(render);
    let written = services.analytics.record(&caller, search, mode, results, receipt).await?;
    Ok(respond(answer(written, |done| {
        metrics::search(mode.name(), results == 0);
        render(done)
    })))
}

/// The most frequent searches
///
/// A row for each folded query and mode, in its most frequent spelling.
#[utoipa::path(get, path = "/api/v1/analytics/popular-queries", tag = "analytics", params(PopularParameters),
    responses((status = 200, description = "Queries, the most frequent first", body = PopularBody<'_>)))]
pub async fn popular(services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let (days, limit, mode) = query::read::<PopularParameters>(&request)?.read()?;
    let queries = services.analytics.popular(days, limit, mode).await?;
    Ok(ok(&PopularBody { queries: queries.iter().map(PopularItem::from).collect(), period_days: days }))
}
