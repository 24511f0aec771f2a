//! Negative feedback as CSV, streamed: memory stays bounded however much there is.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use futures_util::stream;
use myashes_domain::feedback::Feedback;
use myashes_domain::{Error, Result};

use super::admin_dto::ExportParameters;
use super::formulas::without_formulas;
use crate::error::ApiError;
use crate::http::answer::logged;
use crate::http::caller::RequireAdmin;
use crate::http::query;
use crate::http::services::Services;

/// Rows fetched at a time.
const BATCH: u32 = 500;

const HEADER: [&str; 10] = [
    "feedback_id",
    "received_at",
    "query",
    "response_snippet",
    "search_mode",
    "comment",
    "reviewed_at",
    "reviewed_by",
    "flagged_for_cleanup",
    "cleanup_issue_url",
];

/// Negative feedback as CSV
///
/// Every cell is quoted. An apostrophe is put before what a spreadsheet would take for a formula, at the start of a cell
/// and behind a `;`, a tab or a line break within it.
#[utoipa::path(get, path = "/api/v1/admin/feedback/export", tag = "admin", params(ExportParameters),
    responses((status = 200, description = "Over 30 days by default, oldest first", body = String,
        content_type = "text/csv")))]
pub(super) async fn export_feedback(
    RequireAdmin(admin): RequireAdmin,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let (days, bom) = query::read::<ExportParameters>(&request)?.read(30)?;
    let since = services.feedback.first_day(days);
    // The first stretch is fetched before the answer begins, so that a database that is away is a 503.
    let first = services.feedback.export(&admin, since, 0, BATCH).await?;
    let mut head = if bom { "\u{feff}".as_bytes().to_vec() } else { vec![] };
    head.extend(csv_of([HEADER.map(str::to_owned)].into_iter())?);
    let state = Some((first, Some(head)));
    let rows = stream::try_unfold(state, move |state| {
        let (services, admin) = (services.clone(), admin.clone());
        async move {
            let Some((rows, head)) = state else { return Ok::<_, Error>(None) };
            let mut text = head.unwrap_or_default();
            text.extend(csv_of(rows.iter().map(|(_, feedback)| cells(feedback)))?);
            let full = rows.len() >= BATCH as usize;
            let next = match rows.last() {
                Some((last, _)) if full => {
                    Some((services.feedback.export(&admin, since, *last, BATCH).await?, None))
                }
                _ => None,
            };
            Ok(Some((Bytes::from(text), next)))
        }
    });
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((CACHE_CONTROL, HeaderValue::from_static("private, no-store")))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"negative-feedback.csv\""))
        .streaming(logged(rows)))
}

fn cells(feedback: &Feedback) -> [String; 10] {
    let (draft, review) = (&feedback.draft, feedback.review.as_ref());
    [
        feedback.id.to_string(),
        feedback.received_at.to_string(),
        draft.query.clone(),
        draft.response_snippet.clone(),
        draft.search_mode.into_str().to_owned(),
        draft.comment.clone().unwrap_or_default(),
        review.map(|it| it.reviewed_at.to_string()).unwrap_or_default(),
        review.map(|it| it.reviewed_by.clone()).unwrap_or_default(),
        feedback.cleanup.flagged.to_string(),
        feedback.cleanup.issue_url.clone().unwrap_or_default(),
    ]
    .map(|cell| without_formulas(&cell))
}

fn csv_of(rows: impl Iterator<Item = [String; 10]>) -> Result<Vec<u8>> {
    // Quotes around every cell: a reader that splits elsewhere must not find a cell's text bare.
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .quote_style(csv::QuoteStyle::Always)
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(&row).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(Error::internal)
}
