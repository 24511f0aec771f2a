//! The values that only the operator knows: one file in each overlay, from which kustomize copies them.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::workspace::root;

/// Stands for a value that was not filled in.
pub const PLACEHOLDER: &str = "CHANGE_ME";
/// The file's name in every overlay.
pub const FILE: &str = "operator-values.yaml";

/// What begins so names the file of a sealed secret, relative to the overlay.
const SEALED: &str = "secrets/";

pub struct OperatorValues {
    /// From the root of the workspace, for messages.
    pub file: String,
    folder: PathBuf,
    values: BTreeMap<String, String>,
}

impl OperatorValues {
    pub fn of_overlay(name: &str) -> Result<Self> {
        let overlay = format!("deploy/k8s/overlays/{name}");
        let file = format!("{overlay}/{FILE}");
        let text = fs::read_to_string(root().join(&file)).with_context(|| format!("cannot read {file}"))?;
        Self::parse(file, root().join(overlay), &text)
    }

    fn parse(file: String, folder: PathBuf, text: &str) -> Result<Self> {
        let object: Value = serde_saphyr::from_str(text).with_context(|| format!("{file} is not YAML"))?;
        let data = object["data"].as_object().with_context(|| format!("{file} has no data"))?;
        let text_of = |(key, value): (&String, &Value)| {
            let value = value.as_str().with_context(|| format!("{file}: {key} is no text; quote it"))?;
            Ok((key.clone(), value.to_owned()))
        };
        let values = data.iter().map(text_of).collect::<Result<_>>()?;
        Ok(Self { file, folder, values })
    }

    /// The keys that were not filled in.
    pub fn unset(&self) -> Vec<&str> {
        let open = self.values.iter().filter(|(_, value)| value.is_empty() || value.contains(PLACEHOLDER));
        open.map(|(key, _)| key.as_str()).collect()
    }

    /// One value; an error that names file and key while it is not filled in.
    pub fn get(&self, key: &str) -> Result<&str> {
        let value = self.values.get(key).with_context(|| format!("{} has no {key}", self.file))?;
        if self.unset().contains(&key) {
            bail!("{}: {key} still says {PLACEHOLDER}", self.file);
        }
        Ok(value)
    }

    /// # Errors
    /// Names the file, and each key that was not filled in or whose sealed secret is missing.
    pub fn check_complete(&self) -> Result<()> {
        let unset = self.unset();
        if !unset.is_empty() {
            let keys = unset.join(", ");
            bail!("{}: {PLACEHOLDER} is left in {keys}; nothing was applied", self.file);
        }
        let sealed = self.values.iter().filter(|(_, value)| value.starts_with(SEALED));
        for (key, value) in sealed {
            if !self.folder.join(value).is_file() {
                bail!("{}: {key} names {value}, which is not there; seal it again", self.file);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::OperatorValues;

    fn parse(data: &str) -> anyhow::Result<OperatorValues> {
        OperatorValues::parse("there.yaml".into(), "/nonexistent".into(), &format!("data:\n{data}"))
    }

    #[test]
    fn a_placeholder_is_named_with_its_file_and_key() {
        let values = parse("  PROXY_CIDR: CHANGE_ME\n  HOST: a.example\n  EMPTY: ''\n").unwrap();
        assert_eq!(values.unset(), ["EMPTY", "PROXY_CIDR"]);
        let error = values.check_complete().unwrap_err().to_string();
        assert_eq!(error, "there.yaml: CHANGE_ME is left in EMPTY, PROXY_CIDR; nothing was applied");
        assert!(values.get("PROXY_CIDR").unwrap_err().to_string().contains("PROXY_CIDR"));
        assert_eq!(values.get("HOST").unwrap(), "a.example");
    }

    #[test]
    fn a_sealed_secret_that_is_not_there_is_named() {
        let values = parse("  SEALED_DATABASE: secrets/database.yaml\n").unwrap();
        let error = values.check_complete().unwrap_err().to_string();
        assert!(error.contains("SEALED_DATABASE") && error.contains("secrets/database.yaml"), "{error}");
    }

    #[test]
    fn a_number_without_quotes_is_refused_before_it_loses_digits() {
        let error = format!("{:#}", parse("  ADMIN_STEAM_IDS: 76561190000000000\n").err().unwrap());
        assert!(error.contains("ADMIN_STEAM_IDS is no text"), "{error}");
    }
}
