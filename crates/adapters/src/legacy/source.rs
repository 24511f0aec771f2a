//! Reading the Python service's database: in pages, from one snapshot, without changing anything of it.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use diesel::QueryableByName;
use diesel::SqliteConnection;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};

use super::dedupe_votes::DuplicateVote;
use super::legacy_url::LegacyUrl;
use super::rows::RawRow;
use super::shape::{Shape, behind};
use crate::command_error::CommandError;
use crate::legacy_rows::Table;
use crate::postgres;
use crate::storage::{Kind, StorageOptions};

/// Where an operator has written the URL of the Python service's database.
const URL: &str = "its URL (--from or IMPORT_URL; --to-legacy or EXPORT_URL)";

/// A connection to either database.
pub(super) enum Link {
    Postgres(Box<AsyncPgConnection>),
    Sqlite(SyncConnectionWrapper<SqliteConnection>),
}

/// Runs the same query on a connection of either kind.
macro_rules! linked {
    ($link:expr, $conn:ident => $body:expr) => {
        match $link {
            Link::Postgres(boxed) => {
                let $conn = boxed.as_mut();
                $body
            }
            Link::Sqlite($conn) => $body,
        }
    };
}
pub(super) use linked;

/// The database that is read, and what is in it.
pub(super) struct LegacySource {
    link: Link,
    pub place: LegacyUrl,
    pub shape: Shape,
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    relation: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    of_type: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Nullable<Text>)]
    line: Option<String>,
}

impl Link {
    /// Connects; a SQLite file must be there already.
    pub async fn open(place: &LegacyUrl, options: &StorageOptions) -> Result<Self, CommandError> {
        match place.kind {
            Kind::Postgres => {
                let conn = postgres::establish_foreign(&place.url, URL, options).await;
                Ok(Self::Postgres(Box::new(conn.map_err(|failure| {
                    let why = format!("cannot read {}: {}", place.shown(), failure.reason);
                    if failure.transient {
                        CommandError::failed(why)
                    } else {
                        CommandError::configuration(why)
                    }
                })?)))
            }
            Kind::Sqlite => {
                let path = place.url.trim_start_matches("sqlite://");
                if !Path::new(path).is_file() {
                    return Err(unreachable_at(place, "there is no such file"));
                }
                let conn = SyncConnectionWrapper::establish(path).await;
                let mut conn = conn.map_err(|error| unreachable_at(place, error))?;
                let busy = format!("PRAGMA busy_timeout = {}", options.statement_timeout.as_millis());
                conn.batch_execute(&busy).await.map_err(|error| unreachable_at(place, error))?;
                Ok(Self::Sqlite(conn))
            }
        }
    }

    /// The shape of what is there.
    pub async fn shape(&mut self, place: &LegacyUrl) -> Result<Shape, CommandError> {
        let columns = match place.kind {
            Kind::Postgres => {
                let schema = match &place.schema {
                    Some(schema) => format!("'{}'", schema.replace('\'', "''")),
                    None => "current_schema()".to_owned(),
                };
                format!(
                    "SELECT CAST(table_name AS text) AS relation, CAST(column_name AS text) AS name, \
                     CAST(data_type AS text) AS of_type FROM information_schema.columns WHERE table_schema = {schema}"
                )
            }
            Kind::Sqlite => {
                "SELECT m.name AS relation, c.name AS name, c.type AS of_type FROM sqlite_master m \
                             JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
                    .to_owned()
            }
        };
        let columns: Vec<Column> = linked!(self, conn => diesel::sql_query(columns).load(conn).await)
            .map_err(|error| unreachable_at(place, error))?;
        let versioned = columns.iter().any(|it| it.relation == "alembic_version" && it.name == "version_num");
        let columns = columns.into_iter().map(|it| (it.relation, it.name, it.of_type)).collect();
        let mut shape = Shape::of(columns, place)?;
        if versioned {
            let version = format!("SELECT max(version_num) AS line FROM {}", place.table("alembic_version"));
            let line: Line = linked!(self, conn => diesel::sql_query(version).get_result(conn).await)?;
            shape.revision = line.line;
        }
        Ok(shape)
    }

