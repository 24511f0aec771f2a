//! Two clients at two addresses: the address limit of one must not be spent by the other.
//!
//! Behind a proxy that `TRUSTED_PROXIES` does not name, all visitors have the proxy's address, and one bucket.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs, UdpSocket};

use anyhow::{Context, Result, bail, ensure};
use ureq::http::Uri;

use super::Outcome;
use super::client::{Answer, Client};

const LIST: &str = "/api/v1/builds?limit=1";
const BUCKET: &str = "lists-address";
/// What the first address spends.
const REQUESTS: u32 = 20;
/// At once, so that the bucket refills little meanwhile.
const CONNECTIONS: u32 = 4;
/// Less of the first address's spending that is left says nothing.
const LEAST_VISIBLE: u64 = 5;

/// Sends lists from the first address, and looks whether the second address's bucket has lost them.
pub fn check(url: &str, asked: &[IpAddr]) -> Outcome {
    let sources = match sources(url, asked) {
        Ok(sources) => sources,
        Err(error) => return Outcome::Failed(error),
    };
    match sources[..] {
        [first, second] => compare(url, first, second).unwrap_or_else(Outcome::Failed),
        [only] => Outcome::NotChecked(format!("one address only, {only}: give --from twice")),
        _ => Outcome::NotChecked("no address of this machine reaches it".into()),
    }
}

fn compare(url: &str, first: IpAddr, second: IpAddr) -> Result<Outcome> {
    let client = Client::connect(url, Some(second))?;
    let before = spent(&list(&client)?);
    let of_first = std::thread::scope(|scope| {
        let lanes = (0..CONNECTIONS).map(|_| scope.spawn(|| spend(url, first)));
        let lanes: Vec<_> = lanes.collect();
        let spent = lanes.into_iter().map(|lane| lane.join().expect("a lane does not panic"));
        spent.collect::<Result<Vec<_>>>()
    })?;
    let after = spent(&list(&client)?);
    let of_first = || of_first.iter().flatten();
    let (Some(before), Some(after), Some(low), Some(high)) =
        (before, after, of_first().min(), of_first().max())
    else {
        let why =
            format!("no \"{BUCKET}\" in the RateLimit header: limits are off, or this client is trusted");
        return Ok(Outcome::NotChecked(why));
    };
    let spent_first = high - low;
    if spent_first < LEAST_VISIBLE {
        let why =
            format!("{REQUESTS} lists from {first} moved its bucket by {spent_first}: too slow to tell");
        return Ok(Outcome::NotChecked(why));
    }
    // What the second bucket lacks has grown by the second's own request, or by all of the first's.
    let spent_second = after.saturating_sub(before);
    ensure!(
        spent_second <= spent_first / 2,
        "while {first} spent {spent_first} of \"{BUCKET}\", {second} lost {spent_second}: the service takes all \
         visitors for one address. Set TRUSTED_PROXIES to the address that the proxy connects from (PROXY_CIDR in \
         the overlay's operator-values.yaml), and see that the proxy sends X-Forwarded-For"
    );
    Ok(Outcome::Passed(format!("while {first} spent {spent_first}, {second} lost {spent_second}")))
}

/// Sends one connection's share of the lists; what the bucket lacks after each.
fn spend(url: &str, source: IpAddr) -> Result<Vec<u64>> {
    let client = Client::connect(url, Some(source))?;
    let mut all = Vec::new();
    for _ in 0..REQUESTS / CONNECTIONS {
        all.extend(spent(&list(&client)?));
    }
    Ok(all)
}

fn list(client: &Client) -> Result<Answer> {
    client.get(LIST)?.with_status(200)
}

/// What the address's bucket lacks, from `RateLimit` and `RateLimit-Policy`.
fn spent(answer: &Answer) -> Option<u64> {
    let left = parameter(&answer.header("RateLimit").join(", "), "r")?;
    let limit = parameter(&answer.header("RateLimit-Policy").join(", "), "q")?;
    Some(limit.saturating_sub(left))
}

/// A parameter of the address's bucket in a list such as `"lists";r=119, "lists-address";r=598`.
fn parameter(list: &str, name: &str) -> Option<u64> {
    let mut items = list.split(',').map(str::trim);
    let item = items.find_map(|item| item.strip_prefix(&format!("\"{BUCKET}\"")))?;
    let mut parameters = item.split(';').filter_map(|parameter| parameter.trim().split_once('='));
    parameters.find(|(key, _)| *key == name)?.1.parse().ok()
}

/// The addresses that were asked for, else the one of each family from which this machine reaches the host.
fn sources(url: &str, asked: &[IpAddr]) -> Result<Vec<IpAddr>> {
    ensure!(asked.len() <= 2, "--from can be given twice at most");
    let sources = if asked.is_empty() { own(url)? } else { asked.to_vec() };
    if let [first, second] = sources[..] {
        ensure!(network(first) != network(second), "{first} and {second} are one address to the limits");
    }
    Ok(sources)
}

fn own(url: &str) -> Result<Vec<IpAddr>> {
    let uri: Uri = url.parse().with_context(|| format!("{url:?} is no address"))?;
    let Some(host) = uri.host() else { bail!("{url:?} names no host") };
    let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("http") { 80 } else { 443 });
    let host = host.trim_matches(['[', ']']);
    let targets: Vec<SocketAddr> =
        (host, port).to_socket_addrs().with_context(|| format!("cannot resolve {host}"))?.collect();
    let of_family = |ipv4: bool| targets.iter().find(|target| target.is_ipv4() == ipv4);
    Ok([true, false].into_iter().filter_map(of_family).filter_map(local_address).collect())
}

/// The address that connections to `target` come from; nothing is sent.
fn local_address(target: &SocketAddr) -> Option<IpAddr> {
    let any: SocketAddr = if target.is_ipv4() { ([0; 4], 0).into() } else { ([0u16; 8], 0).into() };
    let socket = UdpSocket::bind(any).ok()?;
    socket.connect(target).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

/// What the limits take for one address.
fn network(address: IpAddr) -> Vec<u8> {
    match address.to_canonical() {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets()[..8].to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::{network, parameter, sources};

    #[test]
    fn the_bucket_of_the_address_is_read_and_no_other() {
        let list = "\"lists\";r=119, \"lists-address\";r=598";
        assert_eq!(parameter(list, "r"), Some(598));
        assert_eq!(parameter("\"lists\";r=119", "r"), None);
        assert_eq!(parameter("\"lists\";q=120;w=60, \"lists-address\";q=600;w=60", "q"), Some(600));
    }

    #[test]
    fn two_addresses_of_one_ipv6_network_are_refused() {
        let one = "2001:db8::1".parse().unwrap();
        let same = "2001:db8::2".parse().unwrap();
        assert_eq!(network(one), network(same));
        assert!(sources("http://127.0.0.1:1", &[one, same]).is_err());
        let other = "192.0.2.1".parse().unwrap();
        assert_eq!(sources("http://127.0.0.1:1", &[one, other]).unwrap(), [one, other]);
    }

    #[test]
    fn a_host_of_one_family_is_reached_from_one_address() {
        assert_eq!(sources("http://127.0.0.1:1", &[]).unwrap().len(), 1);
    }
}
