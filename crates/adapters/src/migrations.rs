//! The migrations, embedded: applied in order, each in a transaction of its own, by one process at a time.

use std::fmt::Write as _;
use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

use diesel::IntoSql as _;
use diesel::migration::{MigrationSource, MigrationVersion};
use diesel::sql_types::{BigInt, Bool};
use diesel_async::{AsyncMigrationHarness, AsyncPgConnection, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

pub use crate::command_error::CommandError;

use crate::migration_locks::BriefLocks;
use crate::sql::prepared_sql::PreparedSql;
use crate::storage::{Kind, StorageOptions};
use crate::{postgres, sqlite};

const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");

// `UP`: database, name and text of each migration, from the build script.
include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// The advisory lock held while migrating: the letters `migrate`.
const LOCK: i64 = 0x6d_6967_7261_7465;

/// How often a database that does not answer yet is tried again.
const RETRIES: u32 = 8;

/// Between two attempts to be the one that migrates.
const SHORTEST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_secs(1);

type Outcome<T> = Result<T, CommandError>;

/// The versions this binary needs in the database of this URL.
pub(crate) fn needed(url: &str) -> Vec<String> {
    match Kind::of(url) {
        Ok(Kind::Postgres) => versions::<diesel::pg::Pg>(&POSTGRES),
        Ok(Kind::Sqlite) => versions::<diesel::sqlite::Sqlite>(&SQLITE),
        Err(_) => vec![],
    }
}

fn versions<DB: diesel::backend::Backend>(source: &impl MigrationSource<DB>) -> Vec<String> {
    let migrations = source.migrations().expect("embedded migrations are always there");
    migrations.iter().map(|migration| migration.name().version().to_string()).collect()
}

/// The name of a version, or the version itself where another release has added it.
fn name_of(version: String) -> String {
    let named = UP.iter().map(|(_, name, _)| *name).find(|name| {
        let digits = name.split_once('_').map_or(*name, |(digits, _)| digits);
        digits.replace('-', "") == version
    });
    named.map_or(version, str::to_owned)
}

/// Changes the schema of one database.
pub struct Migrator {
    options: StorageOptions,
    kind: Kind,
}

/// A connection that migrates, of either kind.
enum Session {
    Postgres(Box<AsyncMigrationHarness<postgres::Conn>>),
    Sqlite(Box<AsyncMigrationHarness<sqlite::Conn>>),
}

/// Runs the same lines on a harness of either kind.
macro_rules! either {
    ($session:expr, $harness:ident, $source:ident => $body:expr) => {
        match $session {
            Session::Postgres($harness) => {
                let $source = || POSTGRES;
                $body
            }
            Session::Sqlite($harness) => {
                let $source = || SQLITE;
                $body
            }
        }
    };
}

impl Migrator {
    /// Creates a migrator for the database at `options.url`; it does not connect yet.
    ///
    /// # Errors
    /// For a URL of another scheme.
    pub fn new(options: &StorageOptions) -> Outcome<Self> {
        let kind = Kind::of(&options.url).map_err(CommandError::configuration)?;
        Ok(Self { options: options.clone(), kind })
    }

    /// Names of the migrations that are applied, oldest first. A migration that only another release has is listed by
    /// its version.
    ///
    /// # Errors
    /// When the database cannot be reached or does not answer.
    pub async fn applied(&self) -> Outcome<Vec<String>> {
        let _lock = self.lock_folder().await?;
        let mut session = self.connect().await?;
        let applied: Vec<MigrationVersion<'static>> =
            either!(&mut session, harness, _source => harness.applied_migrations())
                .map_err(CommandError::failed)?;
        let mut versions: Vec<String> = applied.iter().map(ToString::to_string).collect();
        versions.sort();
        Ok(versions.into_iter().map(name_of).collect())
    }

    /// Names of the migrations that are to be applied, in order.
    ///
    /// # Errors
    /// When the database cannot be reached or does not answer.
    pub async fn pending(&self) -> Outcome<Vec<String>> {
        let _lock = self.lock_folder().await?;
        let mut session = self.connect().await?;
        either!(&mut session, harness, source => {
            let pending = harness.pending_migrations(source()).map_err(CommandError::failed)?;
            Ok(pending.iter().map(|migration| migration.name().to_string()).collect())
        })
    }

    /// Applies what is pending, while no other process does, and returns the names of what was applied.
    ///
    /// # Errors
    /// When the database cannot be reached or belongs to the Python service, or a migration fails; those before it
    /// stay applied.
    pub async fn up(&self) -> Outcome<Vec<String>> {
        let _lock = self.lock_folder().await?;
        let mut session = self.connect_locked().await?;
        either!(&mut session, harness, source => {
            let pending = harness.pending_migrations(source()).map_err(CommandError::failed)?;
            let mut applied = vec![];
            for migration in pending {
                let name = migration.name().to_string();
                let migration = BriefLocks::new(migration, self.kind == Kind::Postgres);
                while let Err(error) = harness.run_migration(&migration) {
                    if !migration.again(&*error) {
                        return Err(CommandError::failed(format!("{name}: {error}")));
                    }
                }
                tracing::info!(migration = %name, "applied");
                applied.push(name);
            }
            Ok(applied)
        })
    }

    /// Takes back the newest `count` migrations, and returns the names of what was taken back. It stops early when none
    /// is left.
    ///
    /// # Errors
    /// As [`Migrator::up`]; also for a version that only another release has.
    pub async fn revert(&self, count: usize) -> Outcome<Vec<String>> {
        let _lock = self.lock_folder().await?;
        let mut session = self.connect_locked().await?;
        either!(&mut session, harness, source => {
            let mut reverted = vec![];
            for _ in 0..count {
                if harness.applied_migrations().map_err(CommandError::failed)?.is_empty() {
                    break;
                }
                let version = harness.revert_last_migration(source()).map_err(CommandError::failed)?;
                reverted.push(name_of(version.to_string()));
            }
            Ok(reverted)
        })
    }

    /// The SQL of what is pending, as it would be run.
    ///
    /// # Errors
    /// As [`Migrator::pending`].
    pub async fn sql_of_pending(&self) -> Outcome<String> {
        let folder = match self.kind {
            Kind::Postgres => "postgres",
            Kind::Sqlite => "sqlite",
        };
        let mut sql = String::new();
        for name in self.pending().await? {
            let text = UP
                .iter()
                .find(|(of, migration, _)| *of == folder && *migration == name)
                .map(|(.., text)| *text);
            writeln!(sql, "-- {name}\n{}", text.unwrap_or_default().trim_end())
                .map_err(CommandError::failed)?;
        }
        Ok(sql)
    }

    async fn connect(&self) -> Outcome<Session> {
        Ok(match self.kind {
            Kind::Postgres => {
                let conn = self.reach_postgres().await?;
                Session::Postgres(Box::new(AsyncMigrationHarness::new(conn)))
            }
            Kind::Sqlite => {
                let conn = sqlite::establish(&self.options).await.map_err(CommandError::failed)?;
                Session::Sqlite(Box::new(AsyncMigrationHarness::new(conn)))
            }
        })
    }

    /// Connects as the only one that migrates. With SQLite the lock on the folder sees to that.
    async fn connect_locked(&self) -> Outcome<Session> {
        match self.kind {
            Kind::Postgres => {
                let mut conn = self.reach_postgres().await?;
                lock_postgres(&mut conn).await?;
                let foreign: PreparedSql<_, Bool> = PreparedSql::new(
                    "SELECT to_regclass(quote_ident(current_schema()) || '.alembic_version') IS NOT NULL",
                    (),
                );
                refuse_foreign(foreign.get_result(&mut conn).await)?;
                Ok(Session::Postgres(Box::new(AsyncMigrationHarness::new(conn))))
            }
            Kind::Sqlite => {
                let mut conn = sqlite::establish(&self.options).await.map_err(CommandError::failed)?;
                let foreign: PreparedSql<_, Bool> = PreparedSql::new(
                    "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'alembic_version')",
                    (),
                );
                refuse_foreign(foreign.get_result(&mut conn).await)?;
                Ok(Session::Sqlite(Box::new(AsyncMigrationHarness::new(conn))))
            }
        }
    }

    /// Waits for a database that is just starting.
    async fn reach_postgres(&self) -> Outcome<AsyncPgConnection> {
        let mut pause = Duration::from_millis(100);
        let mut tries = 0;
        loop {
            match postgres::establish(&self.options).await {
                Ok(conn) => return Ok(conn),
                Err(failure) if !failure.transient || tries >= RETRIES => return Err(failure.into()),
                Err(failure) => tracing::warn!(error = %failure, "no connection yet; trying again"),
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(5));
            tries += 1;
        }
    }

    /// Holds back other processes that are about to migrate a SQLite file, from before it is opened until the value is
    /// dropped: a new file is not ready for several at once before it has been set up. The folder is locked, since
    /// closing a second handle of the file itself would release the locks that SQLite holds on it.
    async fn lock_folder(&self) -> Outcome<Option<File>> {
        if self.kind == Kind::Postgres {
            return Ok(None);
        }
        let folder = sqlite::folder(&self.options);
        let folder = folder.map_err(CommandError::configuration)?;
        let locked = lock_when_free(folder).await;
        if let Err(error) = &locked {
            let folder = folder.display();
            tracing::warn!(%error, "{folder} cannot be locked: do not start several programs at once on a new file");
        }
        Ok(locked.ok())
    }
}

async fn lock_when_free(folder: &Path) -> io::Result<File> {
    let (lock, mut wait) = (File::open(folder)?, Wait::default());
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            Err(TryLockError::WouldBlock) => wait.once().await,
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
}

/// Waits for the advisory lock by asking for it again and again: a statement that waits would be ended by a timeout of
/// its role, and holds a snapshot, for which an index that is built concurrently waits in turn.
async fn lock_postgres(conn: &mut AsyncPgConnection) -> Outcome<()> {
    let mut wait = Wait::default();
    loop {
        let attempt: PreparedSql<_, Bool> =
            PreparedSql::new("SELECT pg_try_advisory_lock($1)", (LOCK.into_sql::<BigInt>(),));
        if attempt.get_result(conn).await? {
            return Ok(());
        }
        wait.once().await;
    }
}

/// The pauses of a process that waits until it is the one that migrates.
#[derive(Default)]
struct Wait {
    longer: Duration,
}

impl Wait {
    async fn once(&mut self) {
        if self.longer.is_zero() {
            tracing::info!("another process is migrating; waiting until it is done");
        }
        self.longer = (self.longer * 2).clamp(SHORTEST_WAIT, LONGEST_WAIT);
        tokio::time::sleep(self.longer).await;
    }
}

/// Stops before a database of the service this one replaces: it has tables of the same names.
fn refuse_foreign(foreign: diesel::QueryResult<bool>) -> Outcome<()> {
    if foreign? {
        return Err(CommandError::failed(
            "this database belongs to the Python service (it has alembic_version); nothing was changed. \
             Migrate an empty database or schema, then bring the data over with `myashes import`",
        ));
    }
    Ok(())
}
