//! What every port promises, asked of every adapter: one suite, run on SQLite and on PostgreSQL.

mod accounts;
mod analytics;
mod builds;
mod cancellation;
mod concurrency;
mod feedback;
mod listing;
mod migrations;
mod moderation;
mod receipts;
mod retention;
mod support;
mod votes;
