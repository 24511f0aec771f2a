//! The client address of a request, for rate limits.
//!
//! `X-Forwarded-For` is untrusted. It is used only from a peer in `TRUSTED_PROXIES`, and read from the
//! right, hop by hop: the first address that is not itself a trusted proxy is the client's, whatever stands
//! left of it. Any client may have written its lines, so each hop is checked by itself.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use actix_web::dev::RequestHead;
use actix_web::http::header::X_FORWARDED_FOR;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// Bits of the network that one subscriber gets, and of the one that a site gets.
const SUBSCRIBER_BITS: u8 = 64;
const SITE_BITS: u8 = 48;

/// Bits of the network of an IPv4 address in reports.
const REPORTED_BITS: u8 = 24;

/// The client behind a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress {
    address: IpAddr,
    /// The nearest trusted proxy did not forward a valid address of its client; `address` is the proxy's.
    withheld: bool,
}

impl ClientAddress {
    /// The client that sent a request, perhaps through proxies.
    #[must_use]
    pub fn from_request(head: &RequestHead, trusted_proxies: &[IpNet]) -> Self {
        let peer = head.peer_addr.map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |peer| peer.ip()).to_canonical();
        let lines = head.headers().get_all(X_FORWARDED_FOR).map(|line| line.as_bytes());
        resolve(peer, lines, trusted_proxies)
    }

    /// Whether one of `networks` holds it. An address that was withheld is in none.
    #[must_use]
    pub fn is_within(&self, networks: &[IpNet]) -> bool {
        !self.withheld && within(self.address, networks)
    }

    /// The address as limits count it: an IPv4 address, or the /64 of an IPv6 one.
    #[must_use]
    pub fn counted(&self) -> IpAddr {
        match self.address {
            IpAddr::V6(v6) => IpAddr::V6(network(v6, SUBSCRIBER_BITS).network()),
            v4 => v4,
        }
    }

    /// The network that reports name: the /24 of an IPv4 address, the /48 of an IPv6 one.
    #[must_use]
    pub fn network(&self) -> IpNet {
        match self.address {
            IpAddr::V4(v4) => Ipv4Net::new_assert(v4, REPORTED_BITS).trunc().into(),
            IpAddr::V6(v6) => network(v6, SITE_BITS).into(),
        }
    }

    /// The /48 around an IPv6 address.
    #[must_use]
    pub fn site(&self) -> Option<IpNet> {
        match self.address {
            IpAddr::V6(v6) => Some(network(v6, SITE_BITS).into()),
            IpAddr::V4(_) => None,
        }
    }
}

fn network(address: Ipv6Addr, bits: u8) -> Ipv6Net {
    Ipv6Net::new_assert(address, bits).trunc()
}

/// Whether one of `networks` holds `address`.
#[must_use]
pub fn within(address: IpAddr, networks: &[IpNet]) -> bool {
    networks.iter().any(|network| network.contains(&address))
}

fn resolve<'a>(
    peer: IpAddr,
    lines: impl DoubleEndedIterator<Item = &'a [u8]>,
    trusted: &[IpNet],
) -> ClientAddress {
    let mut nearest = peer;
    let hops = lines.rev().flat_map(|line| line.rsplit(|byte| *byte == b',')).map(<[u8]>::trim_ascii);
    // A comma too many makes no hop.
    for hop in hops.filter(|hop| !hop.is_empty()) {
        if !within(nearest, trusted) {
            break;
        }
        match parse_hop(hop) {
            Some(address) => nearest = address,
            None => return ClientAddress { address: nearest, withheld: true },
        }
    }
    ClientAddress { address: nearest, withheld: false }
}

/// An address, perhaps in quotes, with a port or a zone: `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`,
/// `"[2001:db8::1]:4711"`, `fe80::1%eth0`. The zone is dropped.
fn parse_hop(hop: &[u8]) -> Option<IpAddr> {
    let hop = std::str::from_utf8(hop).ok()?;
    let hop = hop.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(hop).trim();
    let without_zone = match hop.split_once('%') {
        None => hop.to_owned(),
        Some((address, zone)) => format!("{address}{}", zone.find(']').map_or("", |end| &zone[end..])),
    };
    let hop = without_zone.as_str();
    let bare = hop.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(hop);
    let address = bare.parse().ok().or_else(|| hop.parse().ok().map(|it: SocketAddr| it.ip()));
    address.map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(peer: &str, forwarded: &[&[u8]]) -> ClientAddress {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        resolve(peer.parse().unwrap(), forwarded.iter().copied(), &trusted)
    }

    fn client(peer: &str, forwarded: &[&[u8]]) -> String {
        resolved(peer, forwarded).address.to_string()
    }

    #[test]
    fn a_stranger_cannot_name_another_address() {
        assert_eq!(client("203.0.113.9", &[b"198.51.100.1"]), "203.0.113.9");
    }

    #[test]
    fn the_rightmost_untrusted_hop_behind_a_trusted_proxy_is_the_client() {
        assert_eq!(client("10.0.0.1", &[b"1.1.1.1, 198.51.100.1, 10.0.0.2"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &[b"1.1.1.1", b"198.51.100.1:80"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &[b"\xff\xe9, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &[b"10.0.0.3, 10.0.0.2"]), "10.0.0.3");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn a_hop_that_is_no_address_is_the_proxys_and_in_no_network() {
        for hop in
            [&b"198.51.100.1, nonsense"[..], b"\xff", b"unknown", b"\"", b"1.2.3.4.5", b"%", b"[", b"[]"]
        {
            let found = resolved("10.0.0.1", &[hop]);
            assert_eq!((found.address.to_string(), found.withheld), ("10.0.0.1".to_owned(), true), "{hop:?}");
            assert!(!found.is_within(&["10.0.0.0/8".parse().unwrap()]));
        }
        assert!(resolved("10.0.0.1", &[]).is_within(&["10.0.0.0/8".parse().unwrap()]));
    }

    #[test]
    fn addresses_come_in_quotes_with_ports_zones_and_commas_too_many() {
        for (hop, address) in [
            (&b"198.51.100.1,"[..], "198.51.100.1"),
            (b"198.51.100.1 , ,, ", "198.51.100.1"),
            (b"\"198.51.100.1:80\"", "198.51.100.1"),
            (b"2001:db8::1", "2001:db8::1"),
            (b"[2001:db8::1]", "2001:db8::1"),
            (b"\"[2001:db8::1]:4711\"", "2001:db8::1"),
            (b"fe80::1%eth0", "fe80::1"),
            (b"[fe80::1%25eth0]:80", "fe80::1"),
            (b"::ffff:198.51.100.1", "198.51.100.1"),
        ] {
            assert_eq!(client("10.0.0.1", &[hop]), address, "{hop:?}");
        }
    }

    #[test]
    fn a_whole_64_counts_as_one_and_mapped_addresses_as_their_ipv4() {
        let of = |text: &str| {
            let address = text.parse::<IpAddr>().unwrap().to_canonical();
            let client = ClientAddress { address, withheld: false };
            (client.counted(), client.site())
        };
        assert_eq!(of("2001:db8:1:2:3::4"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1").0, of("2001:db8:1:3::1").0);
        assert_eq!(of("2001:db8:1:2::1").1, of("2001:db8:1:3::1").1);
        assert_eq!(of("2001:db8:1:2::1").1.unwrap().to_string(), "2001:db8:1::/48");
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }
}
