//! Admission control: limits how many requests are processed at once, and queues or sheds the others.
//!
//! Beyond the capacity of the database, more concurrent requests only make each of them slower. So the number of
//! places is limited. The limit follows the latency: it shrinks while a part of the requests of a window is slow, and
//! grows while they are quick and all places are taken. A request without a place waits in a queue, which absorbs
//! bursts. Where requests go on finding no place it is a standing queue, even if it is empty for a moment: those that
//! arrive then wait only briefly (as in CoDel) and are refused with `Retry-After`, which is cheap. Thus admitted requests
//! are answered in time under any load.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use crate::error::TransportError;
use crate::metrics;

/// The least number of places: four for each connection of the default pool, so that a few callers are never refused.
const MIN_PLACES: usize = 64;

/// The number of places at the start.
const INITIAL_PLACES: usize = 128;

/// The greatest number of places, bounded by the memory of the process.
const MAX_PLACES: usize = 512;

/// The most requests that wait.
const MAX_QUEUE: usize = 1024;

/// Longest burst: when requests have waited longer than a [`MOMENT`] for this long, the queue is a standing one. It stays one
/// until each has found a place for as long.
const BURST: Duration = Duration::from_millis(500);

/// Longest wait of requests that arrived before the queue was a standing one.
const MAX_BURST_WAIT: Duration = Duration::from_secs(2);

/// How long a request holds its place. One that takes longer waits for a lock or another service rather than for the
/// database's capacity, and must not keep others out.
pub const LEASE: Duration = Duration::from_secs(1);

/// Longest wait in a standing queue.
const MOMENT: Duration = Duration::from_millis(20);

/// A request that took longer to process is a slow one.
const SLOW: Duration = Duration::from_millis(200);

/// One in so many may be slow. The median would say nothing of searches that wait for one another among quick requests.
const SLOW_PART: u32 = 10;

/// How often the number of places is reconsidered.
const WINDOW: Duration = Duration::from_millis(250);

/// The places of this process. Clones share them.
#[derive(Clone)]
pub struct Admission(Arc<Mutex<AdmissionState>>);

struct AdmissionState {
    places: usize,
    at_work: usize,
    /// With when each came.
    waiting: VecDeque<(oneshot::Sender<Place>, Instant)>,
    /// When a request last found no place.
    full_at: Instant,
    /// Since when requests have waited longer than a [`MOMENT`].
    waits_since: Instant,
    window: Window,
}

/// Counts since the number of places was last reconsidered.
struct Window {
    began: Instant,
    done: u32,
    slow: u32,
    /// A request found no place.
    full: bool,
}

/// A place, until it is dropped.
pub struct Place {
    admission: Admission,
    since: Instant,
}

enum Entry {
    Admitted(Place),
    Waiting(oneshot::Receiver<Place>, Duration),
}

impl Default for Admission {
    fn default() -> Self {
        let now = Instant::now();
        let state = AdmissionState {
            places: INITIAL_PLACES,
            at_work: 0,
            waiting: VecDeque::new(),
            full_at: now,
            waits_since: now,
            window: Window::beginning(now),
        };
        Self(Arc::new(Mutex::new(state)))
    }
}

impl Admission {
    /// Acquires a place, and waits for one if none is free.
    ///
    /// # Errors
    /// [`TransportError::Overloaded`] when too many are waiting already, or the wait is over.
    pub async fn enter(&self) -> Result<Place, TransportError> {
        let began = Instant::now();
        let entered = match self.enter_at(began) {
            Ok(Entry::Admitted(place)) => return Ok(place),
            Ok(Entry::Waiting(place, longest)) => match tokio::time::timeout(longest, place).await {
                Ok(Ok(place)) => Ok(place),
                Ok(Err(_)) | Err(_) => Err(TransportError::Overloaded),
            },
            Err(overloaded) => Err(overloaded),
        };
        metrics::waited_for_place(began.elapsed());
        if entered.is_err() {
            metrics::request_shed();
        }
        entered
    }

    /// Requests that are being processed, and how many there may be.
    #[must_use]
    pub fn load(&self) -> (usize, usize) {
        let state = self.lock();
        (state.at_work, state.places)
    }

