//! Exactness under any mix of operations: random programs of all operations by several callers at once, held
//! against a model, and the attacks and faults that once broke a count, each as a test of its own.
//!
//! `TEST_SEED` replays the choices of a run, `MODEL_SECONDS` sets how long it lasts.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

#[path = "../api/support/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the support also serves the tests of the contract")]
mod support;

mod account_jobs;
mod actors;
mod admin;
mod attacks;
mod build_calls;
mod build_model;
mod calls;
mod concurrent_changes;
mod consistency;
mod crossings;
mod explanation;
mod history;
mod linearization;
mod locked_rows;
mod random_programs;
mod recorder;
mod stored;
mod tallies;
mod vote_model;
mod world;
