//! Rows of the Python service's tables, as they stand there: everything is text or nothing, so that no value
//! is too odd to be read, shown and set aside.

use diesel::QueryableByName;
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::pg::{Pg, PgValue};
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use diesel::sqlite::{Sqlite, SqliteValue};
use diesel_async::RunQueryDsl;
use futures_util::future::BoxFuture;
use myashes_domain::session::SessionHash;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::source::{Link, linked};
use crate::command_error::CommandError;
use crate::legacy_rows::Table;

/// What a text that is no UTF-8 begins with; no column of PostgreSQL, and no text that is taken over, has a NUL.
const NO_UTF8: &str = "\0no UTF-8\0";

/// The most characters of a column that are read. Every limit of a field is below it.
pub const MAX_CELL: usize = 10_000;

/// The most characters of a column that the quarantine keeps.
const MAX_QUARANTINED: usize = 1_000;

/// A column as text, whatever bytes it holds.
#[derive(Debug, Clone, FromSqlRow)]
pub struct RawCell(Option<String>);

impl From<RawCell> for Option<String> {
    fn from(cell: RawCell) -> Self {
        cell.0
    }
}

impl FromSql<Nullable<Text>, Pg> for RawCell {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let text = <String as FromSql<Text, Pg>>::from_sql(value)?;
        Ok(Self(Some(text)))
    }

    fn from_nullable_sql(value: Option<<Pg as Backend>::RawValue<'_>>) -> deserialize::Result<Self> {
        value.map_or(Ok(Self(None)), <Self as FromSql<Nullable<Text>, Pg>>::from_sql)
    }
}

impl FromSql<Nullable<Text>, Sqlite> for RawCell {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        let bytes = <Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(value)?;
        let text = String::from_utf8(bytes);
        Ok(Self(Some(
            text.unwrap_or_else(|error| format!("{NO_UTF8}{}", String::from_utf8_lossy(error.as_bytes()))),
        )))
    }

    fn from_nullable_sql(value: Option<<Sqlite as Backend>::RawValue<'_>>) -> deserialize::Result<Self> {
        value.map_or(Ok(Self(None)), <Self as FromSql<Nullable<Text>, Sqlite>>::from_sql)
    }
}

/// A row of one of the tables.
pub(super) trait RawRow: Sized + Send + Sync {
    const TABLE: Table;
    /// Reads what a query for pages of this table returns.
    fn load(link: &mut Link, sql: String) -> BoxFuture<'_, Result<Vec<Self>, CommandError>>;
    fn id(&self) -> i64;
    /// Its columns by name, without the numeric id.
    fn columns(&self) -> Vec<(&'static str, Option<&str>)>;

    /// The row as JSON for the quarantine; a session id is replaced by its hash.
    fn contents(&self) -> String {
        let columns = self.columns().into_iter().filter_map(|(name, value)| {
            let value = value?;
            let shown = if name == "session_id" {
                hex::encode(session_hash(value).0)
            } else {
                let text = value.strip_prefix(NO_UTF8).unwrap_or(value);
                // PostgreSQL stores no NUL.
                text.chars().filter(|c| *c != '\0').take(MAX_QUARANTINED).collect()
            };
            Some((name.to_owned(), Value::String(shown)))
        });
        Value::Object(columns.collect::<Map<_, _>>()).to_string()
    }

    /// Refuses a row that was not read whole.
    ///
    /// # Errors
    /// Names the first column that is no UTF-8 or too long.
    fn check_whole(&self) -> Result<(), String> {
        for (name, value) in self.columns() {
            let value = value.unwrap_or_default();
            if value.starts_with(NO_UTF8) {
                return Err(format!("{name} is no UTF-8"));
            }
            if value.len() > MAX_CELL && value.chars().count() > MAX_CELL {
                return Err(format!("{name} has more than {MAX_CELL} characters"));
            }
        }
        Ok(())
    }

    /// A digest of what tells this row from one of another database.
    fn row_checksum(&self) -> Vec<u8> {
        let mut digest = Sha256::new().chain_update(self.id().to_be_bytes());
        for (name, value) in self.columns() {
            // The other columns may change, or be added by a later revision.
            if matches!(name, "build_id" | "feedback_id" | "query" | "session_id" | "created_at") {
                digest.update(value.unwrap_or_default().as_bytes());
                digest.update([0]);
            }
        }
        digest.finalize().to_vec()
    }
}

impl Table {
    /// The columns this service knows of, besides the numeric id.
    #[must_use]
    pub(super) fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Builds => RawBuild::COLUMNS,
            Self::Votes => RawVote::COLUMNS,
            Self::Feedback => RawFeedback::COLUMNS,
            Self::Searches => RawSearch::COLUMNS,
        }
    }
}

macro_rules! raw {
    ($name:ident of $table:ident: $($column:ident)*) => {
        #[derive(Debug, Clone, Default, QueryableByName)]
        pub struct $name {
            #[diesel(sql_type = BigInt)]
            pub id: i64,
            $(
                #[diesel(sql_type = Nullable<Text>, deserialize_as = RawCell)]
                pub $column: Option<String>,
            )*
        }

        impl $name {
            const COLUMNS: &[&str] = &[$(stringify!($column)),*];
        }

        impl RawRow for $name {
            const TABLE: Table = Table::$table;

            fn load(link: &mut Link, sql: String) -> BoxFuture<'_, Result<Vec<Self>, CommandError>> {
                Box::pin(async move {
                    Ok(linked!(link, conn => diesel::sql_query(sql).load::<Self>(conn).await)?)
                })
            }

            fn id(&self) -> i64 {
                self.id
            }

            fn columns(&self) -> Vec<(&'static str, Option<&str>)> {
                vec![$((stringify!($column), self.$column.as_deref())),*]
            }
        }
    };
}

raw!(RawBuild of Builds:
    build_id name description primary_archetype secondary_archetype class_name race is_public is_template
    session_id user_id player_id steam_id steam_display_name rating_sum vote_count created_at updated_at);
raw!(RawVote of Votes: build_id session_id user_id player_id steam_id rating created_at);
raw!(RawFeedback of Feedback:
    feedback_id query response_snippet search_mode rating comment session_id user_id created_at
    reviewed_at reviewed_by flagged_for_cleanup cleanup_issue_url);
raw!(RawSearch of Searches: query search_mode result_count session_id user_id created_at);

/// The hash of a session id of any form.
#[must_use]
pub fn session_hash(session: &str) -> SessionHash {
    exported_hash(session).unwrap_or_else(|| SessionHash::of(session))
}

/// A session id that is itself 64 hexadecimal digits was written by this service's `export`, which has only
/// hashes to give: it stands for itself.
#[must_use]
pub fn exported_hash(session: &str) -> Option<SessionHash> {
    let lower_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    let mut hash = [0; 32];
    let exported = session.bytes().all(lower_hex) && hex::decode_to_slice(session, &mut hash).is_ok();
    exported.then_some(SessionHash(hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_are_hashed_in_what_is_set_aside() {
        let row = RawVote {
            session_id: Some("sess_secret".into()),
            rating: Some("9".into()),
            ..RawVote::default()
        };
        let contents = row.contents();
        assert!(!contents.contains("sess_secret"), "{contents}");
        assert!(contents.contains(&hex::encode(SessionHash::of("sess_secret").0)), "{contents}");
    }

    #[test]
    fn a_hash_stands_for_itself() {
        let hash = SessionHash::of("sess_0123456789abcdef01234567");
        assert_eq!(session_hash(&hex::encode(hash.0)), hash);
        assert_eq!(session_hash("sess_0123456789abcdef01234567"), hash);
    }
}
