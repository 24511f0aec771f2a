//! The ordinary user a server runs as: PostgreSQL refuses to run as root, and nothing thrown away needs it.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

/// The user to run as; `None` is the user of this command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account(Option<(u32, u32)>);

impl Account {
    /// The user of this command.
    pub const CALLER: Self = Self(None);

    /// The first of these users that exists, or `nobody`; the caller himself unless he is root.
    pub fn for_server(preferred: &str) -> Result<Self> {
        if !is_root() {
            return Ok(Self::CALLER);
        }
        let passwd = fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
        let ids = [preferred, "nobody"].iter().find_map(|name| ids(&passwd, name));
        ids.map(|ids| Self(Some(ids))).with_context(|| {
            format!("root cannot run a server: there is neither a user {preferred} nor a user nobody")
        })
    }

    /// A command that runs as this user, in a folder this user can enter.
    pub fn command(self, program: &Path, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(folder);
        if let Some((user, group)) = self.0 {
            command.uid(user).gid(group);
        }
        command
    }

    /// Gives a file or folder to this user.
    pub fn own(self, path: &Path) -> Result<()> {
        let Some((user, group)) = self.0 else { return Ok(()) };
        std::os::unix::fs::chown(path, Some(user), Some(group))
            .with_context(|| format!("cannot hand over {}", path.display()))
    }
}

pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn ids(passwd: &str, name: &str) -> Option<(u32, u32)> {
    let mut fields = passwd.lines().map(|line| line.split(':')).find_map(|mut fields| {
        let found = fields.next() == Some(name);
        found.then_some(fields)
    })?;
    fields.next();
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
