//! The answer of the oEmbed endpoint: a link with a thumbnail (oEmbed 1.0, `type: link`).

use percent_encoding::percent_decode_str;
use serde_json::json;

use crate::card_view::{BuildCard, build_path};
use crate::site::Site;
use crate::text::plain;

/// The media type.
pub const CONTENT_TYPE: &str = "application/json; charset=utf-8";

/// The size of the thumbnail, which is the card image.
const THUMBNAIL: (u32, u32) = (1200, 630);

/// The id of the build whose page a URL names; `None` for any other URL.
#[must_use]
pub fn build_id_of(site: &Site, url: &str) -> Option<String> {
    let path = url.strip_prefix(&site.base_url)?.strip_prefix("/b/")?;
    let path = path.split(['?', '#']).next()?.trim_end_matches('/');
    let id = percent_decode_str(path).decode_utf8().ok()?;
    let is_id = !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    is_id.then(|| id.into_owned())
}

/// Writes the answer for a build. The thumbnail is left out when it is larger than the client takes.
#[must_use]
pub fn render(site: &Site, build: &BuildCard, max_width: Option<u32>, max_height: Option<u32>) -> String {
    let url = site.absolute(&build_path(&build.build_id));
    let mut answer = json!({
        "version": "1.0",
        "type": "link",
        "title": plain(&build.shown_name()),
        "author_name": plain(build.shown_author()),
        "provider_name": "MyAshes",
        "provider_url": site.absolute("/builds"),
        "cache_age": 300,
    });
    let (width, height) = THUMBNAIL;
    if max_width.is_none_or(|it| width <= it) && max_height.is_none_or(|it| height <= it) {
        answer["thumbnail_url"] = format!("{url}/card.png").into();
        answer["thumbnail_width"] = width.into();
        answer["thumbnail_height"] = height.into();
    }
    answer.to_string()
}
