//! One throw-away database per test: a SQLite file in a folder of its own, or a PostgreSQL database made from
//! a migrated template on the server of `TEST_DATABASE_URL`. Either goes when its value is dropped.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use diesel::sql_types::Text;
use diesel::{QueryResult, QueryableByName, SqliteConnection};
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use myashes_adapters::migrations::Migrator;
use myashes_adapters::{Storage, StorageOptions};
use myashes_domain::ranking::Ranking;
use tempfile::TempDir;
use tokio::sync::OnceCell;
use url::Url;

use crate::skip_without;

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseKind {
    Sqlite,
    Postgres,
}

/// A database of one test, which is dropped with it.
pub struct TestDatabase {
    pub url: String,
    pub kind: DatabaseKind,
    _folder: Option<TempDir>,
    /// The server and the name of a database that the end of a test drops.
    dropped: Option<(String, String)>,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

static TEMPLATE: OnceCell<String> = OnceCell::const_new();
static COUNT: AtomicU32 = AtomicU32::new(0);

impl TestDatabase {
    /// An empty, migrated database; `None` when there is no PostgreSQL to make it on, which in CI is a
    /// failure.
    pub async fn new(kind: DatabaseKind) -> Option<Self> {
        match kind {
            DatabaseKind::Sqlite => {
                let database = Self::unmigrated(kind).await?;
                database.migrate().await;
                Some(database)
            }
            DatabaseKind::Postgres => {
                let server = server_url()?;
                let template = TEMPLATE.get_or_init(|| make_template(server.clone())).await;
                Some(Self::on_postgres(&server, &format!("TEMPLATE {template}")).await)
            }
        }
    }

    /// An empty, migrated database that needs no server.
    pub async fn sqlite() -> Self {
        Self::new(DatabaseKind::Sqlite).await.expect("SQLite is always there")
    }

    /// An empty database without any table.
    pub async fn unmigrated(kind: DatabaseKind) -> Option<Self> {
        match kind {
            DatabaseKind::Sqlite => {
                let folder = TempDir::new().expect("a temporary folder");
                let url = format!("sqlite://{}", folder.path().join("test.db").display());
                Some(Self { url, kind, _folder: Some(folder), dropped: None })
            }
            DatabaseKind::Postgres => Some(Self::on_postgres(&server_url()?, "").await),
        }
    }

    /// An empty PostgreSQL database made with these options of `CREATE DATABASE`.
    pub async fn with_options(options: &str) -> Option<Self> {
        Some(Self::on_postgres(&server_url()?, options).await)
    }

