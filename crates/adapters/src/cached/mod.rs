//! What is asked often and may be a second old is kept for that second, and whoever keeps anything of a build
//! is told when it changes. A write shows at once in the process that took it.
//!
//! Each file wraps the port of its name around whatever stores it.

mod accounts;
mod analytics;
mod builds;
mod feedback;
mod swr_cache;
mod votes;

use std::sync::Arc;

use myashes_domain::builds::InvalidationListener;

use crate::Storage;

/// `storage`, with what may be kept kept, and `watcher` told of every change to a build.
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
