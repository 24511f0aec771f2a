//! The rules of MyAshes, free of any framework.
//!
//! Every aggregate is one folder with the same three files: `model.rs` (types), `ports.rs` (traits that adapters
//! implement, with their contract) and `service.rs` (operations and authorization). Time, randomness and storage
//! are accessed through ports.
//!
//! Architecture invariant: this crate depends on no web framework, database, cache or async runtime.

#![deny(missing_docs)]

pub mod accounts;
pub mod analytics;
pub mod builds;
pub mod clock;
pub mod display_name;
pub mod error;
pub mod feedback;
pub mod game;
pub mod health;
pub mod ids;
pub mod limits;
pub mod look_alike;
pub mod moderation;
pub mod page;
pub mod ranking;
pub mod rating;
pub mod retention;
pub mod session;
pub mod templates;
pub mod text;
pub mod votes;
pub mod write_options;

pub use error::{Error, FieldError, FieldErrors, Result};
