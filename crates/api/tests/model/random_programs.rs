//! C3: random programs of all operations by several sessions, players and admins at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use myashes_api::settings::Settings;
use myashes_testkit::{DatabaseKind, Dice, TestDatabase};
use tokio::task::JoinSet;

use crate::build_model::BuildOperation;
use crate::calls::CastVote;
use crate::consistency::differences;
use crate::explanation::{End, unexplained};
use crate::history::{Failure, Log, Who};
use crate::recorder::Recorder;
use crate::support::TestServer;
use crate::support::players::PLAYERS;
use crate::tallies;
use crate::world::{HOT_BUILDS, Target, World};
use crate::{linearization::Effect, stored};

const ADMINS: usize = 2;

/// Findings of a kind that are written out.
const SHOWN: usize = 3;

/// Waits are long: two services, a debug build and two cores are not what is tested here.
const SETTINGS: [(&str, &str); 2] = [("DB_POOL_SIZE", "8"), ("REQUEST_TIMEOUT", "60s")];

impl Recorder {
    /// Any hot build, skewed to the first ones.
    fn hot_target(&mut self) -> Option<Target> {
        let slot = self.dice.index(HOT_BUILDS).min(self.dice.index(HOT_BUILDS));
        self.world.target(slot)
    }

    fn own_target(&mut self, group: usize) -> Option<Target> {
        let world = Arc::clone(&self.world);
        match self.dice.below(4) {
            0 => self.hot_target(),
            _ => world.target_of_group(group, |count| self.dice.index(count)),
        }
    }

    fn identity(&mut self, group: usize) -> Who {
        let count = self.world.groups[group].identities.len();
        let index = self.dice.index(count);
        self.world.groups[group].identities[index]
    }

    /// One operation of a caller.
    async fn act(&mut self, group: usize) {
        let who = self.identity(group);
        let world = Arc::clone(&self.world);
        let Some(hot) = self.hot_target() else {
            let slot = world.slot_to_fill(|count| self.dice.index(count));
            return self.create(who, slot).await;
        };
        match self.dice.below(100) {
            0..24 => self.set_vote(who, &hot, CastVote::Put).await,
            24..36 => self.set_vote(who, &hot, CastVote::Cast).await,
            36..39 => self.cast_twice(who, &hot).await,
            39..49 => self.withdraw(who, &hot).await,
            49..57 => self.view(who, &hot).await,
            57..60 => self.votes_of_hot(who).await,
            60..63 => self.all_votes(who).await,
            63..65 => self.read(who, &hot).await,
            65..68 => self.list(who).await,
            68..70 => {
                let slot = self.dice.index(HOT_BUILDS);
                match self.dice.below(2) {
                    0 => self.create(who, slot).await,
                    _ => self.create_twice(who, slot).await,
                }
            }
            70..81 => {
                let Some(own) = self.own_target(group) else { return };
                self.patch(who, &own).await;
            }
            81 => {
                let Some(own) = self.own_target(group) else { return };
                self.delete(who, &own).await;
            }
            82..85 => self.erase(who).await,
            85..91 if who.player.is_some() => self.claim(who).await,
            85..91 => self.view(who, &hot).await,
            91..93 => self.report(who, &hot).await,
            93..97 => self.search(who).await,
            97..99 => self.give_feedback(who).await,
            _ => self.export(who).await,
        }
    }

    /// One operation of a caller who votes on two builds, claims and is erased, so that these meet often.
    async fn vote_claim_erase(&mut self, group: usize) {
        let who = self.identity(group);
        let slot = self.dice.index(2);
        let is_lone = self.world.groups[group].clients == 1;
        let Some(hot) = self.world.target(slot) else {
            // Builds belong to callers who are never erased.
            return if is_lone { self.create(who, slot).await } else { tokio::task::yield_now().await };
        };
        match self.dice.below(100) {
            0..45 => self.set_vote(who, &hot, CastVote::Put).await,
            45..55 => self.set_vote(who, &hot, CastVote::Cast).await,
            55..62 => self.withdraw(who, &hot).await,
            62..70 => self.view(who, &hot).await,
            70..85 if !is_lone && who.player.is_some() => self.claim(who).await,
            85..100 if !is_lone => self.erase(who).await,
            _ => self.set_vote(who, &hot, CastVote::Put).await,
        }
    }

