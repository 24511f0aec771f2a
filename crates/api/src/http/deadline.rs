//! When a request has to be answered: `REQUEST_TIMEOUT` after the last byte of its body.
//!
//! It is one deadline for all that happens on the way: the wait for a place, for a connection, statements, what is
//! tried again, and whatever else a request waits for. The body itself has a deadline of its own.

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

    /// The client has to send more first.
    pub fn wait_for_body(&self) {
        self.at.set(None);
    }

    /// The last byte of a body that was waited for has come.
    pub fn body_complete(&self, now: Instant) {
        self.at.set(Some(now + self.span));
    }

    /// What `work` comes to, `None` when it is not done in time; then it is dropped. Of work that takes long
    /// `still_at_work` tells now and then.
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
