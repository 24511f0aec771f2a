//! Ctrl-C and SIGTERM are passed to the child that runs in the foreground, so that the command which waits
//! for it goes on, drops its throw-away servers and leaves nothing behind.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

static SEEN: AtomicBool = AtomicBool::new(false);
static FOREGROUND: Mutex<Option<Pid>> = Mutex::new(None);

/// Starts to listen for the signals; called once, before any command runs.
pub fn watch() -> Result<()> {
    myashes_servers::handle_interrupts(seen);
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("cannot listen for signals")?;
    std::thread::spawn(move || {
        for _ in signals.forever() {
            let again = SEEN.swap(true, Ordering::SeqCst);
            let foreground = *FOREGROUND.lock().expect("no holder of this lock panics");
            if let Some(group) = foreground {
                // A second Ctrl-C is for a child that does not want to go.
                let signal = if again { Signal::KILL } else { Signal::TERM };
                // The group may have ended by itself in this very moment.
                let _ = kill_process_group(group, signal);
            }
        }
    });
    Ok(())
}

/// Whether the user has asked to stop.
pub fn seen() -> bool {
    SEEN.load(Ordering::SeqCst)
}

/// An error once the user has asked to stop; for loops that wait.
pub fn check() -> Result<()> {
    if seen() { bail!("interrupted") } else { Ok(()) }
}

/// A child in a process group of its own, which a signal to this command ends.
pub struct Foreground {
    child: Child,
    _registration: Registration,
}

/// As long as it exists, signals are passed to the child.
struct Registration;

impl Foreground {
    pub fn start(command: &mut Command) -> Result<Self> {
        check()?;
        let mut holder = FOREGROUND.lock().expect("no holder of this lock panics");
        let child = command
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().to_string_lossy()))?;
        *holder = Some(Pid::from_child(&child));
        Ok(Self { child, _registration: Registration })
    }

    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Waits for the end; an error when it was the user who ended it.
    pub fn wait(mut self) -> Result<std::process::ExitStatus> {
        let status = self.child.wait().context("cannot wait for the child")?;
        check()?;
        Ok(status)
    }

    /// Waits for the end and returns what came through its pipes; an error when it was the user who ended it.
    pub fn wait_with_output(self) -> Result<Output> {
        let Self { child, _registration } = self;
        let output = child.wait_with_output().context("cannot read a command's output")?;
        check()?;
        Ok(output)
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        *FOREGROUND.lock().expect("no holder of this lock panics") = None;
    }
}

/// Runs a command to its end and fails, naming it, when it fails.
pub fn run(command: &mut Command) -> Result<()> {
    let status = Foreground::start(command)?.wait()?;
    ensure!(status.success(), "{} ended with {status}", line(command));
    Ok(())
}

/// Runs a command to its end and returns what it wrote; its standard input is empty.
pub fn output(command: &mut Command) -> Result<Output> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    Foreground::start(command)?.wait_with_output()
}

/// Runs a command with this input, and returns what it wrote. The input is written before anything is read, so that the
/// command must not wait for its output to be read meanwhile.
pub fn feed(command: &mut Command, input: &str) -> Result<Output> {
    let name = line(command);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("cannot start {name}"))?;
    // When it stops reading early, its own words say why.
    let _ = child.stdin.take().expect("standard input is a pipe").write_all(input.as_bytes());
    child.wait_with_output().with_context(|| format!("cannot run {name}"))
}

/// Runs a command to its end; its standard output without the white space around it.
///
/// # Errors
/// When it fails, with what it complained about.
pub fn text(command: &mut Command) -> Result<String> {
    let name = line(command);
    let output = command.output().with_context(|| format!("cannot run {name}"))?;
    if !output.status.success() {
        bail!("{name}: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The command as one would type it.
pub fn line(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}