    /// One operation of an admin.
    async fn administer(&mut self) {
        let Some(hot) = self.hot_target() else { return tokio::task::yield_now().await };
        match self.dice.below(100) {
            0..25 => self.remove_vote(&hot).await,
            25..45 => self.remove_votes(&hot).await,
            45..55 => self.set_hidden(&hot, true).await,
            55..72 => self.set_hidden(&hot, false).await,
            72..76 => self.remove_build(&hot).await,
            76..88 => self.resolve_report().await,
            _ => self.look_around(&hot).await,
        }
    }
}

/// How long a quick run lasts, unless `MODEL_SECONDS` says otherwise.
const QUICK_SECONDS: u64 = 20;
const SLOW_SECONDS: u64 = 600;

fn seconds(usual: u64) -> u64 {
    let given = Settings::environment().unwrap().remove("MODEL_SECONDS");
    given.map_or(usual, |seconds| seconds.parse().expect("MODEL_SECONDS is a number"))
}

/// Which operations a run is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mix {
    All,
    VotesClaimsAndErasures,
}

async fn run(name: &str, kind: DatabaseKind, mix: Mix, usual: u64) {
    let services = if kind == DatabaseKind::Postgres { 2 } else { 1 };
    let Some(database) = TestDatabase::new(kind).await else { return };
    let mut dice = Dice::new(name);
    let settings: Vec<(&str, &str)> = PLAYERS.iter().chain(&SETTINGS).copied().collect();
    let url = database.url.clone();
    let mut servers = vec![Arc::new(TestServer::start(database, &settings).await)];
    while servers.len() < services {
        let database = TestDatabase::existing(&url);
        servers.push(Arc::new(TestServer::start(database, &settings).await));
    }
    let world = Arc::new(World::new(servers.clone(), TestDatabase::existing(&url), seconds(usual)));
    let mut clients = JoinSet::new();
    let callers =
        world.groups.iter().enumerate().flat_map(|(group, it)| (0..it.clients).map(move |_| Some(group)));
    for group in callers.chain((0..ADMINS).map(|_| None)).collect::<Vec<_>>() {
        let world = Arc::clone(&world);
        let mut recorder = Recorder { world, dice: dice.split(), log: Log::default(), group };
        clients.spawn(async move {
            while !recorder.world.is_over() {
                match (mix, group) {
                    (Mix::All, Some(group)) => recorder.act(group).await,
                    (Mix::All, None) => recorder.administer().await,
                    (Mix::VotesClaimsAndErasures, Some(group)) => recorder.vote_claim_erase(group).await,
                    (Mix::VotesClaimsAndErasures, None) => break,
                }
            }
            recorder.log
        });
    }
    let mut log = Log::default();
    while let Some(of_client) = clients.join_next().await {
        log.merge(of_client.expect("no client panics"));
    }
    let findings = verdict(&world, &log).await;
    eprintln!("{name}: {} requests, {} builds", log.requests, world.ids().len());
    drop(world);
    for server in servers.into_iter().rev() {
        Arc::into_inner(server).expect("no client is left").stop().await;
    }
    assert!(findings.is_empty(), "{name}: {} findings\n{}", findings.len(), findings.join("\n"));
}

/// All that is wrong after a run.
async fn verdict(world: &World, log: &Log) -> Vec<String> {
    let mut findings = answers(&log.failures);
    findings.extend(doubled(log));
    findings.extend(differences(&world.database).await);
    let (builds, votes) = (stored::builds(&world.database).await, stored::votes(&world.database, None).await);
    let ids = world.ids();
    let end = End { ids: &ids, builds: &builds, votes: &votes };
    let orders = unexplained(log, &end, world.groups.len());
    if !orders.is_empty() {
        let shown = orders.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join("\n");
        findings.push(format!("{} histories that no order explains, such as\n{shown}", orders.len()));
    }
    findings.extend(wrong_distributions(world, &end).await);
    findings
}

