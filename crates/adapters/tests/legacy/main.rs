//! Taking over the Python service's database in each of its six revisions, bringing it up to date, and giving back what changed.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

mod export;
mod fixture;
mod import;
mod odd_rows;
mod reconcile;
mod refusals;
mod way_back;
