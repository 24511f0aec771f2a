//! `myashes import`: takes the Python service's data over.

use clap::Args;
use myashes_adapters::legacy::{self, AdoptError, BATCH, Import, Place};
use myashes_adapters::system::SystemClock;
use myashes_api::app;
use myashes_api::settings::Settings;

use super::progress::Bar;
use super::{WrongUse, say};

#[derive(Debug, Args)]
pub struct Flags {
    /// Database of the Python service [variable: IMPORT_URL, which keeps a password out of the process list]
    #[arg(long, value_name = "URL")]
    from: Option<String>,
    /// Schema its tables are in (PostgreSQL); without --from, of this service's own database
    #[arg(long, value_name = "NAME")]
    from_schema: Option<String>,
    /// Read everything, report, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Exit with 1 when a row could not be taken over
    #[arg(long)]
    strict: bool,
}

pub async fn run(settings: &Settings, flags: &Flags) -> anyhow::Result<()> {
    let game = app::game_pack(settings).map_err(|error| WrongUse(format!("{error:#}")))?;
    let options = app::storage_options(settings);
    let named = settings.import_url.as_ref().map(|url| url.expose().to_owned());
    let own_schema = flags.from_schema.as_ref().map(|_| options.url.clone());
    let url = flags.from.clone().or(named).or(own_schema).ok_or_else(|| {
        WrongUse(
            "import: say where to read from, with --from URL, IMPORT_URL or --from-schema NAME".to_owned(),
        )
    })?;
    let import = Import {
        source: Place::parse(&url, flags.from_schema.as_deref()).map_err(to_cli_error)?,
        target: &options,
        game: &game,
        clock: &SystemClock,
        progress: &Bar::default(),
        batch: BATCH,
        dry_run: flags.dry_run,
    };
    let report = legacy::import(&import).await.map_err(to_cli_error)?;
    say(report.to_string().trim_end())?;
    let set_aside = report.set_aside();
    if flags.strict && set_aside > 0 {
        anyhow::bail!("import: {set_aside} rows were set aside (--strict)");
    }
    Ok(())
}

/// Distinguishes wrong usage from a failure, for the exit code.
pub fn to_cli_error(error: AdoptError) -> anyhow::Error {
    match error {
        AdoptError::Usage(why) => WrongUse(why).into(),
        AdoptError::Failed(why) => anyhow::anyhow!(why),
    }
}
