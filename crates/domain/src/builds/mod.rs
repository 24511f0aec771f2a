//! Builds: `model` (types), `ports` (storage), `service` (rules), `relevance` (how well a text fits a term).

pub mod model;
pub mod ports;
pub mod relevance;
pub mod service;

pub use model::*;
pub use ports::*;
pub use service::*;
