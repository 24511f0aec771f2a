//! Where the Python service's tables are.

use crate::command_error::CommandError;
use crate::storage::Kind;

/// A database, and in PostgreSQL perhaps a schema of it. Without `Debug`, since the URL may hold a password.
#[derive(Clone)]
pub struct LegacyUrl {
    /// URL without the driver of SQLAlchemy.
    pub(super) url: String,
    pub(super) kind: Kind,
    /// Schema of the tables. `None` is the default one, and the only one of SQLite.
    pub(super) schema: Option<String>,
}

impl LegacyUrl {
    /// Understands the URLs of this service, and those of SQLAlchemy with a driver in their scheme
    /// (`postgresql+asyncpg://…`; `sqlite+aiosqlite:///relative/path`).
    ///
    /// # Errors
    /// For another scheme, and for a schema beside SQLite, which has none.
    pub fn parse(url: &str, schema: Option<&str>) -> Result<Self, CommandError> {
        let url = without_driver(url);
        let kind = Kind::of(&url).map_err(|_| {
            CommandError::configuration(
                "expected the URL of a database: postgres://…, postgresql://… or sqlite://…",
            )
        })?;
        if kind == Kind::Sqlite && schema.is_some() {
            return Err(CommandError::configuration("a SQLite database has no schemas to choose from"));
        }
        Ok(Self { url, kind, schema: schema.map(str::to_owned) })
    }

    /// A text for people: never the user's name or password.
    #[must_use]
    pub(super) fn shown(&self) -> String {
        let shown = match url::Url::parse(&self.url) {
            Ok(url) if self.kind == Kind::Postgres => {
                format!("{}{}", url.host_str().unwrap_or_default(), url.path())
            }
            _ => self.url.clone(),
        };
        match &self.schema {
            Some(schema) => format!("{shown}, schema {schema}"),
            None => shown,
        }
    }

    /// A table's name as SQL takes it.
    pub(super) fn table(&self, name: &str) -> String {
        match &self.schema {
            Some(schema) => format!("{}.{}", quoted(schema), quoted(name)),
            None => quoted(name),
        }
    }
}

/// An identifier as SQL takes it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn without_driver(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    match scheme.split_once('+') {
        // SQLAlchemy writes three slashes before a relative path and four before an absolute one.
        Some(("sqlite", _)) => format!("sqlite://{}", rest.strip_prefix('/').unwrap_or(rest)),
        Some((scheme, _)) => format!("{scheme}://{rest}"),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_sqlalchemy_are_understood() {
        for (raw, url) in [
            ("postgresql+asyncpg://u:p@h/d", "postgresql://u:p@h/d"),
            ("sqlite+aiosqlite:///data/x.db", "sqlite://data/x.db"),
            ("sqlite+aiosqlite:////data/x.db", "sqlite:///data/x.db"),
            ("sqlite:///data/x.db", "sqlite:///data/x.db"),
        ] {
            assert_eq!(LegacyUrl::parse(raw, None).unwrap().url, url);
        }
    }

    #[test]
    fn nothing_secret_is_shown() {
        let place = LegacyUrl::parse("postgres://me:hunter2@db:5432/old", Some("py")).unwrap();
        assert_eq!(place.shown(), "db/old, schema py");
    }

    #[test]
    fn other_databases_and_schemas_of_sqlite_are_refused() {
        assert!(LegacyUrl::parse("mysql://h/d", None).is_err());
        assert!(LegacyUrl::parse("sqlite://x.db", Some("py")).is_err());
    }
}
