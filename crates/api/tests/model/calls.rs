//! What callers do to votes and to all that is theirs, each request with what the models learn from its answer.

use serde_json::json;
use tokio::join;

use crate::actors::session_id;
use crate::build_model::BuildOperation;
use crate::history::{Interval, Who};
use crate::linearization::Effect;
use crate::recorder::{Answered, Recorder, rating};
use crate::tallies;
use crate::vote_model::{VoteAnswer, VoteOperation};
use crate::world::Target;

/// What was accepted before the end of a run has to be done this long after it, in nanoseconds.
const LONGEST_IN_BACKGROUND: u64 = 60_000_000_000;

/// The two ways to set a vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CastVote {
    Cast,
    Put,
}

impl Recorder {
    pub async fn set_vote(&mut self, who: Who, target: &Target, ballot: CastVote) {
        let (stars, server) = (self.stars(), self.server());
        let path = format!("/builds/{}/vote", target.id);
        let request = match ballot {
            CastVote::Cast => server.post(&path),
            CastVote::Put => server.put(&path),
        };
        let name = format!("{ballot:?} {stars} on {}", target.id);
        let answered = self.send(name, who, request.json(&json!({"rating": stars})), &[200, 404, 409]).await;
        self.learn_of_vote(who, target, ballot, stars, &answered, Effect::Once).await;
    }

    /// A first vote under an idempotency key, sent twice at once or one after the other.
    pub async fn cast_twice(&mut self, who: Who, target: &Target) {
        let (stars, key) = (self.stars(), format!("key-{}", self.dice.below(u64::MAX)));
        let servers = [self.server(), self.server()];
        let path = format!("/builds/{}/vote", target.id);
        let [first, second] =
            servers.each_ref().map(|server| server.post(&path).key(&key).json(&json!({"rating": stars})));
        let name = format!("Cast {stars} twice on {}", target.id);
        let (one, two) = self.twice(name, who, first, second, &[200, 404, 409]).await;
        let whole = Interval {
            invoked: one.interval.invoked.min(two.interval.invoked),
            answered: one.interval.answered.max(two.interval.answered),
        };
        let answers: Vec<Answered> = [one, two].into_iter().filter(|it| !is_under_way(it)).collect();
        let is_replay = answers.len() == 2 && answers[0].reply.text == answers[1].reply.text;
        for (index, answered) in answers.into_iter().enumerate() {
            // Either of two equal answers may be the other's, unless its record was erased between.
            let (interval, effect) = match is_replay {
                true if index == 1 => (whole, Effect::Optional),
                true => (whole, Effect::Once),
                false => (answered.interval, Effect::Once),
            };
            let answered = Answered { interval, ..answered };
            self.learn_of_vote(who, target, CastVote::Cast, stars, &answered, effect).await;
        }
    }

    async fn learn_of_vote(
        &mut self,
        who: Who,
        target: &Target,
        ballot: CastVote,
        stars: u8,
        answered: &Answered,
        effect: Effect,
    ) {
        let interval = answered.interval;
        let answer = match answered.status() {
            200 => {
                self.check_tally(answered);
                if answered.your_rating() != Some(stars) {
                    self.fail(format!("{ballot:?} {stars}"), 200, &answered.reply.text, interval);
                }
                VoteAnswer::Accepted
            }
            409 => VoteAnswer::Refused(rating(&answered.json()["details"]["your_rating"])),
            404 if effect == Effect::Once => return self.missed(who, target, interval).await,
            _ => return,
        };
        let operation = match ballot {
            CastVote::Cast => VoteOperation::Cast { who, rating: stars, answer },
            CastVote::Put => VoteOperation::Put { who, rating: stars, answer },
        };
        self.vote(target.number, operation, interval, effect);
        if effect == Effect::Once {
            self.content(target.number, BuildOperation::SeenByVoter { who, seen: true }, interval);
        }
        self.world.note_voter(target, true);
    }

    /// A caller was not let through to a build.
    async fn missed(&mut self, who: Who, target: &Target, interval: Interval) {
        self.content(target.number, BuildOperation::SeenByVoter { who, seen: false }, interval);
        if self.world.note_voter(target, false) {
            let slot = target.slot.expect("a hot build");
            self.create(who, slot).await;
        }
    }

    pub async fn withdraw(&mut self, who: Who, target: &Target) {
        let server = self.server();
        let request = server.delete(&format!("/builds/{}/vote", target.id));
        let answered = self.send(format!("Withdraw on {}", target.id), who, request, &[200, 404]).await;
        match answered.status() {
            200 => {
                self.check_tally(&answered);
                self.vote(target.number, VoteOperation::Withdraw { who }, answered.interval, Effect::Once);
                self.content(target.number, BuildOperation::Seen { who, seen: true }, answered.interval);
            }
            404 => self.missed(who, target, answered.interval).await,
            _ => {}
        }
    }

    pub async fn view(&mut self, who: Who, target: &Target) {
        let server = self.server();
        let request = server.get(&format!("/builds/{}/vote", target.id));
        let answered = self.send(format!("View on {}", target.id), who, request, &[200, 404]).await;
        match answered.status() {
            200 => {
                self.check_tally(&answered);
                self.shown(who, target.number, answered.your_rating(), answered.interval);
                self.content(target.number, BuildOperation::Seen { who, seen: true }, answered.interval);
            }
            404 => self.missed(who, target, answered.interval).await,
            _ => {}
        }
    }

    fn shown(&mut self, who: Who, build: u32, rating: Option<u8>, interval: Interval) {
        self.vote(build, VoteOperation::Shown { who, rating }, interval, Effect::Once);
    }

