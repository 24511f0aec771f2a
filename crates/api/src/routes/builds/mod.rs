//! Builds: create, read, change, delete. Lists are in `lists`.

pub mod dto;
pub mod lists;
pub mod query;
pub mod view;

use actix_web::http::header::{ACCEPT_ENCODING, CONTENT_TYPE, ETAG};
use actix_web::{HttpRequest, HttpResponse, web};
use myashes_domain::Error;
use myashes_domain::builds::Build;
use myashes_domain::ids::BuildId;
use myashes_domain::limits::LimitClass;
use myashes_domain::session::Caller;
use myashes_domain::write_options::{RecordSubject, StoredResponse};
use serde::Serialize;
use utoipa::ToSchema;

use self::dto::BuildBody;
use self::query::ViewerParameters;
use self::view::BuildView;
use crate::error::{ApiError, JSON, respond};
use crate::http;
use crate::http::answer::{ok, text};
use crate::http::body::{JsonBody, answer, read_about};
use crate::http::caller::{CurrentCaller, WriteCaller, admin};
use crate::http::conditional::{etag, expected_revisions, not_modified};
use crate::http::response_cache::{CachedResponse, Made};
use crate::http::services::Services;
use crate::http::table::{RouteSpec, route};
use crate::metrics;

pub fn routes() -> Vec<RouteSpec> {
    use LimitClass::{Creates, Lists, Reads, Writes};
    vec![
        route!(Lists, lists::list_builds),
        route!(Creates, create_build),
        route!(Lists, lists::popular_builds),
        route!(Reads, lists::suggest_builds),
        route!(Lists, lists::build_tags),
        route!(Lists, lists::template_builds),
        route!(Lists, lists::my_builds),
        route!(Reads, get_build),
        route!(Writes, update_build),
        route!(Writes, delete_build),
    ]
}

/// The build that a path names. A malformed id counts as a missing build.
///
/// # Errors
/// [`Error::BuildNotFound`].
pub fn build_id(request: &HttpRequest) -> Result<BuildId, Error> {
    let raw = request.match_info().query("id");
    BuildId::parse(raw).ok_or_else(|| Error::BuildNotFound(raw.chars().take(64).collect()))
}

/// Create a build
///
/// The class follows from the two archetypes. With `Idempotency-Key`, a repeated request gets the first
/// answer.
#[utoipa::path(post, path = "/api/v1/builds", tag = "builds", request_body = BuildBody,
    responses((status = 201, description = "The build", body = BuildView<'_>,
        headers(("Location" = String, description = "Path of the build"),
            ("ETag" = String, description = "Weak tag of this version")))))]
async fn create_build(
    services: web::Data<Services>,
    WriteCaller(caller): WriteCaller,
    mut submission: JsonBody,
) -> Result<HttpResponse, ApiError> {
    let draft = submission.dto::<BuildBody>()?.draft(&services.game)?;
    let link = services.rules.share_link.clone();
    let render = move |build: &Build| created(build, &link);
    let written = services.builds.create(&caller, draft, submission.idempotency(render.clone())).await?;
    Ok(respond(answer(written, |build| {
        metrics::build_created();
        render(build)
    })))
}

fn created(build: &Build, link: &str) -> StoredResponse {
    StoredResponse {
        status: 201,
        location: Some(format!("/api/v1/builds/{}", build.summary.id)),
        body: text(&BuildView::of(build, link)),
        subject: Some(RecordSubject::Build(build.summary.id.clone())),
    }
}

/// Read a build
///
/// Unlisted builds are for every caller with the id, private ones for their owner, hidden ones for their owner and
/// for admins.
#[utoipa::path(get, path = "/api/v1/builds/{id}", tag = "builds",
    params(("id" = String, Path, description = "Id of a build"), ViewerParameters,
        ("If-None-Match" = Option<String>, Header, description = "ETags the client has")),
    responses((status = 200, description = "The build", body = BuildView<'_>,
        headers(("ETag" = String, description = "Weak tag of this version"))),
        (status = 304, description = "The client has this version")))]
