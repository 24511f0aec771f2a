//! The game pack: archetypes, the class matrix and races of the game, as data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::FieldError;

/// One of the game's archetypes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Archetype {
    /// The id, 1 to 20 lower-case letters or hyphens.
    pub id: String,
    /// The display name.
    pub name: String,
    /// Shown on older builds, refused on new ones.
    #[serde(default)]
    pub retired: bool,
}

/// One of the game's races, with the people it descends from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Race {
    /// The id, 1 to 20 lower-case letters or hyphens.
    pub id: String,
    /// The display name.
    pub name: String,
    /// The display name of that people.
    pub parent: String,
    /// Shown on older builds, refused on new ones.
    #[serde(default)]
    pub retired: bool,
}

/// A pack that was checked. A pair of archetypes may lack a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GamePack {
    /// The name of the game.
    pub game: String,
    /// The version of the pack, which each build stores when it is created.
    pub version: String,
    /// All archetypes, retired ones included.
    pub archetypes: Vec<Archetype>,
    /// All races, retired ones included.
    pub races: Vec<Race>,
    /// Class names by primary, then by secondary archetype.
    pub classes: BTreeMap<String, BTreeMap<String, String>>,
}

/// The id of an archetype of the pack, lower-case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchetypeId(String);

/// The id of a race of the pack, lower-case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RaceId(String);

impl ArchetypeId {
    /// Returns the id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl RaceId {
    /// Returns the id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Of a class name, in characters.
const LONGEST_CLASS: usize = 50;

/// Why a pack was refused.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the game pack is not usable: {0}")]
pub struct PackError(String);

impl GamePack {
    /// Reads a pack and checks it.
    ///
    /// # Errors
    /// Names the first problem: bad TOML, an id twice or not lower-case, a class name that is too long.
    pub fn parse(source: &str) -> Result<Self, PackError> {
        let pack: Self = toml::from_str(source).map_err(|error| PackError(error.message().to_owned()))?;
        pack.check()?;
        Ok(pack)
    }

    fn check(&self) -> Result<(), PackError> {
        if self.archetypes.is_empty() || self.races.is_empty() || self.version.trim().is_empty() {
            return Err(PackError("it needs a version, archetypes and races".into()));
        }
        check_ids("archetype", self.archetypes.iter().map(|archetype| archetype.id.as_str()))?;
        check_ids("race", self.races.iter().map(|race| race.id.as_str()))?;
        for primary in &self.archetypes {
            for secondary in &self.archetypes {
                let class = self.class_of(&primary.id, &secondary.id).unwrap_or_default();
                if class.chars().count() > LONGEST_CLASS {
                    return Err(PackError(format!(
                        "the class of {} + {} has more than {LONGEST_CLASS} characters",
                        primary.id, secondary.id
                    )));
                }
            }
        }
        let known = |id: &String| self.archetypes.iter().any(|archetype| archetype.id == *id);
        let stray = self.classes.iter().flat_map(|(id, row)| std::iter::once(id).chain(row.keys()));
        match stray.into_iter().find(|id| !known(id)) {
            Some(id) => Err(PackError(format!("classes name {id}, which is no archetype"))),
            None => Ok(()),
        }
    }

    /// The archetype named `raw`, in any case.
    ///
    /// # Errors
    /// A validation error on `field` with the choices, for an unknown or retired archetype.
    pub fn archetype(&self, field: &'static str, raw: &str) -> Result<ArchetypeId, FieldError> {
        let current = self.archetypes.iter().filter(|archetype| !archetype.retired);
        one_of(field, raw, current.map(|archetype| archetype.id.as_str())).map(ArchetypeId)
    }

    /// The race named `raw`, in any case.
    ///
    /// # Errors
    /// A validation error on `field` with the choices, for an unknown or retired race.
    pub fn race(&self, field: &'static str, raw: &str) -> Result<RaceId, FieldError> {
        let current = self.races.iter().filter(|race| !race.retired);
        one_of(field, raw, current.map(|race| race.id.as_str())).map(RaceId)
    }

    /// The class of two archetypes; empty for a pair without one.
    #[must_use]
    pub fn class_name(&self, primary: &ArchetypeId, secondary: &ArchetypeId) -> &str {
        self.class_of(&primary.0, &secondary.0).unwrap_or_default()
    }

    fn class_of(&self, primary: &str, secondary: &str) -> Option<&str> {
        self.classes.get(primary)?.get(secondary).map(String::as_str)
    }

    /// A race's display name, or the id itself for a race that is no longer in the pack.
    #[must_use]
    pub fn race_name<'a>(&'a self, id: &'a str) -> &'a str {
        self.races.iter().find(|race| race.id == id).map_or(id, |race| &race.name)
    }
}

fn check_ids<'a>(what: &str, ids: impl Iterator<Item = &'a str>) -> Result<(), PackError> {
    let mut seen = std::collections::BTreeSet::new();
    for id in ids {
        let fits = (1..=20).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        if !fits {
            return Err(PackError(format!("the {what} id {id:?} must be 1 to 20 lower-case letters")));
        }
        if !seen.insert(id) {
            return Err(PackError(format!("the {what} {id} appears more than once")));
        }
    }
    Ok(())
}

/// The id among `ids` that `raw` names, in any case.
fn one_of<'a>(
    field: &'static str,
    raw: &str,
    ids: impl Iterator<Item = &'a str>,
) -> Result<String, FieldError> {
    let (id, ids) = (raw.trim().to_lowercase(), ids.collect::<Vec<_>>());
    if ids.contains(&id.as_str()) {
        return Ok(id);
    }
    Err(FieldError::new(field, "one_of", format!("must be one of: {}", ids.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACK: &str = include_str!("../../../game/ashes-of-creation.toml");

    #[test]
    fn the_embedded_pack_is_whole() {
        let pack = GamePack::parse(PACK).unwrap();
        assert_eq!((pack.archetypes.len(), pack.races.len()), (8, 9));
        let archetype = |id| pack.archetype("primary_archetype", id).unwrap();
        assert_eq!(pack.class_name(&archetype("TANK"), &archetype("fighter")), "Knight");
        assert_eq!(pack.race_name("pyrai"), "Py'rai");
    }

    #[test]
    fn a_pair_without_a_class_has_an_empty_name() {
        let holed = PACK.replace("mage = \"Archwizard\"", "");
        let pack = GamePack::parse(&holed).unwrap();
        let mage = pack.archetype("primary_archetype", "mage").unwrap();
        assert_eq!(pack.class_name(&mage, &mage), "");
        let long = PACK.replace("Archwizard", &"x".repeat(51));
        assert!(GamePack::parse(&long).unwrap_err().to_string().contains("mage + mage"));
    }

    #[test]
    fn what_is_retired_keeps_its_name_and_is_refused() {
        let retired = PACK.replace("id = \"pyrai\"", "id = \"pyrai\"\nretired = true");
        let retired = retired.replace("id = \"bard\"", "id = \"bard\"\nretired = true");
        let pack = GamePack::parse(&retired).unwrap();
        assert!(!pack.race("race", "pyrai").unwrap_err().message.contains("pyrai"));
        assert!(pack.archetype("primary_archetype", "bard").is_err());
        assert_eq!(pack.race_name("pyrai"), "Py'rai");
    }

    #[test]
    fn an_unknown_archetype_lists_the_choices() {
        let fault = GamePack::parse(PACK).unwrap().archetype("primary_archetype", "wizard").unwrap_err();
        assert!(fault.message.contains("fighter, tank"), "{}", fault.message);
    }
}
