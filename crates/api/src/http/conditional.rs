//! Entity tags: `W/"<revision>.<tally revision>"`.
//!
//! `If-Match` compares the revision alone, so that another caller's vote does not fail an owner's edit. This is
//! a documented exception to RFC 9110, by which a weak tag never matches there.

use actix_web::http::header::{HeaderMap, HeaderValue, IF_MATCH, IF_NONE_MATCH};
use myashes_domain::builds::Build;

/// The tag of a build as it is.
#[must_use]
pub fn etag(build: &Build) -> HeaderValue {
    let tag = format!("W/\"{}.{}\"", build.revision, build.tally_revision);
    HeaderValue::try_from(tag).expect("digits and quotes are visible ASCII")
}

/// Whether the client has this version already (`If-None-Match`, compared weakly).
#[must_use]
pub fn not_modified(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    let current = opaque(etag.to_str().unwrap_or_default());
    headers
        .get_all(IF_NONE_MATCH)
        .filter_map(|line| line.to_str().ok())
        .any(|line| line.trim() == "*" || line.split(',').any(|tag| opaque(tag.trim()) == current))
}

fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

/// The revisions that `If-Match` asks for: `None` without the header and for `*`. A tag of another form is that of no
/// revision.
#[must_use]
pub fn expected_revisions(headers: &HeaderMap) -> Option<Vec<i64>> {
    let lines: Vec<&str> = headers.get_all(IF_MATCH).map(|line| line.to_str().unwrap_or_default()).collect();
    if lines.is_empty() || lines.iter().any(|line| line.trim() == "*") {
        return None;
    }
    let revision = |tag: &str| {
        let tag = opaque(tag.trim()).strip_prefix('"')?.strip_suffix('"')?;
        tag.split_once('.').map_or(tag, |(revision, _)| revision).parse().ok()
    };
    Some(lines.iter().flat_map(|line| line.split(',')).filter_map(revision).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: actix_web::http::header::HeaderName, value: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static(value));
        headers
    }

    #[test]
    fn if_match_takes_tags_and_bare_revisions() {
        let expected = |value| expected_revisions(&headers(IF_MATCH, value));
        assert_eq!(expected("W/\"3.17\""), Some(vec![3]));
        assert_eq!(expected("\"3\""), Some(vec![3]));
        assert_eq!(expected("W/\"3.1\", \"4\" , x"), Some(vec![3, 4]));
        assert_eq!(expected("*"), None);
        assert_eq!(expected("3"), Some(vec![]));
        assert_eq!(expected("\"x\""), Some(vec![]));
    }

    #[test]
    fn if_none_match_is_weak_and_takes_lists() {
        let tag = HeaderValue::from_static("W/\"3.17\"");
        let has = |value| not_modified(&headers(IF_NONE_MATCH, value), &tag);
        assert!(has("W/\"1.1\", \"3.17\"") && has("*"));
        assert!(!has("W/\"3.18\""));
    }
}
