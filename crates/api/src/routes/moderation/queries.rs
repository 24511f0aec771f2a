//! Searches, as admins see them: what found nothing, and what popular queries do not show.

use actix_web::{HttpRequest, HttpResponse, web};
use myashes_domain::alongside::Answer;
use myashes_domain::analytics::HiddenQuery;
use serde::Serialize;
use utoipa::ToSchema;

use super::dto::QueryBody;
use super::parameters::DaysParameters;
use super::view::{HiddenItem, ZeroItem};
use crate::error::{ApiError, respond};
use crate::http::answer::{self, ok};
use crate::http::body::{Submission, answer};
use crate::http::caller::AdminOf;
use crate::http::query;
use crate::services::Services;

#[derive(Serialize, ToSchema)]
#[schema(as = ZeroResults)]
struct ZeroResults<'a> {
    queries: Vec<ZeroItem<'a>>,
    period_days: u32,
}

/// Searches that found nothing
#[utoipa::path(get, path = "/api/v1/admin/analytics/zero-results", tag = "admin", params(DaysParameters),
    responses((status = 200, description = "Over 7 days by default, the most frequent first", body = ZeroResults<'_>)))]
pub async fn zero_results(
    AdminOf(admin): AdminOf,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let (days, limit) = query::read::<DaysParameters>(&request)?.read(7)?;
    let queries = services.analytics.zero_results(&admin, days, limit).await?;
    Ok(ok(&ZeroResults { queries: queries.iter().map(ZeroItem::from).collect(), period_days: days }))
}

#[derive(Serialize, ToSchema)]
#[schema(as = HiddenQueries)]
struct Hidden<'a> {
    queries: Vec<HiddenItem<'a>>,
    count: usize,
}

/// Queries that are not shown
#[utoipa::path(get, path = "/api/v1/admin/analytics/hidden-queries", tag = "admin",
    responses((status = 200, description = "Newest first", body = Hidden<'_>)))]
pub async fn hidden(
    AdminOf(admin): AdminOf,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let queries = services.analytics.hidden(&admin).await?;
    Ok(ok(&Hidden { queries: queries.iter().map(HiddenItem::from).collect(), count: queries.len() }))
}

fn shown(hidden: &HiddenQuery) -> Answer {
    answer::answer(201, &HiddenItem::from(hidden))
}

/// Hide a query
#[utoipa::path(post, path = "/api/v1/admin/analytics/hidden-queries", tag = "admin", request_body = QueryBody,
    responses((status = 201, description = "It is hidden, folded", body = HiddenItem<'_>)))]
pub async fn hide(
    AdminOf(admin): AdminOf,
    services: web::Data<Services>,
    mut submission: Submission,
) -> Result<HttpResponse, ApiError> {
    let query = submission.dto::<QueryBody>()?.read()?;
    let written = services.analytics.hide(&admin, &query, submission.receipt(shown)).await?;
    Ok(respond(answer(written, shown)))
}

#[derive(Serialize, ToSchema)]
#[schema(as = QueryShown)]
struct Unhidden<'a> {
    query: &'a str,
    hidden: bool,
}

/// Show a query again
#[utoipa::path(delete, path = "/api/v1/admin/analytics/hidden-queries", tag = "admin", request_body = QueryBody,
    responses((status = 200, description = "It is shown", body = Unhidden<'_>)))]
pub async fn unhide(
    AdminOf(admin): AdminOf,
    services: web::Data<Services>,
    mut submission: Submission,
) -> Result<HttpResponse, ApiError> {
    let query = submission.dto::<QueryBody>()?.read()?;
    services.analytics.unhide(&admin, &query).await?;
    Ok(ok(&Unhidden { query: query.folded(), hidden: false }))
}
