//! Sources of values: the table's defaults, a TOML file and the environment, each overriding the one before it. A layer
//! resolves names, secrets in files and older names; it does not interpret values.

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::Path;

use config::{Config, ConfigError, File, FileFormat, Map, Source, Value, ValueKind};

use super::error::SettingsError;
use super::variables::{DefaultValue, OLDER_NAMES, VARIABLES, variable};

/// An environment: names and values as the operating system has them.
pub type EnvVars = BTreeMap<String, String>;

/// In the environment of a pod, Kubernetes sets these to `tcp://…` when a service has such a name.
const INJECTED_BY_KUBERNETES: &[&str] = &["POSTGRES_HOST", "POSTGRES_PORT", "REDIS_HOST", "REDIS_PORT"];

/// Joins the layers; every value is stored with its source. The second part holds warnings for the log.
pub(super) fn merge(
    file: Option<&Path>,
    environment: &EnvVars,
) -> Result<(Map<String, Value>, Vec<String>), SettingsError> {
    let mut warnings = Vec::new();
    let mut builder = Config::builder().add_source(defaults());
    if let Some(path) = file {
        builder = builder.add_source(from_file(path)?);
    }
    let merged = builder.add_source(from_environment(environment, &mut warnings)?).build();
    // Reading values through `Config::get` would lose their origins.
    let values = merged.and_then(|merged| merged.cache.into_table());
    Ok((values.map_err(|error| SettingsError::new(error.to_string()))?, warnings))
}

/// One source of values, by the variables' names in capitals, each with where it comes from.
#[derive(Debug, Clone)]
struct Layer(Map<String, Value>);

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        Ok(self.0.clone())
    }
}

impl Layer {
    /// Reads the secrets that are in files and translates older names, so that a later layer overrides an
    /// earlier one whichever way either of them names a value.
    fn new(origin: &str, values: BTreeMap<String, ValueKind>) -> Result<Self, SettingsError> {
        let mut layer = Self::of(origin, values);
        for secret in VARIABLES.iter().filter(|variable| variable.secret) {
            let name = format!("{}_FILE", secret.name);
            let Some(path) = layer.0.remove(&name) else { continue };
            layer.refuse_second(&name, secret.name)?;
            let path = path.to_string();
            let text = read_secret(&path)
                .map_err(|error| SettingsError::new(format!("{name}: cannot read {path}: {error}")))?;
            let text = text.trim_end_matches(['\r', '\n']);
            if text.is_empty() {
                return Err(SettingsError::new(format!(
                    "{name}: expected a secret in {path}, which is empty"
                )));
            }
            layer.rename(&name, origin, secret.name, text.into());
        }
        for (older, name) in OLDER_NAMES {
            let Some(value) = layer.0.remove(*older) else { continue };
            // One environment may serve both services.
            if layer.0.get(*name).is_none_or(|newer| newer.kind != value.kind) {
                layer.refuse_second(older, name)?;
                layer.rename(older, origin, name, value.kind);
            }
        }
        Ok(layer)
    }

    fn of(origin: &str, values: BTreeMap<String, ValueKind>) -> Self {
        let origin = origin.to_owned();
        Self(values.into_iter().map(|(name, kind)| (name, Value::new(Some(&origin), kind))).collect())
    }

    /// Adds a value under the name that it has now.
    fn rename(&mut self, found_as: &str, origin: &str, name: &str, value: ValueKind) {
        self.0.insert(name.to_owned(), Value::new(Some(&format!("{found_as} in {origin}")), value));
    }

    fn refuse_second(&self, found_as: &str, name: &str) -> Result<(), SettingsError> {
        if self.0.contains_key(name) {
            return Err(SettingsError::new(format!("{found_as}: {name} is set too; keep one of them")));
        }
        Ok(())
    }
}

/// The longest secret that is read, so that a device or a wrong file is not read for ever.
const MAX_SECRET_BYTES: u64 = 64 * 1024;

fn read_secret(path: &str) -> io::Result<String> {
    let mut text = String::new();
    let read = std::fs::File::open(path)?.take(MAX_SECRET_BYTES + 1).read_to_string(&mut text)?;
    if read as u64 > MAX_SECRET_BYTES {
        return Err(io::Error::other(format!("it has more than {MAX_SECRET_BYTES} bytes")));
    }
    Ok(text)
}

fn defaults() -> Layer {
    let value = |default| match default {
        DefaultValue::Value(value) => Some(ValueKind::from(value)),
        DefaultValue::Depends(_) | DefaultValue::Unset => None,
    };
    let values = VARIABLES.iter().filter_map(|v| Some((v.name.to_owned(), value(v.default)?))).collect();
    Layer::of("the defaults", values)
}

