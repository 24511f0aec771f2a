//! The queries, written once and compiled twice, as modules of `postgres` and of `sqlite`: diesel's queries differ in
//! type between backends, and code that is generic over a backend is far harder to read. What differs is in each
//! backend's `dialect.rs` and in the other files beside it.

pub mod account_jobs;
pub mod accounts;
pub mod analytics;
pub mod bounded_reads;
pub mod build_rows;
pub mod build_search;
pub mod builds;
pub mod db;
pub mod doctor;
pub mod export;
pub mod facet_counts;
pub mod facets;
pub mod feedback;
pub mod idempotency;
pub mod legacy;
pub mod listing;
pub mod matching;
pub mod moderation;
pub mod order;
pub mod own_votes;
pub mod pool;
pub mod popular;
pub mod popular_queries;
pub mod ports;
pub mod relevance;
pub mod replica;
pub mod retention;
pub mod rows;
pub mod sample_reads;
pub mod scan_progress;
pub mod schema_state;
pub mod search_plan;
pub mod small_result_set;
pub mod tags;
pub mod term_sample;
pub mod vocabulary;
pub mod vote_batch;
pub mod vote_removal;
pub mod votes;

use super::{Backend, Conn, DatabaseCheck, bound, dialect, transaction};
#[cfg(test)]
use super::{KIND, connect};
use db::Db;
