//! What is stored about one caller, a page of one kind at a time, as JSON. Each page is one statement behind a row number,
//! so that an export holds neither a connection nor more than a page between them.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use myashes_domain::accounts::{ExportCursor, ExportKind, ExportPage};
use myashes_domain::clock::Timestamp;
use myashes_domain::session::Caller;
use myashes_domain::{Error, Result};
use serde::Serialize;
use serde_json::value::RawValue;

use super::accounts::belonging;
use super::{Backend, Conn};
use crate::sql::error::DbResult;
use crate::sql::schema::{builds, feedback, receipts, reports, searches, votes};
use crate::sql::types::At;

/// Rows of a page, of those that may hold some ten kilobytes each, and of the others.
const WIDE: i64 = 8;
const NARROW: i64 = 100;

pub async fn page(
    conn: &mut Conn,
    (caller, kind, after): (Caller, ExportKind, ExportCursor),
) -> DbResult<ExportPage> {
    match kind {
        ExportKind::Builds => export_builds(conn, &caller, after.row).await,
        ExportKind::Votes => export_votes(conn, &caller, after.row).await,
        ExportKind::Feedback => export_feedback(conn, &caller, after.row).await,
        ExportKind::Searches => export_searches(conn, &caller, after.row).await,
        ExportKind::Reports => export_reports(conn, &caller, after.row).await,
        ExportKind::IdempotencyKeys => export_keys(conn, &caller, after).await,
    }
}

/// The page of these rows, which goes on when it is as long as was asked for.
fn page_of<R>(
    rows: &[R],
    limit: i64,
    number: impl Fn(&R) -> i64,
    text: impl Fn(&R) -> Result<String>,
) -> DbResult<ExportPage> {
    let full = i64::try_from(rows.len()).is_ok_and(|found| found >= limit);
    let next = rows.last().filter(|_| full).map(|row| ExportCursor { row: number(row), key: String::new() });
    Ok(ExportPage { items: rows.iter().map(text).collect::<Result<_>>()?, next })
}

fn json_of(item: &impl Serialize) -> Result<String> {
    serde_json::to_string(item).map_err(Error::internal)
}

/// A stored JSON text, as it is.
fn raw(text: &str) -> Result<&RawValue> {
    serde_json::from_str(text).map_err(Error::internal)
}

async fn export_builds(conn: &mut Conn, caller: &Caller, after: i64) -> DbResult<ExportPage> {
    #[derive(Serialize)]
    struct Item<'a> {
        build_id: &'a str,
        name: &'a str,
        description: Option<&'a str>,
        class_name: &'a str,
        race: &'a str,
        visibility: &'a str,
        hidden: bool,
        tags: &'a RawValue,
        build_data: Option<&'a RawValue>,
        created_at: Timestamp,
        updated_at: Timestamp,
    }
    type Row =
        (i64, String, String, Option<String>, String, String, String, bool, String, Option<String>, At, At);
    let rows: Vec<Row> = belonging!(builds, caller)
        .filter(builds::is_template.eq(false))
        .filter(builds::id.gt(after))
        .order_by(builds::id)
        .limit(WIDE)
        .select((
            builds::id,
            builds::build_id,
            builds::name,
            builds::description,
            builds::class_name,
            builds::race,
            builds::visibility,
            builds::hidden,
            builds::tags,
            builds::build_data,
            builds::created_at,
            builds::updated_at,
        ))
        .load(conn)
        .await?;
    page_of(
        &rows,
        WIDE,
        |row| row.0,
        |row| {
            let (
                _,
                build_id,
                name,
                description,
                class_name,
                race,
                visibility,
                hidden,
                tags,
                data,
                created,
                updated,
            ) = row;
            json_of(&Item {
                build_id,
                name,
                description: description.as_deref(),
                class_name,
                race,
                visibility,
                hidden: *hidden,
                tags: raw(tags)?,
                build_data: data.as_deref().map(raw).transpose()?,
                created_at: created.0,
                updated_at: updated.0,
            })
        },
    )
}

async fn export_votes(conn: &mut Conn, caller: &Caller, after: i64) -> DbResult<ExportPage> {
    #[derive(Serialize)]
    struct Item<'a> {
        build_id: Option<&'a str>,
        rating: i16,
        cast_at: Timestamp,
    }
    let rows: Vec<(i64, i64, i16, At)> = belonging!(votes, caller)
        .filter(votes::id.gt(after))
        .order_by(votes::id)
        .limit(NARROW)
        .select((votes::id, votes::build, votes::rating, votes::cast_at))
        .load(conn)
        .await?;
    let names: Vec<(i64, String)> = builds::table
        .filter(builds::id.eq_any(rows.iter().map(|row| row.1).collect::<Vec<_>>()))
        .select((builds::id, builds::build_id))
        .load(conn)
        .await?;
    let names: std::collections::HashMap<i64, String> = names.into_iter().collect();
    page_of(
        &rows,
        NARROW,
        |row| row.0,
        |(_, build, rating, at)| {
            json_of(&Item { build_id: names.get(build).map(String::as_str), rating: *rating, cast_at: at.0 })
        },
    )
}

