//! The notations that values come in: durations, switches, addresses, origins.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use actix_web::http::Uri;
use ipnet::IpNet;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::secret::Secret;

/// `30` (seconds), `500ms`, `30s`, `5m`, `3h`, `3d`: whole numbers only.
pub(super) fn parse_duration(text: &str) -> Option<Duration> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len();
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    let seconds = match unit {
        "ms" => return Some(Duration::from_millis(number)),
        "" | "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return None,
    };
    number.checked_mul(seconds).map(Duration::from_secs)
}

/// The shortest notation that [`parse_duration`] reads back.
pub(super) fn show_duration(duration: Duration) -> String {
    let millis = duration.as_millis();
    let units = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)];
    match units.iter().find(|(_, unit)| millis > 0 && millis.is_multiple_of(*unit)) {
        Some((name, unit)) => format!("{}{name}", millis / unit),
        None => format!("{millis}ms"),
    }
}

pub(super) fn parse_bool(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "false" | "0" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// A network, or a single address as the network that holds only it.
pub(super) fn parse_network(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

/// A host to listen on: an address (brackets around IPv6 are dropped) or a name.
pub(super) fn parse_host(text: &str) -> Option<String> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let name = !bare.is_empty() && bare.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
    (bare.parse::<IpAddr>().is_ok() || name).then(|| bare.to_owned())
}

/// An `http` or `https` URL without user, query and fragment; a slash at its end is dropped.
pub(super) fn parse_http_url(text: &str) -> Option<String> {
    let uri: Uri = text.parse().ok()?;
    let known = matches!(uri.scheme_str(), Some("http" | "https"));
    let plain = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
    let bare = uri.query().is_none() && !text.contains('#');
    (known && plain && bare && uri.host().is_some_and(|host| !host.is_empty()))
        .then(|| text.trim_end_matches('/').to_owned())
}

/// Paths that are not those of pages.
const OTHER_PATHS: [&str; 5] = ["/api/v1", "/docs", "/health", "/metrics", "/ready"];

/// The URL under which pages are mounted: its path leads to nothing else.
pub(super) fn parse_pages_url(text: &str) -> Option<String> {
    let url = parse_http_url(text)?;
    let uri: Uri = url.parse().ok()?;
    let mount_path = uri.path().trim_end_matches('/');
    let is_below = |path: &str, base: &str| {
        path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let crosses = |path: &str| is_below(path, mount_path) || is_below(mount_path, path);
    (mount_path.is_empty() || !OTHER_PATHS.into_iter().any(crosses)).then_some(url)
}

/// An origin as a browser sends it: scheme, host, port unless it is the scheme's own, and nothing after them.
fn parse_origin(text: &str) -> Option<String> {
    let url = parse_http_url(text)?.to_ascii_lowercase();
    let uri: Uri = url.parse().ok()?;
    let own_port = if uri.scheme_str() == Some("https") { ":443" } else { ":80" };
    let origin = url.strip_suffix(own_port).or_else(|| url.strip_suffix(':')).unwrap_or(&url);
    (uri.path() == "/" && !url.contains('*')).then(|| origin.to_owned())
}

/// An origin, or `*` for any.
pub(super) fn parse_origin_or_any(text: &str) -> Option<String> {
    if text == "*" { Some(text.to_owned()) } else { parse_origin(text) }
}

pub(super) fn parse_redis_url(text: &str) -> Option<Secret> {
    let known = text.starts_with("redis://") || text.starts_with("rediss://");
    known.then(|| Secret::new(text))
}

pub(super) fn is_https(url: &str) -> bool {
    url.starts_with("https://")
}

/// Whether plain http to this URL stays inside of the machine or the cluster.
pub(super) fn is_internal_host(url: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else { return false };
    is_inside_host(uri.host().unwrap_or_default())
}

/// Whether a host is this machine or a service of the cluster.
pub(super) fn is_inside_host(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    let loopback = match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => Ipv4Addr::is_loopback(&address),
        Ok(IpAddr::V6(address)) => Ipv6Addr::is_loopback(&address),
        Err(_) => host == "localhost",
    };
    loopback || host.ends_with(".svc") || host.ends_with(".svc.cluster.local")
}

/// RFC 3986's reserved characters, and all that a URL cannot hold as it is.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A text as one component of a URL.
pub(super) fn percent_encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// A host as it stands in a URL.
pub(super) fn host_in_url(host: &str) -> String {
    if host.parse::<Ipv6Addr>().is_ok() { format!("[{host}]") } else { percent_encode(host) }
}

/// Whether a value is still a placeholder such as `CHANGE_ME`, or holds one.
pub(super) fn is_placeholder(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    let words: Vec<&str> =
        value.split(|c: char| !c.is_ascii_alphabetic()).filter(|it| !it.is_empty()).collect();
    words.iter().any(|word| word.starts_with("changeme") || word.ends_with("changeme"))
        || words.windows(2).any(|pair| pair == ["change", "me"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_come_in_every_unit() {
        let good = [("30", 30_000), ("30s", 30_000), ("500ms", 500), ("5m", 300_000), ("3h", 10_800_000)];
        for (text, millis) in good {
            assert_eq!(parse_duration(text), Some(Duration::from_millis(millis)), "{text}");
        }
        assert_eq!(parse_duration("3d"), Some(Duration::from_secs(259_200)));
        for bad in ["", "s", "-1", "1.5s", "3 d", "3w", "1s1", "99999999999999999999d"] {
            assert_eq!(parse_duration(bad), None, "{bad}");
        }
    }

    #[test]
    fn placeholders_are_found_within_values_and_not_within_words() {
        for bad in [
            "CHANGE_ME",
            "changeme",
            "Change-Me-2",
            "please change me",
            "changeme123",
            "PLEASECHANGEME",
            "postgres://myashes:CHANGE_ME@db/myashes",
        ] {
            assert!(is_placeholder(bad), "{bad}");
        }
        for good in ["", "exchange-metrics", "https://exchange.media.example", "sea change", "me"] {
            assert!(!is_placeholder(good), "{good}");
        }
    }

    #[test]
    fn pages_are_not_mounted_over_the_api() {
        for good in
            ["https://a.example", "https://a.example/", "https://a.example/apiary", "https://a.example/x/api"]
        {
            assert_eq!(parse_pages_url(good).as_deref(), Some(good.trim_end_matches('/')));
        }
        for bad in ["/api", "/api/", "/api/v1", "/api/v1/pages", "/health", "/ready"] {
            assert_eq!(parse_pages_url(&format!("https://a.example{bad}")), None, "{bad}");
        }
    }

    #[test]
    fn a_shown_duration_reads_back() {
        for millis in [0, 1, 999, 1000, 90_000, 3_600_000, 86_400_000] {
            let duration = Duration::from_millis(millis);
            assert_eq!(parse_duration(&show_duration(duration)), Some(duration));
        }
    }

    #[test]
    fn an_origin_has_no_path_and_no_wildcard() {
        assert_eq!(parse_origin("https://MyAshes.ai/"), Some("https://myashes.ai".to_owned()));
        assert_eq!(parse_origin("http://localhost:3000"), Some("http://localhost:3000".to_owned()));
        assert_eq!(parse_origin("HTTPS://c.example:443/"), Some("https://c.example".to_owned()));
        assert_eq!(parse_origin("http://[::1]:80"), Some("http://[::1]".to_owned()));
        assert_eq!(parse_origin("http://c.example:443"), Some("http://c.example:443".to_owned()));
        for bad in ["*", "https://*.myashes.ai", "https://a.b/c", "ftp://a.b", "a.b", "https://u@a.b", ""] {
            assert_eq!(parse_origin(bad), None, "{bad}");
        }
    }

    #[test]
    fn only_the_cluster_and_the_machine_count_as_inside() {
        for inside in [
            "http://id.auth.svc/x",
            "http://id.auth.svc.cluster.local:80",
            "http://[::1]:1",
            "http://127.9.9.9",
        ] {
            assert!(is_internal_host(inside), "{inside}");
        }
        for outside in
            ["http://id.example", "http://svc.example", "http://127.0.0.1.example", "http://10.0.0.1"]
        {
            assert!(!is_internal_host(outside), "{outside}");
        }
    }

    #[test]
    fn a_component_is_encoded_whole() {
        assert_eq!(percent_encode("p@ss:w/ö%"), "p%40ss%3Aw%2F%C3%B6%25");
        assert_eq!(host_in_url("::1"), "[::1]");
    }
}
