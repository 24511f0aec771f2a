//! `cargo xtask compose-check` on an engine of its own.
#![expect(clippy::unwrap_used, reason = "what is missing here fails the test, and should")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The check that only a release build passes.
const SIZE: &str = "the image's size";

/// The service that was built with this test, without its symbols.
struct Binary(PathBuf);

impl Binary {
    fn stripped() -> Self {
        let built = Path::new(env!("CARGO_BIN_EXE_xtask")).with_file_name("myashes");
        let stripped = std::env::temp_dir().join(format!("myashes-compose-{}", std::process::id()));
        let status = Command::new("strip").arg("-o").arg(&stripped).arg(&built).status().unwrap();
        assert!(status.success(), "strip {} ended with {status}", built.display());
        Self(stripped)
    }
}

impl Drop for Binary {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).unwrap();
    }
}

fn compose_check(arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let Output { status, stdout, stderr } = command.arg("compose-check").args(arguments).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// Why this machine cannot start an engine.
fn obstacle() -> Option<String> {
    if !rustix::process::geteuid().is_root() {
        return Some("dockerd needs root".into());
    }
    let path = Command::new("sh").args(["-c", "command -v apt-get dockerd mmdebstrap | wc -l"]).output();
    let found = String::from_utf8(path.unwrap().stdout).unwrap();
    (found.trim() != "3").then(|| "apt-get, dockerd or mmdebstrap is not installed".into())
}

#[test]
fn a_binary_that_is_missing_is_named_before_anything_starts() {
    let (code, _, stderr) = compose_check(&["--debian", "--binary", "/nowhere/myashes"]);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("--binary: cannot find /nowhere/myashes"), "{stderr}");
}

#[test]
#[ignore = "slow: starts the whole stack on an engine of its own"]
fn the_stack_of_head_starts_keeps_its_data_and_names_wrong_passwords() {
    if let Some(obstacle) = obstacle() {
        eprintln!("skipped: {obstacle}");
        return;
    }
    let binary = Binary::stripped();
    let (_, stdout, stderr) = compose_check(&["--debian", "--binary", binary.0.to_str().unwrap()]);
    let outcomes = |mark: &'static str| stdout.lines().filter_map(move |line| line.trim().strip_prefix(mark));
    let failed: Vec<&str> = outcomes("FAILED ").filter(|check| !check.trim().starts_with(SIZE)).collect();
    assert!(failed.is_empty() && outcomes("ok ").count() > 20, "{stdout}{stderr}");
    assert!(stdout.contains("`down --volumes` leaves nothing: no container"), "{stdout}{stderr}");
}
