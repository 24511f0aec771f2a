//! Validated input for creating or changing a build, and the content that is stored of it.

use super::build_data::BuildData;
use super::model::{Build, NewBuild, Owner, Visibility};
use super::tags::Tags;
use crate::clock::Timestamp;
use crate::error::FieldError;
use crate::game::{ArchetypeId, GamePack, RaceId};
use crate::ids::BuildId;
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

impl BuildDraft {
    /// The least that a build is made of: public, without a description, tags and data.
    #[must_use]
    pub fn new(name: BuildName, primary: ArchetypeId, secondary: ArchetypeId, race: RaceId) -> Self {
        Self {
            name,
            description: None,
            primary,
            secondary,
            race,
            visibility: Visibility::Public,
            tags: Tags::default(),
            build_data: None,
        }
    }

    /// The build to store, of the present version of the game.
    #[must_use]
    pub fn into_build(self, game: &GamePack, id: BuildId, owner: Owner, created_at: Timestamp) -> NewBuild {
        let Self { name, description, primary, secondary, race, visibility, tags, build_data } = self;
        let content = BuildContent {
            class_name: game.class_name(&primary, &secondary).to_owned(),
            name: name.0,
            description: description.map(|text| text.0),
            primary_archetype: primary.as_str().to_owned(),
            secondary_archetype: secondary.as_str().to_owned(),
            race: race.as_str().to_owned(),
            visibility,
            tags: tags.0,
        };
        NewBuild {
            id,
            search_text: content.search_text(game),
            content,
            build_data: build_data.map(BuildData::into_json),
            is_template: false,
            game_version: game.version.clone(),
            owner,
            created_at,
        }
    }
}

impl BuildPatch {
    /// What to store of `build` with these changes. The class follows the archetypes.
    ///
    /// # Errors
    /// A validation error when an archetype that decides the class is no longer in the game.
    pub fn apply_to(self, build: &Build, game: &GamePack, at: Timestamp) -> Result<Rewrite, FieldError> {
        let Self { name, description, primary, secondary, race, exposure, tags, build_data } = self;
        let mut content = build.summary.content.clone();
        if primary.is_some() || secondary.is_some() {
            let or_present = |given: Option<ArchetypeId>, field, present: &str| match given {
                Some(id) => Ok(id),
                None => game.archetype(field, present),
            };
            let primary = or_present(primary, "primary_archetype", &content.primary_archetype)?;
            let secondary = or_present(secondary, "secondary_archetype", &content.secondary_archetype)?;
            game.class_name(&primary, &secondary).clone_into(&mut content.class_name);
            primary.as_str().clone_into(&mut content.primary_archetype);
            secondary.as_str().clone_into(&mut content.secondary_archetype);
        }
        if let Some(name) = name {
            content.name = name.0;
        }
        if let Some(description) = description {
            content.description = description.map(|text| text.0);
        }
        if let Some(race) = race {
            race.as_str().clone_into(&mut content.race);
        }
        if let Some(exposure) = exposure {
            content.visibility = exposure.resolve(Some(content.visibility));
        }
        if let Some(tags) = tags {
            content.tags = tags.0;
        }
        let build_data = match build_data {
            Some(changed) => changed.map(BuildData::into_json),
            None => build.build_data.clone(),
        };
        Ok(Rewrite { search_text: content.search_text(game), content, build_data, at })
    }
}

/// What the owner of a build writes, without its data, which lists do not show.
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
    /// The class, as stored with the last change of an archetype; empty for a pair without one.
    pub class_name: String,
    /// The id of the race.
    pub race: String,
    /// Who may see the build while no administrator has hidden it.
    pub visibility: Visibility,
    /// The tags in their stored form, in the owner's order.
    pub tags: Vec<String>,
}

impl BuildContent {
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

/// The new content of a build, with its search text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    /// The content to store in place of the present one.
    pub content: BuildContent,
    /// Compact JSON.
    pub build_data: Option<String>,
    /// [`BuildContent::search_text`] of the new content.
    pub search_text: String,
    /// The time of the change, which becomes `updated_at`.
    pub at: Timestamp,
}

impl Rewrite {
    /// Whether the build has this content and these data already.
    #[must_use]
    pub fn is_same_as(&self, build: &Build) -> bool {
        self.content == build.summary.content && self.build_data == build.build_data
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
            let archetype = |id| game.archetype("", id).unwrap();
            let draft = BuildDraft {
                description: Some(Description(description)),
                ..BuildDraft::new(
                    BuildName(name),
                    archetype("tank"),
                    archetype("fighter"),
                    game.race("", "vek").unwrap(),
                )
            };
            let at = Timestamp::from_micros(0).unwrap();
            let text = draft.into_build(&game, BuildId::stored(String::new()), Owner::default(), at).search_text;
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
}
