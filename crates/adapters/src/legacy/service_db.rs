//! This service's own database, as import and export reach it: one connection, without a statement timeout.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;

use myashes_domain::clock::Timestamp;
use myashes_domain::ranking::Ranking;

use crate::command_error::CommandError;
use crate::legacy_rows::{Batch, BatchOutcome, ExportRow, ImportedRow, Mark, Pick, Table};
use crate::storage::{Kind, StorageOptions};
use crate::{migrations, postgres, sqlite};

/// A connection of either kind.
pub(crate) enum ServiceDb {
    Postgres(Box<postgres::Conn>),
    Sqlite(sqlite::Conn),
}

/// Runs the same lines with the module that was compiled for this database.
macro_rules! own {
    ($own:expr, $conn:ident, $folder:ident::$module:ident => $body:expr) => {
        match $own {
            $crate::legacy::ServiceDb::Postgres(boxed) => {
                let $conn = boxed.as_mut();
                use $crate::postgres::queries::$folder::$module;
                $body
            }
            $crate::legacy::ServiceDb::Sqlite($conn) => {
                use $crate::sqlite::queries::$folder::$module;
                $body
            }
        }
    };
}
pub(crate) use own;

impl ServiceDb {
    /// Connects.
    ///
    /// # Errors
    /// When it cannot be reached or is not migrated.
    pub async fn open(options: &StorageOptions) -> Result<Self, CommandError> {
        let kind = Kind::of(&options.url).map_err(CommandError::configuration)?;
        let mut own = match kind {
            Kind::Postgres => Self::Postgres(Box::new(postgres::establish(options).await?)),
            Kind::Sqlite if !Path::new(options.url.trim_start_matches("sqlite://")).is_file() => {
                return Err(not_migrated());
            }
            Kind::Sqlite => Self::Sqlite(sqlite::establish(options).await.map_err(CommandError::failed)?),
        };
        let applied: BTreeSet<String> =
            own!(&mut own, conn, legacy::schema_state => schema_state::applied(conn).await)?
                .into_iter()
                .collect();
        if migrations::needed(&options.url).iter().all(|version| applied.contains(version)) {
            Ok(own)
        } else {
            Err(not_migrated())
        }
    }

    /// Records the ranking's constants where none are, and checks that they are these.
    pub async fn settle_ranking(&mut self, ranking: Ranking) -> Result<(), CommandError> {
        let stored = own!(self, conn, legacy::schema_state => schema_state::settle(conn, ranking).await)?;
        if stored == ranking {
            return Ok(());
        }
        Err(CommandError::failed(
            "the stored scores were made with other ranking constants: run `myashes doctor --repair` first",
        ))
    }

    pub async fn mark(&mut self, table: Table) -> Result<Mark, CommandError> {
        own!(self, conn, legacy::import_writer => import_writer::mark(conn, table).await)
    }

    pub async fn begin(&mut self, table: Table) -> Result<(), CommandError> {
        own!(self, conn, legacy::import_writer => import_writer::begin(conn, table).await)
    }

    pub async fn finish(&mut self, table: Table, at: Timestamp) -> Result<(), CommandError> {
        own!(self, conn, legacy::import_writer => import_writer::finish(conn, table, at).await)
    }

    /// Tables whose import has begun but not finished.
    pub async fn unfinished(&mut self) -> Result<Vec<String>, CommandError> {
        Ok(own!(self, conn, legacy::import_writer => import_writer::unfinished(conn).await)?)
    }

    pub async fn put(&mut self, ranking: Ranking, batch: Batch) -> Result<BatchOutcome, CommandError> {
        own!(self, conn, legacy::import_writer => import_writer::put(conn, ranking, batch).await)
    }

    /// Which of these pieces of feedback are here.
    pub async fn known_feedback(&mut self, ids: &[String]) -> Result<HashSet<String>, CommandError> {
        Ok(own!(self, conn, legacy::import_writer => import_writer::known_feedback(conn, ids).await)?)
    }

    /// What was recorded of these rows of the source.
    pub async fn records(
        &mut self,
        table: Table,
        ids: &[i64],
    ) -> Result<HashMap<i64, ImportedRow>, CommandError> {
        Ok(own!(self, conn, legacy::import_records => import_records::load_records(conn, table, ids).await)?)
    }

    /// The numeric ids at the source and the row numbers here of all imported rows.
    pub async fn recorded(&mut self, table: Table) -> Result<HashMap<i64, i64>, CommandError> {
        Ok(own!(self, conn, legacy::import_records => import_records::recorded(conn, table).await)?)
    }

    /// The numeric ids at the source of the rows that are set aside.
    pub async fn quarantined(&mut self, table: Table) -> Result<HashSet<i64>, CommandError> {
        let ids = own!(self, conn, legacy::import_records => import_records::quarantined(conn, table).await)?;
        Ok(ids.into_iter().collect())
    }

    /// Deletes what was deleted at the source and is unchanged here.
    pub async fn remove(
        &mut self,
        table: Table,
        ids: Vec<i64>,
        ranking: Ranking,
        dry_run: bool,
    ) -> Result<BatchOutcome, CommandError> {
        Ok(
            own!(self, conn, legacy::reconcile => reconcile::remove(conn, table, ids, ranking, dry_run).await)?,
        )
    }

    /// The numbers of all builds or votes.
    pub async fn row_ids(&mut self, table: Table) -> Result<HashSet<i64>, CommandError> {
        let ids = own!(self, conn, legacy::export_writer => export_writer::row_ids(conn, table).await)?;
        Ok(ids.into_iter().collect())
    }

    /// Rows after a row number, in the form of the Python service.
    pub async fn page(
        &mut self,
        table: Table,
        after: i64,
        limit: usize,
    ) -> Result<Vec<ExportRow>, CommandError> {
        let pick = Pick::After(after, i64::try_from(limit).unwrap_or(i64::MAX));
        Ok(own!(self, conn, legacy::export_writer => match table {
            Table::Builds => export_writer::export_builds(conn, pick).await,
            Table::Votes => export_writer::export_votes(conn, pick).await,
            Table::Feedback => export_writer::export_feedback(conn, pick).await,
            Table::Searches => export_writer::export_searches(conn, pick).await,
        })?)
    }

    /// How many rows there are of what a table of the Python service holds.
    pub async fn rows(&mut self, table: Table) -> Result<u64, CommandError> {
        let rows = own!(self, conn, legacy::export_writer => export_writer::rows(conn, table).await)?;
        Ok(u64::try_from(rows).unwrap_or(0))
    }

    pub async fn analyze(&mut self) -> Result<(), CommandError> {
        own!(self, conn, legacy::import_writer => import_writer::analyze(conn).await)
    }
}

fn not_migrated() -> CommandError {
    CommandError::failed("this service's own database is not migrated: run `myashes migrate` first")
}
