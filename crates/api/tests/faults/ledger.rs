//! What clients have requested and what was answered, and which stored data that allows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The outcome of a request, as far as its client knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// 2xx: it is stored, once.
    Acknowledged,
    /// 4xx: it is not.
    Refused,
    /// 5xx, or no answer at all: it is stored whole and once, or not at all.
    Unknown,
}

/// The kind of a stored row, which is identified by its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Build,
    Feedback,
    Search,
}

/// The rating that a session has on a build; `None` when it has no vote.
pub type CastVote = Option<i64>;

/// A request about a vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    First(i64),
    Change(i64),
    Withdraw,
}

/// A post with an `Idempotency-Key` whose outcome is unknown, to be sent once more.
#[derive(Debug, Clone)]
pub struct Open {
    pub session: String,
    pub key: String,
    pub name: String,
}

#[derive(Debug, Default)]
pub struct Pages {
    pub texts: BTreeMap<(Kind, String), Fate>,
    /// The ratings that each session may have on each build.
    pub ballots: BTreeMap<(String, String), BTreeSet<CastVote>>,
    pub open: Vec<Open>,
    /// How often each status came; 0 stands for no answer.
    pub statuses: BTreeMap<u16, u64>,
    /// Answers that contradict what was known before.
    pub contradictions: Vec<String>,
}

#[derive(Debug, Default)]
pub struct Ledger(Mutex<Pages>);

impl Ledger {
    pub fn pages(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records that a request will be sent. Its outcome is unknown until it is answered.
    pub fn intend(&self, kind: Kind, text: &str) {
        self.pages().texts.insert((kind, text.to_owned()), Fate::Unknown);
    }

    pub fn learn(&self, kind: Kind, text: &str, fate: Fate) {
        self.pages().texts.insert((kind, text.to_owned()), fate);
    }

    pub fn intend_vote(&self, build: &str, session: &str, wish: Wish) {
        let mut pages = self.pages();
        let may_be = pages.ballots.entry(key(build, session)).or_insert_with(|| BTreeSet::from([None]));
        match wish {
            Wish::First(stars) if may_be.contains(&None) => may_be.insert(Some(stars)),
            Wish::First(_) => false,
            Wish::Change(stars) => may_be.insert(Some(stars)),
            Wish::Withdraw => may_be.insert(None),
        };
    }

    /// Records the answer to a vote. `reported` is the session's vote according to that answer.
    pub fn learn_vote(&self, build: &str, session: &str, wish: Wish, fate: Fate, reported: Option<CastVote>) {
        let mut pages = self.pages();
        let may_be = pages.ballots.get(&key(build, session)).cloned().unwrap_or_default();
        let is = match (fate, wish, reported) {
            (Fate::Unknown, ..) => return,
            (Fate::Acknowledged, Wish::First(stars) | Wish::Change(stars), _) => Some(stars),
            (Fate::Acknowledged, Wish::Withdraw, _) => None,
            (Fate::Refused, _, Some(present)) => present,
            (Fate::Refused, _, None) => {
                pages.contradictions.push(format!("{wish:?} of {session} on {build} was refused"));
                return;
            }
        };
        if !may_be.contains(&is) || reported.is_some_and(|reported| reported != is) {
            let line =
                format!("{session} on {build}: {wish:?} {fate:?} reported {reported:?}, expected {may_be:?}");
            pages.contradictions.push(line);
        }
        pages.ballots.insert(key(build, session), BTreeSet::from([is]));
    }

    pub fn count(&self, status: u16) {
        *self.pages().statuses.entry(status).or_default() += 1;
    }

    /// How many answers there were of statuses from `first` to `last`.
    pub fn answers(&self, first: u16, last: u16) -> u64 {
        self.pages().statuses.range(first..=last).map(|(_, count)| count).sum()
    }
}

fn key(build: &str, session: &str) -> (String, String) {
    (build.to_owned(), session.to_owned())
}
