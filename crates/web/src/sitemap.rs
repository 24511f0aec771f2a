//! The sitemap: an index of parts, and parts of at most [`MAX_URLS`] pages. A part is [`PART_HEAD`], an element for each
//! page, and [`PART_TAIL`], so that it can be sent piece by piece.

use crate::card_view::build_path;
use crate::site::Site;
use crate::xml::escape;

/// The most pages that a part may name.
pub const MAX_URLS: usize = 50_000;
/// The media type of the index and its parts.
pub const CONTENT_TYPE: &str = "application/xml; charset=utf-8";
const INDEX_HEAD: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
    <sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";
const INDEX_TAIL: &str = "</sitemapindex>\n";
/// The beginning of a part.
pub const PART_HEAD: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
    <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";
/// The end of a part.
pub const PART_TAIL: &str = "</urlset>\n";

/// The index. Parts are paths below the mount path.
#[must_use]
pub fn index(site: &Site, parts: impl IntoIterator<Item = String>) -> String {
    let elements = parts.into_iter().map(|path| element("sitemap", &site.absolute(&path), None));
    format!("{INDEX_HEAD}{}{INDEX_TAIL}", elements.collect::<String>())
}

/// The element of a part that names a build's page. `lastmod` is in the form of RFC 3339.
#[must_use]
pub fn build_element(site: &Site, build_id: &str, lastmod: &str) -> String {
    element("url", &site.absolute(&build_path(build_id)), Some(lastmod))
}

/// The element that names the gallery; the first part begins with it.
#[must_use]
pub fn gallery_element(site: &Site) -> String {
    element("url", &site.absolute("/builds"), None)
}

fn element(name: &str, url: &str, lastmod: Option<&str>) -> String {
    let lastmod = lastmod.map_or(String::new(), |it| format!("<lastmod>{}</lastmod>", escape(it)));
    format!("<{name}><loc>{}</loc>{lastmod}</{name}>\n", escape(url))
}
