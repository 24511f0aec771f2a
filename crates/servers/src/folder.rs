//! The folder a server keeps its files in: a temporary one goes away with the value, a kept one stays.

use std::fs::{self, DirBuilder};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::account;

pub struct Folder {
    path: PathBuf,
    temporary: bool,
    /// The ids of the user and the group that its files belong to, if not to those of this command.
    owner: Option<(u32, u32)>,
}

impl Folder {
    /// A new, empty folder of the user that runs such a server, which is removed in the end.
    pub fn for_server(name: &str) -> Result<Self> {
        Self::temporary(name, account::for_server(name)?)
    }

    /// The same, for files of this command itself.
    pub fn for_caller(name: &str) -> Result<Self> {
        Self::temporary(name, None)
    }

    /// A folder of the user that runs such a server, which outlives this command and is made when it is not there.
    pub fn kept(path: PathBuf, name: &str) -> Result<Self> {
        let folder = Self { path, temporary: false, owner: account::for_server(name)? };
        let path = folder.path();
        if !path.is_dir() {
            // The folders above stay open, since the server's user has to pass through them.
            let parent = path.parent().expect("the folder lies in the workspace");
            let made = fs::create_dir_all(parent).and_then(|()| DirBuilder::new().mode(0o700).create(path));
            made.with_context(|| format!("cannot make {}", path.display()))?;
            folder.own(path)?;
        }
        Ok(folder)
    }

    fn temporary(name: &str, owner: Option<(u32, u32)>) -> Result<Self> {
        let path = std::env::temp_dir().join(format!("myashes-{name}-{}", secret()?.split_at(12).0));
        // The name is not guessable and the folder must not exist, so no other user can have prepared it.
        DirBuilder::new()
            .mode(0o700)
            .create(&path)
            .with_context(|| format!("cannot make {}", path.display()))?;
        let folder = Self { path, temporary: true, owner };
        folder.own(&folder.path)?;
        Ok(folder)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Leaves a temporary folder where it is.
    pub fn keep(&mut self) {
        self.temporary = false;
    }

    pub fn is_temporary(&self) -> bool {
        self.temporary
    }

    /// A command that runs in this folder, as its user.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.path);
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        command
    }

    /// Gives a file or folder to the user of this folder.
    pub(crate) fn own(&self, path: &Path) -> Result<()> {
        let Some((user, group)) = self.owner else { return Ok(()) };
        chown(path, Some(user), Some(group)).with_context(|| format!("cannot hand over {}", path.display()))
    }

    /// Writes a file that only the user of this folder can read.
    pub(crate) fn write(&self, name: &str, content: &str) -> Result<()> {
        let path = self.path.join(name);
        let mut options = fs::OpenOptions::new();
        let opened = options.write(true).create(true).truncate(true).mode(0o600).open(&path);
        let written = opened.and_then(|mut file| file.write_all(content.as_bytes()));
        written.with_context(|| format!("cannot write {}", path.display()))?;
        self.own(&path)
    }

    /// The password of the server in this folder: made once, readable by its user alone.
    pub(crate) fn password(&self) -> Result<String> {
        if let Ok(password) = fs::read_to_string(self.path.join("password")) {
            return Ok(password);
        }
        let password = secret()?;
        self.write("password", &password)?;
        Ok(password)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.temporary {
            return;
        }
        if let Err(error) = fs::remove_dir_all(&self.path) {
            eprintln!("warning: {} is left behind: {error}", self.path.display());
        }
    }
}

/// 32 hexadecimal characters from the system's random source.
pub fn secret() -> Result<String> {
    let mut bytes = [0_u8; 16];
    fs::File::open("/dev/urandom").context("cannot open /dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
