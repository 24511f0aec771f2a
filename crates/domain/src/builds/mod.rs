//! Builds: `model` (what they are), `draft` (validated input, and what is stored of it), `build_data` and `tags` (parts of it),
//! `listing` (filters and lists), `facets` (what they are counted by), `ports` (storage), `service` (rules), `relevance` (how
//! well a text fits a term), `suggestions` (what a text may become).

pub mod build_data;
pub mod draft;
pub mod facets;
pub mod listing;
pub mod model;
pub mod ports;
pub mod relevance;
pub mod service;
pub mod suggestions;
pub mod tags;

pub use build_data::*;
pub use draft::*;
pub use facets::*;
pub use listing::*;
pub use model::*;
pub use ports::*;
pub use service::*;
pub use suggestions::*;
pub use tags::*;

pub use crate::rating::Tally;
