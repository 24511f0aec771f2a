//! The pools of connections. A connection remembers its statement timeout, which is set only where a call has another
//! one than the call before it.

use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{self, Manager, Metrics, QueueMode, RecycleError, RecycleResult};
use diesel::ConnectionError;
use diesel_async::pooled_connection::PoolableConnection;
use futures_util::future::BoxFuture;

use super::{Conn, dialect};
use crate::sql::error::DbResult;
use crate::storage::OpenError;

pub type Pool = managed::Pool<ConnectionManager>;

/// A connection of a pool, which goes back to it when this is dropped.
pub type PooledConnection = managed::Object<ConnectionManager>;

/// Makes the connections of a pool, and looks whether they may serve again.
pub struct ConnectionManager {
    connect: Connect,
    statement_timeout: Duration,
}

/// Opens a connection that has the pool's statement timeout.
pub type Connect = Box<dyn Fn() -> BoxFuture<'static, Result<Conn, String>> + Send + Sync>;

/// A connection and its statement timeout.
pub struct TimedConnection {
    conn: Conn,
    statement_timeout: Duration,
}

impl TimedConnection {
    /// The connection, with this statement timeout.
    pub async fn within(&mut self, statement_timeout: Duration) -> DbResult<&mut Conn> {
        if self.statement_timeout != statement_timeout {
            dialect::set_statement_timeout(&mut self.conn, statement_timeout).await?;
            self.statement_timeout = statement_timeout;
        }
        Ok(&mut self.conn)
    }
}

impl Manager for ConnectionManager {
    type Type = TimedConnection;
    type Error = ConnectionError;

    async fn create(&self) -> Result<TimedConnection, ConnectionError> {
        let conn = (self.connect)().await.map_err(ConnectionError::BadConnection)?;
        Ok(TimedConnection { conn, statement_timeout: self.statement_timeout })
    }

    async fn recycle(&self, timed: &mut TimedConnection, _: &Metrics) -> RecycleResult<ConnectionError> {
        if timed.conn.is_broken() {
            return Err(RecycleError::message("the connection is broken"));
        }
        Ok(())
    }
}

/// A pool of `size` connections, which are opened when they are first needed, each step within `timeout`.
pub fn pool(
    connect: Connect,
    statement_timeout: Duration,
    size: usize,
    timeout: Duration,
) -> Result<Pool, OpenError> {
    Pool::builder(ConnectionManager { connect, statement_timeout })
        .max_size(size)
        // The connection used last has what is read most in its caches, and statements that are prepared.
        .queue_mode(QueueMode::Lifo)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(timeout))
        .create_timeout(Some(timeout))
        .recycle_timeout(Some(timeout))
        .build()
        .map_err(|error| OpenError(format!("the database pool: {error}")))
}
