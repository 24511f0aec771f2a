//! Everything stored about the caller, streamed: memory stays bounded however much there is.

use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::{HttpResponse, web};
use bytes::Bytes;
use futures_util::stream;
use myashes_domain::accounts::{ExportCursor, ExportKind};
use myashes_domain::clock::Timestamp;
use myashes_domain::session::Caller;
use myashes_domain::{Error, Result};

use super::dto::ExportBody;
use crate::error::{ApiError, JSON};
use crate::http::answer::logged;
use crate::http::caller::CurrentCaller;
use crate::http::running_exports::RunningExport;
use crate::http::services::Services;

/// Everything stored about the caller
///
/// Streamed. Two run at once for each caller, a third is a 429.
#[utoipa::path(get, path = "/api/v1/me/export", tag = "accounts",
    responses((status = 200, description = "By kind", body = ExportBody)))]
pub(super) async fn export_account(
    services: web::Data<Services>,
    CurrentCaller(caller): CurrentCaller,
) -> Result<HttpResponse, ApiError> {
    let running = services.exports.begin(&caller)?;
    let mut export = Export {
        exported_at: services.clock.now(),
        services,
        caller,
        kind: 0,
        after: ExportCursor::default(),
        comma: false,
        _running: running,
    };
    // The first chunk is made before the answer begins, so that an unavailable database is a 503.
    let first = export.chunk().await?;
    // The others are made as the client reads: for a slow one, no more than the current page is held in memory.
    let chunks = stream::try_unfold((first, export), |(first, mut export)| async move {
        let chunk = match first {
            Some(chunk) => Some(chunk),
            None => export.chunk().await?,
        };
        Ok::<_, Error>(chunk.map(|chunk| (chunk, (None, export))))
    });
    Ok(HttpResponse::Ok()
        .content_type(JSON)
        .insert_header((CACHE_CONTROL, HeaderValue::from_static("private, no-store")))
        .streaming(logged(chunks)))
}

struct Export {
    services: web::Data<Services>,
    caller: Caller,
    exported_at: Timestamp,
    /// Number of the kind that comes next.
    kind: usize,
    after: ExportCursor,
    /// An item of this kind was written.
    comma: bool,
    _running: RunningExport,
}

impl Export {
    /// The next page as text, `None` after the last.
    async fn chunk(&mut self) -> Result<Option<Bytes>> {
        let mut text = String::new();
        // A page may be empty: the session's last one, with the player's behind it.
        while text.is_empty() {
            let Some(kind) = ExportKind::ALL.get(self.kind).copied() else { return Ok(None) };
            let after = std::mem::take(&mut self.after);
            if after == ExportCursor::default() {
                if self.kind == 0 {
                    text = format!("{{\"exported_at\":\"{}\"", self.exported_at);
                }
                text.push_str(&format!(",\"{}\":[", kind.into_str()));
            }
            let page = self.services.accounts.export(&self.caller, kind, after).await?;
            for item in &page.items {
                if std::mem::replace(&mut self.comma, true) {
                    text.push(',');
                }
                text.push_str(item);
            }
            match page.next {
                Some(next) => self.after = next,
                None => {
                    self.kind += 1;
                    self.comma = false;
                    text.push_str(if self.kind == ExportKind::ALL.len() { "]}" } else { "]" });
                }
            }
        }
        Ok(Some(Bytes::from(text)))
    }
}
