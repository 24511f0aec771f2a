//! `cargo xtask compose-check` on an engine of its own.
#![expect(clippy::unwrap_used, reason = "what is missing here fails the test, and should")]

mod command;

use std::path::{Path, PathBuf};
use std::process::Command;

use command::{Answer, xtask};
use myashes_servers::{Folder, is_root, program};

/// The check that only a release build passes.
const SIZE: &str = "the image's size";

/// The service that was built with this test, without its symbols.
fn stripped(folder: &Folder) -> PathBuf {
    let built = Path::new(env!("CARGO_BIN_EXE_xtask")).with_file_name("myashes");
    let stripped = folder.path().join("myashes");
    let status = Command::new("strip").arg("-o").arg(&stripped).arg(&built).status().unwrap();
    assert!(status.success(), "strip {} ended with {status}", built.display());
    stripped
}

fn compose_check(binary: &str) -> Answer {
    Answer::of(&mut xtask(&["compose-check", "--debian", "--binary", binary]))
}

/// Why this machine cannot start an engine.
fn obstacle() -> Option<&'static str> {
    if !is_root() {
        return Some("dockerd needs root");
    }
    let missing = ["apt-get", "dockerd", "mmdebstrap"].iter().any(|name| program(name).is_none());
    missing.then_some("apt-get, dockerd or mmdebstrap is not installed")
}

#[test]
fn a_binary_that_is_missing_is_named_before_anything_starts() {
    let answer = compose_check("/nowhere/myashes");
    assert_eq!(answer.status.code(), Some(1));
    assert!(answer.stderr.contains("--binary: cannot find /nowhere/myashes"), "{}", answer.stderr);
}

#[test]
#[ignore = "slow: starts the whole stack on an engine of its own"]
fn the_stack_of_head_starts_keeps_its_data_and_names_wrong_passwords() {
    if let Some(obstacle) = obstacle() {
        eprintln!("skipped: {obstacle}");
        return;
    }
    let folder = Folder::for_caller("compose").unwrap();
    let Answer { stdout, stderr, .. } = compose_check(stripped(&folder).to_str().unwrap());
    let outcomes = |mark: &'static str| stdout.lines().filter_map(move |line| line.trim().strip_prefix(mark));
    let failed: Vec<&str> = outcomes("FAILED ").filter(|check| !check.trim().starts_with(SIZE)).collect();
    assert!(failed.is_empty() && outcomes("ok ").count() > 20, "{stdout}{stderr}");
    assert!(stdout.contains("`down --volumes` leaves nothing: no container"), "{stdout}{stderr}");
}
