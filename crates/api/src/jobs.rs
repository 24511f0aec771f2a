//! Work that no request asks for: old things are removed, in bounded batches, by one replica at a time.

use std::sync::Arc;
use std::time::Duration;

use myashes_domain::clock::Clock;
use myashes_domain::retention::{Cutoffs, RetentionRepository};

const INTERVAL: Duration = Duration::from_secs(3600);
const BATCH: u32 = 500;

/// Between two batches, so that a long backlog does not crowd out requests.
const BREATH: Duration = Duration::from_millis(200);

/// Removes what is older than it may be, every hour; ends only with its task.
pub async fn keep_retention(
    retention: Arc<dyn RetentionRepository>,
    clock: Arc<dyn Clock>,
    search_days: u32,
    feedback_days: u32,
) {
    loop {
        let cutoffs = Cutoffs::at(clock.now(), search_days, feedback_days);
        match sweep(&*retention, &cutoffs).await {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "removed what was older than the retention allows"),
            Err(error) => tracing::warn!("the retention job is put off: {error:?}"),
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

async fn sweep(retention: &dyn RetentionRepository, cutoffs: &Cutoffs) -> myashes_domain::Result<u64> {
    let mut removed = 0;
    loop {
        let batch = retention.sweep(cutoffs, BATCH).await?;
        removed += batch;
        if batch == 0 {
            return Ok(removed);
        }
        tokio::time::sleep(BREATH).await;
    }
}
