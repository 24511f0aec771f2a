//! Installing the servers and the browser that tests need, with the system's package manager.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};
use myashes_servers::{is_root, postgres_binaries, program, redis_binary};

use super::container;
use crate::interrupts;

/// The source of the locale in which a test's PostgreSQL speaks.
const GERMAN: &str = "/usr/share/i18n/locales/de_DE";

/// A package manager: its program, how it installs, and its names of PostgreSQL, Redis, nginx, pgbouncer, Chromium with
/// chromedriver, and what else tests need: OpenSSL's program, which makes certificates, the sources of locales, and
/// promtool.
struct Manager {
    program: &'static str,
    arguments: &'static [&'static str],
    packages: [&'static str; 7],
    needs_root: bool,
}

const MANAGERS: [Manager; 4] = [
    Manager {
        program: "apt-get",
        arguments: &["install", "--quiet", "--yes", "--no-install-recommends"],
        packages: [
            "postgresql",
            "redis-server",
            "nginx",
            "pgbouncer",
            "chromium chromium-driver",
            "openssl locales",
            "prometheus",
        ],
        needs_root: true,
    },
    Manager {
        program: "dnf",
        arguments: &["install", "--assumeyes"],
        packages: [
            "postgresql-server postgresql-contrib",
            "valkey",
            "nginx",
            "pgbouncer",
            "chromium chromedriver",
            "openssl glibc-locale-source",
            "golang-github-prometheus",
        ],
        needs_root: true,
    },
    Manager {
        program: "pacman",
        arguments: &["-S", "--noconfirm", "--needed"],
        packages: ["postgresql", "valkey", "nginx", "pgbouncer", "chromium", "openssl", "prometheus"],
        needs_root: true,
    },
    Manager {
        program: "brew",
        arguments: &["install"],
        packages: [
            "postgresql@17",
            "redis",
            "nginx",
            "pgbouncer",
            "chromium chromedriver",
            "openssl",
            "prometheus",
        ],
        needs_root: false,
    },
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
    let Some(manager) = manager() else { bail!("no package manager is known here. Install: {}", advice()) };
    if manager.program == "apt-get" {
        interrupts::run(command(manager).args(["update", "--quiet"]))?;
    }
    let missing = manager.packages.iter().zip(there).filter_map(|(names, there)| (!there).then_some(*names));
    let missing: Vec<&str> = missing.flat_map(str::split_whitespace).collect();
    println!("Installing {} with {}", missing.join(", "), manager.program);
    interrupts::run(command(manager).args(manager.arguments).args(missing))
}

/// The command that installs all of them by hand.
pub fn advice() -> String {
    match manager() {
        Some(manager) => command_line(manager, &manager.packages.join(" ")),
        None => format!(
            "PostgreSQL, Redis, nginx, pgbouncer, Chromium, chromedriver, openssl and promtool with your package manager, \
             or start a container engine: {}",
            container::ENGINES.join(", ")
        ),
    }
}

/// The command that installs packages by hand; each is given by its names, with the package manager that has it.
pub fn command_for(packages: &[&[(&str, &str)]]) -> Option<String> {
    let manager = manager()?;
    let mut names = Vec::new();
    for package in packages {
        let (_, name) = package.iter().find(|(program, _)| *program == manager.program)?;
        if !names.contains(name) {
            names.push(*name);
        }
    }
    Some(command_line(manager, &names.join(" ")))
}

fn command_line(manager: &Manager, packages: &str) -> String {
    let sudo = if needs_sudo(manager) { "sudo " } else { "" };
    format!("{sudo}{} {} {packages}", manager.program, manager.arguments.join(" "))
}

fn manager() -> Option<&'static Manager> {
    MANAGERS.iter().find(|it| program(it.program).is_some())
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
