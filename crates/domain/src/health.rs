//! Health of the service's dependencies.

use crate::error::Result;
use crate::ranking::Ranking;

/// A dependency that can be pinged.
#[async_trait::async_trait]
pub trait Dependency: Send + Sync {
    /// Returns once the dependency has answered.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`] when it does not, within the adapter's own time limit.
    async fn ping(&self) -> Result<()>;
}

/// The database, which is usable only with a schema that this binary supports.
#[async_trait::async_trait]
pub trait Schema: Dependency {
    /// Migrations that this binary needs and the database has not applied. Newer ones there are fine.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`] while the database does not answer.
    async fn pending(&self) -> Result<Vec<String>>;

    /// Why this service must not use the database, in one line that names what to change; `None` when it may.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`] while a database does not answer.
    async fn refusal(&self) -> Result<Option<String>>;

    /// Records this service's constants of the ranking where none are recorded yet, and returns the recorded
    /// ones, which the stored scores were made with.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`] while the database does not answer.
    async fn settle_ranking(&self) -> Result<Ranking>;

    /// The version of the folding that stored texts were made with; `None` before the ranking is settled.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`] while the database does not answer.
    async fn folding_version(&self) -> Result<Option<i32>>;
}
