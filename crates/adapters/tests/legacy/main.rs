//! Taking over the Python service's database in each of its six revisions, and giving new rows back.

mod export;
mod fixture;
mod import;
mod refusals;
