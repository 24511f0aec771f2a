//! Votes: `model` (types), `vote_rules` (what a vote does to a build, as pure functions), `removal` (votes that an
//! admin removes together), `ports`, `service`.

pub mod model;
pub mod ports;
pub mod removal;
pub mod service;
pub mod vote_rules;

pub use model::*;
pub use ports::*;
pub use removal::*;
pub use service::*;
pub use vote_rules::*;

pub use crate::rating::Rating;
