//! The command line: what can be asked for, in the words of `--help`. It holds no behaviour.

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
    /// Run one ring only. Without it: unit, contract and api.
    #[arg(long, value_enum)]
    pub only: Option<Ring>,
    /// Run only the tests whose name contains this.
    pub filter: Option<String>,
}

/// The rings of the test suite, from the innermost outwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Ring {
    /// Unit and property tests that need no server, and the examples in the documentation.
    Unit,
    /// Every port against every adapter, and the migrations.
    Contract,
    /// The whole service over HTTP.
    Api,
    /// What takes minutes: the tests marked `#[ignore = "slow ring: …"]`.
    Slow,
}