    pub async fn number(&mut self, sql: &str) -> Result<i64, CommandError> {
        let row: Number = linked!(self, conn => diesel::sql_query(sql).get_result(conn).await)?;
        Ok(row.number)
    }

    /// Executes a statement that binds texts.
    pub async fn execute(&mut self, sql: String, cells: Vec<Option<String>>) -> Result<(), CommandError> {
        macro_rules! bound {
            ($conn:expr, $backend:ty) => {{
                let mut query = diesel::sql_query(sql).into_boxed::<$backend>();
                for cell in cells {
                    query = query.bind::<Nullable<Text>, _>(cell);
                }
                query.execute($conn).await?
            }};
        }
        match self {
            Self::Postgres(conn) => bound!(conn.as_mut(), diesel::pg::Pg),
            Self::Sqlite(conn) => bound!(conn, diesel::sqlite::Sqlite),
        };
        Ok(())
    }

    pub async fn run(&mut self, sql: &str) -> Result<(), CommandError> {
        linked!(self, conn => conn.batch_execute(sql).await)?;
        Ok(())
    }
}

impl LegacySource {
    /// Opens it for reading alone.
    pub async fn open(place: LegacyUrl, options: &StorageOptions) -> Result<Self, CommandError> {
        let mut link = Link::open(&place, options).await?;
        let snapshot = match place.kind {
            Kind::Postgres => "SET TIME ZONE 'UTC'; BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            Kind::Sqlite => "PRAGMA query_only = ON; BEGIN",
        };
        link.run(snapshot).await.map_err(|error| unreachable_at(&place, error))?;
        let shape = link.shape(&place).await?;
        Ok(Self { link, place, shape })
    }

    pub async fn count(&mut self, table: Table, after: Option<i64>) -> Result<u64, CommandError> {
        let table = self.place.table(table.name());
        let sql = format!("SELECT count(*) AS number FROM {table} AS t{}", behind(after));
        Ok(u64::try_from(self.link.number(&sql).await?).unwrap_or(0))
    }

    /// The numeric ids of all rows.
    pub async fn ids(&mut self, table: Table) -> Result<HashSet<i64>, CommandError> {
        let sql = format!("SELECT CAST(id AS bigint) AS number FROM {}", self.place.table(table.name()));
        let rows: Vec<Number> = linked!(&mut self.link, conn => diesel::sql_query(sql).load(conn).await)?;
        Ok(rows.into_iter().map(|row| row.number).collect())
    }

    /// Rows after a numeric id, in order.
    pub async fn page<R: RawRow>(
        &mut self,
        after: Option<i64>,
        limit: usize,
    ) -> Result<Vec<R>, CommandError> {
        let sql = self.shape.page(&self.place, R::TABLE, after, limit);
        R::load(&mut self.link, sql).await
    }

    /// The votes of which only some can be imported.
    pub async fn contested(&mut self) -> Result<Vec<DuplicateVote>, CommandError> {
        let sql = self.shape.contested(&self.place);
        Ok(linked!(&mut self.link, conn => diesel::sql_query(sql).load(conn).await)?)
    }

    /// How many rows of each table have a `user_id`, which is left behind.
    pub async fn user_ids(&mut self) -> Result<BTreeMap<Table, i64>, CommandError> {
        let mut counts = BTreeMap::new();
        for table in Table::ALL.into_iter().filter(|table| self.shape.has_column(*table, "user_id")) {
            let of = self.place.table(table.name());
            let sql = format!("SELECT count(*) AS number FROM {of} WHERE user_id IS NOT NULL");
            counts.insert(table, self.link.number(&sql).await?);
        }
        counts.retain(|_, count| *count > 0);
        Ok(counts)
    }
}

fn unreachable_at(place: &LegacyUrl, error: impl std::fmt::Display) -> CommandError {
    CommandError::failed(format!("cannot read {}: {error}", place.shown()))
}
