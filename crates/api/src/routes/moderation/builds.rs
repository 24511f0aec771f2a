//! Administration of builds: listing, removal, and hiding from everybody but their owner.

use actix_web::{HttpRequest, HttpResponse, web};
use myashes_domain::builds::Build;
use myashes_domain::ids::BuildId;
use myashes_domain::moderation::{Admin, Reason};
use myashes_domain::write_options::{RecordSubject, StoredResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::parameters::{BuildParameters, ReasonParameters};
use super::view::BuildItem;
use crate::error::{ApiError, respond};
use crate::http::answer::{self, ok};
use crate::http::body::{EmptyBody, answer, read_about};
use crate::http::caller::RequireAdmin;
use crate::http::one_of::{OneOf, VisibilityName};
use crate::http::paging::PageOf;
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
    let (id, reason) = build_and_reason(&services, &admin, &request).await?;
    services.moderation.delete_build(&admin, &id, reason.as_ref()).await?;
    Ok(ok(&Removed { build_id: id.as_str(), deleted: true }))
}

/// What became of a build.
#[derive(Serialize, ToSchema)]
#[schema(as = BuildModeration)]
struct Moderated<'a> {
    build_id: &'a str,
    hidden: bool,
    /// Its owner's choice, which holds again once the build is restored.
    visibility: VisibilityName,
}

fn shown(build: &Build) -> StoredResponse {
    let it = &build.summary;
    let body =
        Moderated { build_id: it.id.as_str(), hidden: it.hidden, visibility: OneOf(it.content.visibility) };
    answer::answer_about(RecordSubject::Build(it.id.clone()), 200, &body)
}

/// Hide a build
///
/// A template too. Its owner still sees it and may delete it; for everybody else but admins it does not exist.
/// Hiding it again changes nothing.
#[utoipa::path(post, path = "/api/v1/admin/builds/{id}/hide", tag = "admin",
    params(("id" = String, Path, description = "Id of a build"), ReasonParameters),
    responses((status = 200, description = "It is hidden", body = Moderated<'_>)))]
pub(super) async fn hide_build(
    RequireAdmin(admin): RequireAdmin,
    services: web::Data<Services>,
    request: HttpRequest,
    bodyless: EmptyBody,
) -> Result<HttpResponse, ApiError> {
    set_hidden(&services, &admin, &request, bodyless, true).await
}

/// Restore a hidden build
///
/// It has the visibility that it had. Restoring a build that is not hidden changes nothing.
#[utoipa::path(post, path = "/api/v1/admin/builds/{id}/restore", tag = "admin",
    params(("id" = String, Path, description = "Id of a build"), ReasonParameters),
    responses((status = 200, description = "It is shown again", body = Moderated<'_>)))]
pub(super) async fn restore_build(
    RequireAdmin(admin): RequireAdmin,
    services: web::Data<Services>,
    request: HttpRequest,
    bodyless: EmptyBody,
) -> Result<HttpResponse, ApiError> {
    set_hidden(&services, &admin, &request, bodyless, false).await
}

async fn set_hidden(
    services: &Services,
    admin: &Admin,
    request: &HttpRequest,
    bodyless: EmptyBody,
    hidden: bool,
) -> Result<HttpResponse, ApiError> {
    let (id, reason) = build_and_reason(services, admin, request).await?;
    let idempotency = bodyless.idempotency(shown);
    let written = services.moderation.set_hidden(admin, &id, hidden, reason.as_ref(), idempotency).await?;
    Ok(respond(answer(written, shown)))
}

/// The build that an admin does something to, and why.
async fn build_and_reason(
    services: &Services,
    admin: &Admin,
    request: &HttpRequest,
) -> Result<(BuildId, Option<Reason>), ApiError> {
    let id = build_id(request)?;
    let read = query::read::<ReasonParameters>(request).and_then(ReasonParameters::read);
    let reason = read_about(read, services.moderation.build(admin, &id)).await?;
    Ok((id, reason))
}
