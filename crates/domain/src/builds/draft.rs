//! Validated input for creating or changing a build, and the content that is stored of it.

use serde_json::Value;

use super::model::Visibility;
use super::tags::Tags;
use crate::error::FieldError;
use crate::game::{ArchetypeId, GamePack, RaceId};
use crate::text::{bounded, bounded_visible, searchable};

/// The visibility that a request names, in either of the two ways of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestedVisibility {
    /// The field `visibility`.
    Exactly(Visibility),
    /// The field `is_public` alone; `false` leaves an unlisted build unlisted.
    IsPublic(bool),
}

impl RequestedVisibility {
    /// Joins `visibility` and `is_public`; neither is `None`.
    ///
    /// # Errors
    /// A validation error on `is_public` when the two contradict each other.
    pub fn from_fields(
        visibility: Option<Visibility>,
        is_public: Option<bool>,
    ) -> Result<Option<Self>, FieldError> {
        match (visibility, is_public) {
            (Some(visibility), Some(public)) if (visibility == Visibility::Public) != public => {
                Err(FieldError::new("is_public", "contradiction", "must agree with visibility"))
            }
            (Some(visibility), _) => Ok(Some(Self::Exactly(visibility))),
            (None, Some(public)) => Ok(Some(Self::IsPublic(public))),
            (None, None) => Ok(None),
        }
    }

    /// The visibility that follows; `present` is `None` for a build that is being created.
    #[must_use]
    pub fn resolve(self, present: Option<Visibility>) -> Visibility {
        match (self, present) {
            (Self::Exactly(visibility), _) => visibility,
            (Self::IsPublic(true), _) => Visibility::Public,
            (Self::IsPublic(false), Some(Visibility::Unlisted)) => Visibility::Unlisted,
            (Self::IsPublic(false), _) => Visibility::Private,
        }
    }
}

/// 1 to 100 characters, trimmed, at least one of them visible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildName(String);

impl BuildName {
    /// The most characters of a name, after trimming.
    pub const MAX: usize = 100;

    /// Parses the name of a build.
    ///
    /// # Errors
    /// A validation error on `name` when it is empty, too long, holds NUL, or has no visible character.
    pub fn parse(raw: &str) -> Result<Self, FieldError> {
        bounded_visible("name", raw, Self::MAX).map(Self)
    }

    /// Returns the trimmed name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Up to 2000 characters, trimmed. An empty one is no description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description(String);

impl Description {
    /// The most characters of a description, after trimming.
    pub const MAX: usize = 2000;

    /// Parses a description; `None` when nothing is left after trimming.
    ///
    /// # Errors
    /// A validation error on `description` when it is too long or holds NUL.
    pub fn parse(raw: &str) -> Result<Option<Self>, FieldError> {
        let text = bounded("description", raw, 0, Self::MAX)?;
        Ok((!text.is_empty()).then_some(Self(text)))
    }

    /// Returns the trimmed text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The calculator's data of a build: a JSON object that the service stores without interpreting it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildData(String);

impl BuildData {
    /// Bytes of its compact JSON.
    pub const MAX_BYTES: usize = 32 * 1024;
    /// Levels of objects and arrays, the outermost counted.
    pub const MAX_DEPTH: usize = 16;

    /// Checks a parsed value. Numbers keep the form that the parser gave them.
    ///
    /// # Errors
    /// As [`Self::parse_text`].
    pub fn parse(value: &Value) -> Result<Self, FieldError> {
        Self::checked(value, value.to_string())
    }

    /// From JSON text, whose numbers are kept digit by digit.
    ///
    /// # Errors
    /// A validation error for anything but a JSON object, and for one that is too deep or too large.
    pub fn parse_text(json: &str) -> Result<Self, FieldError> {
        let no_json = |_| FieldError::new("build_data", "type", "must be an object");
        let value: Value = serde_json::from_str(json).map_err(no_json)?;
        Self::checked(&value, compact(json))
    }

    fn checked(value: &Value, json: String) -> Result<Self, FieldError> {
        if !value.is_object() {
            return Err(FieldError::new("build_data", "type", "must be an object"));
        }
        if depth(value) > Self::MAX_DEPTH {
            let message = format!("must be at most {} levels deep", Self::MAX_DEPTH);
            return Err(FieldError::new("build_data", "too_deep", message));
        }
        if json.len() > Self::MAX_BYTES {
            let message = format!("must be at most {} bytes of JSON", Self::MAX_BYTES);
            return Err(FieldError::new("build_data", "too_large", message));
        }
        Ok(Self(json))
    }