    async fn on_postgres(server: &str, from: &str) -> Self {
        let name = format!("myashes_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
        execute(server, &format!("CREATE DATABASE {name} {from}")).await;
        Self {
            url: with_database(server, &name),
            kind: DatabaseKind::Postgres,
            _folder: None,
            dropped: Some((server.to_owned(), name)),
        }
    }

    /// A database that is there already, on a server that a test has started itself. It is left as it is.
    #[must_use]
    pub fn existing(url: &str) -> Self {
        let kind = if url.starts_with("sqlite") { DatabaseKind::Sqlite } else { DatabaseKind::Postgres };
        Self { url: url.to_owned(), kind, _folder: None, dropped: None }
    }

    async fn migrate(&self) {
        Migrator::new(&self.options()).expect("a URL").up().await.expect("the migrations apply");
    }

    /// Options with limits that fit tests.
    #[must_use]
    pub fn options(&self) -> StorageOptions {
        StorageOptions {
            url: self.url.clone(),
            read_url: None,
            pool_size: 8,
            pool_timeout: Duration::from_secs(30),
            statement_timeout: Duration::from_secs(30),
            ranking: Ranking::default(),
            cache_lifetime: Duration::ZERO,
        }
    }

    /// Runs statements as they are.
    ///
    /// # Errors
    /// What the database says against them.
    pub async fn execute(&self, sql: &str) -> Result<(), String> {
        let said = match self.kind {
            DatabaseKind::Postgres => self.postgres_conn().await.batch_execute(sql).await,
            DatabaseKind::Sqlite => self.sqlite_conn().await.batch_execute(sql).await,
        };
        said.map_err(|error| error.to_string())
    }

    /// The one number a query returns.
    pub async fn count(&self, sql: &str) -> i64 {
        let rows = self.texts(&format!("SELECT CAST(({sql}) AS text) AS line")).await;
        rows[0].parse().expect(sql)
    }

    /// Every table, column, index, constraint, trigger, function and storage setting, as text to compare.
    pub async fn schema(&self) -> BTreeSet<String> {
        match self.kind {
            DatabaseKind::Sqlite => {
                let all = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS line FROM sqlite_master";
                self.texts(all).await.into_iter().collect()
            }
            DatabaseKind::Postgres => {
                let columns = "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable \
                               || ' ' || coalesce(column_default, '') AS line FROM information_schema.columns \
                               WHERE table_schema = 'public'";
                let indexes = "SELECT indexdef AS line FROM pg_indexes WHERE schemaname = 'public'";
                let constraints = "SELECT conrelid::regclass::text || ' ' || pg_get_constraintdef(oid) AS line \
                                   FROM pg_constraint WHERE connamespace = 'public'::regnamespace";
                let triggers = "SELECT tgenabled::text || ' ' || pg_get_triggerdef(oid) AS line FROM pg_trigger \
                                WHERE NOT tgisinternal";
                // Without those of extensions.
                let functions = "SELECT pg_get_functiondef(oid) AS line FROM pg_proc f \
                                 WHERE pronamespace = 'public'::regnamespace AND NOT EXISTS (SELECT 1 \
                                 FROM pg_depend d WHERE d.objid = f.oid AND d.deptype = 'e')";
                let settings = "SELECT relname || ' ' || reloptions::text AS line FROM pg_class \
                                WHERE relnamespace = 'public'::regnamespace AND reloptions IS NOT NULL";
                let mut all = BTreeSet::new();
                for part in [columns, indexes, constraints, triggers, functions, settings] {
                    all.extend(self.texts(part).await);
                }
                all
            }
        }
    }

    /// Every `table.column`.
    pub async fn columns(&self) -> BTreeSet<String> {
        let columns = match self.kind {
            DatabaseKind::Sqlite => {
                "SELECT m.name || '.' || c.name AS line FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c \
                 WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\'"
            }
            DatabaseKind::Postgres => {
                "SELECT table_name || '.' || column_name AS line FROM information_schema.columns \
                 WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_%'"
            }
        };
        self.texts(columns).await.into_iter().collect()
    }

    /// Every `table.column` that may be null, and the indexes that no constraint has.
    pub async fn nullable_columns_and_indexes(&self) -> BTreeSet<String> {
        let all = match self.kind {
            DatabaseKind::Sqlite => {
                "SELECT m.name || '.' || c.name AS line FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c \
                 WHERE m.type = 'table' AND NOT (c.\"notnull\" OR c.pk) AND m.name NOT LIKE 'sqlite_%' \
                 AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\' \
                 UNION ALL SELECT name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite_%'"
            }
            DatabaseKind::Postgres => {
                "SELECT c.table_name || '.' || c.column_name AS line FROM information_schema.columns c \
                 JOIN information_schema.tables USING (table_schema, table_name) WHERE table_schema = 'public' \
                 AND table_type = 'BASE TABLE' AND is_nullable = 'YES' AND table_name NOT LIKE '\\_\\_%' \
                 UNION ALL SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT IN \
                 (SELECT conname FROM pg_constraint)"
            }
        };
        self.texts(all).await.into_iter().collect()
    }

    /// Asserts that no transaction is left open.
    pub async fn assert_no_open_transaction(&self) {
        if self.kind == DatabaseKind::Postgres {
            let open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                        AND state LIKE 'idle in transaction%'";
            // One that is being finished right now is not left open: ask again, a bounded number of times.
            for _ in 0..500 {
                if self.count(open).await == 0 {
                    return;
                }
            }
            panic!("a transaction was left open");
        } else {
            self.execute("BEGIN IMMEDIATE; ROLLBACK").await.expect("no transaction holds the write lock");
        }
    }

    /// Returns when a session waits for a lock, or has given up before it was seen.
    pub async fn until_a_session_waits(&self) {
        let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                       AND wait_event_type = 'Lock'";
        for _ in 0..500 {
            if self.count(waiting).await > 0 {
                return;
            }
        }
    }

    /// What a query returns in its one text column, which it calls `line`.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let query = diesel::sql_query(sql);
        let rows: Vec<Line> = match self.kind {
            DatabaseKind::Postgres => query.load(&mut self.postgres_conn().await).await.expect(sql),
            DatabaseKind::Sqlite => query.load(&mut self.sqlite_conn().await).await.expect(sql),
        };
        rows.into_iter().map(|row| row.line).collect()
    }

