//! The two programs that a bench starts: the service as it is released, and the bare server it is compared with.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::interrupts;
use crate::workspace::{cargo, metadata};

#[derive(Clone, Debug)]
pub struct Programs {
    pub service: PathBuf,
    pub bare: PathBuf,
}

impl Programs {
    /// Those in the folder, or those of this source.
    pub fn of(folder: Option<&Path>) -> Result<Self> {
        folder.map_or_else(Self::build, Self::in_folder)
    }

    /// Builds both from this source.
    fn build() -> Result<Self> {
        // In one go: each alone would unify features differently, and compile most dependencies anew.
        let what = ["--workspace", "--bin", "myashes", "--example", "bare"];
        interrupts::run(cargo().args(["build", "--release"]).args(what))?;
        let metadata = metadata()?;
        let target =
            metadata["target_directory"].as_str().context("cargo metadata names no target folder")?;
        let release = Path::new(target).join("release");
        Self { service: release.join("myashes"), bare: release.join("examples/bare") }.checked()
    }

    /// Those that were built before, as `myashes` and `bare` in one folder.
    fn in_folder(folder: &Path) -> Result<Self> {
        let folder = std::path::absolute(folder)?;
        Self { service: folder.join("myashes"), bare: folder.join("bare") }.checked()
    }

    /// Copies both into a folder, where no later build replaces them.
    pub fn copy_to(&self, folder: &Path) -> Result<()> {
        copy(&self.service, &folder.join("myashes"))?;
        copy(&self.bare, &folder.join("bare"))
    }

    fn checked(self) -> Result<Self> {
        for file in [&self.service, &self.bare] {
            ensure!(file.is_file(), "{} does not exist", file.display());
        }
        Ok(self)
    }
}

/// Replaces the file by a copy of the program.
pub fn copy(program: &Path, file: &Path) -> Result<()> {
    // A program that runs cannot be written to, but its name can be given to another file.
    if file.exists() {
        fs::remove_file(file).with_context(|| format!("cannot remove {}", file.display()))?;
    }
    fs::copy(program, file).with_context(|| format!("cannot copy {}", program.display()))?;
    Ok(())
}
