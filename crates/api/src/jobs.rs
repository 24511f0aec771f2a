//! Background jobs: removal of old rows and completion of accepted claims and erasures, in bounded batches; collection
//! of the candidates for popular queries.

use std::sync::Arc;
use std::time::{Duration, Instant};

use myashes_domain::accounts::{AccountJobKind, AccountService};
use myashes_domain::analytics::AnalyticsService;
use myashes_domain::builds::BuildService;
use myashes_domain::clock::Clock;
use myashes_domain::retention::{Cutoffs, RetentionRepository};
use myashes_domain::session::Caller;

use crate::http::admission::Admission;
use crate::http::refused_requests::{self, RefusedRequests};
use crate::metrics;

const INTERVAL: Duration = Duration::from_secs(3600);
const BATCH: u32 = 500;
const BETWEEN_FIGURES: Duration = Duration::from_secs(1);

/// The pause between two batches, so that a long backlog does not crowd out requests.
const BATCH_PAUSE: Duration = Duration::from_millis(200);

/// Removes rows past their retention, every hour. Never returns.
pub async fn keep_retention(
    retention: Arc<dyn RetentionRepository>,
    clock: Arc<dyn Clock>,
    search_days: u32,
    feedback_days: u32,
) {
    loop {
        let cutoffs = Cutoffs::at(clock.now(), search_days, feedback_days);
        match delete_expired(&*retention, &cutoffs).await {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "removed what was older than the retention allows"),
            Err(error) => tracing::warn!("the retention job is put off: {error:?}"),
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

async fn delete_expired(
    retention: &dyn RetentionRepository,
    cutoffs: &Cutoffs,
) -> myashes_domain::Result<u64> {
    let mut removed = 0;
    loop {
        let batch = retention.delete_expired(cutoffs, BATCH).await?;
        removed += batch;
        if batch == 0 {
            return Ok(removed);
        }
        tokio::time::sleep(BATCH_PAUSE).await;
    }
}

/// Records in the metrics how many requests are being processed, and how many may be.
pub async fn tell_load(admission: Admission) {
    loop {
        let (at_work, places) = admission.load();
        metrics::places(at_work, places);
        tokio::time::sleep(BETWEEN_FIGURES).await;
    }
}

/// Logs each second how many requests every rate limit has refused. Never returns.
pub async fn log_refused(refused: RefusedRequests) {
    let mut window = Instant::now();
    loop {
        tokio::time::sleep(BETWEEN_FIGURES).await;
        for (limit, count) in refused.take_unlogged() {
            tracing::info!(limit, count, "requests were refused by a rate limit");
        }
        if window.elapsed() >= refused_requests::WINDOW {
            refused.begin_window();
            window = Instant::now();
        }
    }
}

/// How often abandoned claims and erasures are looked for.
const LOOK_FOR_ACCOUNT_JOBS: Duration = Duration::from_secs(5);

/// Completes one claim or erasure. One that fails is left to [`keep_account_jobs`].
pub async fn finish_account_job(accounts: AccountService, kind: AccountJobKind, caller: Caller) {
    loop {
        match accounts.resume(kind, &caller).await {
            Ok(false) => {}
            Ok(true) => return,
            Err(error) => {
                tracing::warn!(job = kind.into_str(), ?error, "an account job is put off");
                return;
            }
        }
    }
}

/// Takes over claims and erasures that another process, or an earlier one, has abandoned. Never returns.
pub async fn keep_account_jobs(accounts: AccountService) {
    loop {
        match accounts.take_left_behind().await {
            Ok(Some(job)) => {
                tracing::info!(job = job.kind.into_str(), "carrying on an account job");
                finish_account_job(accounts.clone(), job.kind, job.caller).await;
                continue;
            }
            Ok(None) => {}
            Err(error) => tracing::debug!(?error, "account jobs cannot be looked for"),
        }
        tokio::time::sleep(LOOK_FOR_ACCOUNT_JOBS).await;
    }
}

/// How often the candidates for popular queries are collected, where there are too many queries to rank them all on
/// request. The result is at most a minute old, this interval and the collection included.
const REFRESH_POPULAR: Duration = Duration::from_secs(20);

/// Keeps the candidates for popular queries fresh. Never returns.
pub async fn keep_popular_queries(analytics: AnalyticsService) {
    loop {
        if let Err(error) = analytics.refresh_candidates().await {
            tracing::debug!(?error, "popular queries cannot be refreshed");
        }
        tokio::time::sleep(REFRESH_POPULAR).await;
    }
}

/// How often changes of facets and tags are added to the counts. Readers add pending changes themselves, so it is not urgent.
const FOLD_COUNTS: Duration = Duration::from_secs(2);

/// Keeps the number of pending changes low. Never returns.
pub async fn keep_counts(builds: BuildService) {
    loop {
        match builds.fold_counts().await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::debug!(?error, "changes cannot be added to the counts"),
        }
        tokio::time::sleep(FOLD_COUNTS).await;
    }
}
