//! Lists of builds.

use actix_web::{HttpRequest, HttpResponse, web};
use myashes_domain::builds::{BuildList, Scope};
use serde::Serialize;
use utoipa::ToSchema;

use super::query::{ListParameters, PopularParameters};
use super::view::{ListItem, PopularItem};
use crate::error::ApiError;
use crate::http::answer::ok;
use crate::http::caller::CurrentCaller;
use crate::http::one_of::{OneOf, PeriodName};
use crate::http::query;
use crate::services::Services;

/// A page of builds.
#[derive(Serialize, ToSchema)]
#[schema(as = BuildPage)]
struct ListBody<'a> {
    builds: Vec<ListItem<'a>>,
    total: u64,
    /// `total` stands for "more than that".
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    total_capped: bool,
    page: u32,
    limit: u32,
    has_more: bool,
    #[schema(required)]
    next_cursor: Option<&'a str>,
}

fn page(list: &BuildList) -> HttpResponse {
    ok(&ListBody {
        builds: list.builds.iter().map(ListItem::from).collect(),
        total: list.total.count,
        total_capped: list.total.capped,
        page: list.page,
        limit: list.limit,
        has_more: list.next_cursor.is_some(),
        next_cursor: list.next_cursor.as_deref(),
    })
}

/// List public builds
#[utoipa::path(get, path = "/api/v1/builds", tag = "builds", params(ListParameters),
    responses((status = 200, description = "A page of builds", body = ListBody<'_>)))]
pub(super) async fn list_builds(
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let query = query::read::<ListParameters>(&request)?.query(Scope::Public)?;
    Ok(page(&services.builds.list(&query).await?))
}

/// List one's own builds
///
/// Of every visibility; of the player, else of the session.
#[utoipa::path(get, path = "/api/v1/builds/mine", tag = "builds", params(ListParameters),
    responses((status = 200, description = "A page of builds", body = ListBody<'_>)))]
pub(super) async fn my_builds(
    services: web::Data<Services>,
    request: HttpRequest,
    CurrentCaller(caller): CurrentCaller,
) -> Result<HttpResponse, ApiError> {
    let player_id = caller.player_id().map(str::to_owned);
    let scope = Scope::OwnedBy { session: caller.session, player_id };
    let query = query::read::<ListParameters>(&request)?.query(scope)?;
    Ok(page(&services.builds.list(&query).await?))
}

#[derive(Serialize, ToSchema)]
#[schema(as = PopularBuilds)]
struct PopularBody<'a> {
    builds: Vec<PopularItem<'a>>,
    period: PeriodName,
    count: usize,
}

/// The widget: builds by the votes cast within a period
#[utoipa::path(get, path = "/api/v1/builds/popular", tag = "builds", params(PopularParameters),
    responses((status = 200, description = "Builds, most votes first", body = PopularBody<'_>)))]
pub(super) async fn popular_builds(
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let (period, limit, templates) = query::read::<PopularParameters>(&request)?.read()?;
    let builds = services.builds.popular(period, limit, templates).await?;
    let link = &services.rules.share_link;
    Ok(ok(&PopularBody {
        builds: builds.iter().map(|build| PopularItem::of(build, link)).collect(),
        period: OneOf(period),
        count: builds.len(),
    }))
}

#[derive(Serialize, ToSchema)]
#[schema(as = Templates)]
struct TemplatesBody<'a> {
    templates: Vec<ListItem<'a>>,
    count: usize,
}

/// List the official templates
///
/// By class, then by name.
#[utoipa::path(get, path = "/api/v1/builds/templates", tag = "builds",
    responses((status = 200, description = "All templates", body = TemplatesBody<'_>)))]
pub(super) async fn template_builds(services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let templates = services.builds.templates().await?;
    Ok(ok(&TemplatesBody {
        templates: templates.iter().map(ListItem::from).collect(),
        count: templates.len(),
    }))
}
