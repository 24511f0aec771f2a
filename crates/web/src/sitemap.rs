//! The sitemap: an index of parts, and parts of at most [`MAX_URLS`] pages, written piece by piece.
//!
//! An iterator of entries becomes an iterator of texts. Where entries come from an asynchronous stream, send
//! [`PART_HEAD`], an [`url_element`] for each entry, and [`PART_TAIL`].

use std::iter;

use crate::card_view::build_path;
use crate::site::Site;
use crate::xml::escape;

/// The most pages that a part may name.
pub const MAX_URLS: usize = 50_000;
/// The media type of the index and its parts.
pub const CONTENT_TYPE: &str = "application/xml; charset=utf-8";
/// The beginning of the index.
pub const INDEX_HEAD: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
    <sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";
/// The end of the index.
pub const INDEX_TAIL: &str = "</sitemapindex>\n";
/// The beginning of a part.
pub const PART_HEAD: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
    <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";
/// The end of a part.
pub const PART_TAIL: &str = "</urlset>\n";

/// How many entries go into one text.
const ENTRIES_PER_CHUNK: usize = 100;

/// A part that the index names.
#[derive(Debug, Clone)]
pub struct SitemapPart {
    /// The path of the part below the mount path, with its query.
    pub path: String,
    /// RFC 3339: when a page of the part last changed.
    pub lastmod: Option<String>,
}

/// A build that a part names.
#[derive(Debug, Clone)]
pub struct SitemapEntry {
    pub build_id: String,
    /// RFC 3339.
    pub lastmod: String,
}

/// The element of the index that names a part.
#[must_use]
pub fn sitemap_element(site: &Site, part: &SitemapPart) -> String {
    element("sitemap", &site.absolute(&part.path), part.lastmod.as_deref())
}

/// The element of a part that names a build's page.
#[must_use]
pub fn url_element(site: &Site, entry: &SitemapEntry) -> String {
    element("url", &site.absolute(&build_path(&entry.build_id)), Some(&entry.lastmod))
}

/// The element that names the gallery; the first part begins with it.
#[must_use]
pub fn gallery_element(site: &Site) -> String {
    element("url", &site.absolute("/builds"), None)
}

/// The texts of the index.
pub fn index<'a, I>(site: &'a Site, parts: I) -> impl Iterator<Item = String> + 'a
where
    I: IntoIterator<Item = SitemapPart>,
    I::IntoIter: 'a,
{
    frame(INDEX_HEAD, parts.into_iter().map(|it| sitemap_element(site, &it)), INDEX_TAIL)
}

/// The texts of a part; entries beyond [`MAX_URLS`] are left out.
pub fn part<'a, I>(site: &'a Site, entries: I) -> impl Iterator<Item = String> + 'a
where
    I: IntoIterator<Item = SitemapEntry>,
    I::IntoIter: 'a,
{
    frame(PART_HEAD, entries.into_iter().take(MAX_URLS).map(|it| url_element(site, &it)), PART_TAIL)
}

fn element(name: &str, url: &str, lastmod: Option<&str>) -> String {
    let lastmod = lastmod.map_or(String::new(), |it| format!("<lastmod>{}</lastmod>", escape(it)));
    format!("<{name}><loc>{}</loc>{lastmod}</{name}>\n", escape(url))
}

fn frame(
    head: &'static str,
    mut elements: impl Iterator<Item = String>,
    tail: &'static str,
) -> impl Iterator<Item = String> {
    let chunks = iter::from_fn(move || {
        let chunk: String = elements.by_ref().take(ENTRIES_PER_CHUNK).collect();
        (!chunk.is_empty()).then_some(chunk)
    });
    iter::once(head.to_owned()).chain(chunks).chain(iter::once(tail.to_owned()))
}