    /// The caller's votes on the hot builds. A build that is left out may not be visible, so that says nothing.
    pub async fn votes_of_hot(&mut self, who: Who) {
        let ids: Vec<String> = self.world.hot().into_iter().map(|target| target.id).collect();
        let server = self.server();
        let request = server.get(&format!("/me/votes?build_ids={}", ids.join(",")));
        let answered = self.send("GET /me/votes?build_ids".into(), who, request, &[200]).await;
        self.learn_of_votes(who, &answered, false);
    }

    /// All of the caller's votes, page by page.
    pub async fn all_votes(&mut self, who: Who) {
        let mut cursor = String::new();
        loop {
            let server = self.server();
            let request = server.get(&format!("/me/votes?limit=3{cursor}"));
            let answered = self.send("GET /me/votes".into(), who, request, &[200]).await;
            if answered.status() != 200 {
                return;
            }
            self.learn_of_votes(who, &answered, true);
            match answered.json()["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return,
            }
        }
    }

    fn learn_of_votes(&mut self, who: Who, answered: &Answered, only_visible: bool) {
        if answered.status() != 200 {
            return;
        }
        for vote in answered.json()["votes"].as_array().expect("a list of votes") {
            let id = vote["build_id"].as_str().expect("an id");
            let Some(number) = self.world.number(id) else { continue };
            self.shown(who, number, rating(&vote["your_rating"]), answered.interval);
            if only_visible {
                self.content(number, BuildOperation::Seen { who, seen: true }, answered.interval);
            }
        }
    }

    /// Gives all of the session to the player.
    pub async fn claim(&mut self, who: Who) {
        let body = json!({"session_id": session_id(who.session)});
        let begun = self.world.stopwatch.now();
        loop {
            let server = self.server();
            let request = server.post("/builds/auth/claim").json(&body);
            let answered = self.send("Claim".into(), who, request, &[200, 202]).await;
            // What failed may have been accepted: it is asked about until it is done, too.
            if answered.status() != 200 && !self.is_overdue(&answered) {
                continue;
            }
            let interval = Interval { invoked: begun, answered: answered.interval.answered };
            self.everything(VoteOperation::Claim { who }, BuildOperation::Claim { who }, interval);
            return;
        }
    }

    /// Erases all that is the caller's, and asks until it is done.
    pub async fn erase(&mut self, who: Who) {
        let begun = self.world.stopwatch.now();
        loop {
            let server = self.server();
            let answered = self.send("Erase".into(), who, server.delete("/me"), &[200, 202]).await;
            if answered.status() != 200 && !self.is_overdue(&answered) {
                continue;
            }
            let interval = Interval { invoked: begun, answered: answered.interval.answered };
            self.everything(VoteOperation::Erase { who }, BuildOperation::Erase { who }, interval);
            return;
        }
    }

    /// Whether what runs on in the background has still not ended long after the run; then it is a failure.
    fn is_overdue(&mut self, answered: &Answered) -> bool {
        let is_overdue = self.world.stopwatch.now() > self.world.until + LONGEST_IN_BACKGROUND;
        if is_overdue {
            self.fail("Wait for the end".into(), answered.status(), &answered.reply.text, answered.interval);
        }
        is_overdue
    }

    /// Searches and feedback, which an erasure takes back, and what is stored about the caller.
    pub async fn search(&mut self, who: Who) {
        let server = self.server();
        let query = ["tank", "Tank ", "healer", "bard"][self.dice.index(4)];
        let body = json!({"query": query, "search_mode": "quick", "result_count": self.dice.below(2)});
        self.send("Search".into(), who, server.post("/analytics/search").json(&body), &[201]).await;
    }

    pub async fn give_feedback(&mut self, who: Who) {
        let server = self.server();
        let body = json!({"query": "q", "response_snippet": "a", "rating": "down", "search_mode": "quick"});
        self.send("Feedback".into(), who, server.post("/feedback").json(&body), &[201]).await;
    }

    pub async fn export(&mut self, who: Who) {
        let server = self.server();
        // A third export at once is refused.
        self.send("Export".into(), who, server.get("/me/export"), &[200, 429]).await;
    }

    fn check_tally(&mut self, answered: &Answered) {
        if let Err(wrong) = tallies::of_vote(&answered.json()) {
            self.fail(format!("a tally: {wrong}"), 200, &answered.reply.text, answered.interval);
        }
    }

    /// Sends two requests of one key, at once or in turn.
    pub async fn twice(
        &mut self,
        name: String,
        who: Who,
        first: crate::support::client::Request,
        second: crate::support::client::Request,
        expected: &[u16],
    ) -> (Answered, Answered) {
        if self.dice.below(2) == 0 {
            let one = self.send(name.clone(), who, first, expected).await;
            return (one, self.send(name, who, second, expected).await);
        }
        let (stopwatch, world) = (self.world.stopwatch, std::sync::Arc::clone(&self.world));
        let ask = |request: crate::support::client::Request| {
            let request = request.header("x-session-id", &session_id(who.session));
            let request = match world.token(who) {
                Some(token) => request.bearer(token),
                None => request,
            };
            async move {
                let invoked = stopwatch.now();
                let reply = request.await;
                Answered { reply, interval: Interval { invoked, answered: stopwatch.now() } }
            }
        };
        let (one, two) = join!(ask(first), ask(second));
        for answered in [&one, &two] {
            let expected = if is_under_way(answered) { &[409] } else { expected };
            self.note(format!("{name} as {who:?}"), &answered.reply, answered.interval, expected);
        }
        (one, two)
    }
}

/// Whether the first request of a key is still running.
pub fn is_under_way(answered: &Answered) -> bool {
    answered.status() == 409 && answered.json()["error"] == "idempotency_conflict"
}
