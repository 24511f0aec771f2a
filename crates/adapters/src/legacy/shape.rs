//! Which tables and columns are there: read from the catalogue, since a version number alone may lie.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::legacy_url::{LegacyUrl, quoted};
use super::rows::MAX_CELL;
use crate::command_error::CommandError;
use crate::legacy_rows::Table;
use crate::storage::Kind;

/// The Python service's tables as they were found, each with its columns and their types.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    pub tables: BTreeMap<Table, BTreeMap<String, String>>,
    /// The value of `alembic_version`, for the report.
    pub revision: Option<String>,
}

impl Shape {
    /// Takes (table, column, type) as the catalogue has them.
    ///
    /// # Errors
    /// When these are not the tables of the Python service.
    pub fn of(columns: Vec<(String, String, String)>, place: &LegacyUrl) -> Result<Self, CommandError> {
        let mut tables: BTreeMap<Table, BTreeMap<String, String>> = BTreeMap::new();
        for (table, column, of_type) in columns {
            if let Some(table) = Table::ALL.into_iter().find(|it| it.name() == table) {
                tables.entry(table).or_default().insert(column, of_type.to_lowercase());
            }
        }
        tables.retain(|table, columns| {
            let has = |column: &&str| columns.contains_key(*column);
            has(&"id") && table.essential().iter().all(has)
        });
        if !tables.contains_key(&Table::Builds) || !tables.contains_key(&Table::Votes) {
            return Err(CommandError::failed(format!(
                "{} does not hold the Python service's tables (builds and build_votes)",
                place.shown()
            )));
        }
        Ok(Self { tables, revision: None })
    }

    #[must_use]
    pub fn has(&self, table: Table) -> bool {
        self.tables.contains_key(&table)
    }

    #[must_use]
    pub fn has_column(&self, table: Table, column: &str) -> bool {
        self.tables.get(&table).is_some_and(|columns| columns.contains_key(column))
    }

    /// Whether votes name their build by its numeric id rather than by its public one.
    #[must_use]
    pub fn votes_name_numbers(&self) -> bool {
        let columns = self.tables.get(&Table::Votes);
        columns.and_then(|it| it.get("build_id")).is_some_and(|of_type| of_type.contains("int"))
    }

    /// A query for rows after a numeric id (`None`: from the first), in order: every known column as text, absent ones
    /// as nothing.
    #[must_use]
    pub fn page(&self, place: &LegacyUrl, table: Table, after: Option<i64>, limit: usize) -> String {
        let mut sql = "SELECT CAST(id AS bigint) AS id".to_owned();
        for column in table.columns() {
            write!(sql, ", {} AS {column}", self.column(place.kind, table, column))
                .expect("a string takes any text");
        }
        write!(sql, " FROM {} AS t{} ORDER BY t.id LIMIT {limit}", place.table(table.name()), behind(after))
            .expect("a string takes any text");
        sql
    }

    /// A query for the votes that share a build and a session, or a build and a player, with another: of
    /// each such group only one can be imported.
    #[must_use]
    pub fn contested(&self, place: &LegacyUrl) -> String {
        let player = self.column(place.kind, Table::Votes, "player_id");
        let session = self.column(place.kind, Table::Votes, "session_id");
        let build = self.column(place.kind, Table::Votes, "build_id");
        let at = self.column(place.kind, Table::Votes, "created_at");
        format!(
            "SELECT id, build_id, session_id, player_id, created_at FROM (SELECT v.*, \
             count(*) OVER (PARTITION BY build_id, session_id) AS of_session, \
             count(*) OVER (PARTITION BY build_id, player_id) AS of_player FROM (\
             SELECT CAST(id AS bigint) AS id, {build} AS build_id, {session} AS session_id, \
             {player} AS player_id, {at} AS created_at FROM {} AS t WHERE rating BETWEEN 1 AND 5 \
             AND CAST(rating AS integer) = rating) AS v) AS w \
             WHERE of_session > 1 OR (player_id IS NOT NULL AND of_player > 1)",
            place.table(Table::Votes.name()),
        )
    }

    fn column(&self, kind: Kind, table: Table, column: &str) -> String {
        let of_type = self.tables.get(&table).and_then(|columns| columns.get(column));
        match of_type {
            None => "CAST(NULL AS text)".to_owned(),
            // Later instants are more microseconds than a bigint holds.
            Some(of_type) if kind == Kind::Postgres && of_type.starts_with("timestamp") => format!(
                "CASE WHEN isfinite(t.{0}) AND extract(year FROM t.{0}) < 10000 THEN CAST(CAST(extract(epoch FROM t.{0}) * 1000000 AS bigint) AS text) \
                 ELSE CAST(t.{0} AS text) END",
                quoted(column)
            ),
            Some(_) => format!("substr(CAST(t.{} AS text), 1, {})", quoted(column), MAX_CELL + 1),
        }
    }
}
/// The condition for rows after a numeric id. There is none before the lowest.
pub(super) fn behind(after: Option<i64>) -> String {
    match after {
        // As a sum, since SQLite reads the digits of the lowest number as a float.
        Some(i64::MIN) => format!(" WHERE t.id > ({} - 1)", i64::MIN + 1),
        Some(id) => format!(" WHERE t.id > {id}"),
        None => String::new(),
    }
}
