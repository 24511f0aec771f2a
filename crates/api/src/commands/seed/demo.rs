//! Plausible data for development: builds, the votes on them, and searches, made from an entropy source alone.
//!
//! Its distribution resembles real data: a few builds get most of the votes, most builds get none,
//! votes come soon after the build, and a few queries are repeated often.

use std::sync::Arc;

use myashes_domain::analytics::{CountedAddress, SearchQuery, SearchRecord};
use myashes_domain::builds::{
    BuildData, BuildDraft, BuildName, Description, NewBuild, Owner, Tags, Visibility,
};
use myashes_domain::clock::Timestamp;
use myashes_domain::feedback::SearchMode;
use myashes_domain::game::GamePack;
use myashes_domain::ids::{BuildId, Entropy};
use myashes_domain::session::{Caller, Player, SessionId};
use myashes_domain::votes::{Rating, VoteAction, VoteRequest};

use super::words;

/// The number of callers who vote and search.
const CROWD: usize = 600;

/// The most votes on one build. No more than [`CROWD`], since each caller has one vote.
const MOST_VOTES: usize = 500;

/// How far back builds and searches go, in days.
const BUILD_DAYS: u64 = 90;
const SEARCH_DAYS: u64 = 30;

const SECONDS_PER_DAY: u64 = 86_400;

/// A build to store and the votes to cast on it afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoBuild {
    pub build: NewBuild,
    pub votes: Vec<VoteRequest>,
}

/// Generates demo data. It depends only on the pack, the entropy and the current time.
pub struct Demo {
    game: Arc<GamePack>,
    random: Random,
    crowd: Vec<Caller>,
    now: Timestamp,
}

impl Demo {
    /// The ids of the sessions are discarded, so that no client can ever use them.
    pub fn new(game: Arc<GamePack>, entropy: Arc<dyn Entropy>, now: Timestamp) -> Self {
        let random = Random(entropy);
        let crowd = (0..CROWD).map(|number| member(&random, number)).collect();
        Self { game, random, crowd, now }
    }

    /// The next build. Most are public; private ones draw no votes.
    pub fn build(&self) -> DemoBuild {
        let created_at = self.back(self.random.below(BUILD_DAYS * SECONDS_PER_DAY));
        let draft = self.draft();
        let id = BuildId::generate(&*self.random.0);
        let build = draft.into_build(&self.game, id, Owner::of(self.random.pick(&self.crowd)), created_at);
        let votes = match build.content.visibility {
            Visibility::Private => Vec::new(),
            Visibility::Public | Visibility::Unlisted => self.votes(&build),
        };
        DemoBuild { build, votes }
    }

    /// The next search.
    ///
    /// # Panics
    /// Never: every word it searches for is a valid query.
    pub fn search(&self) -> SearchRecord {
        let caller = self.random.pick(&self.crowd);
        let query = self.random.favourite(words::QUERIES);
        let mode = *self.random.pick(SearchMode::ALL);
        let found = if self.random.below(100) < 8 { 0 } else { 1 + self.random.below(40) as i32 };
        SearchRecord {
            query: SearchQuery::parse(query).expect("the words are valid queries"),
            search_mode: mode,
            result_count: found,
            session: caller.session,
            player_id: caller.player_id().map(str::to_owned),
            caller: caller.fingerprint(),
            at: self.back(self.random.below(SEARCH_DAYS * SECONDS_PER_DAY)),
            ranked: true,
            address: CountedAddress::Own,
            min_callers: 1,
        }
    }

