//! Rows of the older service on their way in and out.

pub mod export_writer;
pub mod import_records;
pub mod import_writer;
pub mod reconcile;

use super::super::legacy_bulk as bulk;
pub use super::schema_state;
