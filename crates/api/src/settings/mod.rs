//! The configuration: built-in defaults, then a TOML file, then the environment; typed and
//! validated, with a one-line error for an invalid value. No other module of the service reads the environment.
//!
//! `variables.rs` is the table of everything that can be set, `layers.rs` joins the sources, `reader.rs` turns
//! text into types, one file per topic groups related settings, and `production.rs` holds the combinations
//! that `ENV=production` and `ENV=stage` refuse.

mod database;
mod error;
mod identity;
mod layers;
mod limits;
mod production;
#[cfg(test)]
mod production_tests;
mod reader;
mod secret;
mod telemetry;
#[cfg(test)]
mod tests;
mod values;
mod variables;
mod web;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use strum::{EnumString, IntoStaticStr};

pub use database::{DatabaseKind, DatabaseSettings};
pub use error::SettingsError;
pub use identity::{AdminSettings, IdentitySettings, JwtKeys, JwtSettings};
pub use layers::EnvVars;
pub use limits::{LimitSettings, PrivacySettings, RankingSettings};
pub use secret::Secret;
pub use telemetry::{LogFormat, TelemetrySettings};
pub use variables::{DefaultValue, VARIABLES, Variable};
pub use web::{CorsOrigins, ServerSettings, WebSettings};

use reader::Reader;

/// The kind of deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "lowercase", const_into_str)]
pub enum Environment {
    Development,
    Stage,
    Production,
}

/// Everything that can be set, by topic.
#[derive(Debug, Clone)]
pub struct Settings {
    pub stage: Environment,
    pub server: ServerSettings,
    pub web: WebSettings,
    pub database: DatabaseSettings,
    /// `None`: cache and limits live in the process.
    /// `redis://…` or `rediss://…`.
    pub redis: Option<Secret>,
    pub identity: IdentitySettings,
    pub admin: AdminSettings,
    pub limits: LimitSettings,
    pub privacy: PrivacySettings,
    pub ranking: RankingSettings,
    pub telemetry: TelemetrySettings,
    /// Path of a game data file; `None` takes the one inside the binary.
    pub game_pack: Option<PathBuf>,
    /// Where `import` reads from.
    pub import_url: Option<Secret>,
    pub export_url: Option<Secret>,
    /// What was ignored and why, to be logged once logging works.
    pub warnings: Vec<String>,
}

/// Those of an environment that are texts.
fn texts(environment: impl Iterator<Item = (OsString, OsString)>) -> Result<EnvVars, SettingsError> {
    let mut texts = EnvVars::new();
    for (name, value) in environment {
        let Ok(name) = name.into_string() else { continue };
        match value.into_string() {
            Ok(value) => drop(texts.insert(name, value)),
            Err(_) if layers::is_known(&name) => {
                return Err(SettingsError::new(format!("{name}: expected text in UTF-8")));
            }
            Err(_) => {}
        }
    }
    Ok(texts)
}

impl Settings {
    /// Loads and checks everything. `file` is what `--config` named; without it `MYASHES_CONFIG` may name one.
    ///
    /// # Errors
    /// One line for the first value that cannot be used.
    pub fn load(file: Option<&Path>, environment: &EnvVars) -> Result<Self, SettingsError> {
        let named = environment.get("MYASHES_CONFIG").filter(|path| !path.is_empty()).map(Path::new);
        let (merged, warnings) = layers::merge(file.or(named), environment)?;
        let reader = Reader::new(merged);
        let stage = reader.required(&variables::ENV)?;
        let mut settings = Self {
            stage,
            server: ServerSettings::read(&reader)?,
            web: WebSettings::read(&reader, stage)?,
            database: DatabaseSettings::read(&reader)?,
            redis: database::redis_url(&reader)?,
            identity: IdentitySettings::read(&reader)?,
            admin: AdminSettings::read(&reader)?,
            limits: LimitSettings::read(&reader)?,
            privacy: PrivacySettings::read(&reader, stage)?,
            ranking: RankingSettings::read(&reader)?,
            telemetry: TelemetrySettings::read(&reader, stage)?,
            game_pack: reader.optional(&variables::GAME_PACK)?.map(PathBuf::from),
            import_url: reader.optional(&variables::IMPORT_URL)?,
            export_url: reader.optional(&variables::EXPORT_URL)?,
            warnings,
        };
        if stage != Environment::Development {
            production::refuse(&settings, &reader)?;
            production::encrypt_database(&mut settings)?;
            settings.warnings.extend(production::differences(&settings));
        }
        Ok(settings)
    }

    /// The environment of this process, for [`Settings::load`].
    ///
    /// # Errors
    /// One line for a variable of this program whose value is not UTF-8; others are left out.
    pub fn environment() -> Result<EnvVars, SettingsError> {
        texts(std::env::vars_os())
    }

    /// Checks what only the service itself needs.
    ///
    /// # Errors
    /// One line for what production and stage refuse to serve with.
    pub fn check_serving(&self) -> Result<(), SettingsError> {
        if self.is_development() { Ok(()) } else { production::refuse_to_serve(self) }
    }

    #[must_use]
    pub fn is_development(&self) -> bool {
        self.stage == Environment::Development
    }

    #[must_use]
    pub fn is_production(&self) -> bool {
        self.stage == Environment::Production
    }
}
