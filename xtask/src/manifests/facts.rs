//! `deploy/platform-facts.yaml` held against the places that need its facts: the rendered objects, and files.

mod table;

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Findings;
use crate::deploy::render::{Manifests, repository, title};
use crate::deploy::values;
use crate::tidy::sources::Sources;
use table::TABLE;

pub const FILE: &str = "deploy/platform-facts.yaml";

/// A fact, as a JSON pointer into the facts, and a place that needs it.
type FactRow = (&'static str, Place);

#[derive(Clone, Copy)]
enum Place {
    /// Overlay or folder, `Kind/name`, JSON pointer, and how the fact is written there.
    Field(&'static str, &'static str, &'static str, Form),
    /// A file of the repository has this line part, with each value of the fact in the place of `{}`.
    File(&'static str, &'static str),
    /// No file of the repository, but those that list the facts, has any of the values as a whole word.
    Nowhere,
}

#[derive(Clone, Copy)]
enum Form {
    /// The field is the fact; a list is joined by commas.
    Is,
    /// The field is something else: the older service keeps it.
    IsNot,
    /// The field is one of a list that is joined by commas.
    IsListed,
    /// The field is an image of this repository.
    IsRepository,
    /// The field exists if and only if the fact is true.
    IsThereIf,
}

/// The facts, and what they are held against.
#[derive(Clone)]
pub struct ManifestSources {
    pub facts: Value,
    objects: BTreeMap<&'static str, Manifests>,
    files: BTreeMap<String, String>,
}

impl ManifestSources {
    pub fn read() -> Result<Self> {
        let folders = [
            ("prod", "deploy/k8s/overlays/prod"),
            ("platform", "deploy/k8s/platform"),
            ("argocd", "deploy/argocd"),
        ];
        let objects = folders.into_iter().map(|(name, folder)| Ok((name, Manifests::of_folder(folder)?)));
        let files = Sources::read()?.into_files();
        let facts = files.get(FILE).with_context(|| format!("there is no {FILE}"))?;
        let facts = serde_saphyr::from_str(facts).with_context(|| format!("{FILE} is not YAML"))?;
        Ok(Self { facts, objects: objects.collect::<Result<_>>()?, files })
    }

    pub fn production(&self) -> &Manifests {
        &self.objects["prod"]
    }

    /// Everything that is applied for production.
    pub fn applied(&self) -> impl Iterator<Item = &Value> {
        self.objects.values().flat_map(|manifests| &manifests.0)
    }

    fn field(&self, folder: &str, object: &str, pointer: &str) -> Option<String> {
        let object = self.objects.get(folder)?.0.iter().find(|found| title(found) == object)?;
        Some(texts(object.pointer(pointer)?).join(","))
    }
}

/// Each fact that is not where it is needed.
pub fn placed(sources: &ManifestSources) -> Findings {
    TABLE.iter().filter_map(|row| held(sources, row).err()).chain(unplaced(&sources.facts)).collect()
}

/// Files of the manifests that leave a value open, other than the one that is for it.
pub fn placeholders(sources: &ManifestSources) -> Findings {
    let manifests = sources
        .files
        .iter()
        .filter(|(path, _)| path.starts_with("deploy/k8s/") || path.starts_with("deploy/argocd/"));
    let open =
        manifests.filter(|(path, text)| !path.ends_with(values::FILE) && text.contains(values::PLACEHOLDER));
    open.map(|(path, _)| format!("{path} has {}; it belongs into {}", values::PLACEHOLDER, values::FILE))
        .collect()
}

/// Facts that no row of the table needs.
fn unplaced(facts: &Value) -> Findings {
    let mut pointers = Vec::new();
    collect_leaves(facts, String::new(), &mut pointers);
    let known = |pointer: &String| {
        let rest =
            |fact: &str| pointer.strip_prefix(fact).is_some_and(|it| it.is_empty() || it.starts_with('/'));
        TABLE.iter().any(|(fact, _)| rest(fact))
    };
    let unknown = pointers.into_iter().filter(|pointer| !known(pointer));
    unknown.map(|pointer| format!("{FILE}: no place is known that needs {pointer}")).collect()
}

fn collect_leaves(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                collect_leaves(value, format!("{pointer}/{key}"), pointers);
            }
        }
        _ => pointers.push(pointer),
    }
}

fn held(sources: &ManifestSources, (name, place): &FactRow) -> Result<(), String> {
    let fact = sources.facts.pointer(name).ok_or_else(|| format!("{FILE} has no {name}"))?;
    let wanted = texts(fact);
    let complain =
        |place: &str, found: &str| Err(format!("{FILE} has {name} = {}, {place} {found}", wanted.join(",")));
    match *place {
        Place::Field(folder, object, pointer, form) => {
            let place = format!("{object} of {folder}, {pointer}");
            let found = sources.field(folder, object, pointer);
            let shown = found.clone().unwrap_or_else(|| "nothing".into());
            let holds = match (form, found) {
                (Form::IsThereIf, found) => found.is_some() == (*fact == Value::Bool(true)),
                (_, None) => false,
                (Form::Is, Some(found)) => found == wanted.join(","),
                (Form::IsNot, Some(found)) => found != wanted.join(","),
                (Form::IsListed, Some(found)) => {
                    wanted.iter().all(|one| found.split(',').any(|it| it == one))
                }
                (Form::IsRepository, Some(found)) => repository(&found) == wanted.join(","),
            };
            if holds { Ok(()) } else { complain(&place, &format!("has {shown}")) }
        }
        Place::File(path, template) => {
            let text = sources.files.get(path).map(String::as_str).unwrap_or_default();
            let missing =
                wanted.iter().map(|one| template.replace("{}", one)).find(|part| !text.contains(part));
            missing.map_or(Ok(()), |part| complain(path, &format!("does not have {part:?}")))
        }
        Place::Nowhere => {
            let others = sources.files.iter().filter(|(path, _)| path.as_str() != FILE);
            let mut used = others.filter_map(|(path, text)| {
                let name = wanted.iter().find(|name| has_host(text, name))?;
                Some(format!("{path} has {name}"))
            });
            used.next().map_or(Ok(()), |found| complain("which does not exist, but", &found))
        }
    }
}

/// Whether the text contains the host name, not as the end of a longer one.
fn has_host(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        !before.is_some_and(|before| before.is_alphanumeric() || before == '.' || before == '-')
    })
}

/// A scalar as text, a list as its items, a map as `key=value`.
fn texts(value: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match value {
        Value::Array(items) => items.iter().map(text).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| format!("{key}={}", text(value))).collect(),
        scalar => vec![text(scalar)],
    }
}

#[cfg(test)]
mod tests;
