//! What the service asks of its dependencies when somebody asks how it is.

use crate::error::Result;

/// A dependency that can be asked whether it answers.
#[async_trait::async_trait]
pub trait Dependency: Send + Sync {
    /// Returns once the dependency has answered.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`] when it does not, within the adapter's own time limit.
    async fn ping(&self) -> Result<()>;
}

/// The database, which is of use only at a schema this binary knows.
#[async_trait::async_trait]
pub trait Schema: Dependency {
    /// Migrations that this binary needs and the database has not applied. Newer ones there are fine.
    async fn pending(&self) -> Result<Vec<String>>;

    /// Records the constants of the ranking where none are recorded yet.
    ///
    /// # Errors
    /// When the recorded ones differ: the stored scores were made with them. It names the command that
    /// rebuilds the scores.
    async fn settle_ranking(&self) -> Result<()>;
}
