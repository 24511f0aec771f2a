//! Taking over the Python service's database in each of its six revisions, and giving new rows back.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

mod export;
mod fixture;
mod import;
mod odd_rows;
mod refusals;
