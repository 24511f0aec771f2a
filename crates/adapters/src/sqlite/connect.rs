//! Opening a SQLite file: one connection that writes, several that only read.

use std::path::Path;
use std::time::Duration;

use diesel::ConnectionError;
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AsyncConnection, SimpleAsyncConnection};
use futures_util::FutureExt;

use super::{Conn, Db, Limits, statement_timeout};
use crate::storage::{OpenError, StorageOptions};

const READERS: usize = 4;

/// Prepares the pools over the file of a `sqlite://` URL.
pub fn connect(options: &StorageOptions) -> Result<Db, OpenError> {
    let path = path_of(&options.url)?;
    make_folder(path)?;
    let busy = options.statement_timeout.as_millis();
    Ok(Db {
        writers: pool(options, path, 1, setup(busy, false))?,
        readers: pool(options, path, READERS, setup(busy, true))?,
        replica: None,
        runtime: tokio::runtime::Handle::current(),
        limits: Limits,
        patience: options.pool_timeout + options.statement_timeout,
        ranking: options.ranking,
    })
}

/// One connection that writes, for migrations.
pub async fn establish(options: &StorageOptions) -> diesel::ConnectionResult<Conn> {
    let path = path_of(&options.url).map_err(|error| ConnectionError::BadConnection(error.to_string()))?;
    make_folder(path).map_err(|error| ConnectionError::BadConnection(error.to_string()))?;
    let busy = options.statement_timeout.as_millis();
    open(path.to_owned(), setup(busy, false), options.statement_timeout).await
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

/// `busy_timeout` comes first: switching to WAL may itself have to wait. `synchronous = FULL`, since WAL with
/// NORMAL can lose acknowledged commits when the power fails. `secure_delete`, so that what is erased is overwritten
/// and not only given back to the file.
fn setup(busy_ms: u128, read_only: bool) -> String {
    let mut sql = format!(
        "PRAGMA busy_timeout = {busy_ms}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
         PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192; \
         PRAGMA secure_delete = ON;"
    );
    if read_only {
        sql.push_str(" PRAGMA query_only = ON;");
    }
    sql
}

fn pool(options: &StorageOptions, path: &str, size: usize, setup: String) -> Result<Pool<Conn>, OpenError> {
    let mut config = ManagerConfig::default();
    config.recycling_method = RecyclingMethod::Fast;
    let timeout = options.statement_timeout;
    config.custom_setup = Box::new(move |path| open(path.to_owned(), setup.clone(), timeout).boxed());
    Pool::builder(AsyncDieselConnectionManager::new_with_config(path, config))
        .max_size(size)
        .runtime(deadpool::Runtime::Tokio1)
        .wait_timeout(Some(options.pool_timeout))
        .create_timeout(Some(options.pool_timeout))
        .build()
        .map_err(|error| OpenError(format!("the database pool: {error}")))
}

async fn open(path: String, setup: String, timeout: Duration) -> diesel::ConnectionResult<Conn> {
    let mut conn = Conn::establish(&path).await?;
    conn.batch_execute(&setup).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
    statement_timeout::install(&mut conn, timeout).await?;
    Ok(conn)
}
