//! The file system of an image, made by mmdebstrap in a folder that is then a build context.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::Archive;
use crate::compose_check::engine::{Engine, output};

/// What shell scripts of the stack call. As on Alpine, these are one program.
const BUSYBOX: [&str; 16] = [
    "cat", "chmod", "chown", "grep", "id", "kill", "ls", "mkdir", "mv", "rm", "sed", "sh", "sleep", "test",
    "tr", "wget",
];

/// The variant of mmdebstrap that has the files of the packages, and nothing else.
pub const EXTRACT: &str = "extract";
/// The variant that has the essential packages and these, installed as on a machine.
pub const MIN_BASE: &str = "minbase";

/// A build context with the folder `root`, and the Dockerfile beside it.
pub struct RootFolder {
    context: PathBuf,
}

impl RootFolder {
    pub fn make(
        archive: &Archive,
        context: &Path,
        suite: &str,
        variant: &str,
        packages: &[&str],
    ) -> Result<Self> {
        fs::create_dir_all(context)?;
        let folder = Self { context: context.to_path_buf() };
        let mut mmdebstrap = Command::new("mmdebstrap");
        mmdebstrap.args(["--quiet", "--mode=root", "--format=directory"]);
        mmdebstrap.arg(format!("--variant={variant}")).arg(format!("--include={}", packages.join(",")));
        mmdebstrap.arg(suite).arg(folder.root()).arg(archive.source(suite));
        output(&mut mmdebstrap)?;
        // Device files cannot be copied into an image, and documents only make it larger.
        for unused in
            ["dev", "usr/share/doc", "usr/share/man", "usr/share/locale", "var/cache/apt", "var/lib/apt"]
        {
            folder.remove(unused)?;
        }
        Ok(folder)
    }

    /// A path inside of the image.
    pub fn path(&self, inside: &str) -> PathBuf {
        self.root().join(inside)
    }

    pub fn write(&self, inside: &str, text: &str) -> Result<()> {
        let path = self.path(inside);
        let folder = path.parent().context("a file lies in a folder")?;
        fs::create_dir_all(folder)?;
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    }

    pub fn remove(&self, inside: &str) -> Result<()> {
        let path = self.path(inside);
        if path.is_dir() {
            fs::remove_dir_all(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
        Ok(())
    }

    /// Lets busybox be every program that scripts call and that no package brought.
    pub fn link_busybox(&self) -> Result<()> {
        for name in BUSYBOX {
            let link = self.path("usr/bin").join(name);
            if fs::symlink_metadata(&link).is_err() {
                symlink("busybox", &link)?;
            }
        }
        Ok(())
    }

    fn root(&self) -> PathBuf {
        self.context.join("root")
    }

    /// The certificate authorities that this machine trusts.
    pub fn copy_certificates(&self) -> Result<()> {
        let bundle = Path::new("/etc/ssl/certs/ca-certificates.crt");
        if bundle.is_file() {
            fs::create_dir_all(self.path("etc/ssl/certs"))?;
            fs::copy(bundle, self.path("etc/ssl/certs/ca-certificates.crt"))?;
        }
        Ok(())
    }

    /// Builds the image; `instructions` follow those that copy the files. The folder is removed afterwards.
    pub fn into_image(self, engine: &Engine, name: &str, instructions: &str) -> Result<()> {
        let dockerfile = format!("FROM scratch\nCOPY root/ /\n{instructions}\n");
        fs::write(self.context.join("Dockerfile"), dockerfile)?;
        engine.build_image(name, &self.context)?;
        fs::remove_dir_all(&self.context).context("cannot remove a build context")
    }
}
