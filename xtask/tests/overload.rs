//! L1 of docs/RELIABILITY.md. What is measured, and how, is in `xtask/src/bench/overload.rs`.

use std::process::Command;

#[test]
#[ignore = "slow: builds a release, and needs the machine for itself"]
fn an_overload_is_shed_and_what_is_accepted_is_answered_in_time() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask")).args(["bench", "--only", "L1"]).output().unwrap();
    let (stdout, stderr) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success() && stdout.contains(" 0 of them short of their goal"), "{stdout}{stderr}");
}
