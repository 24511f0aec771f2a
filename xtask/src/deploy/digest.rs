//! An image by its digest: the one name that always means the same bytes.

use std::fmt;
use std::str::FromStr;

use anyhow::{Result, bail};

/// `repository@sha256:…`; nothing else can be deployed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageDigest {
    pub repository: String,
    hex: String,
}

impl ImageDigest {
    /// The beginning of the digest, long enough to tell releases apart, as part of a name.
    pub fn short(&self) -> &str {
        &self.hex[..12]
    }
}

impl FromStr for ImageDigest {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let Some((repository, digest)) = text.split_once('@') else {
            bail!("{text:?} names no digest: a tag can be moved, so only repository@sha256:… is deployed");
        };
        let hex = digest.strip_prefix("sha256:").unwrap_or_default();
        let hexadecimal = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if hex.len() != 64 || !hex.bytes().all(hexadecimal) {
            bail!("{digest:?} is no digest: expected sha256: and 64 hexadecimal digits");
        }
        if hex.bytes().all(|byte| byte == b'0') {
            bail!("the digest of zeros stands for \"nothing was released yet\" and cannot be deployed");
        }
        let name = repository.rsplit('/').next().unwrap_or_default();
        if name.is_empty() || name.contains(':') || repository.contains(char::is_whitespace) {
            bail!("{repository:?} is no repository: expected registry/path without a tag");
        }
        Ok(Self { repository: repository.to_owned(), hex: hex.to_owned() })
    }
}

impl fmt::Display for ImageDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}@sha256:{}", self.repository, self.hex)
    }
}

#[cfg(test)]
mod tests {
    use super::ImageDigest;

    fn parse(text: &str) -> Result<ImageDigest, String> {
        text.parse::<ImageDigest>().map_err(|error| error.to_string())
    }

    #[test]
    fn an_image_by_digest_is_taken_as_it_is_also_from_a_registry_with_a_port() {
        let text = format!("registry.example:5000/team/myashes@sha256:{}", "a1".repeat(32));
        let image = parse(&text).unwrap();
        assert_eq!(image.to_string(), text);
        assert_eq!(image.short(), "a1a1a1a1a1a1");
    }

    #[test]
    fn tags_are_refused_with_and_without_a_digest() {
        assert!(parse("registry.example/myashes:v1").unwrap_err().contains("a tag can be moved"));
        let both = format!("registry.example/myashes:v1@sha256:{}", "a1".repeat(32));
        assert!(parse(&both).unwrap_err().contains("without a tag"));
    }

    #[test]
    fn short_upper_case_and_zero_digests_are_refused() {
        for hex in ["a1".repeat(31), "A1".repeat(32), "00".repeat(32)] {
            assert!(parse(&format!("registry.example/myashes@sha256:{hex}")).is_err(), "{hex}");
        }
    }
}
