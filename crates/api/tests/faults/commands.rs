//! Commands of the real binary, run to their end or killed.

use std::fs::File;
use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;
use tokio::process::{Child, Command};

/// A command that has not ended by then goes on for ever.
const LONGEST: Duration = Duration::from_secs(120);

const LOG: &str = "log";

/// How a command ended.
#[derive(Debug)]
pub struct Outcome {
    /// `None` when it had to be ended.
    pub code: Option<i32>,
    /// Its log and its last line.
    pub stderr: String,
}

impl Outcome {
    /// That it ended with this code and said all of this, and nothing of `secrets`.
    #[track_caller]
    pub fn assert_says(&self, code: i32, parts: &[&str], secrets: &[&str]) {
        assert_eq!(self.code, Some(code), "{}", self.stderr);
        for part in parts {
            assert!(self.stderr.contains(part), "{part:?} is missing in:\n{}", self.stderr);
        }
        for secret in secrets {
            assert!(!self.stderr.contains(secret), "{secret:?} is shown in:\n{}", self.stderr);
        }
    }

    /// How many lines hold this.
    pub fn lines_with(&self, part: &str) -> usize {
        self.stderr.lines().filter(|line| line.contains(part)).count()
    }
}

/// A command at work. It is killed when the value is dropped.
pub struct Started {
    child: Child,
    folder: TempDir,
    command: String,
}

impl Started {
    /// What it has logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join(LOG)).expect("its log")
    }

    /// Ends it without any warning.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("a child of this process");
    }

    /// Waits for its end, as long as `most`; `None` when it is still at work then.
    pub async fn ended_within(&mut self, most: Duration) -> Option<Outcome> {
        let status = tokio::time::timeout(most, self.child.wait()).await.ok()?;
        Some(Outcome { code: status.expect("it can be waited for").code(), stderr: self.log() })
    }

    /// Waits for its end.
    pub async fn ended(mut self) -> Outcome {
        match self.ended_within(LONGEST).await {
            Some(outcome) => outcome,
            None => {
                let stderr = format!("`{}` did not end within {LONGEST:?}", self.command);
                Outcome { code: None, stderr }
            }
        }
    }
}

/// Starts `myashes COMMAND` on this database with `more` settings.
pub fn start(command: &str, database: &str, more: &[(&str, &str)]) -> Started {
    let folder = TempDir::new().expect("a temporary folder");
    let log = File::create(folder.path().join(LOG)).expect("a log");
    let mut program = Command::new(env!("CARGO_BIN_EXE_myashes"));
    program.args(command.split(' ')).env_clear().current_dir(folder.path());
    program.envs([("DATABASE_URL", database), ("PORT", "0"), ("LOG_FORMAT", "json")]);
    program.envs(more.iter().copied()).stdin(Stdio::null()).kill_on_drop(true);
    let child = program.stdout(Stdio::null()).stderr(log).spawn().expect("the binary starts");
    Started { child, folder, command: command.to_owned() }
}

/// Runs `myashes COMMAND` on this database with `more` settings.
pub async fn run(command: &str, database: &str, more: &[(&str, &str)]) -> Outcome {
    start(command, database, more).ended().await
}
