//! A PostgreSQL of our own. `fsync` stays on: the slow suite kills it and counts what was acknowledged.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::account::Account;
use super::folder::Folder;
use super::{ServerGuard, StartedServer};
use crate::interrupts;

/// Test binaries run side by side, and each test has pools of its own.
const MAX_CONNECTIONS: u32 = 300;

/// Starts a server in `folder`, with a new cluster unless one is there.
pub fn start(binaries: &Path, folder: Folder, account: Account) -> Result<StartedServer> {
    let data = folder.path().join("data");
    let password = folder.password(account)?;
    if !data.join("PG_VERSION").is_file() {
        initialise(binaries, &folder, account)?;
    }
    let running = control(binaries, &folder, account).arg("status").stdout(Stdio::null()).status();
    if running.context("cannot run pg_ctl")?.success() {
        // A value for this folder would stop a server that another command started.
        bail!("a server runs in {} already: end it, or the command that started it", data.display());
    }
    let server = Postgres { binaries: binaries.to_path_buf(), folder, account };
    // Another program can take the port between the look and the start.
    let mut attempts = 0;
    let port = loop {
        let port = free_port()?;
        match server.start(port) {
            Ok(()) => break port,
            Err(error) if attempts == 2 => return Err(error),
            Err(_) => attempts += 1,
        }
        interrupts::check()?;
    };
    let kept = if server.folder.is_temporary() { "a throw-away server" } else { "the server that is kept" };
    Ok(StartedServer {
        url: format!("postgres://postgres:{password}@127.0.0.1:{port}/postgres"),
        what: format!("{kept} on 127.0.0.1:{port}, from {}", binaries.display()),
        server: Box::new(server),
    })
}

/// A port of the loopback interface that was free a moment ago.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}

fn initialise(binaries: &Path, folder: &Folder, account: Account) -> Result<()> {
    let mut command = account.command(&binaries.join("initdb"), folder.path());
    // The C locale of the system's library orders by code point, and still knows what a letter is: trigrams of
    // text that is not English need that.
    let locale = if cfg!(target_os = "macos") { "C" } else { "C.UTF-8" };
    command.args(["--username=postgres", "--encoding=UTF8", "--auth=password", "--pwfile=password"]);
    command.args([&format!("--locale={locale}"), "--no-sync", "--no-instructions", "--pgdata=data"]);
    quietly(&mut command)
}

fn control(binaries: &Path, folder: &Folder, account: Account) -> Command {
    let mut command = account.command(&binaries.join("pg_ctl"), folder.path());
    command.args(["--pgdata=data", "--wait", "--silent"]);
    command
}

struct Postgres {
    binaries: PathBuf,
    folder: Folder,
    account: Account,
}

impl ServerGuard for Postgres {}

impl Postgres {
    fn start(&self, port: u16) -> Result<()> {
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' \
             -c max_connections={MAX_CONNECTIONS} -c fsync=on -c log_min_messages=fatal"
        );
        let mut command = control(&self.binaries, &self.folder, self.account);
        command.args(["--log=log", "--timeout=60", "--options", &options, "start"]);
        quietly(&mut command).with_context(|| {
            let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            format!("PostgreSQL does not start: {}", log.trim())
        })
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Nothing of a throw-away server is worth a checkpoint.
        let mode = if self.folder.is_temporary() { "--mode=immediate" } else { "--mode=fast" };
        if let Err(error) = quietly(control(&self.binaries, &self.folder, self.account).args([mode, "stop"]))
        {
            eprintln!("warning: PostgreSQL in {} does not stop: {error:#}", self.folder.path().display());
        }
    }
}

/// Runs to the end, and shows what the command said only when it fails. Its output goes to no pipe, since the
/// server it leaves behind would hold the pipe open.
fn quietly(command: &mut Command) -> Result<()> {
    let name = interrupts::line(command);
    let errors = std::env::temp_dir().join(format!("myashes-initdb-{}", std::process::id()));
    let file = fs::File::create(&errors).context("cannot write a temporary file")?;
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(file).status();
    let said = fs::read_to_string(&errors).unwrap_or_default();
    fs::remove_file(&errors).context("cannot remove a temporary file")?;
    let status = status.with_context(|| format!("cannot run {name}"))?;
    if status.success() { Ok(()) } else { bail!("{name}: {status}: {}", said.trim()) }
}