async fn get_build(
    services: web::Data<Services>,
    request: HttpRequest,
    CurrentCaller(caller): CurrentCaller,
) -> Result<HttpResponse, ApiError> {
    let id = build_id(&request)?;
    let link = &services.rules.share_link;
    if !request.query_string().is_empty() {
        let read = http::query::read::<ViewerParameters>(&request).and_then(ViewerParameters::read);
        if read_about(read, visible_build(&services, &request, &caller, &id)).await? {
            return viewed(&services, &request, &caller, &id).await;
        }
    }
    let make = || async {
        let build = visible_build(&services, &request, &caller, &id).await?;
        let response = CachedResponse::new(etag(&build), text(&BuildView::of(&build, link)).into());
        Ok(if build.summary.is_listed() { Made::ForAll(response) } else { Made::ForOne(response) })
    };
    let CachedResponse { tag, body, compressed } = services.ready.get(&id, make).await?;
    if not_modified(request.headers(), &tag) {
        return Ok(HttpResponse::NotModified().insert_header((ETAG, tag)).finish());
    }
    let mut response =
        HttpResponse::Ok().insert_header((CONTENT_TYPE, JSON)).insert_header((ETAG, tag)).body(body);
    if request.headers().contains_key(ACCEPT_ENCODING) {
        response.extensions_mut().insert(compressed);
    }
    Ok(response)
}

/// With what only this caller sees. It has no tag, since it changes with the caller.
async fn viewed(
    services: &Services,
    request: &HttpRequest,
    caller: &Caller,
    id: &BuildId,
) -> Result<HttpResponse, ApiError> {
    let build = visible_build(services, request, caller, id).await?;
    let can_edit = build.summary.owned_by(caller) && !build.summary.hidden;
    let your_rating = match services.votes.view(caller, id).await {
        Ok(view) => view.your_rating,
        // Hidden builds take no votes.
        Err(Error::BuildNotFound(_)) => None,
        Err(error) => return Err(error.into()),
    };
    Ok(ok(&BuildView::of(&build, &services.rules.share_link).for_viewer(can_edit, your_rating)))
}

/// A build that the caller may see: an admin also sees hidden ones.
async fn visible_build(
    services: &Services,
    request: &HttpRequest,
    caller: &Caller,
    id: &BuildId,
) -> Result<Build, Error> {
    match (services.builds.get(caller, id).await, admin(request)) {
        (Err(Error::BuildNotFound(_)), Some(admin)) => services.moderation.hidden_build(&admin, id).await,
        (found, _) => found,
    }
}

/// Change a build
///
/// For its owner, unless an admin has hidden it. Fields that are given are replaced whole. `If-Match` takes the ETag and compares the
/// revision alone, so that a vote does not fail an edit.
#[utoipa::path(patch, path = "/api/v1/builds/{id}", tag = "builds", request_body = dto::BuildPatchBody,
    params(("id" = String, Path, description = "Id of a build"),
        ("If-Match" = Option<String>, Header, description = "The ETag as given, or \"<revision>\"; a list of them for any")),
    responses((status = 200, description = "The build", body = BuildView<'_>,
        headers(("ETag" = String, description = "Weak tag of this version")))))]
async fn update_build(
    services: web::Data<Services>,
    request: HttpRequest,
    WriteCaller(caller): WriteCaller,
    mut submission: JsonBody,
) -> Result<HttpResponse, ApiError> {
    let id = build_id(&request)?;
    let patch = submission.dto::<dto::BuildPatchBody>()?.patch(&services.game);
    let expected = expected_revisions(request.headers());
    let build = services.builds.update(&caller, &id, expected, patch).await?;
    let mut response = ok(&BuildView::of(&build, &services.rules.share_link));
    response.headers_mut().insert(ETAG, etag(&build));
    Ok(response)
}

#[derive(Serialize, ToSchema)]
struct Deleted<'a> {
    build_id: &'a str,
    deleted: bool,
    message: &'static str,
}

/// Delete a build
///
/// For its owner. Its votes go with it.
#[utoipa::path(delete, path = "/api/v1/builds/{id}", tag = "builds",
    params(("id" = String, Path, description = "Id of a build")),
    responses((status = 200, description = "It was deleted", body = Deleted<'_>)))]
async fn delete_build(
    services: web::Data<Services>,
    request: HttpRequest,
    WriteCaller(caller): WriteCaller,
) -> Result<HttpResponse, ApiError> {
    let id = build_id(&request)?;
    services.builds.delete(&caller, &id).await?;
    Ok(ok(&Deleted { build_id: id.as_str(), deleted: true, message: "Build deleted successfully" }))
}
