//! The HTTP service.
pub mod settings;
