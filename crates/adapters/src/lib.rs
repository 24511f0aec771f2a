//! The domain's ports over real things: PostgreSQL and SQLite through diesel, Redis, the process's own memory,
//! JSON Web Tokens and the identity platform, the system's clock and entropy.
//!
//! Architecture invariant: only the composition root of the binary names this crate; everybody else sees the
//! traits of the domain.

#![allow(
    clippy::duplicate_mod,
    reason = "queries are written once and compiled for each database (see sql/mod.rs)"
)]

mod batcher;
mod breaker;
pub mod cached;
pub mod doctor;
pub mod identity;
pub mod legacy;
pub mod memory;
pub mod migrations;
mod postgres;
pub mod redis;
mod sql;
mod sqlite;
pub mod storage;
pub mod system;

pub use storage::{OpenError, Storage, StorageOptions};
