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

/// A revision that no build has.
const UNMATCHABLE_REVISION: i64 = -1;

/// The revision that `If-Match` asks for: `None` without the header and for `*`. A tag of another form
/// gives a revision that no build has, so that it fails as a wrong one does.
#[must_use]
pub fn expected_revision(headers: &HeaderMap) -> Option<i64> {
    let mut lines = headers.get_all(IF_MATCH);
    let line = lines.next()?;
    if lines.next().is_some() {
        return Some(UNMATCHABLE_REVISION);
    }
    let line = line.to_str().unwrap_or_default().trim();
    if line == "*" {
        return None;
    }
    let quoted = opaque(line).strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let revision = quoted.map(|tag| tag.split_once('.').map_or(tag, |(revision, _)| revision));
    Some(revision.and_then(|digits| digits.parse().ok()).unwrap_or(UNMATCHABLE_REVISION))
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
    fn if_match_takes_the_tag_or_the_bare_revision() {
        let expected = |value| expected_revision(&headers(IF_MATCH, value));
        assert_eq!(expected("W/\"3.17\""), Some(3));
        assert_eq!(expected("\"3\""), Some(3));
        assert_eq!(expected("*"), None);
        assert_eq!(expected("3"), Some(UNMATCHABLE_REVISION));
        assert_eq!(expected("\"x\""), Some(UNMATCHABLE_REVISION));
    }

    #[test]
    fn if_none_match_is_weak_and_takes_lists() {
        let tag = HeaderValue::from_static("W/\"3.17\"");
        let has = |value| not_modified(&headers(IF_NONE_MATCH, value), &tag);
        assert!(has("W/\"1.1\", \"3.17\"") && has("*"));
        assert!(!has("W/\"3.18\""));
    }
}
