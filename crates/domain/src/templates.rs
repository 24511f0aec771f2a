//! Official starter builds: their file is parsed and checked as strictly as a caller's request.

use std::collections::BTreeSet;

use chrono::DateTime;
use serde::Deserialize;
use serde_json::Value;

use crate::builds::{BuildData, BuildDraft, BuildName, Description, NewBuild, Owner, Tags};
use crate::clock::Timestamp;
use crate::error::{FieldError, FieldErrors};
use crate::game::GamePack;
use crate::ids::BuildId;

/// What the id of every template begins with, so that no generated id can be one: those have no second `_`.
pub const ID_PREFIX: &str = "b_tpl_";

/// Why a template file was refused.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the template file is not usable: {0}")]
pub struct TemplateError(String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    templates: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    name: String,
    description: String,
    primary_archetype: String,
    secondary_archetype: String,
    race: String,
    tags: Vec<String>,
    created_at: String,
    build_data: Value,
}

/// Reads a template file against the game pack that names its classes and its version. The builds come in
/// the order of the file.
///
/// # Errors
/// Names the first invalid template by its id, and all of its validation errors.
pub fn parse(source: &str, game: &GamePack) -> Result<Vec<NewBuild>, TemplateError> {
    let file: File = toml::from_str(source).map_err(|error| TemplateError(error.message().to_owned()))?;
    let mut seen = BTreeSet::new();
    let mut builds = Vec::with_capacity(file.templates.len());
    for entry in file.templates {
        if !seen.insert(entry.id.clone()) {
            return Err(TemplateError(format!("{} appears more than once", entry.id)));
        }
        builds.push(entry.check(game)?);
    }
    Ok(builds)
}

impl Entry {
    fn check(self, game: &GamePack) -> Result<NewBuild, TemplateError> {
        let mut faults = FieldErrors::default();
        let id = faults.take(self.id());
        let created_at = faults.take(self.created_at());
        let name = faults.take(BuildName::parse(&self.name));
        let description = faults.take(Description::parse(&self.description));
        let primary = faults.take(game.archetype("primary_archetype", &self.primary_archetype));
        let secondary = faults.take(game.archetype("secondary_archetype", &self.secondary_archetype));
        let race = faults.take(game.race("race", &self.race));
        let tags = faults.take(Tags::parse(&self.tags));
        let build_data = faults.take(BuildData::parse(&self.build_data));
        let draft = || {
            Some(BuildDraft {
                description: description?,
                tags: tags?,
                build_data: Some(build_data?),
                ..BuildDraft::new(name?, primary?, secondary?, race?)
            })
        };
        let (Some(id), Some(created_at), Some(draft)) = (id, created_at, draft()) else {
            return Err(self.refused(&faults));
        };
        Ok(NewBuild { is_template: true, ..draft.into_build(game, id, Owner::default(), created_at) })
    }

    fn id(&self) -> Result<BuildId, FieldError> {
        let wrong =
            || FieldError::new("id", "form", format!("must be {ID_PREFIX} and 1 to 6 letters or digits"));
        let rest = self.id.strip_prefix(ID_PREFIX).ok_or_else(wrong)?;
        if rest.is_empty() || !rest.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
            return Err(wrong());
        }
        BuildId::parse(&self.id).ok_or_else(wrong)
    }

    fn created_at(&self) -> Result<Timestamp, FieldError> {
        let at = DateTime::parse_from_rfc3339(&self.created_at);
        at.map(|at| Timestamp::new(at.to_utc()))
            .map_err(|_| FieldError::new("created_at", "form", "must be an RFC 3339 timestamp"))
    }

    fn refused(&self, faults: &FieldErrors) -> TemplateError {
        let messages: Vec<_> =
            faults.0.iter().map(|fault| format!("{} {}", fault.field, fault.message)).collect();
        TemplateError(format!("{}: {}", self.id, messages.join("; ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builds::Visibility;

    const PACK: &str = include_str!("../../../game/ashes-of-creation.toml");
    const TEMPLATES: &str = include_str!("../../../game/templates.toml");

    fn game() -> GamePack {
        GamePack::parse(PACK).unwrap()
    }

    fn refusal(from: &str, to: &str) -> String {
        assert!(TEMPLATES.contains(from), "{from}");
        parse(&TEMPLATES.replacen(from, to, 1), &game()).unwrap_err().to_string()
    }

    #[test]
    fn every_archetype_has_a_starter_build_and_every_race_appears() {
        let game = game();
        let templates = parse(TEMPLATES, &game).unwrap();
        assert!(templates.len() >= 16);
        for archetype in &game.archetypes {
            let of = templates.iter().filter(|it| it.content.primary_archetype == archetype.id);
            assert!(of.count() >= 2, "{}", archetype.id);
        }
        for race in &game.races {
            assert!(templates.iter().any(|it| it.content.race == race.id), "{}", race.id);
        }
    }

    #[test]
    fn templates_are_public_without_an_owner_and_named_by_the_pack() {
        let templates = parse(TEMPLATES, &game()).unwrap();
        let wall = templates.iter().find(|it| it.id.as_str() == "b_tpl_tnk01").unwrap();
        assert!(wall.is_template);
        assert_eq!((wall.content.visibility, &wall.owner), (Visibility::Public, &Owner::default()));
        assert_eq!(
            (wall.content.class_name.as_str(), wall.game_version.as_str()),
            ("Guardian", "early-access")
        );
        assert!(templates.iter().all(|it| it.id.as_str().len() <= 12));
    }

    #[test]
    fn reading_the_file_twice_gives_the_same_builds() {
        assert_eq!(parse(TEMPLATES, &game()).unwrap(), parse(TEMPLATES, &game()).unwrap());
    }

    #[test]
    fn a_template_at_fault_is_named_with_all_its_faults() {
        let refusal = refusal("primary_archetype = \"tank\"\nsecondary_archetype = \"tank\"", {
            "primary_archetype = \"wizard\"\nsecondary_archetype = \"baker\""
        });
        assert!(refusal.contains("b_tpl_tnk01: primary_archetype must be one of"), "{refusal}");
        assert!(refusal.contains("; secondary_archetype must be one of"), "{refusal}");
    }

    #[test]
    fn an_id_twice_or_of_another_form_is_refused() {
        assert!(refusal("b_tpl_ftr02", "b_tpl_ftr01").contains("appears more than once"));
        assert!(refusal("b_tpl_ftr02", "b_tpl_fighter").contains("id must be"));
        assert!(refusal("b_tpl_ftr02", "b_abcdefgh").contains("id must be"));
    }
}
