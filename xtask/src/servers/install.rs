//! Installing the servers where nobody minds: as root in CI or in a container.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::{account, binaries, container};
use crate::interrupts;
use crate::workspace::{environment, program};

/// nginx is the proxy that some tests put before the service, and pgbouncer the pooler before PostgreSQL.
const PACKAGES: [&str; 4] = ["postgresql", "redis-server", "nginx", "pgbouncer"];

/// Installs Debian's packages for the servers of which it is not said that they are there or not needed.
pub fn where_nobody_minds(postgres: bool, redis: bool, proxies: bool) -> Result<()> {
    let missing: Vec<&str> = [
        (postgres || binaries::postgres().is_some(), PACKAGES[0]),
        (redis || binaries::redis().is_some(), PACKAGES[1]),
        (proxies || program("nginx").is_some(), PACKAGES[2]),
        (proxies || program("pgbouncer").is_some(), PACKAGES[3]),
    ]
    .into_iter()
    .filter_map(|(there, package)| (!there).then_some(package))
    .collect();
    if missing.is_empty() || !account::is_root() || program("apt-get").is_none() {
        return Ok(());
    }
    if environment("CI").is_none() && !in_container() {
        return Ok(());
    }
    println!("Installing {} with apt-get", missing.join(", "));
    interrupts::run(apt().args(["update", "--quiet"]))?;
    interrupts::run(apt().args(["install", "--quiet", "--yes", "--no-install-recommends"]).args(missing))
}

/// The exact command for this machine.
pub fn advice() -> String {
    let packages = PACKAGES.join(" ");
    if program("apt-get").is_some() {
        let sudo = if account::is_root() { "" } else { "sudo " };
        format!("{sudo}apt-get install --yes {packages}")
    } else if program("dnf").is_some() {
        "sudo dnf install --assumeyes postgresql-server postgresql-contrib valkey nginx pgbouncer".into()
    } else if program("pacman").is_some() {
        "sudo pacman -S --noconfirm postgresql valkey nginx pgbouncer".into()
    } else if program("brew").is_some() {
        "brew install postgresql@17 redis nginx pgbouncer".into()
    } else {
        format!(
            "your package manager ({packages}), or start a container engine: {}",
            container::ENGINES.join(", ")
        )
    }
}

fn apt() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    // Run level 1 keeps the packages' scripts from starting their own servers.
    command.env("RUNLEVEL", "1");
    command
}

fn in_container() -> bool {
    ["/.dockerenv", "/run/.containerenv"].iter().any(|file| Path::new(file).exists())
        || environment("container").is_some()
}
