//! Commands of the real binary, run to their end.

use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;
use tokio::process::Command;

/// A command that has not ended by then goes on for ever.
const LONGEST: Duration = Duration::from_secs(120);

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

/// Runs `myashes COMMAND` on this database with `more` settings.
pub async fn run(command: &str, database: &str, more: &[(&str, &str)]) -> Outcome {
    let folder = TempDir::new().expect("a temporary folder");
    let mut program = Command::new(env!("CARGO_BIN_EXE_myashes"));
    program.args(command.split(' ')).env_clear().current_dir(folder.path());
    program.envs([("DATABASE_URL", database), ("PORT", "0"), ("LOG_FORMAT", "json")]);
    program.envs(more.iter().copied()).stdin(Stdio::null()).kill_on_drop(true);
    program.stdout(Stdio::null()).stderr(Stdio::piped());
    let child = program.spawn().expect("the binary starts");
    match tokio::time::timeout(LONGEST, child.wait_with_output()).await {
        Ok(output) => {
            let output = output.expect("it can be waited for");
            let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
            Outcome { code: output.status.code(), stderr }
        }
        Err(_) => Outcome { code: None, stderr: format!("`{command}` did not end within {LONGEST:?}") },
    }
}
