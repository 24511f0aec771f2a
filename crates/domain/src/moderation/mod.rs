//! See the files: `model` (types), `ports` (storage), `service` (rules).

pub mod model;
pub mod ports;
pub mod service;

pub use model::*;
pub use ports::*;
pub use service::*;
