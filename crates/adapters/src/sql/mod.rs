//! What both databases share: the schema, the types of its columns, and how errors are told.
//!
//! The other files of this folder hold the queries. They are written once and compiled twice, as modules of
//! `postgres` and of `sqlite` (see the `#[path]` lines there): diesel's queries differ in type between
//! backends, and being generic over a backend reads far worse than being compiled for each. Whatever really
//! differs stands in each backend's `dialect.rs`.

pub mod error;
pub mod prepared_sql;
pub mod roll_up;
pub mod schema;
pub mod sqlstate;
pub mod types;
