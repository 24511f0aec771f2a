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
