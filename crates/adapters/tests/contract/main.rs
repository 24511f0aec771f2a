//! What every port promises, asked of every adapter: one suite, run on SQLite and on PostgreSQL.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

mod accounts;
mod analytics;
mod builds;
mod by_relevance;
mod cancellation;
mod concurrency;
mod facets;
mod feedback;
mod freshness;
mod hidden;
mod idempotency;
mod list_walks;
mod listing;
mod migrations;
mod moderation;
mod own_votes;
mod popular_queries;
mod retention;
mod role_settings;
mod search;
mod support;
mod unkind_builds;
mod vote_removal;
mod votes;
