//! Builds: `model` (what they are), `draft` (what callers give), `listing` (what is asked for), `ports`
//! (storage), `service` (rules), `relevance` (how well a text fits a term).

pub mod draft;
pub mod listing;
pub mod model;
pub mod ports;
pub mod relevance;
pub mod service;

pub use draft::*;
pub use listing::*;
pub use model::*;
pub use ports::*;
pub use service::*;
