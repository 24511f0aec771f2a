//! `cargo xtask dev`: serves, and serves anew when the source changes.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command};
use std::time::SystemTime;

use anyhow::{Context, Result};
use myashes_servers::pause;
use rustix::process::{Pid, Signal, kill_process_group};

use crate::flags::DevFlags;
use crate::interrupts::{self, Foreground};
use crate::servers::Servers;
use crate::workspace::{cargo, root};

/// What the program is made of.
const SOURCES: [&str; 5] = ["crates", "migrations", "game", "Cargo.toml", "Cargo.lock"];
const PROGRAM: [&str; 4] = ["--package", "myashes-api", "--bin", "myashes"];

pub fn run(flags: &DevFlags) -> Result<()> {
    let servers = if flags.postgres { Some(Servers::kept("target/dev/postgres")?) } else { None };
    let mut seen = None;
    let mut serving = None;
    loop {
        let now = newest();
        if now == seen {
            // Polling needs nothing from the system, and a glance at some hundred files is cheap.
            pause();
            interrupts::check()?;
            continue;
        }
        seen = now;
        // The old program goes on while the new one is compiled, and stays when that fails.
        let built = Foreground::start(cargo().arg("build").args(PROGRAM))?.wait()?;
        if built.success() {
            drop(serving.take());
            serving = Some(Serving::start(servers.as_ref())?);
        } else {
            println!("It does not compile; waiting for a change.");
        }
    }
}

/// The running program; dropping it stops it and waits for its end.
struct Serving(Child);

impl Serving {
    fn start(servers: Option<&Servers>) -> Result<Self> {
        let mut command: Command = cargo();
        // On Unix `cargo run` becomes the program, so that its process is the one we hold.
        command.args(["run", "--quiet"]).args(PROGRAM).args(["--", "serve"]).process_group(0);
        if let Some(servers) = servers {
            command.env("DATABASE_URL", &servers.database_url).env("REDIS_URL", &servers.redis_url);
            command.env("MIGRATE_ON_START", "true");
        }
        Ok(Self(command.spawn().context("cannot start the program")?))
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = kill_process_group(Pid::from_child(&self.0), Signal::TERM);
        if let Err(error) = self.0.wait() {
            eprintln!("warning: the program does not stop: {error}");
        }
    }
}

fn newest() -> Option<SystemTime> {
    SOURCES.iter().filter_map(|source| newest_under(&root().join(source))).max()
}

/// The latest change at or below this path. A deleted file shows in its folder's own time.
fn newest_under(path: &Path) -> Option<SystemTime> {
    let metadata = path.metadata().ok()?;
    let below = path.is_dir().then(|| {
        let entries = path.read_dir().into_iter().flatten().flatten();
        entries.filter_map(|entry| newest_under(&entry.path())).max()
    });
    metadata.modified().ok().max(below.flatten())
}