    fn enter_at(&self, now: Instant) -> Result<Entry, TransportError> {
        let mut state = self.lock();
        state.reconsider(now);
        if state.waiting.is_empty() && state.at_work < state.places {
            state.at_work += 1;
            return Ok(Entry::Admitted(Place { admission: self.clone(), since: now }));
        }
        state.window.full = true;
        if state.waiting.is_empty() && now.saturating_duration_since(state.full_at) > BURST {
            state.waits_since = now;
        }
        state.full_at = now;
        if state.waiting.len() >= MAX_QUEUE {
            return Err(TransportError::Overloaded);
        }
        let (sender, receiver) = oneshot::channel();
        state.waiting.push_back((sender, now));
        Ok(Entry::Waiting(receiver, if state.stands(now) { MOMENT } else { MAX_BURST_WAIT }))
    }

    fn leave_at(&self, took: Duration, now: Instant) {
        let mut state = self.lock();
        state.at_work -= 1;
        state.window.done += 1;
        state.window.slow += u32::from(took >= SLOW);
        state.reconsider(now);
        let next = state.next_waiting(now);
        drop(state);
        for sender in next {
            // A request that was cancelled meanwhile drops the place, which then goes to the next one.
            drop(sender.send(Place { admission: self.clone(), since: now }));
        }
    }

    fn lock(&self) -> MutexGuard<'_, AdmissionState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Whether it has been held for longer than [`LEASE`].
    pub fn is_overdue(&self) -> bool {
        self.since.elapsed() >= LEASE
    }
}

impl AdmissionState {
    /// Whether the queue is a standing one.
    fn stands(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.waits_since) >= BURST
    }

    /// The requests that get the free places, counted as being processed already.
    fn next_waiting(&mut self, now: Instant) -> Vec<oneshot::Sender<Place>> {
        let mut next = vec![];
        while self.at_work < self.places {
            let Some((sender, since)) = self.waiting.pop_front() else { break };
            if !sender.is_closed() {
                if !self.stands(now) && now.saturating_duration_since(since) <= MOMENT {
                    self.waits_since = now;
                }
                self.at_work += 1;
                next.push(sender);
            }
        }
        next
    }

    fn reconsider(&mut self, now: Instant) {
        if now.saturating_duration_since(self.window.began) < WINDOW {
            return;
        }
        let Window { done, slow, full, .. } = self.window;
        if slow * SLOW_PART > done {
            self.places = (self.places * 3 / 4).max(MIN_PLACES);
        } else if full {
            self.places = (self.places + self.places / 8).min(MAX_PLACES);
        }
        self.window = Window::beginning(now);
    }
}

