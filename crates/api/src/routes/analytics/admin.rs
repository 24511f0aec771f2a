//! Administration of searches: queries without results, and hidden queries.

use actix_web::{HttpRequest, HttpResponse, web};
use myashes_domain::analytics::{HiddenQuery, SearchDayCount};
use myashes_domain::write_options::StoredResponse;
use serde::Serialize;
use utoipa::ToSchema;

use super::admin_dto::{HiddenItem, QueryBody, ZeroItem, ZeroResultParameters};
use crate::error::{ApiError, respond};
use crate::http::answer::{self, ok};
use crate::http::body::{JsonBody, answer};
use crate::http::caller::RequireAdmin;
use crate::http::one_of::{OneOf, SearchModeName};
use crate::http::paging::{DaysParameters, PageParameters, pages};
use crate::http::query;
use crate::http::services::Services;

#[derive(Serialize, ToSchema)]
#[schema(as = SearchTrends)]
struct SearchTrends {
    data: Vec<SearchTrendDay>,
    period_days: u32,
}

/// Searches of one UTC day in one mode.
#[derive(Serialize, ToSchema)]
struct SearchTrendDay {
    #[schema(format = Date)]
    date: String,
    search_mode: SearchModeName,
    searches: u64,
    zero_results: u64,
}

impl From<SearchDayCount> for SearchTrendDay {
    fn from(it: SearchDayCount) -> Self {
        Self {
            date: it.day.to_string(),
            search_mode: OneOf(it.search_mode),
            searches: it.searches,
            zero_results: it.zero_results,
        }
    }
}

/// Searches by day and mode
///
/// Searches that count: those beyond the daily shares of their caller or address are left out.
#[utoipa::path(get, path = "/api/v1/admin/analytics/trends", tag = "admin", params(DaysParameters),
    responses((status = 200, description = "Over 30 days by default, empty ones too", body = SearchTrends)))]
pub(super) async fn search_trends(
    RequireAdmin(admin): RequireAdmin,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let days = query::read::<DaysParameters>(&request)?.read(30)?;
    let data = services.analytics.trends(&admin, days).await?;
    Ok(ok(&SearchTrends { data: data.into_iter().map(SearchTrendDay::from).collect(), period_days: days }))
}

#[derive(Serialize, ToSchema)]
#[schema(as = ZeroResults)]
struct ZeroResults<'a> {
    queries: Vec<ZeroItem<'a>>,
    /// Days up to the last one, when no first one was named.
    period_days: u32,
    total: u64,
    /// 1 behind a cursor.
    page: u32,
    limit: u32,
    pages: u64,
    #[schema(required)]
    next_cursor: Option<String>,
}

/// Searches that found nothing
#[utoipa::path(get, path = "/api/v1/admin/analytics/zero-results", tag = "admin", params(ZeroResultParameters),
    responses((status = 200, description = "Over 7 days by default, the most frequent first", body = ZeroResults<'_>)))]
pub(super) async fn zero_result_queries(
    RequireAdmin(admin): RequireAdmin,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let (days, paging) = query::read::<ZeroResultParameters>(&request)?.read()?;
    let list = services.analytics.zero_results(&admin, days, paging.request).await?;
    let page = paging.request.page;
    Ok(ok(&ZeroResults {
        queries: list.items.iter().map(ZeroItem::from).collect(),
        period_days: days,
        total: list.total,
        page: page.number(),
        limit: page.limit,
        pages: pages(list.total, page.limit),
        next_cursor: paging.cursor(list.next),
    }))
}

#[derive(Serialize, ToSchema)]
#[schema(as = HiddenQueries)]
struct Hidden<'a> {
    queries: Vec<HiddenItem<'a>>,
    /// On this page.
    count: usize,
    total: u64,
    /// 1 behind a cursor.
    page: u32,
    limit: u32,
    pages: u64,
    #[schema(required)]
    next_cursor: Option<String>,
}

/// Queries that are not shown
#[utoipa::path(get, path = "/api/v1/admin/analytics/hidden-queries", tag = "admin", params(PageParameters),
    responses((status = 200, description = "Newest first", body = Hidden<'_>)))]
pub(super) async fn hidden_queries(
    RequireAdmin(admin): RequireAdmin,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let paging = query::read::<PageParameters>(&request)?.read("hidden-queries")?;
    let list = services.analytics.hidden(&admin, paging.request).await?;
    let page = paging.request.page;
    Ok(ok(&Hidden {
        queries: list.items.iter().map(HiddenItem::from).collect(),
        count: list.items.len(),
        total: list.total,
        page: page.number(),
        limit: page.limit,
        pages: pages(list.total, page.limit),
        next_cursor: paging.cursor(list.next),
    }))
}

fn shown(hidden: &HiddenQuery) -> StoredResponse {
    answer::answer(201, &HiddenItem::from(hidden))
}

/// Hide a query
#[utoipa::path(post, path = "/api/v1/admin/analytics/hidden-queries", tag = "admin", request_body = QueryBody,
    responses((status = 201, description = "It is hidden, folded", body = HiddenItem<'_>)))]
pub(super) async fn hide_query(
    RequireAdmin(admin): RequireAdmin,
    services: web::Data<Services>,
    mut submission: JsonBody,
) -> Result<HttpResponse, ApiError> {
    let query = submission.dto::<QueryBody>()?.read()?;
    let written = services.analytics.hide(&admin, &query, submission.idempotency(shown)).await?;
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
pub(super) async fn unhide_query(
    RequireAdmin(admin): RequireAdmin,
    services: web::Data<Services>,
    mut submission: JsonBody,
) -> Result<HttpResponse, ApiError> {
    let query = submission.dto::<QueryBody>()?.read()?;
    services.analytics.unhide(&admin, &query).await?;
    Ok(ok(&Unhidden { query: query.folded(), hidden: false }))
}
