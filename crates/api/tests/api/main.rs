//! The whole contract, against a real server on a random port: each promise on SQLite and on PostgreSQL.
//!
//! The modules mirror `src/routes/` and `src/http/`. PostgreSQL comes from `TEST_DATABASE_URL`, the URL of a
//! superuser; every test makes its own database there and drops it again.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

mod support;

mod accounts;
mod admin_lists;
mod authorization;
mod bad_tokens;
mod build_votes;
mod builds;
mod clients;
mod conditional;
mod corpus;
mod cors;
mod edge;
mod envelope;
mod erasure;
mod export;
mod feedback;
mod fields;
mod golden;
mod hidden;
mod hostile_input;
mod idempotency;
mod identity;
mod import_command;
mod lifecycle;
mod limits;
mod lists;
mod meta;
mod moderation;
mod operator;
mod operator_names;
mod overload;
mod pages;
mod proxy;
mod ranked_searches;
mod replicas;
mod requests;
mod search_pool;
mod secrets;
mod traces;
mod vote_removal;
mod votes;
