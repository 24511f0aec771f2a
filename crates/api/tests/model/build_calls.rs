//! What callers do to builds.

use serde_json::{Value, json};

use crate::build_model::{BuildOperation, ChangeAnswer, RACES, Visibility, race};
use crate::calls::is_under_way;
use crate::history::{Interval, Who};
use crate::recorder::{Answered, Recorder};
use crate::tallies;
use crate::world::Target;

const ARCHETYPES: [&str; 3] = ["tank", "mage", "bard"];
const TAGS: [&str; 4] = ["pvp", "pve", "solo", "raid"];
const LISTS: [&str; 7] = [
    "/builds",
    "/builds?sort=rating&race=vek",
    "/builds?sort=trending",
    "/builds?sort=popular&tag=pvp",
    "/builds?search=build&sort=relevance",
    "/builds/popular",
    "/builds/mine",
];

impl Recorder {
    /// Creates a build and puts it into a slot of the hot ones.
    pub async fn create(&mut self, who: Who, slot: usize) {
        let body = self.new_build();
        let server = self.server();
        let answered = self.send("Create".into(), who, server.post("/builds").json(&body), &[201]).await;
        self.learn_of_build(who, slot, &answered, answered.interval);
    }

    /// Creates a build under an idempotency key, sent twice.
    pub async fn create_twice(&mut self, who: Who, slot: usize) {
        let (body, key) = (self.new_build(), format!("key-{}", self.dice.below(u64::MAX)));
        let servers = [self.server(), self.server()];
        let [first, second] = servers.each_ref().map(|server| server.post("/builds").key(&key).json(&body));
        let (one, two) = self.twice("Create twice".into(), who, first, second, &[201]).await;
        let whole = Interval {
            invoked: one.interval.invoked.min(two.interval.invoked),
            answered: one.interval.answered.max(two.interval.answered),
        };
        let created: Vec<&Answered> = [&one, &two].into_iter().filter(|it| it.status() == 201).collect();
        match created.as_slice() {
            [one, two] if one.json()["build_id"] != two.json()["build_id"] => {
                // Right only where the record of the first was erased between.
                self.log.doubled.push((self.group.expect("a caller"), whole));
                for answered in [one, two] {
                    self.learn_of_build(who, slot, answered, answered.interval);
                }
            }
            [one, ..] => self.learn_of_build(who, slot, one, whole),
            [] => {
                let both = is_under_way(&one) && is_under_way(&two);
                if both {
                    self.fail("Create twice".into(), 409, "neither of two was carried out", whole);
                }
            }
        }
    }

    fn new_build(&mut self) -> Value {
        // Most are to be voted on.
        let visibility = Visibility::ALL[self.dice.index(9) / 4];
        json!({
            "name": "Build of a run", "primary_archetype": ARCHETYPES[self.dice.index(3)],
            "secondary_archetype": ARCHETYPES[self.dice.index(3)], "race": RACES[self.dice.index(4)],
            "tags": self.tags(), "visibility": visibility.name(), "build_data": {"skills": []},
        })
    }

