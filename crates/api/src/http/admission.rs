//! How many requests are worked on at once, and what becomes of the others.
//!
//! Beyond what the database carries, more requests at work make each of them slower and none of them more. So there is
//! a number of places. It follows the latency: while half of the requests of a moment take long, it shrinks, and while
//! they are quick and the places are all taken, it grows. Who finds no place waits, as in a burst, which passes. A
//! queue that does not get empty is no burst: whoever comes then waits for a moment only (the idea of CoDel), and is
//! told to come back, which costs next to nothing. Thus those who are let in are answered in time, whatever the load.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use crate::metrics;

/// The fewest places that there ever are: one for each connection of the default pool.
const FEWEST: usize = 16;

/// What there is to begin with.
const AT_FIRST: usize = 128;

/// As many as the process has memory for.
const MOST: usize = 512;

/// As many may wait.
const LONGEST_QUEUE: usize = 1024;

/// A queue that has not been empty for as long is a standing one.
const BURST: Duration = Duration::from_millis(250);

/// Longest wait of those who came before the queue was a standing one.
const BURST_PATIENCE: Duration = Duration::from_secs(2);

/// How long a request holds its place. What takes longer waits for something else than its like, a lock or another
/// service, and must not keep them out.
pub const LEASE: Duration = Duration::from_secs(1);

/// Longest wait in a standing queue.
const MOMENT: Duration = Duration::from_millis(20);

/// A request that took longer at work is a slow one.
const SLOW: Duration = Duration::from_millis(150);

/// How often the number of places is reconsidered.
const WINDOW: Duration = Duration::from_millis(250);

/// The places of this process. Clones share them.
#[derive(Clone)]
pub struct Admission(Arc<Mutex<State>>);

struct State {
    places: usize,
    at_work: usize,
    waiting: VecDeque<oneshot::Sender<Place>>,
    /// When the queue was last seen empty.
    empty_at: Instant,
    window: Window,
}

/// What was seen since the number of places was last considered.
struct Window {
    began: Instant,
    done: u32,
    slow: u32,
    /// Somebody found no place.
    full: bool,
}

/// A place, until it is dropped.
pub struct Place {
    admission: Admission,
    since: Instant,
}

/// There is no place, and there will be none in a moment.
#[derive(Debug, PartialEq, Eq)]
pub struct Overloaded;

enum Entry {
    Admitted(Place),
    Waiting(oneshot::Receiver<Place>, Duration),
}

impl Default for Admission {
    fn default() -> Self {
        let now = Instant::now();
        let state = State {
            places: AT_FIRST,
            at_work: 0,
            waiting: VecDeque::new(),
            empty_at: now,
            window: Window::beginning(now),
        };
        Self(Arc::new(Mutex::new(state)))
    }
}

impl Admission {
    /// A place to work at, waited for if need be.
    ///
    /// # Errors
    /// [`Overloaded`] when too many are waiting already, or the wait is over.
    pub async fn enter(&self) -> Result<Place, Overloaded> {
        let began = Instant::now();
        let entered = match self.enter_at(began) {
            Ok(Entry::Admitted(place)) => return Ok(place),
            Ok(Entry::Waiting(place, longest)) => match tokio::time::timeout(longest, place).await {
                Ok(Ok(place)) => Ok(place),
                Ok(Err(_)) | Err(_) => Err(Overloaded),
            },
            Err(overloaded) => Err(overloaded),
        };
        metrics::waited_for_place(began.elapsed());
        if entered.is_err() {
            metrics::request_shed();
        }
        entered
    }

    /// Requests at work, and how many there may be.
    #[must_use]
    pub fn load(&self) -> (usize, usize) {
        let state = self.lock();
        (state.at_work, state.places)
    }