    fn draft(&self) -> BuildDraft {
        const WHOLE: &str = "the game's own ids and the words are valid";
        let archetypes: Vec<_> = self.game.archetypes.iter().filter(|it| !it.retired).collect();
        let races: Vec<_> = self.game.races.iter().filter(|it| !it.retired).collect();
        let primary = self.random.pick(&archetypes);
        let secondary = self.random.pick(&archetypes);
        let primary = self.game.archetype("primary_archetype", &primary.id).expect(WHOLE);
        let secondary = self.game.archetype("secondary_archetype", &secondary.id).expect(WHOLE);
        let race = self.game.race("race", &self.random.pick(&races).id).expect(WHOLE);
        let class = self.game.class_name(&primary, &secondary);
        let style = self.random.pick(words::STYLES);
        let tags: Vec<_> = (0..=self.random.below(4)).map(|_| *self.random.pick(words::TAGS)).collect();
        let data = self.data(primary.as_str());
        let article = if class.starts_with(['A', 'E', 'I', 'O', 'U']) { "An" } else { "A" };
        let sentence = format!("{article} {class} {style}. {}", self.random.pick(words::ADVICE));
        let name = BuildName::parse(&self.name(class)).expect(WHOLE);
        BuildDraft {
            description: Description::parse(&sentence).expect(WHOLE).filter(|_| self.random.below(5) > 0),
            visibility: match self.random.below(100) {
                0..=3 => Visibility::Private,
                4..=9 => Visibility::Unlisted,
                _ => Visibility::Public,
            },
            tags: Tags::parse(&tags).expect(WHOLE),
            build_data: Some(BuildData::parse(&data).expect(WHOLE)),
            ..BuildDraft::new(name, primary, secondary, race)
        }
    }

    /// Four or five skills of the archetype, in the order in which they are learned, and gear in most places.
    fn data(&self, primary: &str) -> serde_json::Value {
        let known =
            words::SKILLS.iter().find(|(archetype, _)| *archetype == primary).map_or(&[][..], |it| it.1);
        let (first, count) = (self.random.below(3) as usize, 4 + self.random.below(2) as usize);
        let skills: Vec<_> = known
            .iter()
            .cycle()
            .skip(first)
            .take(count.min(known.len()))
            .zip((5..).step_by(5))
            .map(|(name, level)| serde_json::json!({"name": name, "level": level}))
            .collect();
        let worn = words::GEAR.iter().filter(|_| self.random.below(6) > 0);
        let gear: serde_json::Map<_, _> =
            worn.map(|(place, items)| ((*place).to_owned(), (*self.random.pick(items)).into())).collect();
        serde_json::json!({"skills": skills, "gear": gear})
    }

    fn name(&self, class: &str) -> String {
        let adjective = self.random.pick(words::ADJECTIVES);
        let noun = self.random.pick(words::NOUNS);
        match self.random.below(3) {
            0 => format!("{adjective} {class}"),
            1 => format!("{noun} of the {adjective} {class}"),
            _ => format!("{adjective} {noun}"),
        }
    }

    /// Everybody votes once, around what the build is worth, and sooner rather than later.
    fn votes(&self, build: &NewBuild) -> Vec<VoteRequest> {
        let worth = 2.5 + 2.5 * self.random.fraction();
        let age = (self.now.micros() - build.created_at.micros()) as f64 / 1e6;
        let first = self.random.below(CROWD as u64) as usize;
        let request = |voter: usize| {
            let noise = 2.0 * (self.random.fraction() - self.random.fraction());
            let stars = (worth + noise).round().clamp(1.0, 5.0) as i64;
            let waited = age * self.random.fraction().powi(2);
            VoteRequest {
                build: build.id.clone(),
                caller: self.crowd[(first + voter) % CROWD].clone(),
                action: VoteAction::Cast(Rating::parse(stars).expect("clamped to 1 to 5 stars")),
                at: build.created_at.plus_seconds(waited as i64),
            }
        };
        (0..self.vote_count()).map(request).collect()
    }

    /// A Pareto draw: half of all builds get no vote or one, one in a hundred gets more than fifty.
    fn vote_count(&self) -> usize {
        let draw = (1.0 - self.random.fraction()).powf(-0.9) - 1.0;
        (draw as usize).min(MOST_VOTES)
    }

