//! The records of what the last import wrote.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use myashes_domain::ranking::Ranking;

use super::super::Conn;
use super::bulk;
use super::export_writer::{export_builds, export_votes};
use super::import_writer::VALUES;
use crate::legacy_rows::{ExportRow, Foreseen, ImportedRow, Pick, SourceRow, Table};
use crate::sql::error::DbResult;
use crate::sql::schema::{import_quarantine, import_rows};

/// What a batch is reconciled with.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    pub ranking: &'a Ranking,
    pub read_before: Option<i64>,
    pub dry_run: Option<&'a Foreseen>,
}

/// The records of these rows of the source.
pub async fn load_records(conn: &mut Conn, table: Table, ids: &[i64]) -> DbResult<HashMap<i64, ImportedRow>> {
    let mut records = HashMap::with_capacity(ids.len());
    for ids in ids.chunks(VALUES) {
        let found: Vec<ImportedRow> = import_rows::table
            .filter(import_rows::relation.eq(table.name()))
            .filter(import_rows::legacy_id.eq_any(ids))
            .select(ImportedRow::as_select())
            .load(conn)
            .await?;
        records.extend(found.into_iter().map(|it| (it.legacy_id, it)));
    }
    Ok(records)
}

/// The numeric ids at the source and the row numbers here of all records.
pub async fn recorded(conn: &mut Conn, table: Table) -> DbResult<HashMap<i64, i64>> {
    let of_table = import_rows::table.filter(import_rows::relation.eq(table.name()));
    let ids: Vec<(i64, i64)> =
        of_table.select((import_rows::legacy_id, import_rows::target)).load(conn).await?;
    Ok(ids.into_iter().collect())
}

/// The numeric ids of the rows that are set aside.
pub async fn quarantined(conn: &mut Conn, table: Table) -> DbResult<Vec<i64>> {
    let of_table = import_quarantine::table.filter(import_quarantine::relation.eq(table.name()));
    Ok(of_table.select(import_quarantine::legacy_id).load(conn).await?)
}

/// Rows of a batch by what is known of them.
pub struct Sorted<T> {
    /// Not read by an earlier import, or set aside by it.
    pub fresh: Vec<T>,
    /// Recorded with another checksum.
    pub changed: Vec<(T, ImportedRow)>,
    /// Read by an earlier import without being recorded.
    pub unrecorded: Vec<T>,
}

pub async fn sort<T: SourceRow>(
    conn: &mut Conn,
    rows: Vec<T>,
    read_before: Option<i64>,
) -> DbResult<Sorted<T>> {
    let ids: Vec<i64> = rows.iter().map(SourceRow::legacy_id).collect();
    let mut records = load_records(conn, T::TABLE, &ids).await?;
    let unrecorded = |id: &i64| Some(*id) <= read_before && !records.contains_key(id);
    let unrecorded: Vec<i64> = ids.into_iter().filter(unrecorded).collect();
    let mut set_aside: HashSet<i64> = HashSet::new();
    for ids in unrecorded.chunks(VALUES) {
        let found: Vec<i64> = import_quarantine::table
            .filter(import_quarantine::relation.eq(T::TABLE.name()))
            .filter(import_quarantine::legacy_id.eq_any(ids))
            .select(import_quarantine::legacy_id)
            .load(conn)
            .await?;
        set_aside.extend(found);
    }
    let mut sorted = Sorted { fresh: vec![], changed: vec![], unrecorded: vec![] };
    for row in rows {
        let id = row.legacy_id();
        match records.remove(&id) {
            Some(record) if record.checksum == row.checksum() => {}
            Some(record) => sorted.changed.push((row, record)),
            None if Some(id) > read_before || set_aside.contains(&id) => sorted.fresh.push(row),
            None => sorted.unrecorded.push(row),
        }
    }
    Ok(sorted)
}

/// Records rows that are equal now, and takes them out of the quarantine.
pub async fn record(
    conn: &mut Conn,
    table: Table,
    records: Vec<ImportedRow>,
    scope: Scope<'_>,
) -> DbResult<()> {
    if records.is_empty() || scope.dry_run.is_some() {
        return Ok(());
    }
    bulk::put_records(conn, table, &records).await?;
    let read_before: Vec<i64> =
        records.iter().map(|it| it.legacy_id).filter(|id| Some(*id) <= scope.read_before).collect();
    for ids in read_before.chunks(VALUES) {
        let of_table = import_quarantine::table.filter(import_quarantine::relation.eq(table.name()));
        diesel::delete(of_table.filter(import_quarantine::legacy_id.eq_any(ids))).execute(conn).await?;
    }
    Ok(())
}

pub async fn export_rows(conn: &mut Conn, table: Table, rows: &[i64]) -> DbResult<HashMap<i64, ExportRow>> {
    let mut exported = HashMap::with_capacity(rows.len());
    for rows in rows.chunks(VALUES) {
        let found = match table {
            Table::Builds => export_builds(conn, Pick::Rows(rows)).await?,
            _ => export_votes(conn, Pick::Rows(rows)).await?,
        };
        exported.extend(found.into_iter().map(|it| (it.row, it)));
    }
    Ok(exported)
}

/// Forgets rows that are on neither side any more.
pub async fn delete_records(conn: &mut Conn, table: Table, ids: &[i64]) -> DbResult<()> {
    let of_table = import_rows::table.filter(import_rows::relation.eq(table.name()));
    diesel::delete(of_table.filter(import_rows::legacy_id.eq_any(ids))).execute(conn).await?;
    Ok(())
}
