//! Processes of servers: how they are started, waited for, frozen and ended.

use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};

/// Polling interval for state that sends no notification.
pub const MOMENT: Duration = Duration::from_millis(10);

/// How long a server may take to answer on a busy machine.
const START: Duration = Duration::from_secs(60);

static INTERRUPTED: OnceLock<fn() -> bool> = OnceLock::new();

/// For a command that ends its servers by itself after Ctrl-C: `interrupted` ends the waits of this crate, and the
/// servers get process groups of their own, which Ctrl-C does not reach.
pub fn handle_interrupts(interrupted: fn() -> bool) {
    INTERRUPTED.get_or_init(|| interrupted);
}

/// A server's process, which is killed when the value is dropped.
pub struct ServerProcess {
    name: String,
    child: Child,
}

impl ServerProcess {
    pub fn spawn(command: &mut Command) -> Result<Self> {
        if INTERRUPTED.get().is_some() {
            command.process_group(0);
        }
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        Ok(Self { name, child })
    }

    /// Starts a server without its output, and waits until it listens on this port of the loopback interface.
    pub fn on_port(command: &mut Command, port: u16) -> Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut process = Self::spawn(command)?;
        process.wait_until(|| TcpStream::connect(("127.0.0.1", port)).is_ok())?;
        Ok(process)
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("a child of this process").is_some()
    }

    /// Polls until the server answers.
    ///
    /// # Errors
    /// When it ends, when it takes longer than a minute, or when the command is interrupted.
    pub fn wait_until(&mut self, is_ready: impl Fn() -> bool) -> Result<()> {
        let name = self.name.clone();
        wait_until(&name, || {
            ensure!(!self.has_ended(), "{name} has ended");
            Ok(is_ready())
        })
    }

    /// Stops the process and its children without ending them: connections stay open, nothing answers.
    pub fn freeze(&self) {
        send(self.id(), Signal::STOP);
        // The parent stands still, so that no child is added meanwhile.
        children(self.id()).into_iter().for_each(|child| send(child, Signal::STOP));
    }

    pub fn thaw(&self) {
        children(self.id()).into_iter().for_each(|child| send(child, Signal::CONT));
        send(self.id(), Signal::CONT);
    }

    /// Sends the signal and waits for the end; the exit code, `None` when a signal has ended the process.
    pub fn end(&mut self, signal: Signal) -> Option<i32> {
        send(self.id(), signal);
        self.child.wait().expect("a child of this process").code()
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait()) {
            eprintln!("warning: {} does not end: {error}", self.name);
        }
    }
}

fn send(process: u32, signal: Signal) {
    let pid = i32::try_from(process).ok().and_then(Pid::from_raw).expect("a process id");
    // It may have ended by itself meanwhile.
    kill_process(pid, signal).ok();
}

/// The children of a process at this moment.
fn children(parent: u32) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    numbers.filter(|process| parent_of(*process) == Some(parent)).collect()
}

fn parent_of(process: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name, in parentheses, may hold anything; after it come the state and the parent.
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

/// Polls until `is_ready` holds.
///
/// # Errors
/// After a minute, and when the command is interrupted.
pub fn wait_until(name: &str, mut is_ready: impl FnMut() -> Result<bool>) -> Result<()> {
    let began = Instant::now();
    while !is_ready()? {
        if INTERRUPTED.get().is_some_and(|interrupted| interrupted()) {
            bail!("interrupted");
        }
        ensure!(began.elapsed() < START, "{name} does not answer");
        pause();
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "nothing tells when a server listens: ask again in a moment")]
pub fn pause() {
    std::thread::sleep(MOMENT);
}

/// A loopback port that no other process takes meanwhile: below the range of ephemeral ports, since a server that is
/// restarted must find its own port free.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    const FIRST: u16 = 20_000;
    const MANY: u16 = 12_000;
    // Processes that are started one after the other begin far apart.
    let start = (std::process::id().wrapping_mul(97) % u32::from(MANY)) as u16;
    loop {
        let port = FIRST + (start + NEXT.fetch_add(1, Ordering::Relaxed)) % MANY;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
