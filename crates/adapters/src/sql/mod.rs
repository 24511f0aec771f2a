//! What both databases share and is compiled once: the schema, the types of its columns, and the mapping of errors.

pub mod error;
pub mod prepared_sql;
pub mod roll_up;
pub mod schema;
pub mod sqlstate;
pub mod types;
