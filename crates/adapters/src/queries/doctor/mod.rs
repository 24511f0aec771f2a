//! What the doctor examines and repairs.

pub mod builds;
mod consistency_check;
pub mod rollups;
pub mod upkeep;

pub use super::super::doctor_schema as schema;
