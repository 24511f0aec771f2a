//! What people search for.

pub mod admin;
mod admin_dto;
pub mod dto;

use actix_web::{HttpRequest, HttpResponse, web};
use myashes_domain::analytics::NewSearch;
use myashes_domain::limits::LimitClass;

use self::dto::{PopularQueriesBody, PopularQueriesParameters, PopularQueryItem, Recorded, SearchBody};
use crate::error::{ApiError, respond};
use crate::http::answer::{self, ok};
use crate::http::body::{JsonBody, answer};
use crate::http::caller::CurrentCaller;
use crate::http::context::RequestContext;
use crate::http::services::Services;
use crate::http::table::{RouteSpec, route};
use crate::http::{limits, query};
use crate::metrics;

pub fn routes() -> Vec<RouteSpec> {
    use LimitClass::{Lists, Writes};
    vec![
        route!(Writes, record_search),
        route!(Lists, popular_queries),
        route!(Lists, admin::search_trends),
        route!(Lists, admin::zero_result_queries),
        route!(Lists, admin::hidden_queries),
        route!(Writes, admin::hide_query),
        route!(Writes, admin::unhide_query),
    ]
}

/// Record a search
///
/// Answered once it is stored durably. Of one query and mode a caller's first three searches of a UTC day count, an
/// address's first twenty, and an address's first 500 queries; what is over is stored and does not count.
#[utoipa::path(post, path = "/api/v1/analytics/search", tag = "analytics", request_body = SearchBody,
    responses((status = 201, description = "It is stored", body = Recorded)))]
async fn record_search(
    services: web::Data<Services>,
    request: HttpRequest,
    CurrentCaller(caller): CurrentCaller,
    mut submission: JsonBody,
) -> Result<HttpResponse, ApiError> {
    let (query, mode, results) = submission.dto::<SearchBody>()?.read()?;
    let render = |&(): &()| answer::answer(201, &Recorded { recorded: true });
    let idempotency = submission.idempotency(render);
    let source = limits::search_source(&services, &RequestContext::of(&request));
    let ranked = services.analytics.take_share(&caller, &query, mode, &source).await;
    let search = NewSearch { query, search_mode: mode, result_count: results, source, ranked };
    let written = services.analytics.record(&caller, search, idempotency).await?;
    Ok(respond(answer(written, |done| {
        metrics::search(mode.into_str(), results == 0, ranked);
        render(done)
    })))
}

/// The most frequent searches
///
/// A row for each folded query and mode, in its most frequent spelling. With very many queries the ranking is at most
/// a minute old.
#[utoipa::path(get, path = "/api/v1/analytics/popular-queries", tag = "analytics", params(PopularQueriesParameters),
    responses((status = 200, description = "Queries, the most frequent first", body = PopularQueriesBody<'_>)))]
async fn popular_queries(
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let (days, limit, mode) = query::read::<PopularQueriesParameters>(&request)?.read()?;
    let queries = services.analytics.popular(days, limit, mode).await?;
    Ok(ok(&PopularQueriesBody {
        queries: queries.iter().map(PopularQueryItem::from).collect(),
        period_days: days,
    }))
}