    fn enter_at(&self, now: Instant) -> Result<Entry, Overloaded> {
        let mut state = self.lock();
        state.reconsider(now);
        if state.waiting.is_empty() {
            state.empty_at = now;
            if state.at_work < state.places {
                state.at_work += 1;
                return Ok(Entry::Admitted(Place { admission: self.clone(), since: now }));
            }
        }
        state.window.full = true;
        if state.waiting.len() >= LONGEST_QUEUE {
            return Err(Overloaded);
        }
        let stands = now.saturating_duration_since(state.empty_at) >= BURST;
        let (sender, receiver) = oneshot::channel();
        state.waiting.push_back(sender);
        Ok(Entry::Waiting(receiver, if stands { MOMENT } else { BURST_PATIENCE }))
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
            // Whoever has gone meanwhile drops the place, which is then handed on.
            drop(sender.send(Place { admission: self.clone(), since: now }));
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Whether it has been held for longer than it is lent for.
    pub fn is_overdue(&self) -> bool {
        self.since.elapsed() >= LEASE
    }
}

impl State {
    /// Who is to have the places that are free, counted as at work already.
    fn next_waiting(&mut self, now: Instant) -> Vec<oneshot::Sender<Place>> {
        let mut next = vec![];
        while self.at_work < self.places {
            let Some(sender) = self.waiting.pop_front() else { break };
            if !sender.is_closed() {
                self.at_work += 1;
                next.push(sender);
            }
        }
        if self.waiting.is_empty() {
            self.empty_at = now;
        }
        next
    }

    fn reconsider(&mut self, now: Instant) {
        if now.saturating_duration_since(self.window.began) < WINDOW {
            return;
        }
        let Window { done, slow, full, .. } = self.window;
        if slow * 2 > done {
            self.places = (self.places * 3 / 4).max(FEWEST);
        } else if full {
            self.places = (self.places + self.places / 8).min(MOST);
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
    fn a_place_that_is_left_goes_to_whoever_waits_longest() {
        let (admission, now) = (Admission::default(), Instant::now());
        let mut places: Vec<Place> = (0..AT_FIRST).map(|_| admitted(&admission, now)).collect();
        let (gone, _) = waiting(&admission, now);
        let (mut first, longest) = waiting(&admission, now);
        let (mut second, _) = waiting(&admission, now);
        assert_eq!(longest, BURST_PATIENCE);
        drop(gone);
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
    fn a_place_that_nobody_takes_any_more_is_handed_on() {
        let (admission, now) = (Admission::default(), Instant::now());
        let mut places: Vec<Place> = (0..AT_FIRST).map(|_| admitted(&admission, now)).collect();
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
    fn in_a_standing_queue_nobody_waits_for_long() {
        let (admission, now) = (Admission::default(), Instant::now());
        let _places: Vec<Place> = (0..AT_FIRST).map(|_| admitted(&admission, now)).collect();
        let (_first, longest) = waiting(&admission, now);
        assert_eq!(longest, BURST_PATIENCE);
        assert_eq!(waiting(&admission, now + BURST).1, MOMENT);
        let queue: Vec<_> = (0..LONGEST_QUEUE - 2).map(|_| admission.enter_at(now)).collect();
        assert!(queue.iter().all(Result::is_ok));
        // The second wait was given up, and its place in the queue is still there.
        assert!(admission.enter_at(now).is_err());
    }

    #[test]
    fn the_number_of_places_follows_the_latency() {
        let (admission, mut now) = (Admission::default(), Instant::now());
        let mut next = || {
            now += WINDOW;
            now
        };
        work(&admission, 10, SLOW, next());
        work(&admission, 10, Duration::ZERO, next());
        assert_eq!(admission.load().1, AT_FIRST * 3 / 4, "they were slow");
        work(&admission, 10, Duration::ZERO, next());
        assert_eq!(admission.load().1, AT_FIRST * 3 / 4, "there was room enough");
        for _ in 0..20 {
            work(&admission, 10, SLOW, next());
        }
        assert_eq!(admission.load().1, FEWEST);
        for _ in 0..40 {
            let at = next();
            work(&admission, 10, Duration::ZERO, at);
            admission.lock().window.full = true;
        }
        assert_eq!(admission.load().1, MOST);
    }
}
