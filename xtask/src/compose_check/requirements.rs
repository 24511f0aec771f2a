//! What has to be installed, all that is missing in one message.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Result, bail, ensure};
use myashes_servers::{is_root, program};

use super::debian::KEYRING;
use crate::flags::ComposeCheckFlags;
use crate::servers::install_command;

/// Something that is needed, and its package by package manager.
struct Requirement {
    what: &'static str,
    packages: &'static [(&'static str, &'static str)],
    is_there: fn() -> bool,
}

const GIT: Requirement =
    Requirement { what: "git", packages: &everywhere("git"), is_there: || program("git").is_some() };

/// A package with the same name in every package manager.
const fn everywhere(name: &'static str) -> [(&'static str, &'static str); 4] {
    [("apt-get", name), ("dnf", name), ("pacman", name), ("brew", name)]
}

/// For the engine of this machine.
const CLIENT: [Requirement; 3] = [
    Requirement {
        what: "docker",
        packages: &[
            ("apt-get", "docker.io"),
            ("dnf", "moby-engine"),
            ("pacman", "docker"),
            ("brew", "docker"),
        ],
        is_there: || program("docker").is_some(),
    },
    Requirement {
        what: "docker compose",
        packages: &everywhere("docker-compose"),
        is_there: || has_plugin("compose"),
    },
    Requirement {
        what: "docker buildx",
        packages: &everywhere("docker-buildx"),
        is_there: || has_plugin("buildx"),
    },
];

/// For an engine and images of our own.
const DEBIAN: [Requirement; 4] = [
    Requirement {
        what: "dockerd",
        packages: &[("apt-get", "docker.io")],
        is_there: || program("dockerd").is_some(),
    },
    Requirement {
        what: "mmdebstrap",
        packages: &[("apt-get", "mmdebstrap")],
        is_there: || program("mmdebstrap").is_some(),
    },
    Requirement {
        what: "dpkg-deb",
        packages: &[("apt-get", "dpkg")],
        is_there: || program("dpkg-deb").is_some(),
    },
    Requirement {
        what: "the keys of Debian's archive",
        packages: &[("apt-get", "debian-archive-keyring")],
        is_there: || Path::new(KEYRING).is_file(),
    },
];

/// # Errors
/// Names everything that is missing, and the command that installs it.
pub fn check(flags: &ComposeCheckFlags) -> Result<()> {
    let kind: &[Requirement] = if flags.debian { &DEBIAN } else { &CLIENT };
    let missing: Vec<&Requirement> =
        std::iter::once(&GIT).chain(kind).filter(|needed| !(needed.is_there)()).collect();
    if !missing.is_empty() {
        bail!("{}", complaint(&missing));
    }
    if flags.debian {
        ensure!(program("apt-get").is_some(), "--debian needs apt: the images are made of Debian's packages");
        ensure!(is_root(), "--debian needs root: dockerd and mmdebstrap do not run as another user");
    }
    Ok(())
}

fn complaint(missing: &[&Requirement]) -> String {
    let names: Vec<&str> = missing.iter().map(|needed| needed.what).collect();
    let names = names.join(", ");
    let packages: Vec<_> = missing.iter().map(|needed| needed.packages).collect();
    match install_command(&packages) {
        Some(command) => format!("missing: {names}. Install with: {command}"),
        None => format!("missing: {names}. Install with your package manager"),
    }
}

fn has_plugin(name: &str) -> bool {
    let mut version = Command::new("docker");
    version.args([name, "version"]).stdout(Stdio::null()).stderr(Stdio::null());
    version.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::{CLIENT, DEBIAN, GIT, complaint};

    #[test]
    fn all_that_is_missing_is_named_at_once() {
        let text = complaint(&[&GIT, &DEBIAN[0], &DEBIAN[1]]);
        assert!(text.starts_with("missing: git, dockerd, mmdebstrap. Install with"), "{text}");
    }

    #[test]
    fn every_package_manager_has_a_name_for_what_the_machines_engine_needs() {
        for needed in std::iter::once(&GIT).chain(&CLIENT) {
            assert_eq!(needed.packages.len(), 4, "{}", needed.what);
        }
    }
}
