//! `myashes seed`: the official starter builds, and invented data for development on demand.

mod demo;
mod words;

use std::fmt;
use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use myashes_adapters::migrations::CommandError;
use myashes_domain::Error;
use myashes_domain::analytics::AnalyticsRepository;
use myashes_domain::builds::{BuildRepository, NewBuild};
use myashes_domain::clock::Clock;
use myashes_domain::game::GamePack;
use myashes_domain::ids::{BuildId, Entropy};
use myashes_domain::templates;
use myashes_domain::votes::VoteRepository;
use myashes_domain::write_options::WriteOptions;

use self::demo::{Demo, DemoBuild};

/// The starter builds inside of the binary.
pub const TEMPLATES: &str = include_str!("../../../../game/templates.toml");

/// How many writes of demo data are under way at once: enough to fill a group commit, and no more than a
/// default pool has connections.
const AT_ONCE: usize = 16;

/// Invented searches per invented build.
const SEARCHES_PER_BUILD: u32 = 3;

/// How often a taken id is replaced before it counts as a failure of the entropy source.
const ID_ATTEMPTS: usize = 8;

/// What seeding writes to and draws from.
#[derive(Clone)]
pub struct Ports {
    pub builds: Arc<dyn BuildRepository>,
    pub votes: Arc<dyn VoteRepository>,
    pub analytics: Arc<dyn AnalyticsRepository>,
    pub game: Arc<GamePack>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
}

/// What was done, in one line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seeded {
    pub templates: usize,
    /// Templates that were new or differed from the stored ones.
    pub changed: usize,
    pub builds: u32,
    pub votes: u64,
    pub searches: u32,
}

impl fmt::Display for Seeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} templates, {} of them new or changed", self.templates, self.changed)?;
        if self.builds > 0 {
            write!(f, "; added {} builds, {} votes, {} searches", self.builds, self.votes, self.searches)?;
        }
        Ok(())
    }
}

/// Loads the starter builds (a second run changes nothing) and adds `demo` invented builds with their votes
/// and searches.
///
/// # Errors
/// For starter builds that do not fit the game pack, before anything is written, and for the first write that
/// fails.
pub async fn seed(ports: &Ports, demo: u32) -> anyhow::Result<Seeded> {
    let templates = templates::parse(TEMPLATES, &ports.game)?;
    let mut seeded = Seeded { templates: templates.len(), ..Seeded::default() };
    for template in templates {
        let id = template.id.to_string();
        let changed = ports.builds.put_template(template).await.map_err(CommandError::from);
        seeded.changed += usize::from(changed.with_context(|| format!("template {id}"))?);
    }
    if demo > 0 {
        let made_up = Demo::new(Arc::clone(&ports.game), Arc::clone(&ports.entropy), ports.clock.now());
        seeded.builds = demo;
        seeded.votes = builds(ports, &made_up, demo).await.context("demo builds")?;
        seeded.searches = searches(ports, &made_up, demo).await.context("demo searches")?;
    }
    Ok(seeded)
}

/// Stores builds and their votes; returns how many votes.
async fn builds(ports: &Ports, demo: &Demo, count: u32) -> anyhow::Result<u64> {
    stream::iter(0..count)
        .map(|_| store(ports, demo.build()))
        .buffer_unordered(AT_ONCE)
        .try_fold(0, |sum, votes| async move { Ok(sum + votes) })
        .await
}

async fn searches(ports: &Ports, demo: &Demo, builds: u32) -> anyhow::Result<u32> {
    let count = builds.saturating_mul(SEARCHES_PER_BUILD);
    stream::iter(0..count)
        .map(|_| ports.analytics.record(demo.search(), None))
        .buffer_unordered(AT_ONCE)
        .try_for_each(|_| async { Ok(()) })
        .await
        .map_err(CommandError::from)?;
    Ok(count)
}

async fn store(ports: &Ports, DemoBuild { build, votes }: DemoBuild) -> anyhow::Result<u64> {
    let id = create(ports, build).await?;
    let count = votes.len() as u64;
    for mut vote in votes {
        vote.build = id.clone();
        ports.votes.vote(vote, None).await.map_err(CommandError::from)?;
    }
    Ok(count)
}

