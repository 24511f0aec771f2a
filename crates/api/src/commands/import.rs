//! `myashes import`: takes the Python service's data over.

use std::fs::{OpenOptions, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use myashes_adapters::legacy::{self, BATCH, CommandError, Import, LegacyUrl};
use myashes_adapters::system::SystemClock;
use myashes_api::app;
use myashes_api::settings::Settings;
use myashes_domain::clock::Clock as _;
use myashes_domain::retention::Cutoffs;

use super::progress::Bar;
use super::say;

#[derive(Debug, Args)]
pub struct ImportFlags {
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
    /// Write the report with all its lines to this file, which only its owner can read
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

pub async fn run(settings: &Settings, flags: &ImportFlags) -> anyhow::Result<()> {
    let game = app::game_pack(settings).map_err(|error| CommandError::Configuration(format!("{error:#}")))?;
    let options = app::storage_options(settings);
    let named = settings.import_url.as_ref().map(|url| url.expose().to_owned());
    let own_schema = flags.from_schema.as_ref().map(|_| options.url.clone());
    let url = flags.from.clone().or(named).or(own_schema).ok_or_else(|| {
        CommandError::Configuration(
            "import: say where to read from, with --from URL, IMPORT_URL or --from-schema NAME".to_owned(),
        )
    })?;
    let privacy = &settings.privacy;
    let import = Import {
        source: LegacyUrl::parse(&url, flags.from_schema.as_deref())?,
        target: &options,
        game: &game,
        clock: &SystemClock,
        retention: Cutoffs::at(SystemClock.now(), privacy.search_days, privacy.feedback_days),
        progress: &Bar::default(),
        batch: BATCH,
        dry_run: flags.dry_run,
    };
    let report = legacy::import(&import).await?;
    say(report.to_string().trim_end())?;
    if let Some(path) = &flags.report {
        write_private(path, &report.in_full())
            .with_context(|| format!("import: --report {}", path.display()))?;
    }
    if let Some(why) = report.disagreement() {
        anyhow::bail!("import: {why}");
    }
    let set_aside = report.set_aside();
    if flags.strict && set_aside > 0 {
        anyhow::bail!("import: {set_aside} rows were set aside (--strict)");
    }
    Ok(())
}

/// Writes a file that only its owner can read, also when it is there already.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.set_permissions(Permissions::from_mode(0o600))?;
    file.write_all(text.as_bytes())
}
