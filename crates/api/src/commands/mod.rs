//! The command line: one file per command, and their common code here. Exit codes: 0 done, 1 failed,
//! 2 wrong usage or configuration.

mod doctor;
mod export;
mod healthcheck;
mod import;
mod lines;
mod logging;
mod migrate;
mod openapi;
mod ports;
mod progress;
mod seed;
mod serve;
mod variables;

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use myashes_adapters::OpenError;
use myashes_adapters::migrations::CommandError;
use myashes_api::health::RefusedDatabase;
use myashes_api::settings::{Settings, SettingsError};

const WRONG_CONFIGURATION: u8 = 2;

/// How long work whose caller was dropped may delay the end of the process.
const ABANDONED_WORK: Duration = Duration::from_secs(1);

/// Character builds, votes, feedback and search analytics for Ashes of Creation
#[derive(Debug, Parser)]
#[command(name = "myashes", version, about)]
pub struct CommandLine {
    /// TOML file with settings; the environment overrides it [variable: MYASHES_CONFIG]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve HTTP until stopped (the default)
    Serve,
    /// Bring the database's schema to what this version needs
    Migrate(migrate::MigrateFlags),
    /// Load the official starter builds
    Seed {
        /// Add so many invented builds, with votes and searches
        #[arg(long, value_name = "N", default_value_t = 0)]
        demo: u32,
    },
    /// Take over the data of the Python service
    Import(import::ImportFlags),
    /// Give what was made, changed and deleted here back to the Python service, for a roll-back
    Export(export::ExportFlags),
    /// Look for stored data that does not agree with itself
    Doctor(doctor::DoctorFlags),
    /// Print the OpenAPI document
    Openapi,
    /// Ask the service on this machine whether it is alive
    Healthcheck,
    /// Print the names of all variables
    #[command(hide = true)]
    Variables,
}

/// Runs a command and returns its exit code. Prints one line when it failed.
pub fn run(line: CommandLine) -> ExitCode {
    match dispatch(line) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Standard error may be closed; there is nowhere to report that.
            writeln!(io::stderr(), "myashes: {error:#}").ok();
            if blames_configuration(&error) { ExitCode::from(WRONG_CONFIGURATION) } else { ExitCode::FAILURE }
        }
    }
}

fn dispatch(line: CommandLine) -> anyhow::Result<()> {
    let command = line.command.unwrap_or(Command::Serve);
    // These two say the same whatever the configuration is.
    match command {
        Command::Openapi => return openapi::run(),
        Command::Variables => return variables::run(),
        _ => {}
    }
    let settings = Settings::load(line.config.as_deref(), &Settings::environment()?)?;
    if matches!(command, Command::Healthcheck) {
        return healthcheck::run(&settings);
    }
    let _telemetry = logging::install(&settings)?;
    for warning in &settings.warnings {
        tracing::warn!("{warning}");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(async {
        match command {
            Command::Serve => serve::run(&settings).await,
            Command::Migrate(flags) => migrate::run(&settings, &flags).await,
            Command::Seed { demo } => {
                if demo > 0 && settings.is_production() {
                    return Err(CommandError::Configuration(
                        "--demo: production gets no invented data".to_owned(),
                    )
                    .into());
                }
                let ports = ports::open(&settings).await?;
                Ok(say(seed::seed(&ports, demo).await?)?)
            }
            Command::Import(flags) => import::run(&settings, &flags).await,
            Command::Export(flags) => export::run(&settings, &flags).await,
            Command::Doctor(flags) => doctor::run(&settings, &flags).await,
            Command::Openapi | Command::Variables | Command::Healthcheck => {
                unreachable!("carried out above, without a runtime")
            }
        }
    });
    // A statement whose caller was dropped may still be running on a blocking thread.
    runtime.shutdown_timeout(ABANDONED_WORK);
    outcome
}

fn blames_configuration(error: &anyhow::Error) -> bool {
    error.is::<SettingsError>()
        || error.is::<OpenError>()
        || error.is::<RefusedDatabase>()
        || matches!(error.downcast_ref(), Some(CommandError::Configuration(_)))
}

/// Prints one line of a command's result. A closed pipe (`| head`) is no failure.
fn say(line: impl std::fmt::Display) -> io::Result<()> {
    match writeln!(io::stdout(), "{line}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}
