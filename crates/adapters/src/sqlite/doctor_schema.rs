//! What the doctor does in SQLite alone: its writer is alone, and its search index is a table of ours.

use diesel_async::SimpleAsyncConnection;

use super::Conn;
use crate::findings::{Check, Findings};
use crate::sql::error::DbResult;

/// Everything that is looked at from here on is of one moment.
pub async fn begin(conn: &mut Conn) -> DbResult<()> {
    Ok(conn.batch_execute("BEGIN").await?)
}

pub async fn end(conn: &mut Conn) -> DbResult<()> {
    Ok(conn.batch_execute("COMMIT").await?)
}

pub async fn lock_roll_ups(_: &mut Conn) -> DbResult<()> {
    Ok(())
}

pub async fn lock_facets(_: &mut Conn) -> DbResult<()> {
    Ok(())
}

pub async fn lock_tags(_: &mut Conn) -> DbResult<()> {
    Ok(())
}

/// Holds the index against the text of the builds.
pub async fn index(conn: &mut Conn, findings: &mut Findings) -> DbResult<()> {
    let check = "INSERT INTO build_search (build_search, rank) VALUES ('integrity-check', 1)";
    match conn.batch_execute(check).await {
        Err(error) if ["malformed", "fts5:"].iter().any(|it| error.to_string().contains(it)) => {
            findings.fault(Check::SearchIndex, "build_search", "another text", "the text of the builds");
            Ok(())
        }
        other => Ok(other?),
    }
}

pub async fn repair_index(conn: &mut Conn, findings: &Findings) -> DbResult<()> {
    if findings.count(Check::SearchIndex) == 0 {
        return Ok(());
    }
    Ok(conn.batch_execute("INSERT INTO build_search (build_search) VALUES ('rebuild')").await?)
}
