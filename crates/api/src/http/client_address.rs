//! Whose address a request counts for.
//!
//! `X-Forwarded-For` is a claim. It is believed only from a peer in `TRUSTED_PROXIES`, and read from the
//! right: the first address that is not itself a trusted proxy is the client's, whatever stands left of it.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use actix_web::dev::RequestHead;
use ipnet::IpNet;

/// An address as limits count it: an IPv4 address, or the /64 of an IPv6 one, which is what one subscriber
/// gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientAddress(IpAddr);

impl ClientAddress {
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                Self(IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0)))
            }
            v4 => Self(v4),
        }
    }

    /// The client behind a request.
    #[must_use]
    pub fn behind(head: &RequestHead, trusted_proxies: &[IpNet]) -> (IpAddr, Self) {
        let peer = head.peer_addr.map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |peer| peer.ip()).to_canonical();
        let forwarded = head.headers().get_all("x-forwarded-for").filter_map(|line| line.to_str().ok());
        let address = resolve(peer, forwarded, trusted_proxies);
        (address, Self::of(address))
    }
}

impl fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Whether one of `networks` holds `address`.
#[must_use]
pub fn within(address: IpAddr, networks: &[IpNet]) -> bool {
    networks.iter().any(|network| network.contains(&address))
}

fn resolve<'a>(
    peer: IpAddr,
    forwarded: impl DoubleEndedIterator<Item = &'a str>,
    trusted: &[IpNet],
) -> IpAddr {
    let mut nearest = peer;
    if !within(peer, trusted) {
        return nearest;
    }
    for hop in forwarded.rev().flat_map(|line| line.rsplit(',')) {
        // A hop that is no address was not written by a proxy of ours: what it hides is not believed.
        let Some(address) = parse_hop(hop.trim()) else { break };
        nearest = address;
        if !within(address, trusted) {
            break;
        }
    }
    nearest
}

/// An address, perhaps with a port: `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]:4711`.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    let address = hop.parse().ok().or_else(|| hop.parse().ok().map(|it: std::net::SocketAddr| it.ip()));
    address
        .or_else(|| hop.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
        .map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&str]) -> String {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        resolve(peer.parse().unwrap(), forwarded.iter().copied(), &trusted).to_string()
    }

    #[test]
    fn a_stranger_cannot_name_another_address() {
        assert_eq!(client("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
    }

    #[test]
    fn the_rightmost_untrusted_hop_behind_a_trusted_proxy_is_the_client() {
        assert_eq!(client("10.0.0.1", &["1.1.1.1, 198.51.100.1, 10.0.0.2"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["1.1.1.1", "198.51.100.1:80"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["198.51.100.1, nonsense"]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn a_whole_64_counts_as_one_and_mapped_addresses_as_their_ipv4() {
        let of = |text: &str| ClientAddress::of(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3::4"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }
}
