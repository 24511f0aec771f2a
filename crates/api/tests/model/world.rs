//! What the clients of a run share: the services, the builds that they meet on, and the stopwatch.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use myashes_testkit::TestDatabase;

use crate::actors::{self, Group};
use crate::history::{Stopwatch, Who};
use crate::support::TestServer;
use crate::support::players;

/// Builds that all clients meet on.
pub const HOT_BUILDS: usize = 6;

/// Voters in a row that are not let through to a hot build before it is replaced.
const MAX_MISSES: u32 = 25;

pub struct World {
    pub servers: Vec<Arc<TestServer>>,
    /// The database, for what no answer tells.
    pub database: TestDatabase,
    pub groups: Vec<Group>,
    pub stopwatch: Stopwatch,
    pub until: u64,
    tokens: HashMap<u32, String>,
    builds: Mutex<Builds>,
}

#[derive(Default)]
struct Builds {
    hot: Vec<Option<HotBuild>>,
    retired: Vec<(u32, usize)>,
    numbers: HashMap<String, u32>,
    ids: Vec<String>,
}

#[derive(Clone, Copy)]
struct HotBuild {
    number: u32,
    group: usize,
    misses: u32,
}

/// A build that an operation is about.
#[derive(Debug, Clone)]
pub struct Target {
    pub slot: Option<usize>,
    pub number: u32,
    pub id: String,
}

impl World {
    pub fn new(servers: Vec<Arc<TestServer>>, database: TestDatabase, seconds: u64) -> Self {
        let groups = actors::groups();
        let players = groups.iter().flat_map(|group| group.identities.iter().filter_map(|who| who.player));
        let tokens = players.map(|it| (it, players::player(&actors::player_id(it)))).collect();
        let builds = Builds { hot: vec![None; HOT_BUILDS], ..Builds::default() };
        let stopwatch = Stopwatch::start();
        let until = seconds * 1_000_000_000;
        Self { servers, database, groups, stopwatch, until, tokens, builds: Mutex::new(builds) }
    }

    pub fn token(&self, who: Who) -> Option<&str> {
        Some(self.tokens[&who.player?].as_str())
    }

    /// The group that a session belongs to.
    pub fn group_of(&self, session: u32) -> Option<usize> {
        self.groups.iter().position(|group| group.identities.iter().any(|who| who.session == session))
    }

    pub fn is_over(&self) -> bool {
        self.stopwatch.now() >= self.until
    }

    /// The hot build of a slot, or an older one.
    pub fn target(&self, slot: usize) -> Option<Target> {
        let builds = self.builds.lock().unwrap();
        let number = builds.hot[slot]?.number;
        Some(Target { slot: Some(slot), number, id: builds.ids[number as usize].clone() })
    }

    /// A build made in this group, a hot one if there is one; `choose` picks among several.
    pub fn target_of_group(&self, group: usize, choose: impl FnOnce(usize) -> usize) -> Option<Target> {
        let builds = self.builds.lock().unwrap();
        let hot = builds.hot.iter().enumerate().filter_map(|(slot, hot)| Some((slot, (*hot)?)));
        let mut own: Vec<(Option<usize>, u32)> =
            hot.filter(|(_, hot)| hot.group == group).map(|(slot, hot)| (Some(slot), hot.number)).collect();
        if own.is_empty() {
            let last = builds.retired.iter().rev().filter(|(_, of)| *of == group).take(3);
            own.extend(last.map(|(number, _)| (None, *number)));
        }
        if own.is_empty() {
            return None;
        }
        let (slot, number) = own[choose(own.len())];
        Some(Target { slot, number, id: builds.ids[number as usize].clone() })
    }

    /// All hot builds.
    pub fn hot(&self) -> Vec<Target> {
        (0..HOT_BUILDS).filter_map(|slot| self.target(slot)).collect()
    }

    /// Notes whether a voter was let through to a hot build; whether it is to be replaced.
    pub fn note_voter(&self, target: &Target, seen: bool) -> bool {
        let Some(slot) = target.slot else { return false };
        let mut builds = self.builds.lock().unwrap();
        match &mut builds.hot[slot] {
            Some(hot) if hot.number == target.number => {
                hot.misses = if seen { 0 } else { hot.misses + 1 };
                // One client replaces it, and no other until it has failed to.
                hot.misses % MAX_MISSES == MAX_MISSES - 1
            }
            _ => false,
        }
    }

    /// A free slot, else any.
    pub fn slot_to_fill(&self, choose: impl FnOnce(usize) -> usize) -> usize {
        let builds = self.builds.lock().unwrap();
        let empty = builds.hot.iter().position(Option::is_none);
        drop(builds);
        empty.unwrap_or_else(|| choose(HOT_BUILDS))
    }

    /// Puts a new build in the place of a hot one, and returns its number.
    pub fn place(&self, slot: usize, id: &str, group: usize) -> u32 {
        let mut builds = self.builds.lock().unwrap();
        let number = number_of(&mut builds, id);
        if let Some(before) = builds.hot[slot].replace(HotBuild { number, group, misses: 0 }) {
            builds.retired.push((before.number, before.group));
        }
        number
    }

    /// The number of a build that some client has made; `None` for another.
    pub fn number(&self, id: &str) -> Option<u32> {
        self.builds.lock().unwrap().numbers.get(id).copied()
    }

    /// The ids of all builds, by number.
    pub fn ids(&self) -> Vec<String> {
        self.builds.lock().unwrap().ids.clone()
    }
}

fn number_of(builds: &mut Builds, id: &str) -> u32 {
    if let Some(number) = builds.numbers.get(id) {
        return *number;
    }
    let number = u32::try_from(builds.ids.len()).expect("few builds");
    builds.ids.push(id.to_owned());
    builds.numbers.insert(id.to_owned(), number);
    number
}