/// Unexpected answers, by status and kind of request.
fn answers(failures: &[Failure]) -> Vec<String> {
    let mut kinds: BTreeMap<(u16, &str), Vec<&Failure>> = BTreeMap::new();
    for failure in failures {
        let kind = failure.request.split(' ').next().unwrap_or_default();
        kinds.entry((failure.status, kind)).or_default().push(failure);
    }
    let line = |((status, kind), of_kind): ((u16, &str), Vec<&Failure>)| {
        let first = of_kind[0];
        let at = first.at / 1_000_000;
        format!(
            "{} × {status} to {kind}, first after {at} ms: {}: {}",
            of_kind.len(),
            first.request,
            first.answer
        )
    };
    kinds.into_iter().map(line).collect()
}

/// Keys that made two builds, though nothing of their caller was erased or claimed meanwhile: a claim moves the record of
/// a build to the player.
fn doubled(log: &Log) -> Vec<String> {
    let moves_records = |group: usize, from: u64, to: u64| {
        log.entries.iter().any(|it| {
            let claims = matches!(it.content, Some(BuildOperation::Claim { .. }));
            it.build.is_none()
                && it.group == Some(group)
                && (claims || it.effect == Effect::Repeated)
                && it.interval.invoked <= to
                && it.interval.answered >= from
        })
    };
    let wrong = log.doubled.iter().filter(|(group, it)| !moves_records(*group, it.invoked, it.answered));
    wrong.map(|(group, it)| format!("one key made two builds: group {group}, {it:?}")).collect()
}

/// Builds that are not shown with the stars that their votes give, once every cache has had its time.
async fn wrong_distributions(world: &World, end: &End<'_>) -> Vec<String> {
    let mut findings = vec![];
    let deadline = world.stopwatch.now() + 10_000_000_000;
    for (id, build) in end.builds {
        let mut stars = [0_i64; 5];
        for vote in end.votes.iter().filter(|vote| vote.build == *id) {
            stars[usize::from(vote.rating) - 1] += 1;
        }
        let owner = Who { session: build.session, player: build.player };
        for server in &world.servers {
            findings.extend(wrong_distribution(world, server, id, owner, stars, deadline).await);
        }
    }
    findings
}

async fn wrong_distribution(
    world: &World,
    server: &TestServer,
    id: &str,
    owner: Who,
    stars: [i64; 5],
    deadline: u64,
) -> Option<String> {
    loop {
        let request = server.get(&format!("/builds/{id}")).session(owner.session);
        let reply = match world.token(owner) {
            Some(token) => request.bearer(token).await,
            None => request.await,
        };
        let build = reply.json();
        let is_right = build["vote_count"] == stars.iter().sum::<i64>()
            && tallies::of_build(&build).is_ok()
            && build["rating_distribution"] == serde_json::json!(stars);
        if is_right {
            return None;
        }
        if world.stopwatch.now() > deadline {
            let shown = [&build["vote_count"], &build["rating"], &build["rating_distribution"]];
            return Some(format!("{id} is shown with {shown:?}, its votes are {stars:?}"));
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_mix_of_operations_is_exact_on_sqlite() {
    run("any_mix_on_sqlite", DatabaseKind::Sqlite, Mix::All, QUICK_SECONDS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_mix_of_operations_is_exact_on_postgres_with_two_services() {
    run("any_mix_on_postgres", DatabaseKind::Postgres, Mix::All, QUICK_SECONDS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn votes_that_meet_claims_and_erasures_are_exact_on_sqlite() {
    run("votes_claims_erasures_on_sqlite", DatabaseKind::Sqlite, Mix::VotesClaimsAndErasures, QUICK_SECONDS)
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn votes_that_meet_claims_and_erasures_are_exact_on_postgres_with_two_services() {
    run(
        "votes_claims_erasures_on_postgres",
        DatabaseKind::Postgres,
        Mix::VotesClaimsAndErasures,
        QUICK_SECONDS,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "slow: 10 minutes"]
async fn any_mix_of_operations_is_exact_for_ten_minutes_on_sqlite() {
    run("any_mix_for_long_on_sqlite", DatabaseKind::Sqlite, Mix::All, SLOW_SECONDS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "slow: 10 minutes"]
async fn any_mix_of_operations_is_exact_for_ten_minutes_on_postgres_with_two_services() {
    run("any_mix_for_long_on_postgres", DatabaseKind::Postgres, Mix::All, SLOW_SECONDS).await;
}
