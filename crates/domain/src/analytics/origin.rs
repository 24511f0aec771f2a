//! The origin of a search: what it may add to popular queries, and which address it counts towards their threshold.

use std::fmt;
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::clock::{Day, Timestamp};
use crate::feedback::SearchMode;
use crate::limits::{DayShare, SITE_FACTOR, ShareHolder};
use crate::session::Caller;

/// How many searches a caller adds to the count of one query and mode in a UTC day.
pub const MAX_SEARCHES_PER_CALLER: u32 = 3;

/// How many searches an address adds to the count of one query and mode in a UTC day.
pub const MAX_SEARCHES_PER_ADDRESS: u32 = 20;

/// How many different queries and modes an address adds to in a UTC day.
pub const MAX_QUERIES_PER_ADDRESS: u32 = 500;

/// Where a search came from, as limits see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SearchSource {
    /// Limits are off: every search counts, and each caller counts as an address of its own.
    Unlimited,
    /// A trusted client speaks for the caller, who counts as an address of its own.
    TrustedClient,
    /// An address as limits count it, and the network around an IPv6 one.
    Address {
        /// An IPv4 address, or the /64 of an IPv6 one.
        address: String,
        /// The /48 of an IPv6 address; `None` for an IPv4 one.
        site: Option<String>,
    },
}

impl SearchSource {
    /// What a search for a folded query takes from the shares of its UTC day; `None` when limits are off.
    #[must_use]
    pub fn share(&self, caller: &Caller, folded: &str, mode: SearchMode, at: Timestamp) -> Option<DayShare> {
        let fingerprint = caller.fingerprint();
        let half = u128::from_be_bytes(std::array::from_fn(|i| fingerprint[i]));
        let mut holders = vec![ShareHolder {
            bucket: format!("c:{half:032x}"),
            per_item: MAX_SEARCHES_PER_CALLER,
            items: None,
        }];
        let network = |bucket: String, factor: u32| ShareHolder {
            bucket,
            per_item: factor * MAX_SEARCHES_PER_ADDRESS,
            items: Some(factor * MAX_QUERIES_PER_ADDRESS),
        };
        match self {
            Self::Unlimited => return None,
            Self::TrustedClient => {}
            Self::Address { address, site } => {
                holders.push(network(format!("a:{address}"), 1));
                holders.extend(site.iter().map(|site| network(format!("s:{site}"), SITE_FACTOR)));
            }
        }
        let digest = Sha256::new().chain_update(mode.into_str()).chain_update("\0").chain_update(folded);
        let digest: [u8; 32] = digest.finalize().into();
        let day = at.day();
        let remaining = Day(day.0.saturating_add(1)).start().micros() - at.micros();
        Some(DayShare {
            day,
            remaining: Duration::from_micros(u64::try_from(remaining).unwrap_or(1)),
            item: u64::from_be_bytes(std::array::from_fn(|i| digest[i])),
            holders,
        })
    }
}

/// The address that a caller counts as towards the threshold of popular queries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountedAddress {
    /// One of the caller's own.
    Own,
    /// An address, by [`AddressKey::hash`].
    Hashed([u8; 16]),
    /// None that counts.
    NotKept,
}

/// The key under which addresses are hashed on one UTC day. Once it is deleted, no hash leads back to its address.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AddressKey(pub [u8; 32]);

impl AddressKey {
    /// The hash of an address that has searched for a folded query: it has another one for every query.
    #[must_use]
    pub fn hash(&self, address: &str, folded: &str, mode: SearchMode) -> [u8; 16] {
        let mut hasher = Sha256::new().chain_update(self.0);
        for text in [address, mode.into_str(), folded] {
            hasher.update(text);
            hasher.update("\0");
        }
        let digest: [u8; 32] = hasher.finalize().into();
        std::array::from_fn(|i| digest[i])
    }
}

impl fmt::Debug for AddressKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AddressKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::SessionHash;

    #[test]
    fn a_search_takes_from_its_caller_its_address_and_the_network_around_it() {
        let caller = Caller { session: SessionHash::of("s"), player: None };
        let at = Timestamp::from_micros(86_400_000_000 * 3 - 5_000_000).unwrap();
        let share = |source: SearchSource| source.share(&caller, "tank", SearchMode::Quick, at);
        assert_eq!(share(SearchSource::Unlimited), None);
        let trusted = share(SearchSource::TrustedClient).unwrap();
        assert_eq!((trusted.day, trusted.remaining), (Day(2), Duration::from_secs(5)));
        let limits = |share: &DayShare| -> Vec<_> {
            share.holders.iter().map(|holder| (holder.per_item, holder.items)).collect()
        };
        assert_eq!(limits(&trusted), [(3, None)]);
        let address = SearchSource::Address { address: "x".into(), site: Some("y".into()) };
        let address = share(address).unwrap();
        assert_eq!(limits(&address), [(3, None), (20, Some(500)), (320, Some(8_000))]);
        assert_eq!(address.item, trusted.item);
        let other = SearchSource::TrustedClient.share(&caller, "tank", SearchMode::Deep, at).unwrap();
        assert_ne!(other.item, trusted.item, "each mode has a count of its own");
    }

    #[test]
    fn a_hash_tells_addresses_apart_and_nothing_else() {
        let key = AddressKey([1; 32]);
        let hash = key.hash("192.0.2.1", "tank", SearchMode::Quick);
        assert_ne!(hash, key.hash("192.0.2.2", "tank", SearchMode::Quick));
        assert_ne!(hash, key.hash("192.0.2.1", "mage", SearchMode::Quick));
        assert_ne!(hash, AddressKey([2; 32]).hash("192.0.2.1", "tank", SearchMode::Quick));
        assert_eq!(format!("{key:?}"), "AddressKey(…)");
    }
}