    /// Compact JSON.
    #[must_use]
    pub fn as_json(&self) -> &str {
        &self.0
    }
}

/// Valid JSON without white space between its tokens, and with the shortest escapes. Numbers stay as they are.
fn compact(json: &str) -> String {
    let mut compacted = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(c) = rest.chars().next() {
        if c != '"' {
            if !c.is_ascii_whitespace() {
                compacted.push(c);
            }
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let (string, behind) = rest.split_at(string_length(rest));
        match serde_json::from_str::<String>(string) {
            Ok(text) => compacted.push_str(&Value::String(text).to_string()),
            Err(_) => compacted.push_str(string),
        }
        rest = behind;
    }
    compacted
}

/// Bytes of the JSON string that `json` begins with, both quotes counted.
fn string_length(json: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in json.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    json.len()
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// Validated input for a new build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildDraft {
    /// The name, as the owner wrote it.
    pub name: BuildName,
    /// The description; `None` without one.
    pub description: Option<Description>,
    /// The first archetype; both together decide the class.
    pub primary: ArchetypeId,
    /// The second archetype; it may equal the first.
    pub secondary: ArchetypeId,
    /// The race, one of those in the game pack.
    pub race: RaceId,
    /// Who may see the build.
    pub visibility: Visibility,
    /// The tags; empty without any.
    pub tags: Tags,
    /// The calculator's data; `None` without any.
    pub build_data: Option<BuildData>,
}

/// Validated changes of a build: `None` leaves a field as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuildPatch {
    /// The new name.
    pub name: Option<BuildName>,
    /// The new description; `Some(None)` removes it.
    pub description: Option<Option<Description>>,
    /// The new first archetype; the class follows.
    pub primary: Option<ArchetypeId>,
    /// The new second archetype; the class follows.
    pub secondary: Option<ArchetypeId>,
    /// The new race.
    pub race: Option<RaceId>,
    /// The new visibility, which may depend on the present one.
    pub exposure: Option<RequestedVisibility>,
    /// The new tags, which replace all present ones.
    pub tags: Option<Tags>,
    /// The new calculator's data; `Some(None)` removes it.
    pub build_data: Option<Option<BuildData>>,
}

/// The part of a build that its owner writes, ready to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildContent {
    /// The name, as the owner wrote it.
    pub name: String,
    /// The description; `None` without one.
    pub description: Option<String>,
    /// The id of the first archetype.
    pub primary_archetype: String,
    /// The id of the second archetype.
    pub secondary_archetype: String,
    /// The class that follows from both archetypes; empty for a pair without one.
    pub class_name: String,
    /// The id of the race.
    pub race: String,
    /// Who may see the build while no administrator has hidden it.
    pub visibility: Visibility,
    /// The tags in their stored form, in the owner's order.
    pub tags: Vec<String>,
    /// Compact JSON.
    pub build_data: Option<String>,
}

impl BuildContent {
    /// The content of a new build.
    #[must_use]
    pub fn of(draft: BuildDraft, game: &GamePack) -> Self {
        let BuildDraft { name, description, primary, secondary, race, visibility, tags, build_data } = draft;
        Self {
            class_name: game.class_name(&primary, &secondary).to_owned(),
            name: name.0,
            description: description.map(|text| text.0),
            primary_archetype: primary.as_str().to_owned(),
            secondary_archetype: secondary.as_str().to_owned(),
            race: race.as_str().to_owned(),
            visibility,
            tags: tags.0,
            build_data: build_data.map(|data| data.0),
        }
    }

    /// This content with `patch` laid over it. The class follows the archetypes.
    ///
    /// # Errors
    /// A validation error when an archetype that decides the class is no longer in the game.
    pub fn patched(mut self, patch: BuildPatch, game: &GamePack) -> Result<Self, FieldError> {
        let BuildPatch { name, description, primary, secondary, race, exposure, tags, build_data } = patch;
        if primary.is_some() || secondary.is_some() {
            let or_present = |given: Option<ArchetypeId>, field, present: &str| match given {
                Some(id) => Ok(id),
                None => game.archetype(field, present),
            };
            let primary = or_present(primary, "primary_archetype", &self.primary_archetype)?;
            let secondary = or_present(secondary, "secondary_archetype", &self.secondary_archetype)?;
            game.class_name(&primary, &secondary).clone_into(&mut self.class_name);
            primary.as_str().clone_into(&mut self.primary_archetype);
            secondary.as_str().clone_into(&mut self.secondary_archetype);
        }
        if let Some(name) = name {
            self.name = name.0;
        }
        if let Some(description) = description {
            self.description = description.map(|text| text.0);
        }
        if let Some(race) = race {
            race.as_str().clone_into(&mut self.race);
        }
        if let Some(exposure) = exposure {
            self.visibility = exposure.resolve(Some(self.visibility));
        }
        if let Some(tags) = tags {
            self.tags = tags.0;
        }
        if let Some(build_data) = build_data {
            self.build_data = build_data.map(|data| data.0);
        }
        Ok(self)
    }