/// Stores the build under its own id, or under another when that one is taken.
async fn create(ports: &Ports, mut build: NewBuild) -> anyhow::Result<BuildId> {
    for _ in 0..ID_ATTEMPTS {
        match ports.builds.create(build.clone(), WriteOptions::default()).await {
            Ok(_) => return Ok(build.id),
            Err(Error::IdTaken) => build.id = BuildId::generate(&*ports.entropy),
            Err(error) => return Err(CommandError::from(error).into()),
        }
    }
    Err(anyhow!("no free build id was found"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use myashes_adapters::migrations::Migrator;
    use myashes_adapters::system::{SystemClock, SystemEntropy};
    use myashes_adapters::{Storage, StorageOptions};
    use myashes_domain::builds::{BuildFilter, Scope};
    use myashes_domain::ranking::Ranking;

    use super::*;

    /// A new database that is deleted on drop.
    struct Fresh {
        ports: Ports,
        file: std::path::PathBuf,
    }

    impl Fresh {
        async fn new(name: &str) -> Self {
            let file = std::env::temp_dir().join(format!("myashes-seed-{name}-{}.db", std::process::id()));
            let options = StorageOptions {
                url: format!("sqlite://{}", file.display()),
                read_url: None,
                pool_size: 4,
                pool_timeout: Duration::from_secs(30),
                statement_timeout: Duration::from_secs(30),
                ranking: Ranking::default(),
                cache_lifetime: Duration::ZERO,
            };
            Migrator::new(&options).unwrap().up().await.unwrap();
            let storage = Storage::open(&options).unwrap();
            let game = include_str!("../../../../game/ashes-of-creation.toml");
            let ports = Ports {
                builds: storage.builds,
                votes: storage.votes,
                analytics: storage.analytics,
                game: Arc::new(GamePack::parse(game).unwrap()),
                clock: Arc::new(SystemClock),
                entropy: Arc::new(SystemEntropy),
            };
            Self { ports, file }
        }

        async fn public_builds(&self) -> u64 {
            self.ports.builds.count(&BuildFilter::all(Scope::Public)).await.unwrap().count
        }
    }

    impl Drop for Fresh {
        fn drop(&mut self) {
            for end in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(format!("{}{end}", self.file.display()));
            }
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_second_run_changes_nothing() {
        let fresh = Fresh::new("twice").await;
        let first = seed(&fresh.ports, 0).await.unwrap();
        let second = seed(&fresh.ports, 0).await.unwrap();
        assert!(first.templates >= 16);
        assert_eq!((first.changed, second.changed), (first.templates, 0));
        assert_eq!(fresh.ports.builds.templates().await.unwrap().len(), first.templates);
        assert_eq!(fresh.public_builds().await, first.templates as u64);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_template_that_was_tampered_with_is_restored_and_keeps_its_votes() {
        let fresh = Fresh::new("repair").await;
        let templates = templates::parse(TEMPLATES, &fresh.ports.game).unwrap();
        let mut other = templates[0].clone();
        other.content.name = "Something else".into();
        fresh.ports.builds.put_template(other).await.unwrap();
        let id = templates[0].id.clone();
        let crowd = Demo::new(
            Arc::clone(&fresh.ports.game),
            Arc::clone(&fresh.ports.entropy),
            fresh.ports.clock.now(),
        );
        let mut vote = first_vote(&crowd);
        vote.build = id.clone();
        fresh.ports.votes.vote(vote, None).await.unwrap();

        let seeded = seed(&fresh.ports, 0).await.unwrap();

        let stored = fresh.ports.builds.find(&id).await.unwrap().unwrap();
        assert_eq!(seeded.changed, seeded.templates);
        assert_eq!(
            (stored.summary.content.name, stored.summary.tally.vote_count()),
            (templates[0].content.name.clone(), 1)
        );
    }

    /// Row 22 of the security review.
    #[tokio::test(flavor = "multi_thread")]
    async fn a_strangers_build_under_a_templates_id_is_left_alone_and_named() {
        let fresh = Fresh::new("stranger").await;
        let mut strangers = templates::parse(TEMPLATES, &fresh.ports.game).unwrap().swap_remove(1);
        strangers.is_template = false;
        strangers.content.name = "Mine".into();
        let id = strangers.id.clone();
        fresh.ports.builds.create(strangers, WriteOptions::default()).await.unwrap();
        let error = format!("{:#}", seed(&fresh.ports, 0).await.unwrap_err());
        assert!(error.contains(id.as_str()) && error.contains("no template"), "{error}");
        let stored = fresh.ports.builds.find(&id).await.unwrap().unwrap();
        assert_eq!((stored.summary.content.name.as_str(), stored.summary.is_template), ("Mine", false));
    }

    fn first_vote(demo: &Demo) -> myashes_domain::votes::VoteRequest {
        std::iter::repeat_with(|| demo.build()).find_map(|it| it.votes.into_iter().next()).unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn demo_data_is_added_anew_with_every_run() {
        let fresh = Fresh::new("demo").await;
        let first = seed(&fresh.ports, 20).await.unwrap();
        let public = fresh.public_builds().await;
        let second = seed(&fresh.ports, 20).await.unwrap();
        assert_eq!((first.builds, first.searches, second.changed), (20, 60, 0));
        assert!(public > first.templates as u64 && fresh.public_builds().await > public);
    }
}
