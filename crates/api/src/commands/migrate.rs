//! `myashes migrate`: the schema, forwards, backwards, or only looked at.

use clap::Args;
use myashes_adapters::Storage;
use myashes_adapters::migrations::{CommandError, Migrator};
use myashes_api::app;
use myashes_api::settings::{DatabaseKind, Settings};

use super::say;

#[derive(Debug, Args)]
#[group(skip)]
pub struct MigrateFlags {
    /// Print the SQL that would run, and run nothing
    #[arg(long, conflicts_with_all = ["status", "revert"])]
    dry_run: bool,
    /// List what is applied and what is pending
    #[arg(long, conflicts_with = "revert")]
    status: bool,
    /// Take back the newest N migrations, with the data that only they hold
    #[arg(long, value_name = "N")]
    revert: Option<usize>,
    /// Revert in production too
    #[arg(long, requires = "revert")]
    yes: bool,
}

pub async fn run(settings: &Settings, flags: &MigrateFlags) -> anyhow::Result<()> {
    let options = app::storage_options(settings);
    if settings.database.kind == DatabaseKind::Postgres {
        // Connects to nothing, but knows a URL that never will; the migrator would wait for it.
        Storage::open(&options)?;
    }
    let migrator = Migrator::new(&options)?;
    if flags.dry_run {
        let sql = migrator.sql_of_pending().await?;
        say(if sql.is_empty() { "-- nothing is pending" } else { sql.trim_end() })?;
    } else if flags.status {
        list("applied ", &migrator.applied().await?)?;
        list("pending ", &migrator.pending().await?)?;
    } else if let Some(count) = flags.revert {
        if !settings.is_development() && !flags.yes {
            return Err(CommandError::Configuration(
                "--revert: outside of development it needs --yes beside it".to_owned(),
            )
            .into());
        }
        list("reverted", &migrator.revert(count).await?)?;
    } else {
        let applied = migrator.up().await?;
        list("applied ", &applied)?;
        if applied.is_empty() {
            say("nothing is pending")?;
        }
    }
    Ok(())
}

fn list(what: &str, names: &[String]) -> std::io::Result<()> {
    names.iter().try_for_each(|name| say(format_args!("{what} {name}")))
}
