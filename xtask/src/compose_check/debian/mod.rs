//! Stand-ins for images of a registry, made of Debian's packages.

mod archive;
mod images;
mod root;

pub use archive::{Archive, KEYRING};
pub use images::BaseImages;

/// Where Docker's client has `compose` and `buildx` as plugins, and PostgreSQL and Valkey have the versions of
/// `docker-compose.yml`.
pub const CLIENT_SUITE: &str = "trixie";
