//! Sends requests and writes down what they came to.

use std::sync::Arc;

use myashes_testkit::Dice;
use serde_json::Value;

use crate::actors::session_id;
use crate::build_model::BuildOperation;
use crate::history::{Entry, Failure, Interval, Log, Who};
use crate::linearization::Effect;
use crate::support::client::Request;
use crate::support::{Reply, TestServer};
use crate::vote_model::VoteOperation;
use crate::world::World;

/// One client of a run.
pub struct Recorder {
    pub world: Arc<World>,
    pub dice: Dice,
    pub log: Log,
    pub group: Option<usize>,
}

/// An answer, and when it was asked for and given.
pub struct Answered {
    pub reply: Reply,
    pub interval: Interval,
}

impl Answered {
    pub fn status(&self) -> u16 {
        self.reply.status
    }

    pub fn json(&self) -> Value {
        self.reply.json()
    }

    /// The rating in an answer about votes.
    pub fn your_rating(&self) -> Option<u8> {
        rating(&self.json()["your_rating"])
    }
}

/// A rating in JSON.
pub fn rating(value: &Value) -> Option<u8> {
    value.as_u64().map(|stars| u8::try_from(stars).expect("a rating is small"))
}

impl Recorder {
    /// One of the services.
    pub fn server(&mut self) -> Arc<TestServer> {
        let index = self.dice.index(self.world.servers.len());
        Arc::clone(&self.world.servers[index])
    }

    pub fn stars(&mut self) -> u8 {
        u8::try_from(self.dice.below(5) + 1).expect("at most five")
    }

    /// Sends a request of a caller. An answer outside of `expected` is a failure of the run.
    pub async fn send(&mut self, name: String, who: Who, request: Request, expected: &[u16]) -> Answered {
        let request = request.header("x-session-id", &session_id(who.session));
        let request = match self.world.token(who) {
            Some(token) => request.bearer(token),
            None => request,
        };
        self.send_as(format!("{name} as {who:?}"), request, expected).await
    }

    /// Sends a request with credentials of its own.
    pub async fn send_as(&mut self, name: String, request: Request, expected: &[u16]) -> Answered {
        let invoked = self.world.stopwatch.now();
        let reply = request.await;
        let interval = Interval { invoked, answered: self.world.stopwatch.now() };
        self.note(name, &reply, interval, expected);
        Answered { reply, interval }
    }

    pub fn note(&mut self, name: String, reply: &Reply, interval: Interval, expected: &[u16]) {
        self.log.requests += 1;
        if !expected.contains(&reply.status) {
            self.fail(name, reply.status, &reply.text, interval);
        }
    }

    pub fn fail(&mut self, request: String, status: u16, answer: &str, interval: Interval) {
        let answer = answer.chars().take(300).collect();
        self.log.failures.push(Failure { request, answer, status, at: interval.invoked });
    }

    /// Notes an operation on votes of a build.
    pub fn vote(&mut self, build: u32, operation: VoteOperation, interval: Interval, effect: Effect) {
        let entry = Entry {
            build: Some(build),
            group: self.group,
            interval,
            effect,
            vote: Some(operation),
            content: None,
        };
        self.log.entries.push(entry);
    }

    /// Notes an operation on a build itself.
    pub fn content(&mut self, build: u32, operation: BuildOperation, interval: Interval) {
        self.log.entries.push(Entry {
            build: Some(build),
            group: self.group,
            interval,
            effect: Effect::Once,
            vote: None,
            content: Some(operation),
        });
    }

    /// Notes an operation on all votes and builds of a caller, which is carried out in steps.
    pub fn everything(&mut self, vote: VoteOperation, content: BuildOperation, interval: Interval) {
        self.log.entries.push(Entry {
            build: None,
            group: self.group,
            interval,
            effect: Effect::Repeated,
            vote: Some(vote),
            content: Some(content),
        });
    }
}
