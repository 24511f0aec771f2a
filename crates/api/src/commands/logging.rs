//! Structured logs on standard error, so that standard output holds nothing but results.

use std::io::{self, IsTerminal as _};

use myashes_api::settings::{LogFormat, Settings};
use tracing_subscriber::EnvFilter;

pub fn install(settings: &Settings) {
    let telemetry = &settings.telemetry;
    // The server's own start and stop are told by us, with the words an operator knows.
    let filter = EnvFilter::new(format!("actix_server=warn,{}", telemetry.log_level));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    match telemetry.log_format {
        LogFormat::Json => builder.json().flatten_event(true).with_current_span(false).init(),
        LogFormat::Pretty => builder.with_ansi(io::stderr().is_terminal()).init(),
    }
}
