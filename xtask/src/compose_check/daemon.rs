//! A `dockerd` of our own: its socket, data and state are in one folder. It sets up no firewall, so that the rules of
//! another engine on this machine stay as they are; one rule lets the containers of the check reach each other.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use myashes_servers::pause;
use rustix::process::{Pid, Signal, kill_process};

use super::engine::{clean_up, output};
use crate::interrupts;

const START: Duration = Duration::from_secs(30);
/// Longer than dockerd waits for its containers.
const STOP: Duration = Duration::from_secs(40);

/// Tried in this order: overlay2 needs a file system that supports it, vfs copies everything.
const STORAGE_DRIVERS: [&str; 2] = ["overlay2", "vfs"];

pub struct Daemon {
    child: Child,
    folder: PathBuf,
    bridge: String,
    kept: bool,
}

impl Daemon {
    pub fn start(folder: &Path) -> Result<Self> {
        fs::create_dir(folder)?;
        let mut complaint = String::new();
        for driver in STORAGE_DRIVERS {
            let mut daemon = Self::spawn(folder, driver)?;
            if daemon.wait_until_ready()? {
                // Where bridged packets pass the firewall, another engine's policy would drop them.
                output(&mut daemon.firewall_rule("--insert"))?;
                return Ok(daemon);
            }
            complaint = fs::read_to_string(folder.join("log")).unwrap_or_default();
        }
        let last = complaint.lines().last().unwrap_or("it wrote no log");
        bail!("dockerd does not start: {last}")
    }

    pub fn address(&self) -> String {
        format!("unix://{}", socket(&self.folder).display())
    }

    /// The network interface that its containers are to share.
    pub fn bridge(&self) -> &str {
        &self.bridge
    }

    /// Leaves it running; the commands that end it.
    pub fn keep(&mut self) -> String {
        self.kept = true;
        format!("kill {} && {}", self.child.id(), interrupts::line(&self.firewall_rule("--delete")))
    }

    fn spawn(folder: &Path, driver: &str) -> Result<Self> {
        let mut command = Command::new("dockerd");
        command.arg(format!("--host=unix://{}", socket(folder).display()));
        command.arg(format!("--storage-driver={driver}"));
        command.arg(format!("--data-root={}", folder.join(driver).display()));
        command.arg(format!("--exec-root={}", folder.join("exec").display()));
        command.arg(format!("--pidfile={}", folder.join("pid").display()));
        command.args(["--bridge=none", "--iptables=false", "--ip6tables=false", "--ip-forward=false"]);
        let log = File::create(folder.join("log")).context("cannot write dockerd's log")?;
        // A group of its own: Ctrl-C is for the checks first, and the engine is stopped when they have ended.
        command.process_group(0).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let child = command.spawn().context("cannot start dockerd")?;
        let bridge = format!("myashes-{}", std::process::id());
        Ok(Self { child, folder: folder.to_path_buf(), bridge, kept: false })
    }

    fn firewall_rule(&self, action: &str) -> Command {
        let mut rule = Command::new("iptables");
        rule.args(["--wait", action, "FORWARD", "--jump", "ACCEPT"]);
        rule.args(["--in-interface", &self.bridge, "--out-interface", &self.bridge]);
        rule
    }

    /// Whether it answers; `false` when it ended, or does not answer in time.
    fn wait_until_ready(&mut self) -> Result<bool> {
        let begun = Instant::now();
        while begun.elapsed() < START {
            interrupts::check()?;
            if answers(&socket(&self.folder)).unwrap_or(false) {
                return Ok(true);
            }
            if self.child.try_wait()?.is_some() {
                return Ok(false);
            }
            pause();
        }
        Ok(false)
    }

    /// Ends it and its containers; whether it ended in time.
    fn stop(&mut self) -> Result<bool> {
        if self.child.try_wait()?.is_none() {
            kill_process(Pid::from_child(&self.child), Signal::TERM)?;
        }
        let begun = Instant::now();
        while begun.elapsed() < STOP {
            if self.child.try_wait()?.is_some() {
                return Ok(true);
            }
            pause();
        }
        self.child.kill()?;
        self.child.wait()?;
        Ok(false)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        // It is missing after a start that failed.
        let _ = self.firewall_rule("--delete").process_group(0).stderr(Stdio::null()).status();
        match self.stop() {
            Ok(true) => {}
            Ok(false) => eprintln!("warning: dockerd had to be killed: containers may be left behind"),
            Err(error) => eprintln!("warning: dockerd does not stop: {error:#}"),
        }
        // What it left mounted would keep the folder from being removed.
        let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
        for point in mounted_below(&mounts, &self.folder) {
            clean_up(Command::new("umount").arg("--lazy").arg(point));
        }
    }
}

fn socket(folder: &Path) -> PathBuf {
    folder.join("docker.sock")
}

fn answers(socket: &Path) -> std::io::Result<bool> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(b"GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.lines().next().is_some_and(|line| line.contains(" 200 ")))
}

/// The mount points below a folder, the innermost first.
fn mounted_below(mounts: &str, folder: &Path) -> Vec<PathBuf> {
    let points = mounts.lines().filter_map(|line| line.split(' ').nth(1)).map(PathBuf::from);
    let mut below: Vec<PathBuf> = points.filter(|point| point.starts_with(folder)).collect();
    below.sort();
    below.reverse();
    below
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::mounted_below;

    #[test]
    fn only_mounts_below_the_folder_are_found_and_inner_ones_come_first() {
        let mounts = "/dev/vda / ext4 rw 0 0\n\
            overlay /tmp/check/engine/overlay2/1/merged overlay rw 0 0\n\
            shm /tmp/check/engine/overlay2/1/merged/dev/shm tmpfs rw 0 0\n\
            nsfs /tmp/check/engine-of-another/netns nsfs rw 0 0\n";
        let expected: Vec<PathBuf> = vec![
            "/tmp/check/engine/overlay2/1/merged/dev/shm".into(),
            "/tmp/check/engine/overlay2/1/merged".into(),
        ];
        assert_eq!(mounted_below(mounts, Path::new("/tmp/check/engine")), expected);
    }
}
