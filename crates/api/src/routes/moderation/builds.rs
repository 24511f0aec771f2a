//! Builds and votes, as admins look after them.

use actix_web::{HttpRequest, HttpResponse, web};
use myashes_domain::Error;
use serde::Serialize;
use utoipa::ToSchema;

use super::parameters::{BuildParameters, PageParameters};
use super::view::{BuildItem, PageOf, VoteItem};
use crate::error::ApiError;
use crate::http::answer::ok;
use crate::http::caller::AdminOf;
use crate::http::query;
use crate::routes::builds::build_id;
use crate::services::Services;

/// List builds of every visibility
#[utoipa::path(get, path = "/api/v1/admin/builds", tag = "admin", params(BuildParameters),
    responses((status = 200, description = "A page, newest first", body = PageOf<BuildItem<'_>>)))]
pub async fn list(
    AdminOf(admin): AdminOf,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let (filter, paging) = query::read::<BuildParameters>(&request)?.read()?;
    let page = services.moderation.builds(&admin, &filter, paging.request).await?;
    Ok(ok(&PageOf::<BuildItem<'_>>::new(&page, &paging)))
}

#[derive(Serialize, ToSchema)]
#[schema(as = BuildRemoved)]
struct Removed<'a> {
    build_id: &'a str,
    deleted: bool,
}

/// Remove a build
///
/// A template too; its votes go with it.
#[utoipa::path(delete, path = "/api/v1/admin/builds/{id}", tag = "admin",
    params(("id" = String, Path, description = "Id of a build")),
    responses((status = 200, description = "It is gone", body = Removed<'_>)))]
pub async fn delete(
    AdminOf(admin): AdminOf,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let id = build_id(&request)?;
    services.moderation.delete_build(&admin, &id).await?;
    Ok(ok(&Removed { build_id: id.as_str(), deleted: true }))
}

/// List the votes on a build
#[utoipa::path(get, path = "/api/v1/admin/builds/{id}/votes", tag = "admin",
    params(("id" = String, Path, description = "Id of a build"), PageParameters),
    responses((status = 200, description = "A page, newest first", body = PageOf<VoteItem<'_>>)))]
pub async fn votes(
    AdminOf(admin): AdminOf,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let id = build_id(&request)?;
    let paging = query::read::<PageParameters>(&request)?.read(&format!("votes of {id}"))?;
    let page = services.moderation.votes(&admin, &id, paging.request).await?;
    Ok(ok(&PageOf::<VoteItem<'_>>::new(&page, &paging)))
}

#[derive(Serialize, ToSchema)]
#[schema(as = VoteRemoved)]
struct VoteRemoved<'a> {
    build_id: &'a str,
    vote_id: i64,
    deleted: bool,
}

/// Remove one vote
#[utoipa::path(delete, path = "/api/v1/admin/builds/{id}/votes/{vote_id}", tag = "admin",
    params(("id" = String, Path, description = "Id of a build"),
        ("vote_id" = i64, Path, description = "Number of a vote")),
    responses((status = 200, description = "It is gone", body = VoteRemoved<'_>)))]
pub async fn delete_vote(
    AdminOf(admin): AdminOf,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let id = build_id(&request)?;
    let vote: i64 = request.match_info().query("vote_id").parse().map_err(|_| Error::NotFound)?;
    services.moderation.delete_vote(&admin, &id, vote).await?;
    Ok(ok(&VoteRemoved { build_id: id.as_str(), vote_id: vote, deleted: true }))
}
