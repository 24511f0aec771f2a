//! `myashes seed`: the official starter builds, and invented data for development on demand.

use std::fmt;
use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use myashes_domain::Error;
use myashes_domain::alongside::Alongside;
use myashes_domain::analytics::AnalyticsRepository;
use myashes_domain::builds::{BuildRepository, NewBuild};
use myashes_domain::clock::Clock;
use myashes_domain::demo::{Demo, DemoBuild};
use myashes_domain::game::GamePack;
use myashes_domain::ids::{BuildId, Entropy};
use myashes_domain::templates;
use myashes_domain::votes::VoteRepository;

/// The starter builds inside of the binary.
pub const TEMPLATES: &str = include_str!("../../../../game/templates.toml");

/// How many writes of demo data are under way at once: enough to fill a group commit, and no more than a
/// default pool has connections.
const AT_ONCE: usize = 16;

/// Invented searches per invented build.
const SEARCHES_PER_BUILD: u32 = 3;

/// How often a taken id is replaced before it counts as a fault of the entropy source.
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
        let changed = ports.builds.put_template(template).await.map_err(told);
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
        .map_err(told)?;
    Ok(count)
}

async fn store(ports: &Ports, DemoBuild { build, votes }: DemoBuild) -> anyhow::Result<u64> {
    let id = create(ports, build).await?;
    let count = votes.len() as u64;
    for mut vote in votes {
        vote.build = id.clone();
        ports.votes.vote(vote, None).await.map_err(told)?;
    }
    Ok(count)
}

/// Stores the build under its own id, or under another when that one is taken.
async fn create(ports: &Ports, mut build: NewBuild) -> anyhow::Result<BuildId> {
    for _ in 0..ID_ATTEMPTS {
        if ports.builds.create(build.clone(), Alongside::nothing()).await.map_err(told)?.is_some() {
            return Ok(build.id);
        }
        build.id = BuildId::generate(&*ports.entropy);
    }
    Err(anyhow!("no free build id was found"))
}

/// The operator at the command line is told what a response body never says.
fn told(error: Error) -> anyhow::Error {
    match error {
        Error::Unavailable(internal) | Error::Internal(internal) => anyhow!("{internal}"),
        other => anyhow!("{other}"),
    }
}
