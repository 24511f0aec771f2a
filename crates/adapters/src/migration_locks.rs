//! How a migration waits for its tables: briefly, and again and again. All that comes to a table after a lock that is
//! waited for waits behind it, so a backup that reads the table for a minute would stop the service for as long.

use std::error::Error;
use std::time::{Duration, Instant};

use diesel::backend::Backend;
use diesel::connection::BoxableConnection;
use diesel::migration::{Migration, MigrationMetadata, MigrationName, Result};

use crate::sql::sqlstate;

/// Half of what a request waits for a lock.
const WAIT_BRIEFLY: &str = "SET LOCAL lock_timeout = '250ms'";

/// A lock that was not free in time, and two transactions that waited for each other.
const IN_USE: [&str; 2] = ["55P03", "40P01"];

const PAUSE: Duration = Duration::from_secs(1);
const DEADLINE: Duration = Duration::from_secs(120);

/// A migration that waits briefly for locks, on PostgreSQL and in a transaction. Outside of one it could not be run
/// again.
pub struct BriefLocks<DB: Backend> {
    migration: Box<dyn Migration<DB>>,
    repeatable: bool,
    began: Instant,
}

impl<DB: Backend> BriefLocks<DB> {
    pub fn new(migration: Box<dyn Migration<DB>>, on_postgres: bool) -> Self {
        let repeatable = on_postgres && migration.metadata().run_in_transaction();
        Self { migration, repeatable, began: Instant::now() }
    }

    /// After a failure: whether it is to be run once more, which is said after a pause.
    pub fn again(&self, failure: &(dyn Error + Send + Sync)) -> bool {
        let text = failure.to_string();
        let in_use = sqlstate::within(&text).is_some_and(|state| IN_USE.contains(&state));
        if !self.repeatable || !in_use || self.began.elapsed() > DEADLINE {
            return false;
        }
        tracing::info!(migration = %self.migration.name(), "a table is in use; trying again");
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(tokio::time::sleep(PAUSE)));
        true
    }
}

impl<DB: Backend> Migration<DB> for BriefLocks<DB> {
    fn run(&self, conn: &mut dyn BoxableConnection<DB>) -> Result<()> {
        if self.repeatable {
            conn.batch_execute(WAIT_BRIEFLY)?;
        }
        self.migration.run(conn)
    }

    fn revert(&self, conn: &mut dyn BoxableConnection<DB>) -> Result<()> {
        self.migration.revert(conn)
    }

    fn metadata(&self) -> &dyn MigrationMetadata {
        self.migration.metadata()
    }

    fn name(&self) -> &dyn MigrationName {
        self.migration.name()
    }
}
