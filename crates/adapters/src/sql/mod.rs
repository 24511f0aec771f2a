//! Code shared by both databases: the schema, the types of its columns, and the mapping of errors.
//!
//! The other files of this folder hold the queries. They are written once and compiled twice, as modules of
//! `postgres` and of `sqlite` (see the `#[path]` lines there): diesel's queries differ in type between
//! backends, and code that is generic over a backend is far harder to read. The parts that differ are in each
//! backend's `dialect.rs`.

pub mod error;
pub mod prepared_sql;
pub mod roll_up;
pub mod schema;
pub mod sqlstate;
pub mod types;
