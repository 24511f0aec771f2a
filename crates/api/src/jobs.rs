//! Background jobs: removal of old rows and completion of accepted claims and erasures, in bounded batches; collection
//! of the candidates for popular queries.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::web;
use futures_util::FutureExt as _;
use myashes_domain::accounts::{AccountJobKind, AccountService};
use myashes_domain::analytics::AnalyticsService;
use myashes_domain::builds::BuildService;
use myashes_domain::clock::Clock;
use myashes_domain::retention::{Cutoffs, RetentionRepository};
use myashes_domain::session::Caller;
use tokio::task::JoinHandle;

use crate::http::admission::Admission;
use crate::http::refused_requests::{self, RefusedRequests};
use crate::http::services::Services;
use crate::metrics;
use crate::settings::PrivacySettings;

const INTERVAL: Duration = Duration::from_secs(3600);
const BATCH: u32 = 500;
const BETWEEN_FIGURES: Duration = Duration::from_secs(1);

/// The pause before a job that has panicked is begun again.
const RESTART_PAUSE: Duration = if cfg!(test) { Duration::ZERO } else { Duration::from_secs(5) };

/// The pause between two batches, so that a long backlog does not crowd out requests.
const BATCH_PAUSE: Duration = Duration::from_millis(200);

/// Starts all jobs, each in a task of its own.
pub fn start(
    services: &web::Data<Services>,
    retention: &Arc<dyn RetentionRepository>,
    privacy: &PrivacySettings,
) -> Vec<JoinHandle<()>> {
    let (retention, search_days, feedback_days) =
        (Arc::clone(retention), privacy.search_days, privacy.feedback_days);
    let keep_retention = move |it: &web::Data<Services>| {
        keep_retention(Arc::clone(&retention), Arc::clone(&it.clock), search_days, feedback_days)
    };
    vec![
        supervise("retention", services, keep_retention),
        supervise("account jobs", services, |it| keep_account_jobs(it.accounts.clone())),
        supervise("popular queries", services, |it| keep_popular_queries(it.analytics.clone())),
        supervise("counts", services, |it| keep_counts(it.builds.clone())),
        supervise("load", services, |it| record_load(it.admission.clone())),
        supervise("refused requests", services, |it| log_refused(it.refused.clone())),
    ]
}

/// Runs a job, and begins it again when it panics; the panic hook logs why.
fn supervise<S: Send + Sync + Clone + 'static, F: Future<Output = ()> + Send + 'static>(
    job: &'static str,
    services: &S,
    begin: impl Fn(&S) -> F + Send + 'static,
) -> JoinHandle<()> {
    let services = services.clone();
    tokio::spawn(async move {
        while AssertUnwindSafe(begin(&services)).catch_unwind().await.is_err() {
            tracing::error!(job, "a background job has panicked; it is begun again in {RESTART_PAUSE:?}");
            tokio::time::sleep(RESTART_PAUSE).await;
        }
    })
}

/// Removes rows past their retention, every hour. Never returns.
async fn keep_retention(
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
async fn record_load(admission: Admission) {
    loop {
        let (at_work, places) = admission.load();
        metrics::places(at_work, places);
        tokio::time::sleep(BETWEEN_FIGURES).await;
    }
}

/// Logs each second how many requests every rate limit has refused. Never returns.
async fn log_refused(refused: RefusedRequests) {
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
async fn keep_account_jobs(accounts: AccountService) {
    let mut failing = false;
    loop {
        match accounts.take_left_behind().await {
            Ok(Some(job)) => {
                tracing::info!(job = job.kind.into_str(), "carrying on an account job");
                finish_account_job(accounts.clone(), job.kind, job.caller).await;
                continue;
            }
            Ok(None) => failing = false,
            // Once, until it succeeds again.
            Err(error) if !failing => {
                tracing::warn!(?error, "account jobs cannot be looked for");
                failing = true;
            }
            Err(_) => {}
        }
        tokio::time::sleep(LOOK_FOR_ACCOUNT_JOBS).await;
    }
}

/// How often the candidates for popular queries are collected, where there are too many queries to rank them all on
/// request. The result is at most a minute old, this interval and the collection included.
const REFRESH_POPULAR: Duration = Duration::from_secs(20);

/// Keeps the candidates for popular queries fresh. Never returns.
async fn keep_popular_queries(analytics: AnalyticsService) {
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
async fn keep_counts(builds: BuildService) {
    loop {
        match builds.fold_counts().await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::debug!(?error, "changes cannot be added to the counts"),
        }
        tokio::time::sleep(FOLD_COUNTS).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn a_job_that_panics_is_begun_again() {
        let begun = Arc::new(AtomicUsize::new(0));
        let job = supervise("test", &begun, |begun| {
            let earlier = begun.fetch_add(1, Ordering::SeqCst);
            async move { assert!(earlier >= 2, "it fails twice") }
        });
        job.await.unwrap();
        assert_eq!(begun.load(Ordering::SeqCst), 3);
    }
}
