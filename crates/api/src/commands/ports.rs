//! The database behind the ports, for commands that write without a server.

use std::sync::Arc;

use anyhow::bail;
use myashes_adapters::Storage;
use myashes_adapters::migrations::{CommandError, Migrator};
use myashes_adapters::system::{SystemClock, SystemEntropy};
use myashes_api::app;
use myashes_api::settings::Settings;

use super::seed::Ports;

/// Opens the database, migrated first where the service would do so too.
pub async fn open(settings: &Settings) -> anyhow::Result<Ports> {
    let game = app::game_pack(settings).map_err(|error| CommandError::Configuration(format!("{error:#}")))?;
    let options = app::storage_options(settings);
    let storage = Storage::open(&options)?;
    if settings.database.migrate_on_start {
        Migrator::new(&options)?.up().await?;
    }
    // One that does not answer fails with the first write, which says why.
    if let Ok(Some(refusal)) = storage.schema.refusal().await {
        return Err(CommandError::Configuration(refusal).into());
    }
    if let Ok(pending) = storage.schema.pending().await
        && !pending.is_empty()
    {
        bail!(
            "the database lacks {} migrations that this version needs; run: myashes migrate",
            pending.len()
        );
    }
    Ok(Ports {
        builds: storage.builds,
        votes: storage.votes,
        analytics: storage.analytics,
        game: Arc::new(game),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
    })
}
