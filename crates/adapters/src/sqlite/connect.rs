//! Opening a SQLite file: one connection that writes, several that only read.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use diesel::ConnectionError;
use diesel_async::{AsyncConnection, SimpleAsyncConnection};
use futures_util::FutureExt;

use super::file_check::DatabaseCheck;
use super::queries::bounded_reads::report_permits;
use super::queries::db::Limits;
use super::queries::pool::{self, Pool};
use super::{Conn, Db, statement_timeout};
use crate::cache::Caches;
use crate::storage::{OpenError, StorageOptions};

const READERS: usize = 4;

/// Prepares the pools over the file of a `sqlite://` URL.
pub fn connect(options: &StorageOptions) -> Result<Db, OpenError> {
    let path = path_of(&options.url)?;
    make_folder(path)?;
    let check = DatabaseCheck::of(path);
    Ok(Db {
        writers: pool_of(options, path, Access::Write, &check)?,
        readers: pool_of(options, path, Access::Read, &check)?,
        replica: None,
        runtime: tokio::runtime::Handle::current(),
        limits: Limits::of(options.statement_timeout),
        check,
        report_permits: report_permits(READERS),
        call_timeout: options.pool_timeout + options.statement_timeout,
        ranking: options.ranking,
        samples: Default::default(),
        caches: Arc::new(Caches::new(options.cache_lifetime)),
    })
}

/// One connection that writes, for migrations.
///
/// # Errors
/// In one line, which names the variable and the file.
pub async fn establish(options: &StorageOptions) -> Result<Conn, String> {
    let path = path_of(&options.url).map_err(|error| error.to_string())?;
    make_folder(path).map_err(|error| error.to_string())?;
    open(path.to_owned(), Access::Write, options.statement_timeout).await
}

/// The folder of the file, made when it is absent.
pub fn folder(options: &StorageOptions) -> Result<&Path, OpenError> {
    let path = path_of(&options.url)?;
    make_folder(path)?;
    let folder = Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty());
    Ok(folder.unwrap_or(Path::new(".")))
}

fn make_folder(path: &str) -> Result<(), OpenError> {
    match Path::new(path).parent() {
        Some(folder) if !folder.as_os_str().is_empty() => std::fs::create_dir_all(folder).map_err(|error| {
            OpenError(format!("DATABASE_URL: cannot make the folder {}: {error}", folder.display()))
        }),
        _ => Ok(()),
    }
}

/// The file a `sqlite://` URL names.
pub fn path_of(url: &str) -> Result<&str, OpenError> {
    let path = url.strip_prefix("sqlite://").unwrap_or_default();
    match path {
        "" => Err(OpenError("DATABASE_URL: expected sqlite://PATH".into())),
        path if path.contains(":memory:") => {
            Err(OpenError("DATABASE_URL: SQLite needs a file, since several connections share it".into()))
        }
        path if path.contains('?') => {
            Err(OpenError("DATABASE_URL: a sqlite:// URL takes no parameters".into()))
        }
        path => Ok(path),
    }
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Read,
    Write,
}

/// `busy_timeout` comes first: switching to WAL may itself have to wait. `synchronous = FULL`, since WAL with
/// NORMAL can lose acknowledged commits when the power fails. `secure_delete`, so that what is erased is overwritten
/// and not only given back to the file.
fn setup(busy: Duration, access: Access) -> String {
    let busy_ms = busy.as_millis();
    let mut sql = format!(
        "PRAGMA busy_timeout = {busy_ms}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
         PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192; \
         PRAGMA secure_delete = ON;"
    );
    if access == Access::Read {
        sql.push_str(" PRAGMA query_only = ON;");
    }
    sql
}

fn pool_of(
    options: &StorageOptions,
    path: &str,
    access: Access,
    check: &DatabaseCheck,
) -> Result<Pool, OpenError> {
    let (path, timeout, check) = (path.to_owned(), options.statement_timeout, check.clone());
    let connect = move || {
        let (path, check) = (path.clone(), check.clone());
        async move { open_checked(path, access, timeout, &check).await }.boxed()
    };
    let size = if access == Access::Write { 1 } else { READERS };
    pool::pool(Box::new(connect), timeout, size, options.pool_timeout)
}

async fn open_checked(
    path: String,
    access: Access,
    timeout: Duration,
    check: &DatabaseCheck,
) -> Result<Conn, String> {
    check.before_opening()?;
    let conn = open(path, access, timeout).await?;
    check.after_opening(access == Access::Write)?;
    Ok(conn)
}

async fn open(path: String, access: Access, timeout: Duration) -> Result<Conn, String> {
    let failed = |error: ConnectionError| format!("DATABASE_URL: cannot use the SQLite file {path}: {error}");
    let mut conn = Conn::establish(&path).await.map_err(failed)?;
    let set_up = conn.batch_execute(&setup(timeout, access)).await;
    set_up.map_err(|error| failed(ConnectionError::CouldntSetupConfiguration(error)))?;
    statement_timeout::install(&mut conn, timeout).await.map_err(failed)?;
    Ok(conn)
}
