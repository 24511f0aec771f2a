//! Implementations of the domain's ports: PostgreSQL and SQLite through diesel, Redis, the process's own memory,
//! JSON Web Tokens and the identity platform, the system's clock and entropy.
//!
//! Architecture invariant: only the binary's composition root and its commands name this crate; all other code uses
//! the domain's traits.

#![deny(missing_docs)]
#![allow(
    clippy::duplicate_mod,
    reason = "queries are written once and compiled for each database (see queries/mod.rs)"
)]

mod batcher;
mod breaker;
pub mod cache;
mod command_error;
pub mod doctor;
mod findings;
pub mod identity;
pub mod legacy;
mod legacy_rows;
pub mod memory;
mod migration_locks;
pub mod migrations;
mod open;
mod postgres;
pub mod redis;
mod sql;
mod sqlite;
pub mod storage;
pub mod system;

pub use storage::{OpenError, Storage, StorageOptions};
