//! See the files: `model` (types), `origin` (what a search may add), `ports` (storage), `query_key` (what is counted
//! together), `service` (rules).

pub mod model;
pub mod origin;
pub mod ports;
pub mod query_key;
pub mod service;

pub use model::*;
pub use origin::*;
pub use ports::*;
pub use query_key::count_key;
pub use service::*;
