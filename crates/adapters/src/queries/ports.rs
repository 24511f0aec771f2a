//! Every port over one database.

use std::sync::Arc;

use super::Db;
use super::accounts::Accounts;
use super::analytics::Analytics;
use super::builds::Builds;
use super::feedback::FeedbackStore;
use super::idempotency::IdempotencyRecords;
use super::moderation::Moderation;
use super::retention::Retention;
use super::schema_state::SchemaState;
use super::votes::Votes;
use crate::storage::Storage;

/// The ports over a database that has to have the migrations of these versions.
pub fn storage(db: &Db, needed: Vec<String>) -> Storage {
    let pools = [db.writers.clone(), db.readers.clone()];
    Storage {
        builds: Arc::new(Builds::new(db.clone())),
        votes: Arc::new(Votes::new(db.clone())),
        feedback: Arc::new(FeedbackStore(db.clone())),
        analytics: Arc::new(Analytics::new(db.clone())),
        accounts: Arc::new(Accounts(db.clone())),
        moderation: Arc::new(Moderation(db.clone())),
        idempotency: Arc::new(IdempotencyRecords(db.clone())),
        retention: Arc::new(Retention(db.clone())),
        schema: Arc::new(SchemaState::new(db.clone(), needed)),
        caches: Arc::clone(&db.caches),
        pool_state: Arc::new(move || {
            // With PostgreSQL both are one pool.
            let status = pools[0].status();
            (status.available, status.size.saturating_sub(status.available))
        }),
    }
}
