//! Votes: `model` (types), `ballot` (what a vote does to a build, as pure functions), `ports`, `service`.

pub mod ballot;
pub mod model;
pub mod ports;
pub mod service;

pub use ballot::*;
pub use model::*;
pub use ports::*;
pub use service::*;
