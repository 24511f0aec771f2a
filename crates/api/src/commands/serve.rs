//! `myashes serve`: the service itself.

use anyhow::Context as _;
use myashes_adapters::migrations::CommandError;
use myashes_api::app::{self, Application};
use myashes_api::connections::descriptors;
use myashes_api::settings::Settings;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;

pub async fn run(settings: &Settings) -> anyhow::Result<()> {
    settings.check_serving()?;
    let wrong_use = |error: anyhow::Error| CommandError::Configuration(format!("{error:#}"));
    app::game_pack(settings).map_err(wrong_use)?;
    descriptors::raise_limit();
    let stop = stop_signal().context("cannot listen for signals")?;
    let application = Application::build(settings).await?;
    tracing::info!(
        version = myashes_api::VERSION,
        host = %settings.server.host,
        port = application.port(),
        database = ?settings.database.kind,
        redis = settings.redis.is_some(),
        "serving"
    );
    application.run_until_stopped(stop).await
}

/// Resolves at the first SIGTERM or SIGINT. A second one ends the process at once, without waiting for the grace.
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let (stop, stopped) = oneshot::channel();
    tokio::spawn(async move {
        either(&mut terminate, &mut interrupt).await;
        stop.send(()).ok();
        either(&mut terminate, &mut interrupt).await;
        tracing::warn!("stopped a second time; not waiting for requests that are running");
        std::process::exit(1);
    });
    Ok(async move {
        // The sender is dropped only with the whole runtime.
        stopped.await.ok();
    })
}

async fn either(one: &mut Signal, other: &mut Signal) {
    tokio::select! {
        _ = one.recv() => {}
        _ = other.recv() => {}
    }
}
