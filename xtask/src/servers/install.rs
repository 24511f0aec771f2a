//! Installing the servers and the browser that tests need, with the system's package manager.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};
use myashes_servers::{is_root, postgres_binaries, program, redis_binary};

use super::container;
use crate::interrupts;

/// The source of the locale in which a test's PostgreSQL speaks.
const GERMAN: &str = "/usr/share/i18n/locales/de_DE";

struct Manager {
    program: &'static str,
    arguments: &'static [&'static str],
    needs_root: bool,
}

const MANAGERS: [Manager; 4] = [
    Manager {
        program: "apt-get",
        arguments: &["install", "--quiet", "--yes", "--no-install-recommends"],
        needs_root: true,
    },
    Manager { program: "dnf", arguments: &["install", "--assumeyes"], needs_root: true },
    Manager { program: "pacman", arguments: &["-S", "--noconfirm", "--needed"], needs_root: true },
    Manager { program: "brew", arguments: &["install"], needs_root: false },
];

/// What each of [`MANAGERS`] calls something; empty where it has no package of it.
pub type PackageNames = [&'static str; MANAGERS.len()];

/// PostgreSQL, Redis, nginx, pgbouncer, Chromium with chromedriver, and what else tests need: OpenSSL's program, which
/// makes certificates, with the sources of locales, and promtool.
const PACKAGES: [PackageNames; 7] = [
    ["postgresql", "postgresql-server postgresql-contrib", "postgresql", "postgresql@17"],
    ["redis-server", "valkey", "valkey", "redis"],
    ["nginx"; 4],
    ["pgbouncer"; 4],
    ["chromium chromium-driver", "chromium chromedriver", "chromium", "chromium chromedriver"],
    ["openssl locales", "openssl glibc-locale-source", "openssl", "openssl"],
    ["prometheus", "golang-github-prometheus", "prometheus", "prometheus"],
];

/// Installs the missing servers and browser, and prints what it does. `postgres` and `redis` say that they are there
/// already.
///
/// # Errors
/// Without a package manager that is known here, or when it fails.
pub fn install(postgres: bool, redis: bool) -> Result<()> {
    let there = [
        postgres || postgres_binaries().is_some(),
        redis || redis_binary().is_some(),
        program("nginx").is_some(),
        program("pgbouncer").is_some(),
        program("chromedriver").is_some(),
        program("openssl").is_some() && (cfg!(not(target_os = "linux")) || Path::new(GERMAN).exists()),
        program("promtool").is_some(),
    ];
    if there.iter().all(|it| *it) {
        return Ok(());
    }
    let Some((number, manager)) = manager() else {
        bail!("no package manager is known here. Install: {}", advice())
    };
    if manager.program == "apt-get" {
        interrupts::run(command(manager).args(["update", "--quiet"]))?;
    }
    let missing = PACKAGES.iter().zip(there).filter_map(|(names, there)| (!there).then_some(names[number]));
    let missing: Vec<&str> = missing.flat_map(str::split_whitespace).collect();
    println!("Installing {} with {}", missing.join(", "), manager.program);
    interrupts::run(command(manager).args(manager.arguments).args(missing))
}

/// The command that installs all of them by hand.
pub fn advice() -> String {
    match manager() {
        Some((number, manager)) => command_line(manager, &PACKAGES.map(|names| names[number]).join(" ")),
        None => format!(
            "PostgreSQL, Redis, nginx, pgbouncer, Chromium, chromedriver, openssl and promtool with your package manager, \
             or start a container engine: {}",
            container::ENGINES.join(", ")
        ),
    }
}

/// The command that installs packages by hand; `None` where the package manager does not have all of them.
pub fn command_for(packages: &[PackageNames]) -> Option<String> {
    let (number, manager) = manager()?;
    let mut names = Vec::new();
    for name in packages.iter().map(|names| names[number]) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    (!names.contains(&"")).then(|| command_line(manager, &names.join(" ")))
}

fn command_line(manager: &Manager, packages: &str) -> String {
    let sudo = if needs_sudo(manager) { "sudo " } else { "" };
    format!("{sudo}{} {} {packages}", manager.program, manager.arguments.join(" "))
}

fn manager() -> Option<(usize, &'static Manager)> {
    MANAGERS.iter().enumerate().find(|(_, it)| program(it.program).is_some())
}

fn needs_sudo(manager: &Manager) -> bool {
    manager.needs_root && !is_root()
}

fn command(manager: &Manager) -> Command {
    // Run level 1 keeps Debian's packages from starting servers of their own; sudo passes no variables on.
    let settings = ["DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1"];
    let mut command = Command::new(if needs_sudo(manager) { "sudo" } else { "env" });
    if needs_sudo(manager) {
        command.arg("env");
    }
    command.args(settings).arg(manager.program);
    command
}
