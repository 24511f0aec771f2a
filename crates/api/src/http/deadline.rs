//! When a request has to be answered: `REQUEST_TIMEOUT` after the last byte of its body.
//!
//! One deadline covers the whole request: the wait for a place and for a connection, statements, retries, and all
//! else that a request waits for. The body itself has a deadline of its own.

use std::cell::Cell;
use std::future::Future;
use std::pin::pin;
use std::time::{Duration, Instant};

use futures_util::future::{Either, select};

use super::admission::LEASE;

/// The deadline of one request.
pub struct Deadline {
    span: Duration,
    /// `None` while its body is awaited.
    at: Cell<Option<Instant>>,
}

impl Deadline {
    #[must_use]
    pub fn after(span: Duration, began: Instant) -> Self {
        Self { span, at: Cell::new(Some(began + span)) }
    }

    /// Suspends the deadline until the body is complete.
    pub fn wait_for_body(&self) {
        self.at.set(None);
    }

    /// Starts the deadline: the last byte of the body has arrived.
    pub fn body_complete(&self, now: Instant) {
        self.at.set(Some(now + self.span));
    }

    /// The result of `work`, or `None` when it misses the deadline; then it is dropped. While work takes long,
    /// `still_at_work` is called now and then.
    pub async fn hold<T>(&self, work: impl Future<Output = T>, still_at_work: impl Fn()) -> Option<T> {
        let mut work = pin!(work);
        loop {
            // When a body is awaited now, the deadline will be at least one span away.
            let now = Instant::now();
            let next = self.at.get().unwrap_or(now + self.span).min(now + LEASE);
            // It is polled after the work: what is done at once needs no timer.
            let timer = pin!(tokio::time::sleep_until(next.into()));
            if let Either::Left((done, _)) = select(&mut work, timer).await {
                return Some(done);
            }
            still_at_work();
            if self.at.get().is_some_and(|at| at <= Instant::now()) {
                return None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[tokio::test]
    async fn work_ends_at_the_deadline() {
        let deadline = Deadline::after(Duration::ZERO, Instant::now());
        assert_eq!(deadline.hold(ready(1), || {}).await, Some(1), "what is there is given");
        assert_eq!(deadline.hold(pending::<()>(), || {}).await, None);
    }

    #[tokio::test]
    async fn the_wait_for_a_body_does_not_count() {
        let deadline = Deadline::after(Duration::from_millis(1), Instant::now());
        deadline.wait_for_body();
        let body = async {
            // Several spans long.
            tokio::time::sleep(Duration::from_millis(5)).await;
            deadline.body_complete(Instant::now() + Duration::from_secs(600));
        };
        assert_eq!(deadline.hold(body, || {}).await, Some(()));
        assert!(deadline.at.get().is_some_and(|at| at > Instant::now()));
    }
}
