//! The ordinary user a server runs as: PostgreSQL refuses to run as root, and nothing thrown away needs it.

use std::fs;

use anyhow::{Context, Result};

/// The ids of the user and the group of the first of these users that exists, or `nobody`; `None`, which is the user of
/// this command, unless that is root.
pub fn for_server(preferred: &str) -> Result<Option<(u32, u32)>> {
    if !is_root() {
        return Ok(None);
    }
    let passwd = fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
    let ids = [preferred, "nobody"].iter().find_map(|name| ids(&passwd, name));
    ids.map(Some).with_context(|| {
        format!("root cannot run a server: there is neither a user {preferred} nor a user nobody")
    })
}

pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn ids(passwd: &str, name: &str) -> Option<(u32, u32)> {
    let rest = passwd.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    let mut fields = rest.split(':').skip(1);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::ids;

    #[test]
    fn the_ids_are_those_of_the_user_with_exactly_this_name() {
        let passwd =
            "root:x:0:0:root:/root:/bin/sh\npostgres2:x:7:7::/:/bin/sh\npostgres:x:101:103::/:/bin/sh\n";
        assert_eq!(ids(passwd, "postgres"), Some((101, 103)));
        assert_eq!(ids(passwd, "redis"), None);
    }
}