    /// What searches look in: name, description, class, and the race by id and by display name.
    #[must_use]
    pub fn search_text(&self, game: &GamePack) -> String {
        let race_name = game.race_name(&self.race);
        let description = self.description.as_deref().unwrap_or_default();
        searchable(&[
            (&self.name, BuildName::MAX),
            (&self.class_name, BuildName::MAX),
            (&self.race, BuildName::MAX),
            (race_name, BuildName::MAX),
            (description, Description::MAX),
        ])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn searched_text_has_at_most_four_times_the_characters_of_its_fields(
            name in "[\u{fdfa}\u{2057}a. ]{1,100}",
            description in "[\u{fdfa}\u{2057}\u{fb03}b\\- ]{0,2000}",
        ) {
            let game = GamePack::parse(include_str!("../../../../game/ashes-of-creation.toml")).unwrap();
            let content = BuildContent {
                name,
                description: Some(description),
                primary_archetype: "tank".into(),
                secondary_archetype: "fighter".into(),
                class_name: "Knight".into(),
                race: "vek".into(),
                visibility: Visibility::Public,
                tags: vec![],
                build_data: None,
            };
            let text = content.search_text(&game);
            let lengths: Vec<usize> = text.split('\n').map(|line| line.chars().count()).collect();
            let limits = [401, 401, 401, 401, 8_001];
            prop_assert_eq!(lengths.len(), limits.len());
            for (length, limit) in lengths.iter().zip(limits) {
                prop_assert!(*length <= limit, "{:?}", lengths);
            }
        }
    }

    #[test]
    fn is_public_false_hides_but_leaves_unlisted_alone() {
        let hide = RequestedVisibility::IsPublic(false);
        assert_eq!(hide.resolve(None), Visibility::Private);
        assert_eq!(hide.resolve(Some(Visibility::Public)), Visibility::Private);
        assert_eq!(hide.resolve(Some(Visibility::Unlisted)), Visibility::Unlisted);
    }

    #[test]
    fn contradicting_visibility_is_a_fault() {
        assert!(RequestedVisibility::from_fields(Some(Visibility::Unlisted), Some(true)).is_err());
        assert!(RequestedVisibility::from_fields(Some(Visibility::Public), Some(false)).is_err());
        assert!(RequestedVisibility::from_fields(Some(Visibility::Unlisted), Some(false)).is_ok());
    }

    #[test]
    fn numbers_of_build_data_stay_digit_by_digit() {
        let json = "{ \"a\" : [ -0 ,\n1.0, 1e-400,18446744073709551616 ],\t\"b \\\" \\\\\":\"\\u00e9 , 1\" }";
        let kept = BuildData::parse_text(json).unwrap();
        let expected = "{\"a\":[-0,1.0,1e-400,18446744073709551616],\"b \\\" \\\\\":\"é , 1\"}";
        assert_eq!(kept.as_json(), expected);
        assert_eq!(BuildData::parse_text("[1]").unwrap_err().code, "type");
    }

    #[test]
    fn build_data_is_an_object_of_bounded_depth_and_size() {
        let nested = |levels: usize| {
            (1..levels).fold(serde_json::json!({}), |inner, _| serde_json::json!({"a": inner}))
        };
        assert!(BuildData::parse(&nested(16)).is_ok());
        assert_eq!(BuildData::parse(&nested(17)).unwrap_err().code, "too_deep");
        assert_eq!(BuildData::parse(&serde_json::json!([])).unwrap_err().code, "type");
        let large = serde_json::json!({"a": "x".repeat(BuildData::MAX_BYTES)});
        assert_eq!(BuildData::parse(&large).unwrap_err().code, "too_large");
    }
}
