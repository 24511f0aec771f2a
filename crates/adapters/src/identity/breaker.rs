//! Leaves a service that keeps failing alone for a while, so that its callers need not wait for it.

use std::sync::{Mutex, PoisonError};

use myashes_domain::clock::Timestamp;

/// Failures in a row after which it opens.
const PATIENCE: u32 = 3;
const LONGEST_PAUSE_SECONDS: i64 = 30;

#[derive(Default)]
pub(super) struct Breaker(Mutex<State>);

#[derive(Default)]
struct State {
    failures: u32,
    closed_until: Option<Timestamp>,
}

impl Breaker {
    /// Whether to try. While it is open, one try passes at the end of each pause.
    pub(super) fn admits(&self, now: Timestamp) -> bool {
        let mut state = self.lock();
        match state.closed_until {
            Some(until) if now < until => false,
            Some(_) => {
                state.closed_until = Some(now.plus_seconds(pause(state.failures)));
                true
            }
            None => true,
        }
    }

    pub(super) fn succeeded(&self) {
        *self.lock() = State::default();
    }

    pub(super) fn failed(&self, now: Timestamp) {
        let mut state = self.lock();
        state.failures = state.failures.saturating_add(1);
        if state.failures >= PATIENCE {
            state.closed_until = Some(now.plus_seconds(pause(state.failures)));
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One second, doubling.
fn pause(failures: u32) -> i64 {
    let doublings = failures.saturating_sub(PATIENCE).min(5);
    (1_i64 << doublings).min(LONGEST_PAUSE_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000).unwrap()
    }

    #[test]
    fn it_opens_after_three_failures_in_a_row() {
        let breaker = Breaker::default();
        breaker.failed(at(0));
        breaker.failed(at(0));
        breaker.succeeded();
        for _ in 0..2 {
            breaker.failed(at(0));
            assert!(breaker.admits(at(0)));
        }
        breaker.failed(at(0));
        assert!(!breaker.admits(at(0)));
    }

    #[test]
    fn one_try_passes_after_each_pause_and_pauses_double() {
        let breaker = Breaker::default();
        (0..3).for_each(|_| breaker.failed(at(0)));
        assert!(breaker.admits(at(1)));
        assert!(!breaker.admits(at(1)), "a second caller at the same moment");
        breaker.failed(at(1));
        assert!(!breaker.admits(at(2)));
        assert!(breaker.admits(at(3)));
        breaker.succeeded();
        assert!(breaker.admits(at(3)) && breaker.admits(at(3)));
    }

    #[test]
    fn pauses_are_bounded() {
        assert_eq!([3, 4, 5, 8, 9, u32::MAX].map(pause), [1, 2, 4, 30, 30, 30]);
    }
}
