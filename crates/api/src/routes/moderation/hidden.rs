//! Hiding builds from all callers but their owners and admins, and restoring them.

use actix_web::{HttpRequest, HttpResponse, web};
use myashes_domain::builds::Build;
use myashes_domain::write_options::{RecordSubject, StoredResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::parameters::ReasonParameters;
use crate::error::{ApiError, respond};
use crate::http::answer;
use crate::http::body::{EmptyBody, answer};
use crate::http::caller::RequireAdmin;
use crate::http::one_of::{OneOf, VisibilityName};
use crate::http::query;
use crate::http::services::Services;
use crate::routes::builds::build_id;

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
    let (id, reason) = (build_id(&request)?, query::read::<ReasonParameters>(&request)?.read()?);
    let idempotency = bodyless.idempotency(shown);
    let written = services.moderation.set_hidden(&admin, &id, true, reason.as_ref(), idempotency).await?;
    Ok(respond(answer(written, shown)))
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
    let (id, reason) = (build_id(&request)?, query::read::<ReasonParameters>(&request)?.read()?);
    let idempotency = bodyless.idempotency(shown);
    let written = services.moderation.set_hidden(&admin, &id, false, reason.as_ref(), idempotency).await?;
    Ok(respond(answer(written, shown)))
}
