//! The commit to compare with: its source in a git worktree, which also holds its build and its data. All of it is
//! kept for later runs, also for runs from other clones.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::db::output;
use crate::workspace::root;

/// Variables of the cargo that started this command. The commit has a toolchain and settings of its own.
const OF_CARGO: [&str; 3] = ["CARGO", "RUSTUP_TOOLCHAIN", "CARGO_MANIFEST_DIR"];

#[derive(Clone)]
pub struct Baseline {
    /// The commit, abbreviated.
    pub name: String,
    pub tree: PathBuf,
}

impl Baseline {
    /// Finds the worktree of the commit in the folder, or makes it.
    pub fn check_out(revision: &str, cache: &Path) -> Result<Self> {
        let parsed = format!("{revision}^{{commit}}");
        let commit = git(root(), &["rev-parse", "--verify", "--end-of-options", &parsed])
            .with_context(|| format!("{revision} is not a commit of this repository"))?;
        let name = commit.chars().take(12).collect::<String>();
        let tree = cache.join(&name);
        if !tree.is_dir() {
            fs::create_dir_all(cache).with_context(|| format!("cannot make {}", cache.display()))?;
            let path = tree.to_str().context("the path of the cache is not Unicode")?;
            // By force, since git still knows a worktree that was removed together with the target folder.
            git(root(), &["worktree", "add", "--quiet", "--force", "--detach", path, &commit])?;
        }
        let advice = || format!("{} is not a worktree of {name}: remove it", tree.display());
        let head = git(&tree, &["rev-parse", "HEAD"]).with_context(advice)?;
        let changed = git(&tree, &["status", "--porcelain"]).with_context(advice)?;
        ensure!(head == commit, "{} is at {head}: remove it", tree.display());
        ensure!(changed.is_empty(), "{} was changed: undo that, or remove it", tree.display());
        Ok(Self { name, tree })
    }

    /// `cargo` in the worktree, as if it had been started there by hand.
    pub fn cargo(&self) -> Result<Command> {
        let mut command = Command::new("cargo");
        command.current_dir(&self.tree).env("CARGO_TARGET_DIR", self.tree.join("target"));
        let own = fs::read_to_string(root().join(".cargo/config.toml")).unwrap_or_default();
        for name in OF_CARGO.map(str::to_owned).into_iter().chain(variables(&own)?) {
            command.env_remove(name);
        }
        Ok(command)
    }
}

/// The variables that a configuration of cargo sets for what it runs, and so for this command.
fn variables(config: &str) -> Result<Vec<String>> {
    let config: toml::Table = toml::from_str(config).context("cannot read .cargo/config.toml")?;
    let set = config.get("env").and_then(toml::Value::as_table);
    Ok(set.map(|set| set.keys().cloned().collect()).unwrap_or_default())
}

fn git(folder: &Path, arguments: &[&str]) -> Result<String> {
    output(Command::new("git").current_dir(folder).args(arguments))
}

#[cfg(test)]
mod tests {
    use super::variables;

    #[test]
    fn the_variables_that_cargo_sets_are_found() {
        let config =
            "[alias]\nx = \"y\"\n[env]\nCFLAGS = \"-O1\"\nFOLDER = { value = \"a\", relative = true }\n";
        assert_eq!(variables(config).unwrap(), ["CFLAGS", "FOLDER"]);
        assert!(variables("").unwrap().is_empty());
        assert!(variables("[env").is_err());
    }
}