    fn tags(&mut self) -> Vec<&'static str> {
        let chosen = self.dice.below(16);
        TAGS.into_iter().enumerate().filter(|(bit, _)| chosen & (1 << bit) != 0).map(|(_, tag)| tag).collect()
    }

    fn learn_of_build(&mut self, who: Who, slot: usize, answered: &Answered, interval: Interval) {
        if answered.status() != 201 {
            return;
        }
        let build = answered.json();
        let id = build["build_id"].as_str().expect("an id");
        let number = self.world.place(slot, id, self.group.expect("a caller"));
        let (visibility, race) = shown(&build);
        self.content(number, BuildOperation::Create { who, visibility, race }, interval);
    }

    /// Changes some of a build's fields.
    pub async fn patch(&mut self, who: Who, target: &Target) {
        let mut patch = json!({});
        let (mut visibility, mut race) = (None, None);
        match self.dice.below(6) {
            0..3 => visibility = Some(Visibility::ALL[[0, 0, 0, 1, 2][self.dice.index(5)]]),
            3 => race = Some(u8::try_from(self.dice.below(4)).expect("few races")),
            4 => patch["tags"] = json!(self.tags()),
            _ => {
                patch["primary_archetype"] = json!(ARCHETYPES[self.dice.index(3)]);
                patch["tags"] = json!(self.tags());
            }
        }
        if let Some(visibility) = visibility {
            patch["visibility"] = json!(visibility.name());
        }
        if let Some(race) = race {
            patch["race"] = json!(RACES[usize::from(race)]);
        }
        let server = self.server();
        let request = server.patch(&format!("/builds/{}", target.id)).json(&patch);
        let name = format!("Patch {} by {patch}", target.id);
        let answered = self.send(name, who, request, &[200, 403, 404]).await;
        let Some(answer) = change_answer(&answered) else { return };
        let shown = (answer == ChangeAnswer::Done).then(|| shown(&answered.json()));
        let operation = BuildOperation::Patch { who, visibility, race, answer, shown };
        self.content(target.number, operation, answered.interval);
    }

    pub async fn delete(&mut self, who: Who, target: &Target) {
        let server = self.server();
        let request = server.delete(&format!("/builds/{}", target.id));
        let answered = self.send(format!("Delete {}", target.id), who, request, &[200, 403, 404]).await;
        let Some(answer) = change_answer(&answered) else { return };
        self.content(target.number, BuildOperation::Delete { who, answer }, answered.interval);
    }

    pub async fn report(&mut self, who: Who, target: &Target) {
        let server = self.server();
        let request = server.post(&format!("/builds/{}/report", target.id)).json(&json!({"reason": "spam"}));
        let answered = self.send(format!("Report {}", target.id), who, request, &[202, 404]).await;
        let operation = match answered.status() {
            202 => BuildOperation::Seen { who, seen: true },
            404 => BuildOperation::SeenByVoter { who, seen: false },
            _ => return,
        };
        self.content(target.number, operation, answered.interval);
    }

    /// Reads a build. It may be out of date by a moment on another process, but never contradict itself.
    pub async fn read(&mut self, who: Who, target: &Target) {
        let server = self.server();
        let request = server.get(&format!("/builds/{}", target.id));
        let answered = self.send(format!("Read {}", target.id), who, request, &[200, 404]).await;
        if answered.status() == 200
            && let Err(wrong) = tallies::of_build(&answered.json())
        {
            self.fail(format!("a build: {wrong}"), 200, &answered.reply.text, answered.interval);
        }
    }

    pub async fn list(&mut self, who: Who) {
        let path = LISTS[self.dice.index(LISTS.len())];
        let server = self.server();
        let answered = self.send(format!("GET {path}"), who, server.get(path), &[200]).await;
        if answered.status() != 200 {
            return;
        }
        for build in answered.json()["builds"].as_array().expect("a list of builds") {
            if let Err(wrong) = tallies::of_build(build) {
                self.fail(format!("{path}: {wrong}"), 200, &build.to_string(), answered.interval);
            }
        }
    }
}

/// The visibility and the race in an answer.
fn shown(build: &Value) -> (Visibility, u8) {
    let text = |field: &str| build[field].as_str().unwrap_or_else(|| panic!("{field} in {build}")).to_owned();
    (Visibility::parse(&text("visibility")), race(&text("race")))
}

fn change_answer(answered: &Answered) -> Option<ChangeAnswer> {
    match answered.status() {
        200 => Some(ChangeAnswer::Done),
        404 => Some(ChangeAnswer::NotFound),
        403 if answered.json()["error"] == "build_hidden" => Some(ChangeAnswer::Hidden),
        403 => Some(ChangeAnswer::NotOwner),
        _ => None,
    }
}
