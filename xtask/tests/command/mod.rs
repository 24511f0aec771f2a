//! `cargo xtask` as a process of its own.
#![allow(dead_code, reason = "each test uses its part of it")]

use std::process::{Command, ExitStatus, Output};

/// `cargo xtask` with these arguments.
pub fn xtask(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(arguments);
    command
}

/// What a command said, and how it ended.
pub struct Answer {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

impl Answer {
    /// Runs the command to its end.
    pub fn of(command: &mut Command) -> Self {
        let Output { status, stdout, stderr } = command.output().unwrap();
        let [stdout, stderr] = [stdout, stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        Self { status, stdout, stderr }
    }

    /// The answer, when it is the expected one; the whole output is in the failure otherwise.
    #[track_caller]
    pub fn succeeded(self) -> Self {
        assert!(self.status.success(), "{}\n{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    pub fn failed(self) -> Self {
        assert!(!self.status.success(), "{}\n{}", self.stdout, self.stderr);
        self
    }
}

#[expect(clippy::disallowed_methods, reason = "who runs a test says what it can use")]
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
