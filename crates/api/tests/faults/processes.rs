//! Signals to processes that a test has started, and to their children.

use std::net::TcpListener;
use std::process::Child;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

/// Polling interval for state that sends no notification.
pub const MOMENT: Duration = Duration::from_millis(10);

pub fn signal(process: u32, signal: Signal) {
    let pid = i32::try_from(process).ok().and_then(Pid::from_raw).expect("a process of this test");
    // It may have ended by itself meanwhile.
    kill_process(pid, signal).ok();
}

/// Waits until the process has ended; its exit code, `None` when a signal has ended it.
pub async fn ended(mut child: Child) -> Option<i32> {
    let waited = tokio::task::spawn_blocking(move || child.wait()).await;
    waited.expect("the wait itself does not fail").expect("a child of this process").code()
}

/// The children of a process at this moment.
pub fn children(parent: u32) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    numbers.filter(|process| parent_of(*process) == Some(parent)).collect()
}

fn parent_of(process: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name, in parentheses, may hold anything; after it come the state and the parent.
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

/// A loopback port that no other process takes meanwhile: below the range of ephemeral ports, since a server that is
/// restarted must find its own port free.
pub fn lasting_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    const FIRST: u16 = 20_000;
    const MANY: u16 = 12_000;
    let start = (std::process::id() % u32::from(MANY)) as u16;
    loop {
        let port = FIRST + (start + NEXT.fetch_add(1, Ordering::Relaxed)) % MANY;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
