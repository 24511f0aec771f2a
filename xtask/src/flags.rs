//! The command line and its `--help`, without behaviour.

use clap::{Parser, Subcommand, ValueEnum};

/// Development and operation of MyAshes, in one command.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
pub struct Flags {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the tests on real servers; ends with the line `N passed, N failed`.
    Test(TestFlags),
    /// Check what the compiler cannot: layers, variables, packages, texts, migrations.
    Tidy,
    /// Bring a database's schema to this source's.
    Migrate(MigrateFlags),
    /// Load the official starter builds.
    Seed(SeedFlags),
    /// Write docs/openapi.json from the code.
    Openapi(OpenapiFlags),
    /// Serve, and serve anew when the source changes.
    Dev(DevFlags),
    /// Build the image of HEAD.
    Image(ImageFlags),
    /// Release to a cluster, or inspect a release.
    Deploy(DeployFlags),
    /// Prepare, save, restore and examine a database.
    #[command(subcommand)]
    Db(DbCommand),
    /// Check the rendered manifests of every overlay.
    Manifests,
    /// Test a running service from outside.
    Smoke(SmokeFlags),
    /// Send the same requests to the older service and this one, and list the differences.
    Compare(CompareFlags),
    /// Measure how fast the service is, against floors measured in turn with it.
    Bench(BenchFlags),
    /// Start docker-compose.yml of HEAD for real, try it, and remove it again.
    ComposeCheck(ComposeCheckFlags),
}

#[derive(Debug, clap::Args)]
pub struct MigrateFlags {
    /// The target: local, stage or prod, as xtask.toml names them.
    #[arg(long, default_value = "local")]
    pub env: String,
    /// Print the SQL and change nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Print what is applied and what is pending.
    #[arg(long, conflicts_with = "dry_run")]
    pub status: bool,
    /// Take back the last N migrations.
    #[arg(long, value_name = "N", conflicts_with_all = ["dry_run", "status"])]
    pub revert: Option<u32>,
    /// Needed to revert in production.
    #[arg(long, requires = "revert")]
    pub yes: bool,
}

#[derive(Debug, clap::Args)]
pub struct SeedFlags {
    /// The target: local, stage or prod, as xtask.toml names them.
    #[arg(long, default_value = "local")]
    pub env: String,
    /// Add N invented builds with votes and searches.
    #[arg(long, value_name = "N")]
    pub demo: Option<u32>,
}

#[derive(Debug, clap::Args)]
pub struct OpenapiFlags {
    /// Fail when the kept document is stale, and write nothing.
    #[arg(long)]
    pub check: bool,
}

#[derive(Debug, clap::Args)]
pub struct DevFlags {
    /// On a PostgreSQL kept in target/dev and a throw-away Redis, instead of SQLite.
    #[arg(long)]
    pub postgres: bool,
}

#[derive(Debug, clap::Args)]
pub struct TestFlags {
    /// Run one suite only. Without it: unit, contract and api.
    #[arg(long, value_enum)]
    pub only: Option<Suite>,
    /// Install the servers that are missing with the system's package manager, through sudo where that is needed.
    #[arg(long)]
    pub install: bool,
    /// Run only the tests whose name contains this.
    pub filter: Option<String>,
}

/// Groups of tests, from the fastest to the slowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Suite {
    /// Unit and property tests that need no server, and the examples in the documentation.
    Unit,
    /// Every port against every adapter, and the migrations.
    Contract,
    /// The whole service over HTTP.
    Api,
    /// What takes minutes: the tests marked `#[ignore = "…"]`.
    Slow,
}

