//! The domain's ports over real things: PostgreSQL and SQLite through diesel, Redis, the process's own memory,
//! JSON Web Tokens and the identity platform, the system's clock and entropy.
//!
//! Architecture invariant: only the composition root of the binary names this crate; everybody else sees the
//! traits of the domain.

pub mod identity;
pub mod memory;
pub mod redis;
pub mod storage;
pub mod system;

pub use storage::{OpenError, Storage, StorageOptions};
