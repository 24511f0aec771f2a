//! Client connections: how many there may be, and how long each may stay silent.
//!
//! actix limits the time for the head of a connection's first request, and for an idle connection after a response. It
//! limits neither the head of a later request nor a body that no handler reads. So each socket is wrapped
//! ([`socket`]), tracks its phase ([`Connection`]), and a sweep of its worker closes overdue ones ([`watch`]).

pub mod descriptors;
pub mod socket;
pub mod watch;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::task::Waker;
use std::time::{Duration, Instant};

use actix_web::dev::RequestHead;
use actix_web::http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use strum::IntoStaticStr;

use crate::metrics;

/// How long a body may take to arrive.
pub const BODY_DEADLINE: Duration = Duration::from_secs(10);

/// How long a head may take, from its first byte to its last.
pub const HEAD_TIMEOUT: Duration = Duration::from_secs(5);

/// How long an idle connection is kept: longer than the 60 s of the usual proxies, so that they close
/// theirs first and never send a request into a connection that is just being closed.
pub const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// The same while few descriptors are free.
const SHORT_KEEP_ALIVE: Duration = Duration::from_secs(5);

/// The phase of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Phase {
    /// No bytes have arrived since the last answer, or at all.
    Idle,
    /// A head has begun.
    Head,
    /// A request is being processed, which has its own deadline.
    AtWork,
    /// The request was answered before its body was complete; the rest of the body is discarded.
    UnreadBody,
}

/// What bytes were sent for.
#[derive(Debug, PartialEq, Eq)]
enum Sent {
    ForRequest,
    /// The server's own answer to a head that is no request.
    WithoutRequest,
}

/// One connection, on the thread of its worker.
pub struct Connection {
    phase: Cell<Phase>,
    /// When the phase began, or when bytes last went out.
    since: Cell<Instant>,
    /// The request at work has a body that has not been read to its end.
    body_expected: Cell<bool>,
    overdue: Cell<bool>,
    /// Of the task that serves it.
    waker: RefCell<Option<Waker>>,
}

impl Connection {
    fn new(now: Instant) -> Rc<Self> {
        Rc::new(Self {
            phase: Cell::new(Phase::Idle),
            since: Cell::new(now),
            body_expected: Cell::new(false),
            overdue: Cell::new(false),
            waker: RefCell::default(),
        })
    }

    /// Called when a head is complete and its request is processed.
    pub fn begin_request(&self, head: &RequestHead) {
        self.phase.set(Phase::AtWork);
        self.body_expected.set(announces_body(head));
    }

    /// Called when the body of the request is complete.
    pub fn body_complete(&self) {
        self.body_expected.set(false);
    }

    /// Called when the request is answered; the response may still be being sent.
    pub fn answered(&self, now: Instant) {
        let unread = self.body_expected.replace(false);
        self.enter(if unread { Phase::UnreadBody } else { Phase::Idle }, now);
    }

    fn enter(&self, phase: Phase, now: Instant) {
        self.phase.set(phase);
        self.since.set(now);
    }

    /// Called when bytes have arrived.
    fn received(&self) {
        if self.phase.get() == Phase::Idle {
            self.enter(Phase::Head, Instant::now());
        }
    }

    /// Called when bytes were sent: a client that receives an answer is not idle, and no head is due before the answer
    /// ends.
    fn sent(&self) -> Sent {
        match self.phase.get() {
            Phase::AtWork => return Sent::ForRequest,
            // The server has answered a head that it could not read, and closes the connection.
            Phase::Head => {
                self.enter(Phase::UnreadBody, Instant::now());
                return Sent::WithoutRequest;
            }
            Phase::Idle | Phase::UnreadBody => self.since.set(Instant::now()),
        }
        Sent::ForRequest
    }

    /// The phase that has lasted too long, if it has.
    fn overdue_phase(&self, now: Instant, short_of_descriptors: bool) -> Option<Phase> {
        let phase = self.phase.get();
        let longest = match phase {
            Phase::AtWork => return None,
            Phase::Idle if short_of_descriptors => SHORT_KEEP_ALIVE,
            Phase::Idle => KEEP_ALIVE,
            Phase::Head => HEAD_TIMEOUT,
            Phase::UnreadBody => BODY_DEADLINE,
        };
        (now.saturating_duration_since(self.since.get()) >= longest).then_some(phase)
    }

    /// Wakes its task, which then ends the connection.
    fn close(&self) {
        self.overdue.set(true);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        metrics::connection_closed();
    }
}

/// Whether a body follows this head.
fn announces_body(head: &RequestHead) -> bool {
    let headers = head.headers();
    let length = headers.get(CONTENT_LENGTH).map(|value| value.as_bytes());
    headers.contains_key(TRANSFER_ENCODING) || length.is_some_and(|digits| digits != b"0")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(seconds: u64, now: Instant) -> Instant {
        now + Duration::from_secs(seconds)
    }

    #[test]
    fn a_head_has_five_seconds_from_its_first_byte() {
        let now = Instant::now();
        let connection = Connection::new(now);
        assert_eq!(connection.overdue_phase(after(74, now), false), None);
        assert_eq!(connection.overdue_phase(after(76, now), false), Some(Phase::Idle));
        assert_eq!(connection.overdue_phase(after(6, now), true), Some(Phase::Idle), "descriptors are short");
        connection.received();
        let begun = connection.since.get();
        connection.received();
        assert_eq!(connection.since.get(), begun, "a second byte lengthens nothing");
        assert_eq!(connection.overdue_phase(after(4, begun), true), None);
        assert_eq!(connection.overdue_phase(after(5, begun), false), Some(Phase::Head));
    }

    #[test]
    fn a_request_at_work_is_never_overdue() {
        let now = Instant::now();
        let connection = Connection::new(now);
        connection.received();
        connection.begin_request(&RequestHead::default());
        connection.received();
        assert_eq!(connection.overdue_phase(after(3600, now), true), None);
        connection.answered(now);
        assert_eq!(connection.overdue_phase(after(74, now), false), None);
    }

    #[test]
    fn an_unread_body_has_as_long_as_one_that_is_read() {
        let now = Instant::now();
        let connection = Connection::new(now);
        let mut head = RequestHead::default();
        head.headers_mut().insert(TRANSFER_ENCODING, "chunked".parse().unwrap());
        connection.begin_request(&head);
        connection.answered(now);
        connection.received();
        assert_eq!(connection.overdue_phase(after(11, now), false), Some(Phase::UnreadBody));
        connection.begin_request(&head);
        connection.body_complete();
        connection.answered(now);
        assert_eq!(connection.overdue_phase(after(11, now), false), None);
    }

    #[test]
    fn an_answer_to_a_head_that_is_no_request_is_noticed_once() {
        let connection = Connection::new(Instant::now());
        connection.received();
        assert_eq!(connection.sent(), Sent::WithoutRequest);
        assert_eq!(connection.sent(), Sent::ForRequest);
        connection.answered(Instant::now());
        connection.received();
        connection.begin_request(&RequestHead::default());
        assert_eq!(connection.sent(), Sent::ForRequest);
    }

    #[test]
    fn a_length_of_zero_announces_nothing() {
        let mut head = RequestHead::default();
        assert!(!announces_body(&head));
        head.headers_mut().insert(CONTENT_LENGTH, "0".parse().unwrap());
        assert!(!announces_body(&head));
        head.headers_mut().insert(CONTENT_LENGTH, "7".parse().unwrap());
        assert!(announces_body(&head));
    }
}
