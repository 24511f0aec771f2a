//! What the doctor does in PostgreSQL alone: a snapshot to examine, locks to repair.

use diesel_async::SimpleAsyncConnection;

use super::Conn;
use crate::findings::Findings;
use crate::sql::error::DbResult;

/// Everything that is looked at from here on is of one moment.
pub async fn begin(conn: &mut Conn) -> DbResult<()> {
    Ok(conn.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
}

pub async fn end(conn: &mut Conn) -> DbResult<()> {
    Ok(conn.batch_execute("COMMIT").await?)
}

/// Keeps searches from being counted until the transaction ends; they may be read meanwhile.
pub async fn lock_roll_ups(conn: &mut Conn) -> DbResult<()> {
    let lock = "LOCK TABLE searches, search_days, search_callers IN SHARE ROW EXCLUSIVE MODE";
    Ok(conn.batch_execute(lock).await?)
}

/// Keeps builds from being filed until the transaction ends. It waits for those that refer to a facet, too: a create
/// counts it only later.
pub async fn lock_facets(conn: &mut Conn) -> DbResult<()> {
    Ok(conn.batch_execute("LOCK TABLE facets, facet_changes IN EXCLUSIVE MODE").await?)
}

/// Keeps tags from being indexed and counted until the transaction ends.
pub async fn lock_tags(conn: &mut Conn) -> DbResult<()> {
    let lock = "LOCK TABLE build_tags, tag_changes, tag_counts IN SHARE ROW EXCLUSIVE MODE";
    Ok(conn.batch_execute(lock).await?)
}

/// The index is the database's own here, which answers for it.
pub async fn index(_: &mut Conn, _: &mut Findings) -> DbResult<()> {
    Ok(())
}

pub async fn repair_index(_: &mut Conn, _: &Findings) -> DbResult<()> {
    Ok(())
}
