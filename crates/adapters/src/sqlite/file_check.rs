//! Whether the files that are open are still those that the path names.
//!
//! A file that was deleted or replaced stays open, and takes writes that are lost with the next start.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use diesel::result::Error as Diesel;
use myashes_domain::{Error, Result};

use crate::sql::error::DbError;

/// A disk with fewer bytes left is full, though the smallest writes may still succeed.
const MIN_FREE_BYTES: u64 = 64 * 1024;

/// What a file is, whatever it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FileId {
    device: u64,
    inode: u64,
}

/// Checks the files behind the pools.
#[derive(Clone)]
pub struct DatabaseCheck(Arc<Files>);

struct Files {
    database: PathBuf,
    log: PathBuf,
    /// The file of the first connection.
    opened: OnceLock<FileId>,
    /// The write-ahead log of the connection that writes. It may be another one after that connection was closed.
    opened_log: Mutex<Option<FileId>>,
    /// A write has succeeded.
    written: AtomicBool,
    /// The last write failed because nothing can be written.
    unwritable: AtomicBool,
}

impl DatabaseCheck {
    pub fn of(path: &str) -> Self {
        Self(Arc::new(Files {
            database: path.into(),
            log: format!("{path}-wal").into(),
            opened: OnceLock::new(),
            opened_log: Mutex::new(None),
            written: AtomicBool::new(false),
            unwritable: AtomicBool::new(false),
        }))
    }

    /// Nothing about a file rules it out before it is opened.
    ///
    /// # Errors
    /// None.
    pub async fn refusal(&self) -> Result<Option<String>> {
        Ok(None)
    }

    /// # Errors
    /// When a file is missing or was replaced.
    pub fn in_place(&self) -> Result<()> {
        self.database_in_place().and_then(|()| self.log_in_place()).map_err(Error::unavailable)
    }

    /// Whether it is not known that the file can be written to: nothing was written yet, or the last write failed.
    pub fn needs_probe(&self) -> bool {
        !self.0.written.load(Ordering::Relaxed) || self.0.unwritable.load(Ordering::Relaxed)
    }

    /// Notes how a write ended. Whether the file cannot be written to: small writes still succeed on a full disk now and
    /// then, and do not end that.
    pub fn note_write<T>(&self, result: &std::result::Result<T, DbError>) -> bool {
        const REASONS: [&str; 4] =
            ["disk is full", "readonly database", "disk I/O error", "unable to open database file"];
        let unwritable = match result {
            Ok(_) => self.0.unwritable.load(Ordering::Relaxed) && !self.has_free_space(),
            Err(DbError::Database(Diesel::DatabaseError(_, info))) => {
                if !REASONS.iter().any(|reason| info.message().contains(reason)) {
                    return false;
                }
                true
            }
            Err(_) => return false,
        };
        self.0.written.store(!unwritable, Ordering::Relaxed);
        self.0.unwritable.store(unwritable, Ordering::Relaxed);
        unwritable
    }

    fn has_free_space(&self) -> bool {
        rustix::fs::statvfs(&self.0.database)
            .is_ok_and(|disk| disk.f_bavail * disk.f_frsize >= MIN_FREE_BYTES)
    }

    /// That the path does not name another file than the one that is open, or none: SQLite would make a new one.
    pub fn before_opening(&self) -> std::result::Result<(), String> {
        self.database_in_place()
    }

    /// Notes which files a connection has opened.
    pub fn after_opening(&self, writes: bool) -> std::result::Result<(), String> {
        if let Some(file) = id_of(&self.0.database) {
            self.0.opened.get_or_init(|| file);
        }
        if writes {
            *self.opened_log() = id_of(&self.0.log);
        }
        self.database_in_place()
    }

    fn database_in_place(&self) -> std::result::Result<(), String> {
        match self.0.opened.get() {
            Some(opened) => compare(&self.0.database, *opened),
            None => Ok(()),
        }
    }

    fn log_in_place(&self) -> std::result::Result<(), String> {
        let opened = *self.opened_log();
        match opened {
            Some(opened) => compare(&self.0.log, opened),
            None => Ok(()),
        }
    }

    fn opened_log(&self) -> std::sync::MutexGuard<'_, Option<FileId>> {
        self.0.opened_log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn compare(path: &Path, opened: FileId) -> std::result::Result<(), String> {
    let what = match id_of(path) {
        Some(now) if now == opened => return Ok(()),
        Some(_) => "was replaced by another one",
        None => "is missing",
    };
    Err(format!(
        "DATABASE_URL: the SQLite file {} {what} while it was in use: writes are refused, since they would be lost; \
         put the file back, or restart to use what is there now",
        path.display()
    ))
}

fn id_of(path: &Path) -> Option<FileId> {
    let file = fs::metadata(path).ok()?;
    Some(FileId { device: file.dev(), inode: file.ino() })
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn missing_and_replaced_files_are_noticed_until_they_are_put_back() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("a.db");
        let (log, elsewhere) = (folder.path().join("a.db-wal"), folder.path().join("b"));
        let check = DatabaseCheck::of(path.to_str().unwrap());
        check.before_opening().unwrap();
        fs::write(&path, "1").unwrap();
        fs::write(&log, "1").unwrap();
        check.after_opening(true).unwrap();
        check.in_place().unwrap();
        for (file, named) in [(&path, "a.db is missing"), (&log, "a.db-wal is missing")] {
            fs::rename(file, &elsewhere).unwrap();
            assert!(matches!(check.in_place(), Err(Error::Unavailable(why)) if why.0.contains(named)));
            fs::copy(&elsewhere, file).unwrap();
            assert!(
                matches!(check.in_place(), Err(Error::Unavailable(why)) if why.0.contains("was replaced"))
            );
            fs::rename(&elsewhere, file).unwrap();
            check.in_place().unwrap();
        }
        fs::remove_file(&path).unwrap();
        assert!(check.before_opening().is_err());
        assert!(check.after_opening(false).is_err());
    }
}