    async fn postgres_conn(&self) -> AsyncPgConnection {
        AsyncPgConnection::establish(&self.url).await.expect("the test database answers")
    }

    async fn sqlite_conn(&self) -> SyncConnectionWrapper<SqliteConnection> {
        let path = self.url.trim_start_matches("sqlite://");
        let mut conn = SyncConnectionWrapper::establish(path).await.expect("the test file opens");
        conn.batch_execute("PRAGMA busy_timeout = 30000").await.expect("a pragma");
        conn
    }

    /// The ports over this database.
    #[must_use]
    pub fn storage(&self) -> Storage {
        Storage::open(&self.options()).expect("a URL of our own making")
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Some((server, name)) = self.dropped.take() else { return };
        // The test's own runtime may be shutting down, so the clean-up has one of its own.
        let cleanup = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime
                .expect("a runtime")
                .block_on(execute(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
        });
        drop(cleanup.join());
    }
}

/// The server to make databases on.
#[expect(clippy::disallowed_methods, reason = "tests take their servers from the environment")]
fn server_url() -> Option<String> {
    match std::env::var("TEST_DATABASE_URL") {
        Ok(url) if !url.is_empty() => Some(url),
        _ => skip_without("TEST_DATABASE_URL, which `cargo xtask test` sets"),
    }
}

/// The name of a migrated database to copy. It stays on the server, one for each schema, for the next test
/// program; the first program that needs it creates it under another name and renames it, so that it is never seen incomplete.
async fn make_template(server: String) -> String {
    let building = TestDatabase::on_postgres(&server, "").await;
    let migrations = Migrator::new(&building.options()).expect("a URL").sql_of_pending().await;
    let mut hasher = DefaultHasher::new();
    migrations.expect("the migrations are embedded").hash(&mut hasher);
    let name = format!("myashes_template_{:016x}", hasher.finish());
    let there = format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'");
    if building.count(&there).await == 0 {
        building.migrate().await;
        let (_, temporary) = building.dropped.as_ref().expect("it was just made");
        let named = attempt(&server, &format!("ALTER DATABASE {temporary} RENAME TO {name}")).await;
        if let Err(error) = named {
            assert_eq!(building.count(&there).await, 1, "{name}: {error}");
        }
    }
    name
}

fn with_database(server: &str, name: &str) -> String {
    let mut url = Url::parse(server).expect("TEST_DATABASE_URL is a URL");
    url.set_path(name);
    url.to_string()
}

async fn execute(server: &str, sql: &str) {
    attempt(server, sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

async fn attempt(server: &str, sql: &str) -> QueryResult<()> {
    let mut conn = AsyncPgConnection::establish(server).await.expect("the test server answers");
    conn.batch_execute(sql).await
}
