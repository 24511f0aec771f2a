//! Where the workspace lies, and how its own tools (cargo, the program itself) are called.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::interrupts::text;

/// The root of the workspace this command was built from, or the checkout that `XTASK_ROOT` names.
pub fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| match environment("XTASK_ROOT") {
        Some(root) => root.into(),
        None => {
            let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
            xtask.parent().expect("xtask lies in a folder of the workspace").to_owned()
        }
    })
}

/// The cargo that started this command, so that a toolchain chosen with `cargo +x` stays chosen.
pub fn cargo() -> Command {
    let mut command = Command::new(environment("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// What cargo says about the packages of the workspace.
pub fn metadata() -> Result<Value> {
    let metadata = text(cargo().args(["metadata", "--format-version=1", "--no-deps"]))?;
    serde_json::from_str(&metadata).context("cannot read cargo metadata")
}

/// A variable of the environment, `None` when unset, empty or not Unicode.
#[expect(clippy::disallowed_methods, reason = "the one place where xtask reads the environment")]
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
