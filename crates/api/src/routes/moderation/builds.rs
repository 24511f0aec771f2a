//! Administration of builds.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::parameters::{BuildParameters, ReasonParameters};
use super::view::{BuildItem, PageOf};
use crate::error::ApiError;
use crate::http::answer::ok;
use crate::http::caller::RequireAdmin;
use crate::http::query;
use crate::http::services::Services;
use crate::routes::builds::build_id;

/// List builds of every visibility
#[utoipa::path(get, path = "/api/v1/admin/builds", tag = "admin", params(BuildParameters),
    responses((status = 200, description = "A page, newest first", body = PageOf<BuildItem<'_>>)))]
pub(super) async fn list_all_builds(
    RequireAdmin(admin): RequireAdmin,
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
    params(("id" = String, Path, description = "Id of a build"), ReasonParameters),
    responses((status = 200, description = "It was deleted", body = Removed<'_>)))]
pub(super) async fn remove_build(
    RequireAdmin(admin): RequireAdmin,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let (id, reason) = (build_id(&request)?, query::read::<ReasonParameters>(&request)?.read()?);
    services.moderation.delete_build(&admin, &id, reason.as_ref()).await?;
    Ok(ok(&Removed { build_id: id.as_str(), deleted: true }))
}
