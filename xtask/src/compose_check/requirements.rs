//! What has to be installed, all that is missing in one message.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Result, bail, ensure};
use myashes_servers::{is_root, program};

use super::debian::KEYRING;
use crate::flags::ComposeCheckFlags;
use crate::servers::{PackageNames, install_command};

/// Something that is needed, its package, and whether it is there.
type Requirement = (&'static str, PackageNames, fn() -> bool);

const GIT: Requirement = ("git", ["git"; 4], || program("git").is_some());

/// For the engine of this machine.
const CLIENT: [Requirement; 3] = [
    ("docker", ["docker.io", "moby-engine", "docker", "docker"], || program("docker").is_some()),
    ("docker compose", ["docker-compose"; 4], || has_plugin("compose")),
    ("docker buildx", ["docker-buildx"; 4], || has_plugin("buildx")),
];

/// For an engine and images of our own.
const DEBIAN: [Requirement; 4] = [
    ("dockerd", of_debian("docker.io"), || program("dockerd").is_some()),
    ("mmdebstrap", of_debian("mmdebstrap"), || program("mmdebstrap").is_some()),
    ("dpkg-deb", of_debian("dpkg"), || program("dpkg-deb").is_some()),
    ("the keys of Debian's archive", of_debian("debian-archive-keyring"), || Path::new(KEYRING).is_file()),
];

const fn of_debian(name: &'static str) -> PackageNames {
    [name, "", "", ""]
}

/// # Errors
/// Names everything that is missing, and the command that installs it.
pub fn check(flags: &ComposeCheckFlags) -> Result<()> {
    let kind: &[Requirement] = if flags.debian { &DEBIAN } else { &CLIENT };
    let needed = std::iter::once(&GIT).chain(kind);
    let missing: Vec<&Requirement> = needed.filter(|(_, _, is_there)| !is_there()).collect();
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
    let (names, packages): (Vec<&str>, Vec<_>) =
        missing.iter().map(|(what, packages, _)| (*what, *packages)).unzip();
    let names = names.join(", ");
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
        for (what, packages, _) in std::iter::once(&GIT).chain(&CLIENT) {
            assert!(!packages.contains(&""), "{what}");
        }
    }
}
