//! Reading and writing the tables of the Python service for an export.

use std::collections::BTreeMap;

use super::export::{ExportRun, Fate, PAGE};
use super::legacy_url::quoted;
use super::rows::RawRow;
use crate::command_error::CommandError;
use crate::legacy_rows::{ExportRow, Table};
use crate::storage::Kind;

/// Numeric ids in one statement.
const DELETED_AT_ONCE: usize = 500;

/// The columns of an imported row that may have been changed here. A session is known there in full, and here as a hash.
fn changeable(table: Table) -> &'static [&'static str] {
    match table {
        Table::Builds => &[
            "name",
            "description",
            "primary_archetype",
            "secondary_archetype",
            "class_name",
            "race",
            "is_public",
            "player_id",
            "steam_id",
            "steam_display_name",
            "updated_at",
        ],
        Table::Votes => &["rating", "player_id"],
        Table::Feedback | Table::Searches => &[],
    }
}

/// A part of a statement: names of columns, the expressions of their values, and the texts that these bind.
#[derive(Default)]
struct Columns {
    names: Vec<String>,
    values: Vec<String>,
    cells: Vec<Option<String>>,
}

impl ExportRun<'_> {
    /// Looks at every row of a table that is there.
    pub async fn scan<R: RawRow>(&mut self, mut look: impl FnMut(&R)) -> Result<(), CommandError> {
        if !self.shape.has(R::TABLE) {
            return Ok(());
        }
        let mut after = None;
        loop {
            let sql = self.shape.page(&self.export.target, R::TABLE, after, PAGE);
            let page = R::load(&mut self.link, sql).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.id());
            page.iter().for_each(&mut look);
        }
    }

    /// Carries the rows of a table over as `decide` says.
    pub async fn carry(
        &mut self,
        table: Table,
        mut decide: impl FnMut(&mut ExportRow) -> Fate,
    ) -> Result<(), CommandError> {
        let progress = self.export.progress;
        let rows = self.own.rows(table).await?;
        if !self.shape.has(table) {
            if rows > 0 {
                let what = format!("{} (the old database has no such table)", table.name());
                self.report.lose(&what, format!("all {rows}"));
            }
            return Ok(());
        }
        let (mut after, mut written, mut changed) = (i64::MIN, 0, 0);
        progress.begin(table, rows);
        loop {
            let page = self.own.page(table, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.row;
            let rows = page.len() as u64;
            for mut row in page {
                let label = row.label(table);
                match decide(&mut row) {
                    Fate::Insert => {
                        self.insert(table, &row).await?;
                        written += 1;
                        row.lost.extend(row.maker_lost);
                    }
                    Fate::Update(id) => {
                        self.update(table, id, &row).await?;
                        changed += 1;
                    }
                    Fate::Keep => {}
                    Fate::Conflict(why) => self.report.lose(why, label.clone()),
                }
                for what in &row.lost {
                    self.report.lose(what, label.clone());
                }
            }
            progress.advance(rows);
        }
        progress.end();
        self.report.written.insert(table, written);
        self.report.changed.insert(table, changed);
        Ok(())
    }

    /// The columns of a row that the old table has, too.
    fn columns(&mut self, table: Table, row: &ExportRow, wanted: impl Fn(&str) -> bool) -> Columns {
        let kind = self.export.target.kind;
        let types: BTreeMap<String, String> = self.shape.tables.get(&table).cloned().unwrap_or_default();
        let mut columns = Columns::default();
        for (name, value) in row.cells.iter().filter(|(name, _)| wanted(name)) {
            let Some(of_type) = types.get(*name) else {
                if value.is_some() && *name != "is_template" {
                    let what = format!("{name} of {} (the old table has no such column)", table.name());
                    self.report.lose(&what, row.label(table));
                }
                continue;
            };
            columns.names.push(quoted(name));
            columns.values.push(match kind {
                Kind::Postgres => format!("CAST(${} AS {of_type})", columns.values.len() + 1),
                Kind::Sqlite => "?".to_owned(),
            });
            // SQLite has 0 and 1 where PostgreSQL has false and true.
            columns.cells.push(match (kind, value.as_deref()) {
                (Kind::Sqlite, Some("true")) if of_type.contains("bool") => Some("1".to_owned()),
                (Kind::Sqlite, Some("false")) if of_type.contains("bool") => Some("0".to_owned()),
                (_, value) => value.map(str::to_owned),
            });
        }
        columns
    }

    async fn insert(&mut self, table: Table, row: &ExportRow) -> Result<(), CommandError> {
        let Columns { names, values, cells } = self.columns(table, row, |_| true);
        let sql = format!(
            "INSERT INTO {} ({}) VALUES ({})",
            self.export.target.table(table.name()),
            names.join(", "),
            values.join(", ")
        );
        self.link.execute(sql, cells).await
    }

    async fn update(&mut self, table: Table, id: i64, row: &ExportRow) -> Result<(), CommandError> {
        // A build that was claimed has no session any more.
        let claimed = table == Table::Builds && row.cell("session_id") == Some("");
        let wanted = |name: &str| changeable(table).contains(&name) || (claimed && name == "session_id");
        let Columns { names, values, cells } = self.columns(table, row, wanted);
        let set: Vec<String> =
            names.iter().zip(&values).map(|(name, value)| format!("{name} = {value}")).collect();
        let table = self.export.target.table(table.name());
        self.link.execute(format!("UPDATE {table} SET {} WHERE id = {id}", set.join(", ")), cells).await
    }

    /// Deletes the rows of these numeric ids there.
    pub async fn delete(&mut self, table: Table, mut ids: Vec<i64>) -> Result<(), CommandError> {
        ids.sort_unstable();
        let from = self.export.target.table(table.name());
        for ids in ids.chunks(DELETED_AT_ONCE) {
            let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
            self.link.run(&format!("DELETE FROM {from} WHERE id IN ({})", ids.join(", "))).await?;
        }
        *self.report.deleted.entry(table).or_default() += ids.len() as u64;
        Ok(())
    }
}
