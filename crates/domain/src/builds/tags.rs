//! Tags of builds.

use std::collections::BTreeSet;

use crate::error::FieldError;
use crate::text::{bounded_visible, fold_case};

/// Up to ten tags of 1 to 30 characters, lower-case, each once, in the order given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tags(pub(super) Vec<String>);

impl Tags {
    /// The most tags of a build.
    pub const MAX_COUNT: usize = 10;
    /// Characters of a tag.
    pub const MAX: usize = 30;

    /// Parses each tag with [`Self::one`], and drops repetitions.
    ///
    /// # Errors
    /// A validation error on `tags` for the first invalid tag, and for more than [`Self::MAX_COUNT`] different ones.
    pub fn parse<S: AsRef<str>>(raw: &[S]) -> Result<Self, FieldError> {
        let mut seen = BTreeSet::new();
        let mut tags = Vec::new();
        for tag in raw {
            let tag = Self::one(tag.as_ref())?;
            if seen.insert(tag.clone()) {
                tags.push(tag);
            }
        }
        if tags.len() > Self::MAX_COUNT {
            return Err(FieldError::new(
                "tags",
                "too_many",
                format!("must be at most {} tags", Self::MAX_COUNT),
            ));
        }
        Ok(Self(tags))
    }

    /// One tag in its stored form: compatibility forms and case are folded, so that tags which look alike are one.
    ///
    /// # Errors
    /// A validation error for an empty or too long one, and for a comma, which separates tags in a query.
    pub fn one(raw: &str) -> Result<String, FieldError> {
        let tag = bounded_visible("tags", &fold_case(raw), Self::MAX)?;
        if tag.contains(',') {
            return Err(FieldError::new("tags", "comma", "must not contain a comma"));
        }
        Ok(tag)
    }

    /// Stored tags by the rules of today: folded, split at commas, each once. What no rule allows stays as it is.
    #[must_use]
    pub fn normalized(stored: &[String]) -> Vec<String> {
        let mut tags: Vec<String> = vec![];
        for tag in stored {
            let parts = tag.split([',', '\u{ff0c}']).filter(|part| !part.trim().is_empty());
            for part in parts {
                let tag = Self::one(part).unwrap_or_else(|_| part.to_owned());
                if !tags.contains(&tag) {
                    tags.push(tag);
                }
            }
        }
        tags
    }

    /// Returns the tags in their stored form.
    #[must_use]
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_lowered_and_counted_once() {
        assert_eq!(Tags::parse(&["PvP", "pvp ", "Solo"]).unwrap().as_slice(), ["pvp", "solo"]);
        let alike = ["café", "cafe\u{301}", "ＰＶＰ", "pvp", "Straße", "STRASSE"];
        assert_eq!(Tags::parse(&alike).unwrap().as_slice(), ["café", "pvp", "strasse"]);
        let stored = ["a,b", "ＰＶＰ", "pvp", "c"].map(str::to_owned);
        assert_eq!(Tags::normalized(&stored), ["a", "b", "pvp", "c"]);
        for comma in ["a,b", "a，b"] {
            assert_eq!(Tags::parse(&[comma]).unwrap_err().code, "comma");
        }
        let many: Vec<_> = (0..11).map(|n| n.to_string()).collect();
        assert_eq!(Tags::parse(&many).unwrap_err().code, "too_many");
    }
}