fn from_environment(environment: &EnvVars, warnings: &mut Vec<String>) -> Result<Layer, SettingsError> {
    let mut values = BTreeMap::new();
    warnings.extend(environment.iter().filter_map(|(name, value)| unknown(name, value)));
    for (name, value) in environment.iter().filter(|(name, _)| is_known(name)) {
        // Compose and Kubernetes pass an unset variable as an empty one. Only for the CORS origins does an empty
        // value have a meaning.
        if value.trim().is_empty() && name != "BACKEND_CORS_ORIGINS" {
            continue;
        }
        if value.starts_with("tcp://") && INJECTED_BY_KUBERNETES.contains(&name.as_str()) {
            warnings.push(format!(
                "{name}={value} is ignored: Kubernetes sets it for a service of that name (enableServiceLinks: false stops that)"
            ));
            continue;
        }
        values.insert(name.clone(), value.trim().into());
    }
    Layer::new("the environment", values)
}

fn from_file(path: &Path) -> Result<Layer, SettingsError> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| SettingsError::new(format!("MYASHES_CONFIG: cannot read {shown}: {error}")))?;
    let table = File::from_str(&text, FileFormat::Toml)
        .collect()
        .map_err(|error| SettingsError::new(format!("{shown}: {}", one_line(&error.to_string()))))?;
    let mut values = BTreeMap::new();
    flatten("", table, &mut values);
    for name in values.keys() {
        if !is_known(name) {
            let key = name.to_lowercase();
            return Err(SettingsError::new(format!("{shown}: unknown key `{key}`{}", suggestion(name))));
        }
    }
    Layer::new(&shown, values)
}

/// Joins the names of tables and keys: `[jwt] issuer` is `JWT_ISSUER`.
fn flatten(prefix: &str, table: Map<String, Value>, into: &mut BTreeMap<String, ValueKind>) {
    for (key, value) in table {
        let name = format!("{prefix}{}", key.to_uppercase());
        match value.kind {
            ValueKind::Table(inner) => flatten(&format!("{name}_"), inner, into),
            kind => {
                into.insert(name, kind);
            }
        }
    }
}

pub(super) fn is_known(name: &str) -> bool {
    let in_file = || name.strip_suffix("_FILE").and_then(variable).is_some_and(|variable| variable.secret);
    variable(name).is_some() || in_file() || OLDER_NAMES.iter().any(|(older, _)| *older == name)
}

/// First words of variables that other programs begin theirs with, too.
const SHARED_WORDS: &[&str] =
    &["ALLOW", "DB", "DOCS", "GAME", "LOG", "METRICS", "OTEL", "POSTGRES", "PUBLIC", "REDIS", "REQUEST"];

/// A warning about an unknown variable that begins like a known one.
fn unknown(name: &str, value: &str) -> Option<String> {
    if is_known(name) || name == "MYASHES_CONFIG" || is_service_link(name, value) {
        return None;
    }
    let (word, _) = name.split_once('_')?;
    let mut first_words = VARIABLES.iter().filter_map(|v| v.name.split_once('_').map(|(first, _)| first));
    let ours = word == "MYASHES" || first_words.any(|first| first == word);
    // Short names of other programs differ from ours in few letters.
    match near(name, if name.len() < 8 { 1 } else { 3 }) {
        Some(near) => {
            Some(format!("{name} is not a variable of this service and is ignored; did you mean {near}?"))
        }
        None if ours && !SHARED_WORDS.contains(&word) => {
            Some(format!("{name} is not a variable of this service and is ignored"))
        }
        None => None,
    }
}

/// Kubernetes sets these in the environment of a pod for each service of its namespace.
fn is_service_link(name: &str, value: &str) -> bool {
    let marks = ["_SERVICE_HOST", "_SERVICE_PORT", "_TCP", "_UDP"];
    value.contains("://") && name.contains("_PORT") || marks.iter().any(|mark| name.contains(mark))
}

/// The known name that differs from a mistyped one in at most `most` letters.
fn near(name: &str, most: usize) -> Option<&'static str> {
    let (distance, near) = VARIABLES.iter().map(|v| (strsim::levenshtein(name, v.name), v.name)).min()?;
    (distance <= most).then_some(near)
}

fn suggestion(name: &str) -> String {
    match near(name, 3) {
        Some(near) => format!(", did you mean `{}`?", near.to_lowercase()),
        _ => "; a key is the name of a variable in lower case".to_owned(),
    }
}

/// The parser's message without the lines it quotes, which may hold a secret.
fn one_line(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.contains('|'));
    lines.collect::<Vec<_>>().join(": ")
}
