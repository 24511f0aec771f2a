//! Logs and traces.

use strum::EnumString;
use tracing_subscriber::EnvFilter;

use super::Environment;
use super::error::SettingsError;
use super::reader::Reader;
use super::variables::{LOG_FORMAT, LOG_LEVEL, OTEL_EXPORTER_OTLP_ENDPOINT};

#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum LogFormat {
    Pretty,
    Json,
}

#[derive(Debug, Clone)]
pub struct TelemetrySettings {
    /// A level, or a filter that `tracing_subscriber::EnvFilter` understands.
    pub log_level: String,
    pub log_format: LogFormat,
    pub otlp_endpoint: Option<String>,
}

impl TelemetrySettings {
    pub(super) fn read(reader: &Reader, stage: Environment) -> Result<Self, SettingsError> {
        let by_stage = if stage == Environment::Development { LogFormat::Pretty } else { LogFormat::Json };
        Ok(Self {
            log_level: reader.required(&LOG_LEVEL)?,
            log_format: reader.optional(&LOG_FORMAT)?.unwrap_or(by_stage),
            otlp_endpoint: reader.optional(&OTEL_EXPORTER_OTLP_ENDPOINT)?,
        })
    }
}

/// A lone word must be a level: as a filter it would be taken for the name of a module, and silence the log.
pub(super) fn parse_filter(text: &str) -> Option<String> {
    let levels = ["off", "error", "warn", "info", "debug", "trace"];
    let known =
        |part: &str| part.contains('=') || levels.contains(&part.trim().to_ascii_lowercase().as_str());
    let good = text.split(',').all(known) && EnvFilter::try_new(text).is_ok();
    good.then(|| text.to_owned())
}
