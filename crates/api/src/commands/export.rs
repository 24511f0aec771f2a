//! `myashes export`: gives new rows back to the Python service, for a roll-back.

use clap::Args;
use myashes_adapters::legacy::{self, Export, Place};
use myashes_api::app;
use myashes_api::settings::Settings;

use super::import::to_cli_error;
use super::progress::Bar;
use super::say;

#[derive(Debug, Args)]
pub struct Flags {
    /// Database of the Python service
    #[arg(long, value_name = "URL")]
    to_legacy: String,
    /// Schema its tables are in (PostgreSQL)
    #[arg(long, value_name = "NAME")]
    to_schema: Option<String>,
}

pub async fn run(settings: &Settings, flags: &Flags) -> anyhow::Result<()> {
    let options = app::storage_options(settings);
    let target = Place::parse(&flags.to_legacy, flags.to_schema.as_deref()).map_err(to_cli_error)?;
    let export = Export { source: &options, target, progress: &Bar::default() };
    let report = legacy::export(&export).await.map_err(to_cli_error)?;
    Ok(say(report.to_string().trim_end())?)
}
