//! The places a command can work on (`--env`), as `xtask.toml` names them.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::deploy::values::OperatorValues;
use crate::workspace::{environment, root};

/// What would lead the program to another database than the target's.
const DATABASE_VARIABLES: [&str; 9] = [
    "DATABASE_URL",
    "DATABASE_URL_FILE",
    "DATABASE_READ_URL",
    "POSTGRES_HOST",
    "POSTGRES_PORT",
    "POSTGRES_USER",
    "POSTGRES_PASSWORD",
    "POSTGRES_DB",
    "MYASHES_CONFIG",
];

/// What the program itself takes when nothing is set.
const DEFAULT_DATABASE: &str = "sqlite://data/myashes.db";

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    #[serde(skip)]
    pub name: String,
    /// Where the service answers; without it, the overlay's `SERVICE_URL`.
    url: Option<String>,
    /// The one context of kubectl that leads to its cluster; without it there is none.
    pub context: Option<String>,
    /// Where its database's URL is kept; without it the shell's own variables hold.
    database_url: Option<Source>,
    /// Where the URL of a user who may create roles and databases is kept.
    admin_url: Option<Source>,
    /// Further variables for the program; never secrets.
    #[serde(default)]
    variables: BTreeMap<String, String>,
}

/// A variable, else a file, with a secret in it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    variable: String,
    file: String,
}

impl Target {
    /// The target of that name; an error that lists the names there are.
    pub fn find(name: &str) -> Result<Self> {
        Self::in_all(Self::all()?, name)
    }

    /// Every target there is.
    pub fn all() -> Result<Vec<Self>> {
        let file = root().join("xtask.toml");
        let text =
            std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        Self::parse(&text)
    }

    fn parse(text: &str) -> Result<Vec<Self>> {
        let all: BTreeMap<String, Self> = toml::from_str(text).context("xtask.toml is not understood")?;
        Ok(all.into_iter().map(|(name, target)| Self { name, ..target }).collect())
    }

    fn in_all(all: Vec<Self>, name: &str) -> Result<Self> {
        let names = all.iter().map(|target| target.name.as_str()).collect::<Vec<_>>().join(", ");
        let found = all.into_iter().find(|target| target.name == name);
        found.with_context(|| format!("there is no environment {name:?}: xtask.toml names {names}"))
    }

    /// Where the service answers.
    ///
    /// # Errors
    /// When only the operator knows it, and has not written it down.
    pub fn url(&self) -> Result<String> {
        match &self.url {
            Some(url) => Ok(url.clone()),
            None => Ok(OperatorValues::of_overlay(&self.name)?.get("SERVICE_URL")?.to_owned()),
        }
    }

    /// Whether it is the production environment.
    pub fn is_production(&self) -> bool {
        self.variables.get("ENV").is_some_and(|env| env == "production")
    }

    /// The URL of its database; the shell's own, or the embedded default, where `xtask.toml` names none.
    pub fn database_url(&self) -> Result<String> {
        match &self.database_url {
            Some(source) => {
                source.read().with_context(|| format!("the database of {} is not known", self.name))
            }
            None => Ok(environment("DATABASE_URL").unwrap_or_else(|| DEFAULT_DATABASE.to_owned())),
        }
    }

    /// The URL of a user who may create roles and databases there.
    pub fn admin_url(&self) -> Result<String> {
        let source = self.admin_url.as_ref().with_context(|| format!("{} names no admin_url", self.name))?;
        source.read().with_context(|| format!("no administrator of {} is known", self.name))
    }

    /// Sets the program's environment so that it works on this target and on no other.
    pub fn apply(&self, command: &mut Command) -> Result<()> {
        if self.database_url.is_some() {
            for variable in DATABASE_VARIABLES {
                command.env_remove(variable);
            }
            command.env("DATABASE_URL", self.database_url()?);
        }
        command.envs(&self.variables);
        Ok(())
    }
}

impl Source {
    fn read(&self) -> Result<String> {
        if let Some(value) = environment(&self.variable) {
            return Ok(value);
        }
        let path = match (self.file.strip_prefix("~/"), environment("HOME")) {
            (Some(rest), Some(home)) => PathBuf::from(home).join(rest),
            _ => PathBuf::from(&self.file),
        };
        let text = std::fs::read_to_string(&path);
        let text =
            text.with_context(|| format!("set {}, or write the URL to {}", self.variable, path.display()))?;
        Ok(text.trim().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::Target;

    const TEXT: &str = r#"
        local = { url = "http://127.0.0.1:8000" }
        [prod]
        url = "https://api.example.org"
        database_url = { variable = "XTASK_TEST_NOT_SET", file = "/nonexistent/database-url" }
        variables = { ENV = "production" }
    "#;

    fn find(name: &str) -> anyhow::Result<Target> {
        Target::in_all(Target::parse(TEXT)?, name)
    }

    #[test]
    fn an_unknown_environment_is_refused_with_the_known_ones() {
        let error = find("live").unwrap_err().to_string();
        assert_eq!(error, "there is no environment \"live\": xtask.toml names local, prod");
    }

    #[test]
    fn a_missing_url_names_the_variable_and_the_file() {
        let target = find("prod").unwrap();
        let error = format!("{:#}", target.apply(&mut Command::new("true")).unwrap_err());
        assert!(
            error.contains("XTASK_TEST_NOT_SET") && error.contains("/nonexistent/database-url"),
            "{error}"
        );
    }

    #[test]
    fn the_repositorys_own_file_is_understood() {
        for name in ["local", "stage", "prod"] {
            assert_eq!(Target::find(name).unwrap().name, name);
        }
    }
}
