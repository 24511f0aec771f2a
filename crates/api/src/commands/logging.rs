//! Structured logs on standard error, so that standard output holds nothing but results, and traces.

use std::io::{self, IsTerminal as _};

use anyhow::Context as _;
use myashes_api::settings::{LogFormat, Settings};
use myashes_api::trace;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::Metadata;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::{FilterExt as _, filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _, fmt};

use super::lines::Lines;

/// Held while the program runs: writes the last lines and sends the last spans when it is dropped.
pub struct Telemetry {
    spans: Option<SdkTracerProvider>,
    _lines: Lines,
}

pub fn install(settings: &Settings) -> anyhow::Result<Telemetry> {
    let telemetry = &settings.telemetry;
    let provider = telemetry.otlp_endpoint.as_deref().map(trace::exporter).transpose();
    let provider = provider.context("OTEL_EXPORTER_OTLP_ENDPOINT")?;
    // Start and stop of the server, heads that cannot be read and bodies that end early are logged by this program, in
    // an operator's terms; spans are for the exporter.
    let quiet = "actix_server=warn,actix_http::h1=off,myashes::trace=off";
    let filter = format!("{quiet},{}", telemetry.log_level);
    // The hint keeps the log's level as it is; without one every record of every library would be looked at.
    let without_data = filter_fn(is_free_of_data).with_max_level_hint(LevelFilter::TRACE);
    let lines = Lines::to(io::stderr()).context("cannot start the thread that writes the log")?;
    let log = fmt::layer().with_writer(lines.writer());
    let log = match telemetry.log_format {
        LogFormat::Json => log.json().flatten_event(true).with_current_span(false).boxed(),
        LogFormat::Pretty => log.with_ansi(io::stderr().is_terminal()).boxed(),
    };
    tracing_subscriber::registry()
        .with(log.with_filter(EnvFilter::new(filter).and(without_data)))
        .with(trace::layer(provider.as_ref()))
        .init();
    Ok(Telemetry { spans: provider, _lines: lines })
}

/// Whether a record cannot hold what users sent. Libraries write statements with their values, headers and bodies
/// below INFO, so that nothing of theirs is logged there, whatever LOG_LEVEL says.
fn is_free_of_data(metadata: &Metadata<'_>) -> bool {
    *metadata.level() <= LevelFilter::INFO || metadata.target().starts_with("myashes")
}

impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Some(Err(error)) = self.spans.as_ref().map(SdkTracerProvider::shutdown) {
            tracing::warn!(%error, "the last spans could not be sent");
        }
    }
}
