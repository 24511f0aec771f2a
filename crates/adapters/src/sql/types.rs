//! Columns whose form differs between the databases, and the newtypes that go in and out of them.

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::data_types::PgTimestamp;
use diesel::pg::{Pg, PgValue};
use diesel::query_builder::QueryId;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, SqlType, Timestamptz};
use diesel::sqlite::{Sqlite, SqliteValue};
use myashes_domain::clock::Timestamp;

/// `timestamptz` in PostgreSQL, microseconds since 1970 in SQLite.
#[derive(Debug, Clone, Copy, SqlType, QueryId)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185))]
#[diesel(sqlite_type(name = "Long"))]
pub struct Instant;

/// A [`Timestamp`] on its way to or from a column of type [`Instant`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, FromSqlRow, AsExpression)]
#[diesel(sql_type = Instant)]
pub struct SqlTimestamp(pub Timestamp);

/// 2000-01-01, from which PostgreSQL counts.
const PG_EPOCH_MICROS: i64 = 946_684_800_000_000;

impl ToSql<Instant, Pg> for SqlTimestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let value = PgTimestamp(self.0.micros() - PG_EPOCH_MICROS);
        ToSql::<Timestamptz, Pg>::to_sql(&value, &mut out.reborrow())
    }
}

impl FromSql<Instant, Pg> for SqlTimestamp {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let PgTimestamp(micros) = FromSql::<Timestamptz, Pg>::from_sql(value)?;
        instant(micros.saturating_add(PG_EPOCH_MICROS))
    }
}

impl ToSql<Instant, Sqlite> for SqlTimestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.micros());
        Ok(IsNull::No)
    }
}

impl FromSql<Instant, Sqlite> for SqlTimestamp {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        instant(<i64 as FromSql<BigInt, Sqlite>>::from_sql(value)?)
    }
}

fn instant(micros: i64) -> deserialize::Result<SqlTimestamp> {
    Timestamp::from_micros(micros)
        .map(SqlTimestamp)
        .ok_or_else(|| "an instant outside of the calendar".into())
}

/// A 32-byte hash in a binary column.
pub fn hash32(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    let length = bytes.len().min(32);
    hash[..length].copy_from_slice(&bytes[..length]);
    hash
}

/// The first 16 bytes of a text's SHA-256: its key in indexes that the text is too long for.
pub fn text_key(text: &str) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    Sha256::digest(text.as_bytes())[..16].to_vec()
}

/// Leaves of `rows`, a boxed query, those whose `column` is at or after `range.from` and before `range.until`.
macro_rules! within {
    ($rows:expr, $column:expr, $range:expr) => {{
        let mut rows = $rows;
        if let Some(from) = $range.from {
            rows = rows.filter($column.ge($crate::sql::types::SqlTimestamp(from)));
        }
        if let Some(until) = $range.until {
            rows = rows.filter($column.lt($crate::sql::types::SqlTimestamp(until)));
        }
        rows
    }};
}
pub(crate) use within;
