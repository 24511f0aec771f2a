//! The container engine, and how its client is called.

use std::ffi::OsString;
use std::os::unix::fs::symlink;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, str};

use anyhow::{Context, Result, bail};

use super::daemon::Daemon;
use super::debian::{Archive, CLIENT_SUITE};
use crate::interrupts;

/// Debian's packages of the client and its plugins.
const CLIENT: [&str; 3] = ["docker-cli", "docker-compose", "docker-buildx"];

pub struct Engine {
    client: PathBuf,
    environment: Vec<(&'static str, OsString)>,
    daemon: Option<Daemon>,
}

impl Engine {
    /// The engine that `docker` reaches by itself: `DOCKER_HOST`, the context, or the default socket.
    pub fn existing() -> Result<Self> {
        let engine = Self { client: "docker".into(), environment: Vec::new(), daemon: None };
        output(engine.docker().args(["info", "--format", "{{.ServerVersion}}"]))
            .context("no container engine answers; --debian starts one")?;
        Ok(engine)
    }

    /// An engine of our own below `work`, with a client that is unpacked there and not installed.
    pub fn own(work: &Path) -> Result<Self> {
        let tools = work.join("tools");
        Archive::of_this_machine()?.unpack(CLIENT_SUITE, &CLIENT, &work.join("apt"), &tools)?;
        // Plugins are looked for beside the client's configuration.
        let configuration = work.join("docker-config");
        let plugins = configuration.join("cli-plugins");
        fs::create_dir_all(&plugins)?;
        for entry in fs::read_dir(tools.join("usr/libexec/docker/cli-plugins"))? {
            let entry = entry?;
            symlink(entry.path(), plugins.join(entry.file_name()))?;
        }
        let daemon = Daemon::start(&work.join("engine"))?;
        let environment = vec![
            ("DOCKER_HOST", OsString::from(daemon.address())),
            ("DOCKER_CONFIG", configuration.into_os_string()),
        ];
        Ok(Self { client: tools.join("usr/bin/docker"), environment, daemon: Some(daemon) })
    }

    /// The client, without arguments yet.
    pub fn docker(&self) -> Command {
        let mut command = Command::new(&self.client);
        if self.daemon.is_some() {
            command.env_remove("DOCKER_CONTEXT");
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// The words that call the client from a shell.
    pub fn command_line(&self) -> String {
        let settings =
            self.environment.iter().map(|(name, value)| format!("{name}={} ", value.to_string_lossy()));
        format!("{}{}", settings.collect::<String>(), self.client.display())
    }

    pub fn describe(&self) -> Result<String> {
        let server = output(self.docker().args(["version", "--format", "{{.Server.Version}}"]))?;
        let compose = output(self.docker().args(["compose", "version", "--short"]))?;
        let which = if self.daemon.is_some() { "own" } else { "the machine's" };
        Ok(format!("{which} engine {server}, docker compose {compose}"))
    }

    pub fn build_image(&self, name: &str, context: &Path) -> Result<()> {
        let mut build = self.docker();
        build.args(["buildx", "build", "--quiet", "--load", "--tag", name]).arg(context);
        output(&mut build)?;
        Ok(())
    }

    /// The network interface for the containers of an engine of our own.
    pub fn bridge(&self) -> Option<&str> {
        self.daemon.as_ref().map(Daemon::bridge)
    }

    /// Leaves an engine of our own running; the commands that end it.
    pub fn keep(&mut self) -> Option<String> {
        self.daemon.as_mut().map(Daemon::keep)
    }
}

/// Runs a command to its end; its standard output without the white space around it.
///
/// # Errors
/// When it fails, with the last lines of what it said.
pub fn output(command: &mut Command) -> Result<String> {
    let output = interrupts::output(command)?;
    if !output.status.success() {
        bail!("{} ended with {}: {}", interrupts::line(command), output.status, last_lines(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a command that cleans up, also after Ctrl-C.
pub fn clean_up(command: &mut Command) {
    let name = interrupts::line(command);
    match command.process_group(0).output() {
        Ok(output) if output.status.success() => {}
        Ok(output) => eprintln!("warning: {name}: {}", last_lines(&output.stderr)),
        Err(error) => eprintln!("warning: cannot run {name}: {error}"),
    }
}

/// The end of a log on one line.
fn last_lines(log: &[u8]) -> String {
    const LINES: usize = 4;
    let log = String::from_utf8_lossy(log);
    let lines: Vec<String> = log.lines().map(without_escapes).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(LINES)..].join(" | ")
}

/// A line without the codes that move a terminal's cursor and colour it, and without white space around it.
pub fn without_escapes(line: &str) -> String {
    let mut pieces = line.split('\u{1b}');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece.find(|character: char| character.is_ascii_alphabetic());
        text.push_str(end.map_or("", |end| &piece[end + 1..]));
    }
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::last_lines;

    #[test]
    fn the_last_lines_of_a_log_are_kept_without_escapes_and_empty_ones() {
        let log = "one\ntwo\n\n\u{1b}[2Kthree\n \u{1b}[31mfour\u{1b}[0m\nfive\n";
        assert_eq!(last_lines(log.as_bytes()), "two | three | four | five");
        assert_eq!(last_lines(b""), "");
    }
}
