//! Where the pages are mounted and what lies around them.

use crate::assets;

/// What every page knows of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The absolute base of the pages with the mount path and without a slash at the end.
    pub base_url: String,
    /// The path that the pages are mounted under, without a slash at the end: `""` or `"/api/pages"`.
    pub mount_path: String,
    /// The base of the API for scripts, without a slash at the end: `"/api/v1"`.
    pub api_base: String,
    /// The site where players create and edit builds, without a slash at the end.
    pub website_url: String,
    /// Whether the pages share the site's origin, and with it the session that votes.
    pub can_vote: bool,
    /// The service's version.
    pub version: String,
}

impl Site {
    /// A path below the mount path, such as `/builds`.
    #[must_use]
    pub fn path(&self, below: &str) -> String {
        format!("{}{below}", self.mount_path)
    }

    /// An absolute URL below the public base.
    #[must_use]
    pub fn absolute(&self, below: &str) -> String {
        format!("{}{below}", self.base_url)
    }

    /// The path of an asset, named by its path below `assets/`.
    #[must_use]
    pub fn asset(&self, key: &str) -> String {
        assets::url(&self.mount_path, key)
    }

    /// The absolute URL of an asset.
    #[must_use]
    pub fn absolute_asset(&self, key: &str) -> String {
        assets::url(&self.base_url, key)
    }
}
