//! `myashes export`: gives what was made, changed and deleted here back to the Python service, for a roll-back.

use clap::Args;
use myashes_adapters::legacy::{self, CommandError, Export, LegacyUrl};
use myashes_api::app;
use myashes_api::settings::Settings;

use super::progress::Bar;
use super::say;

#[derive(Debug, Args)]
pub struct ExportFlags {
    /// Database of the Python service [variable: EXPORT_URL, which keeps a password out of the process list]
    #[arg(long, value_name = "URL")]
    to_legacy: Option<String>,
    /// Schema its tables are in (PostgreSQL)
    #[arg(long, value_name = "NAME")]
    to_schema: Option<String>,
    /// Write it also when something has no place there; without this, such losses are listed and nothing is written
    #[arg(long)]
    accept: bool,
}

pub async fn run(settings: &Settings, flags: &ExportFlags) -> anyhow::Result<()> {
    let game = app::game_pack(settings).map_err(|error| CommandError::Configuration(format!("{error:#}")))?;
    let options = app::storage_options(settings);
    let named = settings.export_url.as_ref().map(|url| url.expose().to_owned());
    let url = flags.to_legacy.clone().or(named).ok_or_else(|| {
        CommandError::Configuration(
            "export: say where to write to, with --to-legacy URL or EXPORT_URL".to_owned(),
        )
    })?;
    let target = LegacyUrl::parse(&url, flags.to_schema.as_deref())?;
    let progress = &Bar::default();
    let export = Export { source: &options, target, game: &game, progress, accept: flags.accept };
    let report = legacy::export(&export).await?;
    say(report.to_string().trim_end())?;
    if !report.stored {
        anyhow::bail!("export: nothing was written, since the above would be lost; --accept writes the rest");
    }
    Ok(())
}
