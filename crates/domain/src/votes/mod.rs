//! Votes: `model` (types), `ballot` (what a vote does to a build, as pure functions), `removal` (votes that an admin
//! removes together), `ports`, `service`.

pub mod ballot;
pub mod model;
pub mod ports;
pub mod removal;
pub mod service;

pub use ballot::*;
pub use model::*;
pub use ports::*;
pub use removal::*;
pub use service::*;
