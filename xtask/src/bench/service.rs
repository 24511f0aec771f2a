//! The program under test as a process: start, memory figures, stop.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use myashes_servers::{ServerProcess, free_port};
use rustix::process::Signal;

use super::client::BenchClient;
use super::machine::number_behind;
use super::stage::folder;
use crate::interrupts;
use crate::workspace::environment;

/// Where the service's log is, in the bench's folder.
pub const LOG: &str = "service.log";

const START: Duration = Duration::from_secs(60);

/// What actix calls its workers, within a runtime and without, as far as Linux keeps the name.
const WORKERS: [&str; 2] = ["actix-server wo", "actix-rt|system"];

pub struct Service {
    process: ServerProcess,
    pub port: u16,
    /// From the start of the process to the first 200.
    pub started_in: Duration,
}

impl Service {
    /// Starts `myashes serve` with its defaults, but for the limits, the retention of the data and the level of its log.
    pub fn start(program: &Path, database_url: &str, redis_url: Option<&str>, level: &str) -> Result<Self> {
        let mut command = configured(program, database_url)?;
        command.arg("serve").env("LOG_LEVEL", level);
        if let Some(redis_url) = redis_url {
            command.env("REDIS_URL", redis_url);
        }
        Self::launch(command, "/ready", LOG)
    }

    /// Starts a server that takes its port from PORT, and waits until it answers.
    pub fn launch(mut command: Command, path: &str, log: &str) -> Result<Self> {
        let port = free_port();
        let log = folder().join(log);
        let said = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        command.env("PORT", port.to_string());
        command.stdin(Stdio::null()).stdout(said.try_clone()?).stderr(said);
        let begun = Instant::now();
        let process = ServerProcess::spawn(&mut command)?;
        let mut service = Self { process, port, started_in: Duration::ZERO };
        while begun.elapsed() < START {
            interrupts::check()?;
            if BenchClient::connect(port)
                .and_then(|mut it| it.get(path))
                .is_ok_and(|answer| answer.status == 200)
            {
                service.started_in = begun.elapsed();
                return Ok(service);
            }
            if service.process.has_ended() {
                break;
            }
            poll_interval();
        }
        bail!("it does not answer 200 to {path}: {}", fs::read_to_string(&log).unwrap_or_default().trim())
    }

    /// MiB of memory that the process holds.
    pub fn resident(&self) -> Result<f64> {
        self.memory("VmRSS:")
    }

    /// The most MiB of memory that the process has held.
    pub fn peak(&self) -> Result<f64> {
        self.memory("VmHWM:")
    }

    /// How many threads answer requests.
    pub fn workers(&self) -> Result<usize> {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.process.id()))?;
        let names = tasks.flatten().filter_map(|task| fs::read_to_string(task.path().join("comm")).ok());
        let of_actix = |name: &String| WORKERS.iter().any(|kind| name.starts_with(kind));
        let workers = names.filter(of_actix).count();
        if workers == 0 { bail!("the service has no worker thread with a known name") } else { Ok(workers) }
    }

    fn memory(&self, line: &str) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let kib = number_behind(&status, line).with_context(|| format!("the process has no {line}"))?;
        Ok(kib as f64 / 1024.0)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.process.end(Signal::TERM);
    }
}

pub fn migrate(program: &Path, database_url: &str) -> Result<()> {
    interrupts::run(configured(program, database_url)?.arg("migrate").stdout(Stdio::null()))
}

pub fn seed(program: &Path, database_url: &str, demo: u32) -> Result<()> {
    let mut command = configured(program, database_url)?;
    interrupts::run(command.args(["seed", "--demo", &demo.to_string()]).stdout(Stdio::null()))
}

/// The program with nothing of the caller's own settings.
fn configured(program: &Path, database_url: &str) -> Result<Command> {
    let mut command = Command::new(program);
    command.env_clear().current_dir(folder()).env("PATH", environment("PATH").unwrap_or_default());
    command.env("HOST", "127.0.0.1").env("DATABASE_URL", database_url).env("LOG_FORMAT", "json");
    command.env("RATE_LIMIT_ENABLED", "false");
    // The data gets older than a service would keep it.
    command.env("RETENTION_SEARCH_DAYS", "0").env("RETENTION_FEEDBACK_DAYS", "0");
    Ok(command)
}

#[expect(
    clippy::disallowed_methods,
    reason = "nothing tells when a server listens, and its start is measured"
)]
fn poll_interval() {
    std::thread::sleep(Duration::from_millis(1));
}
