//! The service under faults: the real binary is killed, starved, frozen and cut off under load, while clients
//! record their requests and the answers. Each acknowledged write must be stored exactly once.
//!
//! Each fault has a small form that always runs and a large one among the slow tests.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

mod alerts;
mod checker;
mod commands;
mod concurrent_writers;
mod connections;
mod disk_full;
mod distinct_names;
mod encodings;
mod fail_over;
mod first_starts;
mod flood;
mod foreign_messages;
mod frozen_database;
mod hang_ups;
mod killed_database;
mod killed_migration;
mod killed_service;
mod ledger;
mod load;
mod lost_connections;
mod lost_sqlite_file;
mod lost_standby;
mod newer_schema;
mod poolers;
mod proxy;
mod redis_away;
mod redis_rights;
mod refused_connections;
mod rolling_restart;
mod service;
mod slow_connections;
mod small_disk;
mod verdict;
