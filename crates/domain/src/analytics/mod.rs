//! See the files: `model` (types), `ports` (storage), `query_key` (what is counted together), `service` (rules).

pub mod model;
pub mod ports;
pub mod query_key;
pub mod service;

pub use model::*;
pub use ports::*;
pub use query_key::count_key;
pub use service::*;