    fn back(&self, seconds: u64) -> Timestamp {
        self.now.plus_seconds(-i64::try_from(seconds).unwrap_or(0))
    }
}

/// One of the crowd; every fourth is signed in.
fn member(random: &Random, number: usize) -> Caller {
    let session = SessionId::generate(&*random.0).hash();
    let player = number.is_multiple_of(4).then(|| Player {
        player_id: format!("demo-{number}"),
        steam_id: None,
        display_name: Some(format!("{}{}", random.pick(words::NOUNS), random.pick(words::ENDINGS))),
        tier: "free".into(),
        roles: Vec::new(),
    });
    Caller { session, player }
}

/// Numbers from an entropy source.
struct Random(Arc<dyn Entropy>);

impl Random {
    /// 0 to 1, without 1.
    fn fraction(&self) -> f64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        // 53 bits are what a double holds exactly.
        (u64::from_le_bytes(bytes) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// 0 to `bound`, without `bound`.
    fn below(&self, bound: u64) -> u64 {
        (self.fraction() * bound as f64) as u64
    }

    fn pick<'a, T>(&self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u64) as usize]
    }

    /// Like [`Self::pick`], but the first are picked far more often than the last.
    fn favourite<'a, T>(&self, from: &'a [T]) -> &'a T {
        &from[(self.fraction().powi(3) * from.len() as f64) as usize]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Mutex;

    use super::*;

    /// SplitMix64 (Steele, Lea and Flood 2014): repeatable, and random enough for shapes.
    struct Repeatable(Mutex<u64>);

    impl Entropy for Repeatable {
        fn fill(&self, bytes: &mut [u8]) {
            let mut state = self.0.lock().unwrap();
            for chunk in bytes.chunks_mut(8) {
                *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
                let mut z = *state;
                z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
                chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
            }
        }
    }

    fn demo() -> Demo {
        let game = GamePack::parse(include_str!("../../../../../game/ashes-of-creation.toml")).unwrap();
        let now = Timestamp::from_micros(1_768_382_000_000_000).unwrap();
        Demo::new(Arc::new(game), Arc::new(Repeatable(Mutex::new(7))), now)
    }

    #[test]
    fn the_same_entropy_gives_the_same_data() {
        let (one, other) = (demo(), demo());
        for _ in 0..20 {
            assert_eq!(one.build(), other.build());
            assert_eq!(one.search(), other.search());
        }
    }

    #[test]
    fn votes_are_one_per_caller_between_the_build_and_now_and_only_on_visible_builds() {
        let demo = demo();
        for DemoBuild { build, votes } in (0..2000).map(|_| demo.build()) {
            let voters: BTreeSet<_> = votes.iter().map(|vote| vote.caller.session).collect();
            assert_eq!(voters.len(), votes.len());
            assert!(votes.iter().all(|vote| vote.at >= build.created_at && vote.at <= demo.now));
            assert!(build.content.visibility != Visibility::Private || votes.is_empty());
        }
    }

    #[test]
    fn few_builds_draw_most_votes() {
        let demo = demo();
        let mut counts: Vec<_> = (0..2000).map(|_| demo.build().votes.len()).collect();
        counts.sort_unstable();
        let (all, tenth): (usize, usize) = (counts.iter().sum(), counts[1800..].iter().sum());
        assert!(counts[1000] <= 1, "the median build has {} votes", counts[1000]);
        assert!(counts[1999] > 100, "the most loved build has {} votes", counts[1999]);
        assert!(2 * tenth > all, "a tenth of the builds has {tenth} of {all} votes");
    }

    #[test]
    fn every_archetype_and_every_query_turns_up() {
        let demo = demo();
        let primaries: BTreeSet<_> = (0..500).map(|_| demo.build().build.content.primary_archetype).collect();
        assert_eq!(primaries.len(), 8);
        let queries: BTreeSet<_> = (0..3000).map(|_| demo.search().query.text().to_owned()).collect();
        assert_eq!(queries.len(), words::QUERIES.len());
    }
}
