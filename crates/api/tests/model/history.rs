//! What clients write down while a run lasts: each operation with the instants before it was sent and after it
//! was answered.

use std::time::Instant;

use crate::build_model::BuildOperation;
use crate::linearization::{Effect, Timed};
use crate::vote_model::VoteOperation;

/// Who makes a request: a session, and a player when it carries a token. Numbers of the test's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Who {
    pub session: u32,
    pub player: Option<u32>,
}

/// An interval in nanoseconds since the run began.
#[derive(Debug, Clone, Copy)]
pub struct Interval {
    pub invoked: u64,
    pub answered: u64,
}

/// One operation as the models see it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The number of the build, `None` for an operation on all builds of its caller.
    pub build: Option<u32>,
    /// Callers that share sessions or players; `None` for an admin.
    pub group: Option<usize>,
    pub interval: Interval,
    pub effect: Effect,
    pub vote: Option<VoteOperation>,
    pub content: Option<BuildOperation>,
}

/// An answer that should never be given.
#[derive(Debug, Clone)]
pub struct Failure {
    pub request: String,
    pub answer: String,
    pub status: u16,
    pub at: u64,
}

/// What one client has written down.
#[derive(Debug, Default)]
pub struct Log {
    pub entries: Vec<Entry>,
    pub failures: Vec<Failure>,
    /// Groups for which one idempotency key made two builds, and when.
    pub doubled: Vec<(usize, Interval)>,
    pub requests: u64,
}

impl Log {
    pub fn merge(&mut self, other: Self) {
        self.entries.extend(other.entries);
        self.failures.extend(other.failures);
        self.doubled.extend(other.doubled);
        self.requests += other.requests;
    }
}

/// A stopwatch that all clients share.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    pub fn start() -> Self {
        Self(Instant::now())
    }

    pub fn now(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_nanos()).expect("a run is shorter than five centuries")
    }
}

/// An operation in the time of its entry.
pub fn timed<O>(entry: &Entry, operation: O) -> Timed<O> {
    Timed {
        operation,
        invoked: entry.interval.invoked,
        answered: entry.interval.answered,
        effect: entry.effect,
    }
}
