//! The database of the Python service that this one replaces: taking its data over, and giving new data back.
//!
//! `legacy_url` says where it is, `shape` what of it is there (its schema had six revisions), `rows` what stands in
//! it and `legacy_reader` what of that can be imported. `source` reads it, `import` and `export` carry rows over. The
//! rows on their way are in `legacy_rows`; what writes and reads them here is in `queries/legacy`, compiled for each
//! database.

mod dedupe_votes;
mod export;
mod export_report;
mod export_tables;
mod import;
mod known;
mod legacy_reader;
mod legacy_url;
mod page_rows;
mod proof;
mod report;
mod rows;
mod service_db;
mod shape;
mod source;

pub(crate) use service_db::{ServiceDb, own};

pub use export::{Export, export};
pub use export_report::ExportReport;
pub use import::{BATCH, Import, import};
pub use legacy_url::LegacyUrl;
pub use proof::{Side, TableProof};
pub use report::{CountMismatch, ImportReport, TableReport};

pub use crate::command_error::CommandError;
pub use crate::legacy_rows::{Conflict, Table};

/// Receives the progress of a long run.
pub trait Progress: Send + Sync {
    /// A table begins, of which so many rows are to be read.
    fn begin(&self, table: Table, rows: u64);
    /// `rows` more rows of the table have been processed.
    fn advance(&self, rows: u64);
    /// The table has been processed to its end. Not called when the run fails.
    fn end(&self);
}

/// Discards progress.
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: Table, _: u64) {}
    fn advance(&self, _: u64) {}
    fn end(&self) {}
}
