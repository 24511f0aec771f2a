//! The embedded style sheets, scripts and icons.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A file that is served under a name with the hash of its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    /// The served name, below `/assets/`.
    pub name: &'static str,
    /// The value of `Content-Type`.
    pub content_type: &'static str,
    /// The file as it is.
    pub bytes: &'static [u8],
    /// The file compressed by Brotli, where that is shorter.
    pub br: Option<&'static [u8]>,
    /// The file compressed by gzip, where that is shorter.
    pub gzip: Option<&'static [u8]>,
    /// Whether the name changes with the content, so that caches may keep it for good.
    pub immutable: bool,
}

/// An asset and the path below `assets/` that templates name it by.
#[derive(Debug)]
struct Embedded {
    key: &'static str,
    asset: Asset,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

static BY_NAME: LazyLock<HashMap<&'static str, &'static Asset>> =
    LazyLock::new(|| FILES.iter().map(|it| (it.asset.name, &it.asset)).collect());

/// Finds an asset by its served name. No other name is known, so a path such as `../x` finds nothing.
#[must_use]
pub fn find(name: &str) -> Option<Asset> {
    BY_NAME.get(name).map(|it| **it)
}

/// Finds an asset by its path below `assets/`.
#[must_use]
pub fn by_key(key: &str) -> Option<Asset> {
    FILES.binary_search_by(|it| it.key.cmp(key)).ok().map(|at| FILES[at].asset)
}

/// The path of an asset below the mount path, named by its path below `assets/`.
///
/// An unknown key gives a path that leads to a 404; the tests of the pages look for such paths.
#[must_use]
pub fn url(mount_path: &str, key: &str) -> String {
    format!("{mount_path}/assets/{}", by_key(key).map_or("missing", |it| it.name))
}

/// All assets, in the order of their keys.
pub fn all() -> impl Iterator<Item = (&'static str, Asset)> {
    FILES.iter().map(|it| (it.key, it.asset))
}
