//! The stage every test of this suite stands on.

use std::sync::Arc;

use myashes_adapters::Storage;
use myashes_domain::accounts::{ExportCursor, ExportKind};
use myashes_domain::analytics::{PopularQuery, PopularRequest};
use myashes_domain::builds::{Build, BuildData, BuildDraft, NewBuild, Owner, Tags};
use myashes_domain::clock::{Clock, Timestamp};
use myashes_domain::game::GamePack;
use myashes_domain::ids::{BuildId, Entropy};
use myashes_domain::page::{PageRequest, Position};
use myashes_domain::session::{Caller, Player, SessionHash};
use myashes_domain::votes::{Rating, VoteAction, VoteRequest, VoteView};
use myashes_domain::write_options::{AuditEntry, WriteOptions, WriteOutcome};
use myashes_testkit::{DatabaseKind, ManualClock, SequenceEntropy, TestDatabase, build_draft};

/// Makes each promise a test on either database.
macro_rules! promises {
    ($($name:ident),* $(,)?) => {
        mod sqlite { crate::support::promises!(@on Sqlite $($name)*); }
        mod postgres { crate::support::promises!(@on Postgres $($name)*); }
    };
    (@on $kind:ident $($name:ident)*) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            if let Some(stage) = crate::support::TestContext::on(myashes_testkit::DatabaseKind::$kind).await {
                super::$name(stage).await;
            }
        })*
    };
}
pub(crate) use promises;

/// An empty database, its ports, a clock and a game.
pub struct TestContext {
    pub storage: Storage,
    pub clock: Arc<ManualClock>,
    pub entropy: SequenceEntropy,
    pub game: GamePack,
    pub database: TestDatabase,
}

impl TestContext {
    pub async fn on(kind: DatabaseKind) -> Option<Self> {
        let database = TestDatabase::new(kind).await?;
        Some(Self {
            storage: database.storage(),
            clock: Arc::new(ManualClock::new()),
            entropy: SequenceEntropy::default(),
            game: GamePack::parse(include_str!("../../../../game/ashes-of-creation.toml")).unwrap(),
            database,
        })
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A public tank/fighter build of session `s`, to be changed as a test needs it.
    pub fn draft(&self, name: &str) -> NewBuild {
        let draft = BuildDraft {
            tags: Tags::parse(&["pvp"]).unwrap(),
            build_data: Some(BuildData::parse_text("{\"skills\":[1,2]}").unwrap()),
            ..build_draft(&self.game, name)
        };
        let owner = Owner { session: Some(SessionHash::of("s")), ..Owner::default() };
        let build = draft.into_build(&self.game, BuildId::generate(&self.entropy), owner, self.clock.now());
        NewBuild { game_version: "alpha-2".into(), ..build }
    }

    pub async fn create(&self, mut build: NewBuild) -> Build {
        build.search_text = build.content.search_text(&self.game);
        let written = self.storage.builds.create(build, WriteOptions::default()).await.unwrap();
        written.executed().expect("no idempotency key")
    }

    pub async fn build(&self, name: &str) -> Build {
        self.create(self.draft(name)).await
    }

    pub async fn vote(
        &self,
        build: &BuildId,
        caller: &Caller,
        action: VoteAction,
    ) -> myashes_domain::Result<VoteView> {
        let request = VoteRequest { build: build.clone(), caller: caller.clone(), action, at: self.now() };
        match self.storage.votes.vote(request, None).await? {
            WriteOutcome::Executed(view) => Ok(view),
            WriteOutcome::Replayed(_) => panic!("a vote without a key was replayed"),
        }
    }

    pub async fn cast(&self, build: &BuildId, session: &str, stars: i64) -> VoteView {
        self.vote(build, &caller(session), VoteAction::Cast(rating(stars))).await.unwrap()
    }

    /// All pages of one kind of a caller's export.
    pub async fn exported(&self, caller: &Caller, kind: ExportKind) -> Vec<serde_json::Value> {
        let (mut items, mut next) = (vec![], Some(ExportCursor::default()));
        while let Some(after) = next {
            let page = self.storage.accounts.export(caller, kind, after).await.unwrap();
            items.extend(
                page.items.iter().map(|item| serde_json::from_str::<serde_json::Value>(item).unwrap()),
            );
            next = page.next;
        }
        items
    }

    /// The popular queries of the last days, and how often each was asked.
    pub async fn popular(&self, days: u32, min_callers: u32) -> Vec<(String, u64)> {
        let since = self.now().day().back(days - 1);
        let request = PopularRequest { since, search_mode: None, min_callers, limit: 10 };
        let found = self.storage.analytics.popular(request).await.unwrap();
        found.into_iter().map(|PopularQuery { query, count, .. }| (query, count)).collect()
    }

    pub fn audit(&self) -> AuditEntry {
        AuditEntry {
            at: self.now(),
            actor: "token:admin".into(),
            action: "test".into(),
            target: "t".into(),
            details: serde_json::json!({}),
        }
    }

    pub fn random_session(&self) -> SessionHash {
        let mut bytes = [0; 32];
        self.entropy.fill(&mut bytes);
        SessionHash(bytes)
    }
}

pub fn rating(stars: i64) -> Rating {
    Rating::parse(stars).unwrap()
}

pub fn caller(session: &str) -> Caller {
    Caller { session: SessionHash::of(session), player: None }
}

pub fn player(session: &str, id: &str) -> Caller {
    let player = Player {
        player_id: id.into(),
        steam_id: Some(format!("steam-{id}")),
        display_name: Some(format!("Name of {id}")),
        tier: "free".into(),
        roles: vec![],
    };
    Caller { session: SessionHash::of(session), player: Some(player) }
}

pub fn page(number: u32, limit: u32) -> PageRequest {
    PageRequest { position: Position::Page(number), limit }
}
