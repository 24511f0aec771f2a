//! Whether a database can be used: its encoding, its letters, and what stands before it.
//!
//! It is asked at the first connection, before any setting is made.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::future::join_all;
use myashes_domain::{Error, Result};
use tokio_postgres::{Client, SimpleQueryMessage};

use super::connect::Target;
use super::connect_error::ConnectFailure;
use crate::sql::error::DbResult;

/// Connections that are compared. Several processes of a pooler may share one address; of three connections at least
/// two meet the same process where there are two of them.
const CONNECTIONS: usize = 3;

/// How often each of them is asked.
const ROUNDS: usize = 3;

/// The longest that the comparison may take.
const LONGEST: Duration = Duration::from_secs(2);

/// The process that serves a session, and when it began: the same number comes again on other servers.
const SESSION: &str = "SELECT pid || ' ' || backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()";

/// Whether letters beyond ASCII are none.
const NO_LETTERS: &str = "SELECT cardinality(show_trgm('дом')) = 0";

/// Until pg_trgm is there, which the first migration brings.
const C_LOCALE: &str =
    "SELECT datctype IN ('C', 'POSIX') FROM pg_database WHERE datname = current_database()";

/// How to make a database that can be used.
const CREATE: &str =
    "CREATE DATABASE myashes TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'";

/// Checks the databases of the pools.
#[derive(Clone)]
pub struct DatabaseCheck {
    targets: Vec<Target>,
}

impl DatabaseCheck {
    pub fn of(targets: Vec<Target>) -> Self {
        Self { targets }
    }

    /// A server that cannot write does not take connections, or says so itself.
    pub fn needs_probe(&self) -> bool {
        false
    }

    /// Nothing is noted of writes.
    pub fn note_write<T>(&self, _result: &DbResult<T>) -> bool {
        false
    }

    /// Why one of them must not be used.
    ///
    /// # Errors
    /// While one of them does not answer, after those before it have been found usable.
    pub async fn refusal(&self) -> Result<Option<String>> {
        for target in &self.targets {
            let refusal = target.refusal().await.map_err(Error::unavailable)?;
            if let Some(refusal) = refusal {
                return Ok(Some(refusal.to_owned()));
            }
        }
        Ok(None)
    }

    /// A server cannot be exchanged under its connections.
    ///
    /// # Errors
    /// None.
    pub fn in_place(&self) -> Result<()> {
        Ok(())
    }
}

/// Why this database must not be used, if there is a reason; what merely costs something is logged.
///
/// # Errors
/// When it cannot be connected to.
pub async fn check(target: &Target) -> std::result::Result<Option<String>, ConnectFailure> {
    let (client, connection) = target.connect().await?;
    let encoding = connection.parameter("server_encoding").unwrap_or("UTF8").to_owned();
    tokio::spawn(connection);
    let (variable, place) = (target.variable, target.place());
    if encoding != "UTF8" {
        return Ok(Some(format!(
            "{variable}: the database at {place} has the encoding {encoding}, and UTF8 is needed to hold every \
             character; make another one with: {CREATE}"
        )));
    }
    let longest = LONGEST.min(target.question_timeout());
    // A pooler that keeps sessions may have no connection for the others: then there is nothing to compare.
    let shared = tokio::time::timeout(longest, shares_sessions(target, &client)).await;
    if shared.unwrap_or(false) {
        return Ok(Some(format!(
            "{variable}: a connection pooler at {place} does not keep sessions, which prepared statements, settings \
             and the lock of migrations need; set pool_mode = session there (pgbouncer), or connect to PostgreSQL \
             itself"
        )));
    }
    if tokio::time::timeout(longest, lacks_letters(&client)).await.unwrap_or(false) {
        tracing::warn!(
            "{variable}: LC_CTYPE is C in the database at {place}, so that it knows no letters beyond ASCII: misspelled \
             words in other scripts are not found, and searches for them are slow; a database without this is made \
             with: {CREATE}"
        );
    }
    Ok(None)
}

/// Whether the server's sessions are handed from connection to connection.
async fn shares_sessions(target: &Target, first: &Client) -> bool {
    let more = join_all((1..CONNECTIONS).map(|_| async {
        let (client, connection) = target.connect().await.ok()?;
        tokio::spawn(connection);
        Some(client)
    }));
    let more: Vec<Client> = more.await.into_iter().flatten().collect();
    let mut sessions = Sessions::default();
    for _ in 0..ROUNDS {
        for (number, client) in [first].into_iter().chain(&more).enumerate() {
            // Twice in a row: a pooler may deal out its connections in turn.
            for _ in 0..2 {
                let Some(session) = ask(client, SESSION).await else { return false };
                if sessions.is_shared(number, session) {
                    return true;
                }
            }
        }
    }
    false
}

async fn lacks_letters(client: &Client) -> bool {
    match ask(client, NO_LETTERS).await {
        Some(answer) => answer == "t",
        None => ask(client, C_LOCALE).await.is_some_and(|answer| answer == "t"),
    }
}

/// The one value that a query gives, as text. As a simple query: nothing is prepared.
async fn ask(client: &Client, query: &str) -> Option<String> {
    let messages = client.simple_query(query).await.ok()?;
    messages.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    })
}

/// Which connection each session of the server was seen on.
#[derive(Debug, Default)]
struct Sessions(HashMap<String, usize>);

impl Sessions {
    /// Whether a session of another connection is now seen on this one, or this one's has changed: neither happens
    /// where a connection has a session of its own.
    fn is_shared(&mut self, connection: usize, session: String) -> bool {
        let changed = self.0.iter().any(|(seen, of)| *of == connection && *seen != session);
        let of = *self.0.entry(session).or_insert(connection);
        changed || of != connection
    }
}

#[cfg(test)]
mod tests {
    use super::Sessions;

    fn shared(seen: &[(usize, &str)]) -> bool {
        let mut sessions = Sessions::default();
        seen.iter().any(|(connection, session)| sessions.is_shared(*connection, (*session).to_owned()))
    }

    #[test]
    fn connections_with_sessions_of_their_own_share_none() {
        assert!(!shared(&[(0, "a"), (0, "a"), (1, "b"), (1, "b"), (2, "c"), (0, "a"), (1, "b")]));
        assert!(!shared(&[(0, "a"), (0, "a")]), "a single connection proves nothing");
    }

    #[test]
    fn a_session_that_moves_is_shared() {
        assert!(shared(&[(0, "a"), (0, "a"), (1, "a")]), "it is on two connections");
        assert!(shared(&[(0, "a"), (0, "b")]), "a connection has another one than before");
    }
}
