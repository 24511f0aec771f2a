//! What is stored about one caller, a page of one kind at a time, as JSON. Each page is one statement behind a row number,
//! so that an export holds neither a connection nor more than a page between them. What is the session's comes before what
//! is the player's, since either has an index of its own.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use myashes_domain::accounts::{ExportCursor, ExportKind, ExportOwner, ExportPage};
use myashes_domain::session::Caller;
use myashes_domain::{Error, Result};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::rows::{ContentRow, stored_json};
use super::{Backend, Conn};
use crate::sql::error::DbResult;
use crate::sql::schema::{builds, feedback, idempotency_records, reports, searches, votes};
use crate::sql::types::SqlTimestamp;

/// Rows of a page, of those that may hold some ten kilobytes each, and of the others.
const WIDE: usize = 8;
const NARROW: usize = 100;

pub async fn page(
    conn: &mut Conn,
    (caller, kind, after): (Caller, ExportKind, ExportCursor),
) -> DbResult<ExportPage> {
    match kind {
        ExportKind::Builds => export_builds(conn, &caller, after).await,
        ExportKind::Votes => export_votes(conn, &caller, after).await,
        ExportKind::Feedback => export_feedback(conn, &caller, after).await,
        ExportKind::Searches => export_searches(conn, &caller, after).await,
        ExportKind::Reports => export_reports(conn, &caller, after).await,
        ExportKind::IdempotencyKeys => export_keys(conn, &caller, after).await,
    }
}

/// The next rows of an owner, in the order of their numbers.
macro_rules! rows_behind {
    ($table:ident, $rows:expr, $caller:expr, $after:expr, $limit:expr) => {{
        let rows = $rows.into_boxed::<Backend>().filter($table::id.gt($after.row));
        let rows = match ($after.owner, $caller.player_id()) {
            (ExportOwner::Session, _) => rows
                .filter($table::session.eq($caller.session.0.to_vec()))
                .filter($table::player_id.is_null()),
            (ExportOwner::Player, Some(player)) => rows.filter($table::player_id.eq(player.to_owned())),
            (ExportOwner::Player, None) => return Ok(ExportPage::default()),
        };
        rows.order_by($table::id).limit($limit as i64)
    }};
}

/// The page of these rows and their numbers.
fn page_of(
    rows: &[(i64, impl Serialize)],
    limit: usize,
    caller: &Caller,
    after: &ExportCursor,
) -> DbResult<ExportPage> {
    let items = rows.iter().map(|(_, item)| json_of(item)).collect::<Result<_>>()?;
    let last = rows.last().filter(|_| rows.len() >= limit);
    let last = last.map(|(row, _)| ExportCursor { owner: after.owner, row: *row, key: String::new() });
    Ok(ExportPage { items, next: last.or_else(|| of_player(caller, after)) })
}

/// Where the player's things begin, behind the last of the session's.
fn of_player(caller: &Caller, after: &ExportCursor) -> Option<ExportCursor> {
    let is_next = after.owner == ExportOwner::Session && caller.player.is_some();
    is_next.then(|| ExportCursor { owner: ExportOwner::Player, ..ExportCursor::default() })
}

fn json_of(item: &impl Serialize) -> Result<String> {
    serde_json::to_string(item).map_err(Error::internal)
}

fn instant<S: Serializer>(at: &SqlTimestamp, serializer: S) -> Result<S::Ok, S::Error> {
    at.0.serialize(serializer)
}

fn optional_json<S: Serializer>(text: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    match text {
        Some(text) => stored_json(text, serializer),
        None => serializer.serialize_none(),
    }
}

/// A kept body is JSON; anything else is shown as the text it is.
fn kept_body<S: Serializer>(body: &str, serializer: S) -> Result<S::Ok, S::Error> {
    match serde_json::from_str::<&RawValue>(body) {
        Ok(json) => json.serialize(serializer),
        Err(_) => serializer.serialize_str(body),
    }
}

async fn export_builds(conn: &mut Conn, caller: &Caller, after: ExportCursor) -> DbResult<ExportPage> {
    #[derive(Queryable, Selectable, Serialize)]
    #[diesel(table_name = builds)]
    struct Item {
        build_id: String,
        #[diesel(embed)]
        #[serde(flatten)]
        content: ContentRow,
        hidden: bool,
        #[serde(serialize_with = "optional_json")]
        build_data: Option<String>,
        game_version: String,
        steam_id: Option<String>,
        display_name: Option<String>,
        #[serde(serialize_with = "instant")]
        created_at: SqlTimestamp,
        #[serde(serialize_with = "instant")]
        updated_at: SqlTimestamp,
    }
    let own = builds::table.filter(builds::is_template.eq(false));
    let rows: Vec<(i64, Item)> = rows_behind!(builds, own, caller, after, WIDE)
        .select((builds::id, Item::as_select()))
        .load(conn)
        .await?;
    page_of(&rows, WIDE, caller, &after)
}

