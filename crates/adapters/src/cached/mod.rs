//! Caches in front of the storage ports. Results of frequent reads are cached for a second, and the invalidation
//! listener is called for each build that changes. A process sees its own writes at once.
//!
//! Each file implements the port of its name by wrapping another implementation.

mod accounts;
mod analytics;
mod builds;
mod feedback;
mod swr_cache;
mod votes;

use std::sync::Arc;

use myashes_domain::builds::InvalidationListener;

use crate::Storage;

/// `storage` with caches around its ports. `watcher` is called after each change to a build.
#[must_use]
pub fn cached(storage: Storage, watcher: &Arc<dyn InvalidationListener>) -> Storage {
    let builds = Arc::new(builds::CachedBuilds::new(storage.builds, Arc::clone(watcher)));
    let analytics = Arc::new(analytics::CachedAnalytics::new(storage.analytics));
    Storage {
        votes: Arc::new(votes::CachedVotes::new(storage.votes, Arc::clone(&builds))),
        accounts: Arc::new(accounts::CachedAccounts::new(
            storage.accounts,
            Arc::clone(&builds),
            Arc::clone(&analytics),
        )),
        analytics,
        feedback: Arc::new(feedback::CachedFeedback::new(storage.feedback)),
        builds,
        ..storage
    }
}
