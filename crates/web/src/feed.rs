//! The Atom feed of the newest builds (RFC 4287).

use std::fmt::Write as _;

use crate::build_page::summary;
use crate::card_view::{BuildCard, build_path};
use crate::query::GalleryQuery;
use crate::site::Site;
use crate::text::plain;
use crate::xml::escape;

/// The media type of the feed.
pub const CONTENT_TYPE: &str = "application/atom+xml; charset=utf-8";

/// An entry of the feed.
#[derive(Debug, Clone, Default)]
pub struct FeedEntry {
    pub build: BuildCard,
    pub description: Option<String>,
    /// RFC 3339.
    pub updated_at: String,
}

/// Writes the feed of a query's builds. An empty feed is dated by `now`, an RFC 3339 timestamp.
#[must_use]
pub fn render(site: &Site, query: &GalleryQuery, entries: &[FeedEntry], now: &str) -> String {
    let query = query.newest();
    let own = site.absolute(&query.below("/feed.atom", None));
    let page = site.absolute(&query.below("/builds", None));
    let updated = entries.iter().map(|it| it.updated_at.as_str()).max().unwrap_or(now);
    let mut out = String::with_capacity(1024 + entries.len() * 1024);
    let _ = write!(
        out,
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n\
         <title>MyAshes: {}</title>\n<id>{own}</id>\n<updated>{updated}</updated>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{own}\"/>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{page}\"/>\n<icon>{icon}</icon>\n\
         <generator version=\"{version}\">MyAshes</generator>\n",
        if query.is_unfiltered() { "newest builds" } else { "chosen builds" },
        own = escape(&own),
        updated = escape(updated),
        page = escape(&page),
        icon = escape(&site.absolute_asset("icon.svg")),
        version = escape(&site.version),
    );
    for entry in entries {
        write_entry(&mut out, site, entry);
    }
    out.push_str("</feed>\n");
    out
}

fn write_entry(out: &mut String, site: &Site, entry: &FeedEntry) {
    let build = &entry.build;
    let title = plain(&build.shown_name());
    let author = plain(build.shown_author());
    let url = escape(&site.absolute(&build_path(&build.build_id)));
    let _ = write!(
        out,
        "<entry>\n<title>{}</title>\n<id>{url}</id>\n<link rel=\"alternate\" type=\"text/html\" href=\"{url}\"/>\n\
         <published>{}</published>\n<updated>{}</updated>\n<author><name>{}</name></author>\n",
        escape(&title),
        escape(&build.created_at),
        escape(&entry.updated_at),
        escape(&author),
    );
    for term in std::iter::once(build.class_title()).chain(build.shown_tags().into_iter().map(plain)) {
        let _ = writeln!(out, "<category term=\"{}\"/>", escape(&term));
    }
    let summary = summary(build, entry.description.as_deref());
    let _ = write!(out, "<summary>{}</summary>\n</entry>\n", escape(&summary));
}
