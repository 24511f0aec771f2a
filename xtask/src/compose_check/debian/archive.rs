//! Debian's archive, through the mirror that this machine uses.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::compose_check::engine::output;

/// What the archive's indexes are signed with.
pub const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

pub struct Archive {
    mirror: String,
}

impl Archive {
    /// The mirror in apt's configuration.
    ///
    /// # Errors
    /// On a machine that gets no packages from Debian.
    pub fn of_this_machine() -> Result<Self> {
        let mut targets = Command::new("apt-get");
        let targets =
            output(targets.args(["indextargets", "--format", "$(ORIGIN) $(CODENAME) $(REPO_URI)"]))?;
        let Some(mirror) = mirror(&targets) else {
            bail!(
                "apt knows no mirror of Debian (`apt-get update`?): --debian is for machines that run Debian"
            );
        };
        Ok(Self { mirror: mirror.to_owned() })
    }

    /// The archive as a line of apt's `sources.list`.
    pub fn source(&self, suite: &str) -> String {
        format!("deb [signed-by={KEYRING}] {} {suite} main", self.mirror)
    }

    /// Downloads packages, without those they depend on, and unpacks them. `state` is a new folder for apt, so that
    /// the machine's own lists and packages stay as they are.
    pub fn unpack(&self, suite: &str, packages: &[&str], state: &Path, to: &Path) -> Result<()> {
        for folder in ["lists/partial", "cache/archives/partial", "packages"] {
            fs::create_dir_all(state.join(folder))?;
        }
        fs::write(state.join("status"), "")?;
        fs::write(state.join("sources.list"), self.source(suite))?;
        let configuration = state.join("apt.conf");
        fs::write(&configuration, apt_configuration(state))?;
        let apt = || {
            let mut apt = Command::new("apt-get");
            apt.env("APT_CONFIG", &configuration).current_dir(state.join("packages")).arg("-qq");
            apt
        };
        output(apt().arg("update"))?;
        output(apt().arg("download").args(packages))?;
        fs::create_dir_all(to)?;
        for file in fs::read_dir(state.join("packages"))? {
            output(Command::new("dpkg-deb").arg("--extract").arg(file?.path()).arg(to))?;
        }
        fs::remove_dir_all(state).context("cannot remove apt's folder")
    }
}

/// The first mirror of Debian's archive itself, not of its updates.
fn mirror(targets: &str) -> Option<&str> {
    targets.lines().find_map(|line| {
        let [origin, codename, mirror] = line.split_whitespace().collect::<Vec<_>>()[..] else { return None };
        (origin == "Debian" && !codename.contains('-')).then_some(mirror)
    })
}

fn apt_configuration(state: &Path) -> String {
    let state = state.display();
    format!(
        "Dir::State \"{state}\";\nDir::State::status \"{state}/status\";\nDir::Cache \"{state}/cache\";\n\
         Dir::Etc::SourceList \"{state}/sources.list\";\nDir::Etc::SourceParts \"/dev/null\";\n\
         APT::Sandbox::User \"root\";\nAcquire::Languages \"none\";\n"
    )
}

#[cfg(test)]
mod tests {
    use super::mirror;

    #[test]
    fn the_mirror_is_that_of_the_archive_and_not_of_its_updates_or_of_others() {
        let targets = "Docker bookworm https://packages.example/docker\n\
            Debian bookworm-security http://mirror.example/debian-security/\n\
            Debian bookworm http://mirror.example/debian/\n\
            Debian bookworm-updates http://mirror.example/debian/\n";
        assert_eq!(mirror(targets), Some("http://mirror.example/debian/"));
        assert_eq!(mirror("Ubuntu noble http://archive.example/ubuntu/\n"), None);
        assert_eq!(mirror(""), None);
    }
}
