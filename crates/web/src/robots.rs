//! `robots.txt`, for pages that are mounted at the root of a host.

use crate::site::Site;

/// The media type.
pub const CONTENT_TYPE: &str = "text/plain; charset=utf-8";

/// Allows the pages, forbids the API and the admin desk, and names the sitemap.
#[must_use]
pub fn render(site: &Site) -> String {
    format!(
        "User-agent: *\nAllow: /\nDisallow: /api/\nDisallow: /admin\n\nSitemap: {}\n",
        site.absolute("/sitemap.xml")
    )
}
