//! The folder a server keeps its files in: a temporary one goes away with the value, a kept one stays.

use std::fs::{self, DirBuilder};
use std::io::Read;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::account::Account;

pub struct Folder {
    path: PathBuf,
    temporary: bool,
}

impl Folder {
    /// A new, empty folder which is removed in the end.
    pub fn temporary(name: &str, account: Account) -> Result<Self> {
        let path = std::env::temp_dir().join(format!("myashes-{name}-{}", secret()?.split_at(12).0));
        // The name is not guessable and the folder must not exist, so no other user can have prepared it.
        DirBuilder::new()
            .mode(0o700)
            .create(&path)
            .with_context(|| format!("cannot make {}", path.display()))?;
        let folder = Self { path, temporary: true };
        account.own(&folder.path)?;
        Ok(folder)
    }

    /// The same, for files of this command itself.
    pub fn for_caller(name: &str) -> Result<Self> {
        Self::temporary(name, Account::CALLER)
    }

    /// A folder that outlives this command, made when it is not there.
    pub fn kept(path: PathBuf, account: Account) -> Result<Self> {
        if !path.is_dir() {
            // The folders above stay open, since the server's user has to pass through them.
            let parent = path.parent().expect("the folder lies in the workspace");
            let made = fs::create_dir_all(parent).and_then(|()| DirBuilder::new().mode(0o700).create(&path));
            made.with_context(|| format!("cannot make {}", path.display()))?;
            account.own(&path)?;
        }
        Ok(Self { path, temporary: false })
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

    /// The password of the server in this folder: made once, readable by its user alone.
    pub fn password(&self, account: Account) -> Result<String> {
        let file = self.path.join("password");
        if let Ok(password) = fs::read_to_string(&file) {
            return Ok(password);
        }
        let password = secret()?;
        let mut options = fs::OpenOptions::new();
        let opened = options.write(true).create_new(true).mode(0o600).open(&file);
        std::io::Write::write_all(&mut opened.context("cannot keep the password")?, password.as_bytes())?;
        account.own(&file)?;
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
    let source = fs::File::open("/dev/urandom").context("cannot open /dev/urandom")?;
    let mut source = source.take(16);
    source.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
