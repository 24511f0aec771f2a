//! Identifiers and the port that returns random bytes.

use std::fmt;

/// A cryptographically secure source of random bytes.
pub trait Entropy: Send + Sync {
    /// Fills all of `bytes` with random values.
    fn fill(&self, bytes: &mut [u8]);
}

const BASE32: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// `length` characters of lower-case base 32 (RFC 4648 alphabet), five random bits each.
#[must_use]
pub fn random_base32(entropy: &dyn Entropy, length: usize) -> String {
    let mut bytes = vec![0; length];
    entropy.fill(&mut bytes);
    bytes.iter().map(|byte| char::from(BASE32[usize::from(byte & 31)])).collect()
}

macro_rules! public_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Generates an id: the prefix, and 10 characters with 50 random bits.
            pub fn generate(entropy: &dyn Entropy) -> Self {
                Self(format!(concat!($prefix, "{}"), random_base32(entropy, 10)))
            }

            /// Parses an id that a caller sent. `None` when no stored row can have this id.
            #[must_use]
            pub fn parse(raw: &str) -> Option<Self> {
                let fits = (1..=12).contains(&raw.len())
                    && raw.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
                fits.then(|| Self(raw.to_owned()))
            }

            /// Wraps an id as the database holds it.
            #[must_use]
            pub fn stored(raw: String) -> Self {
                Self(raw)
            }

            /// Returns the id as it is stored and sent.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

public_id!(
    /// The public id of a build: `b_` and 10 characters; older ids of up to 12 characters stay valid.
    BuildId,
    "b_"
);
public_id!(
    /// The public id of a piece of feedback: `f_` and 10 characters.
    FeedbackId,
    "f_"
);
public_id!(
    /// The public id of a report about a build: `r_` and 10 characters.
    ReportId,
    "r_"
);
