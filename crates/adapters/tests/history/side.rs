//! One of the two databases that are compared.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::join_all;
use myashes_adapters::Storage;
use myashes_domain::builds::{Owner, Visibility};
use myashes_domain::clock::{Clock, Timestamp};
use myashes_domain::game::GamePack;
use myashes_domain::ids::BuildId;
use myashes_domain::session::{Caller, Player, SessionHash};
use myashes_domain::votes::{Rating, VoteAction, VoteRequest};
use myashes_domain::write_options::{WriteOptions, WriteOutcome};
use myashes_testkit::{DatabaseKind, ManualClock, SequenceEntropy, TestDatabase, build_draft};

/// Sessions, players, a player of two sessions, and two players of one session.
const WHO: [(&str, Option<&str>); 6] =
    [("s0", None), ("s1", None), ("s0", Some("p0")), ("s2", Some("p0")), ("s2", Some("p1")), ("s3", None)];
pub const CALLERS: usize = WHO.len();

/// Two that all may see, one that is hidden from all but its owner, and one that is not there.
pub const BUILDS: usize = 4;
const HIDDEN: usize = 2;
const ABSENT: usize = 3;

/// One request of a history.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub caller: usize,
    pub build: usize,
    /// `None` withdraws.
    pub stars: Option<i64>,
    pub first_only: bool,
    pub seconds_later: u32,
}

#[derive(Clone)]
pub struct Side(Arc<Inside>);

struct Inside {
    storage: Storage,
    database: TestDatabase,
    clock: ManualClock,
    entropy: SequenceEntropy,
    game: GamePack,
}

/// What is stored about some builds' votes.
#[derive(Debug)]
pub struct Tables {
    pub exact: Vec<String>,
    /// Numbers that are the same up to the order they were added in.
    pub scores: BTreeMap<String, f64>,
}

impl Side {
    pub async fn on(kind: DatabaseKind) -> Option<Self> {
        let database = TestDatabase::new(kind).await?;
        Some(Self(Arc::new(Inside {
            storage: database.storage(),
            clock: ManualClock::new(),
            entropy: SequenceEntropy::default(),
            game: GamePack::parse(include_str!("../../../../game/ashes-of-creation.toml")).unwrap(),
            database,
        })))
    }

    /// Builds of one history; the last of these ids is of no build.
    pub async fn new_builds(&self) -> Vec<BuildId> {
        let ids: Vec<BuildId> = (0..BUILDS).map(|_| BuildId::generate(&self.0.entropy)).collect();
        self.take_builds(&ids).await;
        ids
    }

    /// Stores builds of these ids.
    pub async fn take_builds(&self, ids: &[BuildId]) {
        for (number, id) in ids.iter().enumerate().take(ABSENT) {
            let mut draft = build_draft(&self.0.game, &format!("Build {number}"));
            if number == HIDDEN {
                draft.visibility = Visibility::Private;
            }
            let owner = Owner { session: Some(SessionHash::of(WHO[0].0)), ..Owner::default() };
            let build = draft.into_build(&self.0.game, id.clone(), owner, self.0.clock.now());
            self.0.storage.builds.create(build, WriteOptions::default()).await.unwrap();
        }
    }

    /// Asks all of it before the first answer can come.
    pub async fn at_once(&self, builds: &[BuildId], steps: &[Step]) -> Vec<String> {
        join_all(steps.iter().map(|step| self.ask(builds, *step))).await
    }

    pub async fn one_by_one(&self, builds: &[BuildId], steps: &[Step]) -> Vec<String> {
        let mut answers = Vec::with_capacity(steps.len());
        for step in steps {
            answers.push(self.ask(builds, *step).await);
        }
        answers
    }

    async fn ask(&self, builds: &[BuildId], step: Step) -> String {
        let rating = |stars| Rating::parse(stars).unwrap();
        let action = match step.stars {
            None => VoteAction::Withdraw,
            Some(stars) if step.first_only => VoteAction::Cast(rating(stars)),
            Some(stars) => VoteAction::Put(rating(stars)),
        };
        let at = self.0.clock.now().micros() + i64::from(step.seconds_later) * 1_000_000;
        let at = Timestamp::from_micros(at).unwrap();
        let request =
            VoteRequest { build: builds[step.build].clone(), caller: caller(step.caller), action, at };
        match self.0.storage.votes.vote(request, None).await {
            Ok(WriteOutcome::Executed(view)) => format!("{view:?}"),
            Ok(WriteOutcome::Replayed(_)) => panic!("a vote without a key was replayed"),
            Err(refused) => format!("{refused:?}"),
        }
    }

    /// How often each build's tally has moved.
    pub async fn tally_revisions(&self, builds: &[BuildId]) -> Vec<usize> {
        let moved = format!(
            "SELECT CAST(r.tally_revision AS TEXT) AS line FROM build_ranks r JOIN builds b ON b.id = r.build \
             WHERE b.build_id IN ({})",
            list(builds)
        );
        let moved = self.0.database.texts(&moved).await;
        moved.iter().map(|line| line.parse().unwrap()).collect()
    }

    pub async fn tables(&self, builds: &[BuildId]) -> Tables {
        let builds = list(builds);
        let hash = match self.0.database.kind {
            DatabaseKind::Sqlite => "lower(hex(v.session))",
            DatabaseKind::Postgres => "encode(v.session, 'hex')",
        };
        let votes = format!(
            "SELECT b.build_id || ' vote ' || {hash} || ' ' || coalesce(v.player_id, '-') || ' ' || v.rating \
             || ' ' || CAST(v.cast_at AS TEXT) AS line FROM votes v JOIN builds b ON b.id = v.build \
             WHERE b.build_id IN ({builds}) ORDER BY 1"
        );
        let days = format!(
            "SELECT b.build_id || ' day ' || d.day || ' ' || d.votes || ' ' || d.rating_sum || ' ' || d.weight \
             AS line FROM vote_days d JOIN builds b ON b.id = d.build WHERE b.build_id IN ({builds}) ORDER BY 1"
        );
        let tallies = format!(
            "SELECT b.build_id || ' tally ' || r.vote_count || ' ' || r.rating_sum AS line \
             FROM build_ranks r JOIN builds b ON b.id = r.build WHERE b.build_id IN ({builds}) ORDER BY 1"
        );
        let mut exact = self.0.database.texts(&votes).await;
        exact.extend(self.0.database.texts(&days).await);
        exact.extend(self.0.database.texts(&tallies).await);
        let mut scores = BTreeMap::new();
        for score in ["bayesian", "trend"] {
            let query = format!(
                "SELECT b.build_id || ' {score}=' || CAST(r.{score} AS TEXT) AS line \
                 FROM build_ranks r JOIN builds b ON b.id = r.build WHERE b.build_id IN ({builds})"
            );
            scores.extend(self.0.database.texts(&query).await.iter().map(|line| {
                let (name, value) = line.split_once('=').unwrap();
                (name.to_owned(), value.parse().unwrap())
            }));
        }
        Tables { exact, scores }
    }
}

fn list(builds: &[BuildId]) -> String {
    builds.iter().map(|id| format!("'{}'", id.as_str())).collect::<Vec<_>>().join(", ")
}

fn caller(number: usize) -> Caller {
    let (session, player) = WHO[number];
    let player = player.map(|id| Player {
        player_id: id.into(),
        steam_id: None,
        display_name: None,
        tier: "free".into(),
        roles: vec![],
    });
    Caller { session: SessionHash::of(session), player }
}
