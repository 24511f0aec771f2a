//! Rows on their way between the Python service's database and this one: what an import writes (`imported`, `batch`), what
//! an export reads (`export_row`), and whether a row is equal on both sides (`checksum`).

mod batch;
mod checksum;
mod export_row;
mod imported;
mod table;

pub use batch::{Batch, BatchOutcome, Conflict, Foreseen, Mark, QuarantinedRow, Rows, last_read};
pub use checksum::{Checksum, ImportedRow, SourceRow};
pub use export_row::{ExportRow, Pick, cell, naive};
pub use imported::{ImportedBuild, ImportedFeedback, ImportedSearch, ImportedVote};
pub use table::Table;
