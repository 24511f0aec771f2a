//! HTML pages, feeds and card images, rendered from plain view structs: no I/O, no clock, no web framework.

pub mod assets;
mod site;

pub use site::Site;