async fn export_votes(conn: &mut Conn, caller: &Caller, after: ExportCursor) -> DbResult<ExportPage> {
    #[derive(Queryable, Serialize)]
    struct Item {
        build_id: String,
        rating: i16,
        #[serde(serialize_with = "instant")]
        cast_at: SqlTimestamp,
    }
    let own = votes::table.inner_join(builds::table);
    let rows: Vec<(i64, Item)> = rows_behind!(votes, own, caller, after, NARROW)
        .select((votes::id, (builds::build_id, votes::rating, votes::cast_at)))
        .load(conn)
        .await?;
    page_of(&rows, NARROW, caller, &after)
}

async fn export_feedback(conn: &mut Conn, caller: &Caller, after: ExportCursor) -> DbResult<ExportPage> {
    #[derive(Queryable, Selectable, Serialize)]
    #[diesel(table_name = feedback)]
    struct Item {
        feedback_id: String,
        query: String,
        response_snippet: String,
        rating: String,
        search_mode: String,
        comment: Option<String>,
        #[serde(serialize_with = "instant")]
        received_at: SqlTimestamp,
    }
    let rows: Vec<(i64, Item)> = rows_behind!(feedback, feedback::table, caller, after, NARROW)
        .select((feedback::id, Item::as_select()))
        .load(conn)
        .await?;
    page_of(&rows, NARROW, caller, &after)
}

async fn export_searches(conn: &mut Conn, caller: &Caller, after: ExportCursor) -> DbResult<ExportPage> {
    #[derive(Queryable, Selectable, Serialize)]
    #[diesel(table_name = searches)]
    struct Item {
        query: String,
        search_mode: String,
        result_count: i32,
        #[serde(serialize_with = "instant")]
        searched_at: SqlTimestamp,
    }
    let rows: Vec<(i64, Item)> = rows_behind!(searches, searches::table, caller, after, NARROW)
        .select((searches::id, Item::as_select()))
        .load(conn)
        .await?;
    page_of(&rows, NARROW, caller, &after)
}

async fn export_reports(conn: &mut Conn, caller: &Caller, after: ExportCursor) -> DbResult<ExportPage> {
    #[derive(Queryable, Serialize)]
    struct Item {
        report_id: String,
        build_id: String,
        reason: String,
        #[serde(serialize_with = "instant")]
        reported_at: SqlTimestamp,
    }
    let own = reports::table.inner_join(builds::table);
    let rows: Vec<(i64, Item)> = rows_behind!(reports, own, caller, after, NARROW)
        .select((reports::id, (reports::report_id, builds::build_id, reports::reason, reports::reported_at)))
        .load(conn)
        .await?;
    page_of(&rows, NARROW, caller, &after)
}

/// The kept answers, which have no row number: behind the last key.
async fn export_keys(conn: &mut Conn, caller: &Caller, after: ExportCursor) -> DbResult<ExportPage> {
    #[derive(Queryable, Serialize)]
    struct Item {
        key: String,
        status: i16,
        build_id: Option<String>,
        #[serde(rename = "response", serialize_with = "kept_body")]
        body: String,
        #[serde(serialize_with = "instant")]
        kept_at: SqlTimestamp,
    }
    let owner = match after.owner {
        ExportOwner::Session => Caller { session: caller.session, player: None }.fingerprint(),
        ExportOwner::Player => caller.fingerprint(),
    };
    let items: Vec<Item> = idempotency_records::table
        .left_join(builds::table)
        .filter(idempotency_records::caller.eq(owner.as_slice()))
        .filter(idempotency_records::idempotency_key.gt(&after.key))
        .order_by(idempotency_records::idempotency_key)
        .limit(WIDE as i64)
        .select((
            idempotency_records::idempotency_key,
            idempotency_records::status,
            builds::build_id.nullable(),
            idempotency_records::body,
            idempotency_records::kept_at,
        ))
        .load(conn)
        .await?;
    let last = items.last().filter(|_| items.len() >= WIDE);
    let last = last.map(|item| ExportCursor { owner: after.owner, row: 0, key: item.key.clone() });
    let items = items.iter().map(json_of).collect::<Result<_>>()?;
    Ok(ExportPage { items, next: last.or_else(|| of_player(caller, &after)) })
}
