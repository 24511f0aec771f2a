//! Opens the database of a URL.

use crate::storage::{Kind, OpenError, Storage, StorageOptions};
use crate::{migrations, postgres, sqlite};

impl Storage {
    /// Prepares the pools. PostgreSQL need not be there yet; a SQLite file is made when it is absent. Called
    /// on the main runtime, whose tasks the repositories' calls become.
    ///
    /// # Errors
    /// For a URL that is not understood; it names the part, never the password.
    pub fn open(options: &StorageOptions) -> Result<Self, OpenError> {
        let needed = migrations::needed(&options.url);
        match Kind::of(&options.url)? {
            Kind::Postgres => Ok(postgres::storage(&postgres::connect(options)?, needed)),
            Kind::Sqlite => Ok(sqlite::storage(&sqlite::connect(options)?, needed)),
        }
    }
}
