//! Rows on their way between the Python service's database and this one: what an import writes (`live`, `batch`), what
//! an export reads (`export_row`), and whether a row is equal on both sides (`checksum`).

mod batch;
mod checksum;
mod export_row;
mod live;
mod table;

pub use batch::{Batch, BatchOutcome, Conflict, Foreseen, Mark, QuarantinedRow, Rows, last_read};
pub use checksum::{Checksum, ImportedRow, SourceRow};
pub use export_row::{Given, Pick, cell, naive};
pub use live::{LiveBuild, LiveFeedback, LiveSearch, LiveVote};
pub use table::Table;