impl Window {
    fn beginning(now: Instant) -> Self {
        Self { began: now, done: 0, slow: 0, full: false }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let now = Instant::now();
        self.admission.leave_at(now.saturating_duration_since(self.since), now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admitted(admission: &Admission, now: Instant) -> Place {
        match admission.enter_at(now) {
            Ok(Entry::Admitted(place)) => place,
            _ => panic!("no place"),
        }
    }

    fn waiting(admission: &Admission, now: Instant) -> (oneshot::Receiver<Place>, Duration) {
        match admission.enter_at(now) {
            Ok(Entry::Waiting(place, longest)) => (place, longest),
            _ => panic!("it does not wait"),
        }
    }

    /// Lets `count` requests work for so long, one after the other.
    fn work(admission: &Admission, count: u32, each: Duration, now: Instant) {
        for _ in 0..count {
            std::mem::forget(admitted(admission, now));
            admission.leave_at(each, now);
        }
    }

    #[test]
    fn a_released_place_goes_to_the_request_that_waits_longest() {
        let (admission, now) = (Admission::default(), Instant::now());
        let mut places: Vec<Place> = (0..INITIAL_PLACES).map(|_| admitted(&admission, now)).collect();
        let (cancelled, _) = waiting(&admission, now);
        let (mut first, longest) = waiting(&admission, now);
        let (mut second, _) = waiting(&admission, now);
        assert_eq!(longest, MAX_BURST_WAIT);
        drop(cancelled);
        drop(places.pop());
        let place = first.try_recv().unwrap();
        assert!(second.try_recv().is_err());
        drop(first);
        drop(place);
        drop(second.try_recv().unwrap());
        drop(places);
        assert_eq!(admission.load().0, 0);
    }

    #[test]
    fn a_place_of_a_cancelled_request_goes_to_the_next_one() {
        let (admission, now) = (Admission::default(), Instant::now());
        let mut places: Vec<Place> = (0..INITIAL_PLACES).map(|_| admitted(&admission, now)).collect();
        let (first, _) = waiting(&admission, now);
        let (mut second, _) = waiting(&admission, now);
        drop(places.pop());
        // It holds the place without having looked at it.
        drop(first);
        assert!(second.try_recv().is_ok());
        drop((places, second));
        assert_eq!(admission.load().0, 0);
    }

    #[test]
    fn no_request_waits_for_long_in_a_standing_queue() {
        let (admission, now) = (Admission::default(), Instant::now());
        let _places: Vec<Place> = (0..INITIAL_PLACES).map(|_| admitted(&admission, now)).collect();
        let (_first, longest) = waiting(&admission, now);
        assert_eq!(longest, MAX_BURST_WAIT);
        assert_eq!(waiting(&admission, now + BURST).1, MOMENT);
        let queue: Vec<_> = (0..MAX_QUEUE - 2).map(|_| admission.enter_at(now)).collect();
        assert!(queue.iter().all(Result::is_ok));
        // The second request was cancelled, and is still in the queue.
        assert!(admission.enter_at(now).is_err());
    }

    #[test]
    fn a_queue_in_which_none_waits_for_long_is_no_standing_one() {
        let longest_after = |wait: Duration| {
            let (admission, began) = (Admission::default(), Instant::now());
            let mut places: Vec<Place> = (0..INITIAL_PLACES).map(|_| admitted(&admission, began)).collect();
            let mut now = began;
            while now < began + BURST {
                // There are no more places than before.
                admission.lock().window = Window::beginning(now);
                let (mut place, _) = waiting(&admission, now);
                now += wait;
                std::mem::forget(places.pop());
                admission.leave_at(wait, now);
                places.push(place.try_recv().unwrap());
            }
            admission.lock().window = Window::beginning(now);
            waiting(&admission, now).1
        };
        assert_eq!(longest_after(MOMENT), MAX_BURST_WAIT);
        assert_eq!(longest_after(MOMENT * 2), MOMENT);
    }

    #[test]
    fn a_standing_queue_stays_one_until_there_have_been_places_for_a_while() {
        let (admission, now) = (Admission::default(), Instant::now());
        let mut places: Vec<Place> = (0..INITIAL_PLACES).map(|_| admitted(&admission, now)).collect();
        let mut longest_at = |at: Instant| {
            // There are no more places than before.
            admission.lock().window = Window::beginning(at);
            let (receiver, longest) = waiting(&admission, at);
            drop((receiver, places.pop()));
            // The queue is empty, and there is a place.
            places.push(admitted(&admission, at));
            longest
        };
        assert_eq!(longest_at(now), MAX_BURST_WAIT);
        assert_eq!(longest_at(now + BURST), MOMENT);
        assert_eq!(longest_at(now + BURST * 2), MOMENT);
        assert_eq!(longest_at(now + BURST * 4), MAX_BURST_WAIT);
    }

    #[test]
    fn the_number_of_places_follows_the_latency() {
        let (admission, mut now) = (Admission::default(), Instant::now());
        let mut next = || {
            now += WINDOW;
            now
        };
        let at = next();
        work(&admission, 1, SLOW, at);
        work(&admission, 9, Duration::ZERO, at);
        let at = next();
        work(&admission, 2, SLOW, at);
        work(&admission, 8, Duration::ZERO, at);
        assert_eq!(admission.load().1, INITIAL_PLACES, "one of ten was slow");
        work(&admission, 10, Duration::ZERO, next());
        assert_eq!(admission.load().1, INITIAL_PLACES * 3 / 4, "two of ten were slow");
        work(&admission, 10, Duration::ZERO, next());
        assert_eq!(admission.load().1, INITIAL_PLACES * 3 / 4, "there were places enough");
        for _ in 0..20 {
            work(&admission, 10, SLOW, next());
        }
        assert_eq!(admission.load().1, MIN_PLACES);
        for _ in 0..40 {
            let at = next();
            work(&admission, 10, Duration::ZERO, at);
            admission.lock().window.full = true;
        }
        assert_eq!(admission.load().1, MAX_PLACES);
    }
}