async fn export_feedback(conn: &mut Conn, caller: &Caller, after: i64) -> DbResult<ExportPage> {
    #[derive(Serialize)]
    struct Item<'a> {
        feedback_id: &'a str,
        query: &'a str,
        response_snippet: &'a str,
        rating: &'a str,
        search_mode: &'a str,
        comment: Option<&'a str>,
        received_at: Timestamp,
    }
    type Row = (i64, String, String, String, String, String, Option<String>, At);
    let rows: Vec<Row> = belonging!(feedback, caller)
        .filter(feedback::id.gt(after))
        .order_by(feedback::id)
        .limit(NARROW)
        .select((
            feedback::id,
            feedback::feedback_id,
            feedback::query,
            feedback::response_snippet,
            feedback::rating,
            feedback::search_mode,
            feedback::comment,
            feedback::received_at,
        ))
        .load(conn)
        .await?;
    page_of(
        &rows,
        NARROW,
        |row| row.0,
        |row| {
            let (_, feedback_id, query, response_snippet, rating, search_mode, comment, at) = row;
            let comment = comment.as_deref();
            json_of(&Item {
                feedback_id,
                query,
                response_snippet,
                rating,
                search_mode,
                comment,
                received_at: at.0,
            })
        },
    )
}

async fn export_searches(conn: &mut Conn, caller: &Caller, after: i64) -> DbResult<ExportPage> {
    #[derive(Serialize)]
    struct Item<'a> {
        query: &'a str,
        search_mode: &'a str,
        result_count: i32,
        searched_at: Timestamp,
    }
    let rows: Vec<(i64, String, String, i32, At)> = belonging!(searches, caller)
        .filter(searches::id.gt(after))
        .order_by(searches::id)
        .limit(NARROW)
        .select((
            searches::id,
            searches::query,
            searches::search_mode,
            searches::result_count,
            searches::searched_at,
        ))
        .load(conn)
        .await?;
    page_of(
        &rows,
        NARROW,
        |row| row.0,
        |(_, query, search_mode, results, at)| {
            json_of(&Item { query, search_mode, result_count: *results, searched_at: at.0 })
        },
    )
}

async fn export_reports(conn: &mut Conn, caller: &Caller, after: i64) -> DbResult<ExportPage> {
    #[derive(Serialize)]
    struct Item<'a> {
        report_id: &'a str,
        reason: &'a str,
        reported_at: Timestamp,
    }
    let rows: Vec<(i64, String, String, At)> = belonging!(reports, caller)
        .filter(reports::id.gt(after))
        .order_by(reports::id)
        .limit(NARROW)
        .select((reports::id, reports::report_id, reports::reason, reports::reported_at))
        .load(conn)
        .await?;
    page_of(
        &rows,
        NARROW,
        |row| row.0,
        |(_, report_id, reason, at)| json_of(&Item { report_id, reason, reported_at: at.0 }),
    )
}

/// The kept answers, those of one owner after those of the other: `after.row` counts the owners.
async fn export_keys(conn: &mut Conn, caller: &Caller, after: ExportCursor) -> DbResult<ExportPage> {
    #[derive(Serialize)]
    struct Item<'a> {
        key: &'a str,
        status: i16,
        build_id: Option<&'a str>,
        response: Response<'a>,
        kept_at: Timestamp,
    }
    /// A kept body is JSON; anything else is shown as the text it is.
    #[derive(Serialize)]
    #[serde(untagged)]
    enum Response<'a> {
        Json(&'a RawValue),
        Text(&'a str),
    }
    let mut owners = caller.fingerprints().to_vec();
    owners.dedup();
    let number = usize::try_from(after.row).unwrap_or(usize::MAX);
    let Some(owner) = owners.get(number) else { return Ok(ExportPage::default()) };
    let rows: Vec<(String, i16, Option<String>, String, At)> = receipts::table
        .left_join(builds::table)
        .filter(receipts::caller.eq(owner.as_slice()))
        .filter(receipts::idempotency_key.gt(&after.key))
        .order_by(receipts::idempotency_key)
        .limit(WIDE)
        .select((
            receipts::idempotency_key,
            receipts::status,
            builds::build_id.nullable(),
            receipts::body,
            receipts::kept_at,
        ))
        .load(conn)
        .await?;
    let full = i64::try_from(rows.len()).is_ok_and(|found| found >= WIDE);
    let next = match rows.last() {
        Some((key, ..)) if full => Some(ExportCursor { row: after.row, key: key.clone() }),
        _ => (number + 1 < owners.len()).then(|| ExportCursor { row: after.row + 1, key: String::new() }),
    };
    let items = rows.iter().map(|(key, status, build, body, at)| {
        let response = raw(body).map_or(Response::Text(body), Response::Json);
        let build_id = build.as_deref();
        json_of(&Item { key, status: *status, build_id, response, kept_at: at.0 })
    });
    Ok(ExportPage { items: items.collect::<Result<_>>()?, next })
}
