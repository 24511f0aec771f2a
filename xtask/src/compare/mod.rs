//! `cargo xtask compare`: the same requests to the older service and to this one, and how the answers differ.

mod body;
mod difference;
mod expected;
mod reads;
mod session;

use anyhow::{Context, Result, bail};
use ureq::http::Uri;

use crate::flags::CompareFlags;
use crate::smoke::client::Client;
use crate::workspace::{environment, root};
use difference::Difference;
use expected::Expected;

/// The file of expected differences, from the root of the workspace.
pub const EXPECTED: &str = "deploy/compare-expected.toml";

/// A bearer token of an administrator, which both services understand; with it the admin's reads are compared, too.
const ADMIN_VARIABLE: &str = "MYASHES_COMPARE_ADMIN_BEARER";

/// The name of an exchange that was made with both, and how the answers differ.
pub type Compared = (&'static str, Vec<Difference>);

/// The two services, each with a session of its own.
pub struct Pair {
    pub old: Client,
    pub new: Client,
}

pub fn run(flags: &CompareFlags) -> Result<()> {
    if flags.writes {
        for url in [&flags.old, &flags.new] {
            may_write(url, &flags.allow_writes_to)?;
        }
    }
    let expected = Expected::read(&root().join(&flags.expected))?;
    let pair = Pair { old: Client::new(&flags.old)?, new: Client::new(&flags.new)? };
    println!("comparing {} (old) with {} (new)", flags.old, flags.new);
    let mut compared = reads::compare(&pair, environment(ADMIN_VARIABLE).as_deref())?;
    let mut left_behind = Vec::new();
    if flags.writes {
        let (of_session, lines) = session::compare(&pair)?;
        compared.extend(of_session);
        left_behind = lines;
    }
    let unexpected = print(&compared, &expected);
    for line in left_behind {
        println!("stays: {line}");
    }
    if unexpected > 0 {
        bail!(
            "{unexpected} differences are not expected; fix them, or give each a reason in {}",
            flags.expected.display()
        );
    }
    Ok(())
}

/// Refuses a host that is neither this machine nor named by the caller.
fn may_write(url: &str, allowed: &[String]) -> Result<()> {
    let uri: Uri = url.parse().with_context(|| format!("{url:?} is no address"))?;
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let loopback =
        host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    if !loopback && !allowed.iter().any(|known| known == host) {
        bail!("--writes would write to {host}; name it with --allow-writes-to {host} if that is meant");
    }
    Ok(())
}

/// One line for each case and place; the number of lines that are not expected.
fn print(compared: &[Compared], expected: &Expected) -> usize {
    let mut unexpected = 0;
    let mut same = 0;
    let mut used = vec![false; expected.len()];
    for (case, differences) in compared {
        same += usize::from(differences.is_empty());
        if differences.is_empty() {
            println!("  same      {case}");
        }
        for (first, count) in difference::by_place(differences) {
            let times = if count > 1 { format!(" ({count} times)") } else { String::new() };
            match expected.reason(case, &first.place) {
                Some((index, reason)) => {
                    used[index] = true;
                    println!("  expected  {case}: {}{times}: {reason}", first.place);
                }
                None => {
                    unexpected += 1;
                    println!(
                        "  DIFFERS   {case}: {}{times}: old {}, new {}",
                        first.place, first.old, first.new
                    );
                }
            }
        }
    }
    for rule in expected.unused(&used) {
        println!("  not seen  {rule}");
    }
    println!("{} exchanges, {same} the same, {unexpected} differences not expected", compared.len());
    unexpected
}

#[cfg(test)]
mod tests {
    use super::may_write;

    #[test]
    fn writes_go_to_this_machine_and_to_named_hosts_alone() {
        for url in ["http://127.0.0.1:8000", "http://localhost:1", "http://[::1]:8000"] {
            assert!(may_write(url, &[]).is_ok(), "{url}");
        }
        let error = may_write("https://service.example", &["other.example".into()]).unwrap_err().to_string();
        assert!(error.contains("--allow-writes-to service.example"), "{error}");
        assert!(may_write("https://service.example", &["service.example".into()]).is_ok());
        assert!(may_write("http://127.0.0.1.service.example", &[]).is_err());
    }
}
