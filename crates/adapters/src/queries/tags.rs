//! How many listed builds have each tag: the sum of a stored count and of changes that are not added to it yet.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use myashes_domain::builds::ValueCount;

use super::facets::COUNTS_LOCK;
use super::{Conn, dialect};
use crate::sql::error::DbResult;
use crate::sql::prepared_sql::PreparedSql;
use crate::sql::schema::{build_tags, tag_changes, tag_counts};

/// Sorts behind every text that begins with a prefix.
const LAST_CHARACTER: char = '\u{10ffff}';

/// Indexes the tags of a build that has none in the index. Its triggers count them.
pub async fn put(conn: &mut Conn, row: i64, tags: &[String], listed: bool) -> DbResult<()> {
    let unique: BTreeSet<&String> = tags.iter().collect();
    for tag in unique {
        diesel::insert_into(build_tags::table)
            .values((build_tags::tag.eq(tag), build_tags::build.eq(row), build_tags::listed.eq(listed)))
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// The tags that begin with `prefix`, most used first, changes that are not folded yet included.
///
/// A tag without changes is among the first of the stored counts, or behind as many others as there are tags with
/// changes: so many more are read from the index of the counts.
pub async fn most_used(conn: &mut Conn, (prefix, limit): (String, i64)) -> DbResult<Vec<ValueCount>> {
    let counts: Vec<(String, i64)> = if prefix.is_empty() {
        let counts: PreparedSql<_, (Text, BigInt)> = PreparedSql::new(
            "WITH changed AS (SELECT tag, sum(difference) AS difference FROM tag_changes GROUP BY tag), top AS \
             (SELECT tag, builds FROM tag_counts ORDER BY builds DESC, tag LIMIT $1 + (SELECT count(*) FROM \
             changed)) SELECT tag, CAST(sum(builds) AS bigint) AS builds FROM (SELECT tag, builds FROM top \
             UNION ALL SELECT c.tag, c.difference FROM changed c UNION ALL SELECT s.tag, s.builds FROM \
             tag_counts s JOIN changed c ON c.tag = s.tag WHERE s.tag NOT IN (SELECT tag FROM top)) AS parts \
             GROUP BY tag HAVING sum(builds) > 0 ORDER BY 2 DESC, 1 LIMIT $1",
            (limit.into_sql::<BigInt>(),),
        );
        counts.load(conn).await?
    } else {
        let behind = format!("{prefix}{LAST_CHARACTER}");
        let counts: PreparedSql<_, (Text, BigInt)> = PreparedSql::new(
            "SELECT tag, CAST(sum(builds) AS bigint) AS builds FROM (SELECT tag, builds FROM tag_counts WHERE \
             tag >= $1 AND tag < $2 UNION ALL SELECT tag, difference FROM tag_changes WHERE tag >= $1 AND tag \
             < $2) AS parts GROUP BY tag HAVING sum(builds) > 0 ORDER BY 2 DESC, 1 LIMIT $3",
            (prefix.into_sql::<Text>(), behind.into_sql::<Text>(), limit.into_sql::<BigInt>()),
        );
        counts.load(conn).await?
    };
    let counted = |(value, count)| ValueCount { value, count: u64::try_from(count).unwrap_or(0) };
    Ok(counts.into_iter().map(counted).collect())
}

/// How many listed builds have each of these tags.
pub async fn counts(conn: &mut Conn, tags: &[String]) -> DbResult<HashMap<String, u64>> {
    let stored = tag_counts::table.filter(tag_counts::tag.eq_any(tags));
    let changes = tag_changes::table.filter(tag_changes::tag.eq_any(tags));
    // One statement, since a change is in one of the tables at any time.
    let parts: Vec<(String, i64)> = stored
        .select((tag_counts::tag, tag_counts::builds))
        .union_all(changes.select((tag_changes::tag, tag_changes::difference)))
        .load(conn)
        .await?;
    let mut counts: HashMap<String, i64> = HashMap::new();
    for (tag, part) in parts {
        *counts.entry(tag).or_default() += part;
    }
    let counts = counts.into_iter().filter(|(_, count)| *count > 0);
    Ok(counts.map(|(tag, count)| (tag, count.unsigned_abs())).collect())
}

/// The most used tags of these builds.
pub async fn of_builds(conn: &mut Conn, rows: &[i64], limit: usize) -> DbResult<Vec<ValueCount>> {
    let tags: Vec<String> =
        build_tags::table.filter(build_tags::build.eq_any(rows)).select(build_tags::tag).load(conn).await?;
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for tag in tags {
        *counts.entry(tag).or_default() += 1;
    }
    Ok(ValueCount::most_frequent(counts, limit))
}

/// Adds the oldest changes to the counts; whether there may be more of them. No other process does the same meanwhile.
pub async fn fold_changes(conn: &mut Conn, most: i64) -> DbResult<bool> {
    let changes: Vec<(i64, String, i64)> = tag_changes::table
        .order_by(tag_changes::id)
        .limit(most)
        .select((tag_changes::id, tag_changes::tag, tag_changes::difference))
        .load(conn)
        .await?;
    let folded = changes.len();
    add(conn, changes).await?;
    Ok(i64::try_from(folded).is_ok_and(|folded| folded >= most))
}

/// The indexed tags of these builds.
pub async fn indexed(conn: &mut Conn, rows: &[i64]) -> DbResult<Vec<String>> {
    let tags = build_tags::table.filter(build_tags::build.eq_any(rows)).select(build_tags::tag);
    Ok(tags.distinct().load(conn).await?)
}

/// Adds all changes of these tags to their counts, so that one that no build has any more is stored nowhere.
pub async fn fold_all_of(conn: &mut Conn, tags: &[String]) -> DbResult<()> {
    if tags.is_empty() {
        return Ok(());
    }
    dialect::advisory_lock(conn, COUNTS_LOCK).await?;
    let changes = tag_changes::table
        .filter(tag_changes::tag.eq_any(tags))
        .select((tag_changes::id, tag_changes::tag, tag_changes::difference))
        .load(conn)
        .await?;
    add(conn, changes).await
}

async fn add(conn: &mut Conn, changes: Vec<(i64, String, i64)>) -> DbResult<()> {
    let ids: Vec<i64> = changes.iter().map(|(id, ..)| *id).collect();
    let mut differences: BTreeMap<&str, i64> = BTreeMap::new();
    for (_, tag, difference) in &changes {
        *differences.entry(tag).or_default() += difference;
    }
    for (tag, difference) in differences.into_iter().filter(|(_, difference)| *difference != 0) {
        diesel::insert_into(tag_counts::table)
            .values((tag_counts::tag.eq(tag), tag_counts::builds.eq(difference)))
            .on_conflict(tag_counts::tag)
            .do_update()
            .set(tag_counts::builds.eq(tag_counts::builds + excluded(tag_counts::builds)))
            .execute(conn)
            .await?;
    }
    diesel::delete(tag_changes::table.filter(tag_changes::id.eq_any(&ids))).execute(conn).await?;
    diesel::delete(tag_counts::table.filter(tag_counts::builds.eq(0))).execute(conn).await?;
    Ok(())
}
