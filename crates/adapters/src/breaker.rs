//! A circuit breaker: a service that keeps failing is not called for a while, so that its callers need not
//! wait for it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use myashes_domain::clock::Timestamp;

/// Failures in a row after which it opens.
const FAILURE_THRESHOLD: u32 = 3;
const MAX_PAUSE_SECONDS: i64 = 30;

#[derive(Default)]
pub(crate) struct Breaker(Mutex<BreakerState>);

#[derive(Default)]
struct BreakerState {
    failures: u32,
    open_until: Option<Timestamp>,
    probing: bool,
}

/// Leave to make one call. Dropped without an outcome, as when the caller hangs up, it counts as no call.
pub(crate) struct Permit<'a> {
    breaker: &'a Breaker,
    is_probe: bool,
}

impl Breaker {
    /// `None` while it is open. After each pause it is half-open: one call passes, and no other until its
    /// outcome is known.
    pub(crate) fn permit(&self, now: Timestamp) -> Option<Permit<'_>> {
        let mut state = self.lock();
        let is_probe = match state.open_until {
            None => false,
            Some(until) if state.probing || is_within_pause(now, until) => return None,
            Some(_) => true,
        };
        state.probing |= is_probe;
        Some(Permit { breaker: self, is_probe })
    }

    /// Whether it has opened and not been closed by a call that went well.
    pub(crate) fn is_open(&self) -> bool {
        self.lock().open_until.is_some()
    }

    fn lock(&self) -> MutexGuard<'_, BreakerState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit<'_> {
    /// The service answered.
    pub(crate) fn succeeded(self) {
        let mut state = self.breaker.lock();
        state.failures = 0;
        state.open_until = None;
    }

    /// The service could not be reached, or could not answer.
    pub(crate) fn failed(self, now: Timestamp) {
        let mut state = self.breaker.lock();
        state.failures = state.failures.saturating_add(1);
        if state.failures >= FAILURE_THRESHOLD {
            state.open_until = Some(now.plus_seconds(pause(state.failures)));
        }
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if self.is_probe {
            self.breaker.lock().probing = false;
        }
    }
}

/// Whether a pause that ends at `until` lasts. One that ends later than any pause does began before the clock was set back.
fn is_within_pause(now: Timestamp, until: Timestamp) -> bool {
    now < until && until <= now.plus_seconds(MAX_PAUSE_SECONDS)
}

/// One second, doubling.
fn pause(failures: u32) -> i64 {
    let doublings = failures.saturating_sub(FAILURE_THRESHOLD).min(5);
    (1_i64 << doublings).min(MAX_PAUSE_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000).unwrap()
    }

    fn fail(breaker: &Breaker, seconds: i64) {
        breaker.permit(at(seconds)).unwrap().failed(at(seconds));
    }

    #[test]
    fn it_opens_after_three_failures_in_a_row() {
        let breaker = Breaker::default();
        fail(&breaker, 0);
        fail(&breaker, 0);
        breaker.permit(at(0)).unwrap().succeeded();
        for _ in 0..3 {
            fail(&breaker, 0);
        }
        assert!(breaker.permit(at(0)).is_none());
        assert!(breaker.is_open());
    }

    #[test]
    fn one_probe_passes_after_each_pause_and_pauses_double() {
        let breaker = Breaker::default();
        (0..3).for_each(|_| fail(&breaker, 0));
        let probe = breaker.permit(at(1)).unwrap();
        assert!(breaker.permit(at(100)).is_none(), "a second caller while the probe runs");
        probe.failed(at(1));
        assert!(breaker.permit(at(2)).is_none());
        assert!(breaker.is_open(), "until a call succeeds");
        breaker.permit(at(3)).unwrap().succeeded();
        assert!(!breaker.is_open());
        let both = (breaker.permit(at(3)), breaker.permit(at(3)));
        assert!(both.0.is_some() && both.1.is_some());
    }

    #[test]
    fn a_probe_that_is_cancelled_allows_the_next() {
        let breaker = Breaker::default();
        (0..3).for_each(|_| fail(&breaker, 0));
        drop(breaker.permit(at(1)).unwrap());
        assert!(breaker.permit(at(1)).is_some());
    }

    #[test]
    fn a_clock_that_is_set_back_ends_the_pause() {
        let breaker = Breaker::default();
        (0..3).for_each(|_| fail(&breaker, 7200));
        assert!(breaker.permit(at(7200)).is_none());
        assert!(breaker.permit(at(3600)).is_some());
    }

    #[test]
    fn pauses_are_bounded() {
        assert_eq!([3, 4, 5, 8, 9, u32::MAX].map(pause), [1, 2, 4, 30, 30, 30]);
    }
}