#[derive(Debug, Default, clap::Args)]
pub struct ImageFlags {
    /// Push it, and print its digest.
    #[arg(long)]
    pub push: bool,
    /// Registry and path, without a tag.
    #[arg(long)]
    pub repository: Option<String>,
    /// Which tool builds; the one that is installed by default.
    #[arg(long, value_enum)]
    pub tool: Option<ImageTool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ImageTool {
    Docker,
    Buildah,
}

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct DeployFlags {
    #[command(subcommand)]
    pub command: Option<DeployCommand>,
    #[command(flatten)]
    pub release: ReleaseFlags,
}

#[derive(Debug, clap::Args)]
pub struct ReleaseFlags {
    /// The target: stage or prod.
    #[arg(value_name = "ENVIRONMENT")]
    pub env: Option<String>,
    /// What to release, as repository@sha256:…; without it HEAD is built and pushed.
    #[arg(long)]
    pub image: Option<String>,
    /// Dry run on the server: validate and change nothing.
    #[arg(long, conflicts_with = "diff")]
    pub dry_run: bool,
    /// Show the difference to the running objects and change nothing.
    #[arg(long)]
    pub diff: bool,
    /// A context of kubectl other than the one in xtask.toml.
    #[arg(long)]
    pub context: Option<String>,
    /// How long the migration, and then the rollout, may take, in seconds.
    #[arg(long, default_value_t = 300, value_name = "SECONDS")]
    pub timeout: u64,
    /// Skip the smoke test afterwards.
    #[arg(long)]
    pub no_smoke: bool,
}

#[derive(Debug, Subcommand)]
pub enum DeployCommand {
    /// Show pods, migration, service, ingress, certificate and schema.
    Status(ClusterFlags),
    /// Roll back to an earlier version.
    Rollback(RollbackFlags),
    /// List the versions that can be rolled back to.
    History(ClusterFlags),
    /// Restart all pods with the same version.
    Restart(ClusterFlags),
    /// Show the logs of the pods.
    Logs(LogsFlags),
    /// Remove the service; never the database.
    Uninstall(UninstallFlags),
}

#[derive(Debug, clap::Args)]
pub struct ClusterFlags {
    /// The target: stage or prod.
    #[arg(value_name = "ENVIRONMENT")]
    pub env: String,
    /// A context of kubectl other than the one in xtask.toml.
    #[arg(long)]
    pub context: Option<String>,
}

#[derive(Debug, clap::Args)]
pub struct RollbackFlags {
    #[command(flatten)]
    pub cluster: ClusterFlags,
    /// A revision that `deploy history` shows; the one before by default.
    #[arg(long, value_name = "N")]
    pub to_revision: Option<u32>,
    /// How long it may take, in seconds.
    #[arg(long, default_value_t = 300, value_name = "SECONDS")]
    pub timeout: u64,
}

#[derive(Debug, clap::Args)]
pub struct LogsFlags {
    #[command(flatten)]
    pub cluster: ClusterFlags,
    /// Follow the logs.
    #[arg(long)]
    pub follow: bool,
    /// Those of the migration instead of the service's.
    #[arg(long)]
    pub migration: bool,
    /// How many lines of each pod to begin with.
    #[arg(long, default_value_t = 100, value_name = "LINES")]
    pub tail: u32,
}

#[derive(Debug, clap::Args)]
pub struct UninstallFlags {
    #[command(flatten)]
    pub cluster: ClusterFlags,
    /// Confirm the removal.
    #[arg(long)]
    pub yes: bool,
}

#[derive(Debug, clap::Args)]
pub struct SmokeFlags {
    /// The target to test: local, stage or prod.
    #[arg(long, conflicts_with = "url", required_unless_present = "url")]
    pub env: Option<String>,
    /// An address to test instead.
    #[arg(long)]
    pub url: Option<String>,
    /// Also make, change, vote on and remove a build, and leave one feedback and one search there. Never in production.
    #[arg(long)]
    pub write: bool,
    /// An address of this machine; given twice, the limits of the two are compared. The machine's IPv4 and IPv6
    /// addresses by default.
    #[arg(long, value_name = "ADDR")]
    pub from: Vec<std::net::IpAddr>,
}

#[derive(Debug, clap::Args)]
pub struct CompareFlags {
    /// URL of the older service.
    #[arg(long, value_name = "URL")]
    pub old: String,
    /// URL of this service.
    #[arg(long, value_name = "URL")]
    pub new: String,
    /// Also replay a session that writes; it removes its builds and says what stays.
    #[arg(long)]
    pub writes: bool,
    /// A host other than this machine that --writes may write to. May be given several times.
    #[arg(long, value_name = "HOST", requires = "writes")]
    pub allow_writes_to: Vec<String>,
    /// The differences that are expected, each with its reason.
    #[arg(long, value_name = "FILE", default_value = crate::compare::EXPECTED)]
    pub expected: std::path::PathBuf,
}

#[derive(Debug, clap::Args)]
pub struct BenchFlags {
    /// Measure only these: P1 to P13, L1. May be given several times, or as P1,P2.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "GOAL")]
    pub only: Vec<crate::bench::Goal>,
    /// A run of some minutes on little data.
    #[arg(long)]
    pub quick: bool,
    /// Write the figures into docs/BENCHMARKS.md.
    #[arg(long)]
    pub save: bool,
    /// With P6: print the plan that the service chose for each kind of list.
    #[arg(long)]
    pub explain: bool,
    /// Measure the programs `myashes` and `bare` in this folder instead of building them.
    #[arg(long, value_name = "FOLDER")]
    pub built: Option<std::path::PathBuf>,
    /// Run the quick bench of this commit and of this source in turn; exit code 1 when this source is slower.
    #[arg(long, value_name = "REV", conflicts_with_all = ["quick", "save", "explain"])]
    pub against: Option<String>,
    /// With --against: how many times both are measured.
    #[arg(long, value_name = "N", default_value_t = 5, requires = "against", value_parser = clap::value_parser!(u32).range(1..))]
    pub rounds: u32,
    /// With --against: where source, build and data of the commit are kept, instead of target/bench/against.
    #[arg(long, value_name = "FOLDER", requires = "against")]
    pub cache_dir: Option<std::path::PathBuf>,
}

#[derive(Debug, clap::Args)]
pub struct ComposeCheckFlags {
    /// Where no registry is reachable: start a dockerd of its own, and make the base images of Debian's packages. Needs
    /// root and Debian.
    #[arg(long)]
    pub debian: bool,
    /// A `myashes` that was built elsewhere for Debian 12, instead of the Dockerfile's build stage.
    #[arg(long, value_name = "FILE")]
    pub binary: Option<std::path::PathBuf>,
    /// Leave everything running, and print how to end it.
    #[arg(long)]
    pub keep: bool,
}

#[derive(Debug, Subcommand)]
pub enum DbCommand {
    /// Create the role, the database and its extensions on a PostgreSQL; may be repeated.
    Init(DbInitFlags),
    /// Save everything to a file, with row counts and checksums beside it.
    Backup(DbFileFlags),
    /// Load a saved file into an empty database, and compare row counts and checksums.
    Restore(DbFileFlags),
    /// Report the state of the database.
    Report(DbReportFlags),
}

#[derive(Debug, clap::Args)]
pub struct DbInitFlags {
    /// The target: local, stage or prod, as xtask.toml names them.
    #[arg(long, default_value = "local")]
    pub env: String,
    /// The role that the service logs in as; its password may come in MYASHES_ROLE_PASSWORD.
    #[arg(long)]
    pub user: String,
    /// The database that the role owns.
    #[arg(long, default_value = "myashes")]
    pub database: String,
}

#[derive(Debug, clap::Args)]
pub struct DbFileFlags {
    /// The target: local, stage or prod, as xtask.toml names them.
    #[arg(long, default_value = "local")]
    pub env: String,
    /// The saved database; its checksums are in the same name with .json added.
    pub file: std::path::PathBuf,
}

#[derive(Debug, clap::Args)]
pub struct DbReportFlags {
    pub kind: ReportKind,
    /// The target: local, stage or prod, as xtask.toml names them.
    #[arg(long, default_value = "local")]
    pub env: String,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportKind {
    /// Connections and who holds them, cache hits, long transactions, replication lag.
    Health,
    /// Slow statements, bloat, unused indexes, sequential scans.
    Performance,
    /// Builds, votes, searches and feedback by day, for the last two weeks.
    Activity,
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::Flags;

    #[test]
    fn a_revert_takes_the_consent_that_production_asks_for() {
        let parse = |words: &[&str]| Flags::try_parse_from([&["xtask", "migrate"], words].concat());
        assert!(parse(&["--env", "prod", "--revert", "1", "--yes"]).is_ok());
        assert!(parse(&["--yes"]).is_err(), "there is nothing to consent to");
        assert!(parse(&["--revert", "1", "--status"]).is_err());
    }
}
