//! Reports about builds, from filing to closing, and the audit log.

use actix_web::{HttpRequest, HttpResponse, web};
use myashes_domain::Error;
use myashes_domain::ids::ReportId;
use myashes_domain::moderation::Report;
use myashes_domain::write_options::{RecordSubject, StoredResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::dto::ReportBody;
use super::parameters::ReportParameters;
use super::view::{AuditItem, ReportItem};
use crate::error::{ApiError, respond};
use crate::http::answer::{self, ok};
use crate::http::body::{EmptyBody, JsonBody, answer, read_about};
use crate::http::caller::{CurrentCaller, RequireAdmin};
use crate::http::paging::{PageOf, PageParameters};
use crate::http::query;
use crate::http::services::Services;
use crate::routes::builds::build_id;

#[derive(Serialize, ToSchema)]
#[schema(as = ReportFiled)]
struct Filed<'a> {
    report_id: &'a str,
    build_id: &'a str,
    #[schema(value_type = String)]
    status: &'static str,
}

fn subject(report: &Report) -> RecordSubject {
    RecordSubject::Report(report.build.clone(), report.id.clone())
}

fn filed(report: &Report) -> StoredResponse {
    let body = Filed { report_id: report.id.as_str(), build_id: report.build.as_str(), status: "received" };
    answer::answer_about(subject(report), 202, &body)
}

/// Report a build to the admins
///
/// One open report for each caller and build: a second one is answered with the first.
#[utoipa::path(post, path = "/api/v1/builds/{id}/report", tag = "builds", request_body = ReportBody,
    params(("id" = String, Path, description = "Id of a build")),
    responses((status = 202, description = "It is in the queue", body = Filed<'_>)))]
pub(super) async fn report_build(
    services: web::Data<Services>,
    request: HttpRequest,
    CurrentCaller(caller): CurrentCaller,
    mut submission: JsonBody,
) -> Result<HttpResponse, ApiError> {
    let id = build_id(&request)?;
    let read = submission.dto::<ReportBody>()?.reason();
    let reason = read_about(read, services.builds.get(&caller, &id)).await?;
    let written = services.moderation.report(&caller, &id, &reason, submission.idempotency(filed)).await?;
    Ok(respond(answer(written, filed)))
}

/// List reports
#[utoipa::path(get, path = "/api/v1/admin/reports", tag = "admin", params(ReportParameters),
    responses((status = 200, description = "A page, oldest first", body = PageOf<ReportItem<'_>>)))]
pub(super) async fn list_reports(
    RequireAdmin(admin): RequireAdmin,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let (resolved, paging) = query::read::<ReportParameters>(&request)?.read()?;
    let page = services.moderation.reports(&admin, resolved, paging.request).await?;
    Ok(ok(&PageOf::<ReportItem<'_>>::new(&page, &paging)))
}

fn shown(report: &Report) -> StoredResponse {
    answer::answer_about(subject(report), 200, &ReportItem::from(report))
}

/// Close a report
#[utoipa::path(post, path = "/api/v1/admin/reports/{id}/resolve", tag = "admin",
    params(("id" = String, Path, description = "Id of a report")),
    responses((status = 200, description = "The report", body = ReportItem<'_>)))]
pub(super) async fn resolve_report(
    RequireAdmin(admin): RequireAdmin,
    services: web::Data<Services>,
    request: HttpRequest,
    bodyless: EmptyBody,
) -> Result<HttpResponse, ApiError> {
    let id = ReportId::parse(request.match_info().query("id")).ok_or(Error::NotFound)?;
    let written = services.moderation.resolve(&admin, &id, bodyless.idempotency(shown)).await?;
    Ok(respond(answer(written, shown)))
}

/// What admins did
#[utoipa::path(get, path = "/api/v1/admin/audit", tag = "admin", params(PageParameters),
    responses((status = 200, description = "A page, newest first", body = PageOf<AuditItem<'_>>)))]
pub(super) async fn list_audit(
    RequireAdmin(admin): RequireAdmin,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let paging = query::read::<PageParameters>(&request)?.read("audit")?;
    let page = services.moderation.audit(&admin, paging.request).await?;
    Ok(ok(&PageOf::<AuditItem<'_>>::new(&page, &paging)))
}
