//! A Redis (or Valkey) of our own, in memory only.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::account::Account;
use super::folder::Folder;
use super::postgres::free_port;
use super::{ServerGuard, StartedServer};
use crate::interrupts;

const START: Duration = Duration::from_secs(10);

pub fn start(program: &Path, folder: Folder, account: Account) -> Result<StartedServer> {
    let password = folder.password(account)?;
    let port = free_port()?;
    let mut command = account.command(program, folder.path());
    // A group of its own: Ctrl-C is for the tests first, and this server goes when they are done.
    command.arg("-").process_group(0).stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = command.spawn().with_context(|| format!("cannot start {}", program.display()))?;
    let mut settings = child.stdin.take().expect("standard input is a pipe");
    let server = Redis { child, folder };
    // Through standard input, so that the password is in no list of processes.
    write!(
        settings,
        "bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave \"\"\nappendonly no\ndir {}\n",
        server.folder.path().display()
    )
    .context("cannot configure Redis")?;
    drop(settings);
    wait_until_ready(port, &password)?;
    Ok(StartedServer {
        url: format!("redis://default:{password}@127.0.0.1:{port}/0"),
        what: format!("a throw-away server on 127.0.0.1:{port}, from {}", program.display()),
        server: Box::new(server),
    })
}

/// Asks until the server on this port answers; an error after ten seconds.
pub fn wait_until_ready(port: u16, password: &str) -> Result<()> {
    let begun = Instant::now();
    while begun.elapsed() < START {
        interrupts::check()?;
        if answers(port, password).unwrap_or(false) {
            return Ok(());
        }
        pause();
    }
    bail!("Redis on 127.0.0.1:{port} does not answer")
}

#[expect(clippy::disallowed_methods, reason = "nothing tells when a server listens: ask again in a moment")]
pub fn pause() {
    std::thread::sleep(Duration::from_millis(20));
}

fn answers(port: u16, password: &str) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(1)))?;
    let hello = if password.is_empty() { String::new() } else { format!("AUTH {password}\r\n") };
    stream.write_all(format!("{hello}PING\r\nQUIT\r\n").as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.contains("+PONG"))
}

struct Redis {
    child: Child,
    folder: Folder,
}

impl ServerGuard for Redis {}

impl Drop for Redis {
    fn drop(&mut self) {
        // It holds nothing that a tidy end would save.
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait()) {
            eprintln!("warning: Redis does not stop: {error}");
        }
    }
}
