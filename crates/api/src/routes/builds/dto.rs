//! What callers send to create and change builds.

use myashes_domain::FieldErrors;
use myashes_domain::builds::{
    BuildData, BuildDraft, BuildName, BuildPatch, Description, RequestedVisibility, Tags, Visibility,
};
use myashes_domain::game::GamePack;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::http::fields::{
    Field, FieldErrorCollector, ObjectText, nullable, object_text, optional, required,
};
use crate::http::one_of::{VisibilityName, one_of};

/// One tag of a build.
#[derive(ToSchema)]
#[schema(as = Tag, value_type = String, min_length = 1, max_length = 30)]
pub struct TagText(pub String);

/// A build to create.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(as = NewBuild)]
pub struct BuildBody {
    #[serde(default)]
    #[validate(custom(function = required), length(min = 1, max = 100))]
    #[schema(value_type = String, min_length = 1, max_length = 100, required)]
    name: Field<String>,
    #[serde(default)]
    #[validate(custom(function = nullable), length(max = 2000))]
    #[schema(value_type = Option<String>, max_length = 2000)]
    description: Field<String>,
    /// In any case; the game data lists them.
    #[serde(default)]
    #[validate(custom(function = required))]
    #[schema(value_type = String, required, example = "tank")]
    primary_archetype: Field<String>,
    #[serde(default)]
    #[validate(custom(function = required))]
    #[schema(value_type = String, required, example = "fighter")]
    secondary_archetype: Field<String>,
    #[serde(default)]
    #[validate(custom(function = required))]
    #[schema(value_type = String, required, example = "vek")]
    race: Field<String>,
    /// `true` when neither this nor `visibility` is given; `false` alone means `private`.
    #[serde(default)]
    #[validate(custom(function = optional))]
    #[schema(value_type = bool)]
    is_public: Field<bool>,
    /// Must agree with `is_public`.
    #[serde(default)]
    #[validate(custom(function = optional))]
    #[schema(value_type = VisibilityName)]
    visibility: Field<String>,
    /// Each of 1 to 30 characters; stored in lower case, each once.
    #[serde(default)]
    #[validate(custom(function = optional))]
    #[schema(value_type = Vec<TagText>, max_items = 10)]
    tags: Field<Vec<String>>,
    /// At most 32 KiB of JSON and 16 levels deep. Numbers come back as they were sent.
    #[serde(default, deserialize_with = "object_text")]
    #[validate(custom(function = nullable))]
    #[schema(value_type = Option<Object>)]
    build_data: Field<ObjectText>,
}

/// Changes to a build; what is left out stays.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(as = BuildChanges)]
pub struct BuildPatchBody {
    #[serde(default)]
    #[validate(custom(function = optional), length(min = 1, max = 100))]
    #[schema(value_type = String, min_length = 1, max_length = 100)]
    name: Field<String>,
    #[serde(default)]
    #[validate(custom(function = nullable), length(max = 2000))]
    #[schema(value_type = Option<String>, max_length = 2000)]
    description: Field<String>,
    #[serde(default)]
    #[validate(custom(function = optional))]
    #[schema(value_type = String)]
    primary_archetype: Field<String>,
    #[serde(default)]
    #[validate(custom(function = optional))]
    #[schema(value_type = String)]
    secondary_archetype: Field<String>,
    #[serde(default)]
    #[validate(custom(function = optional))]
    #[schema(value_type = String)]
    race: Field<String>,
    /// `false` alone leaves an unlisted build unlisted.
    #[serde(default)]
    #[validate(custom(function = optional))]
    #[schema(value_type = bool)]
    is_public: Field<bool>,
    #[serde(default)]
    #[validate(custom(function = optional))]
    #[schema(value_type = VisibilityName)]
    visibility: Field<String>,
    #[serde(default)]
    #[validate(custom(function = optional))]
    #[schema(value_type = Vec<TagText>, max_items = 10)]
    tags: Field<Vec<String>>,
    #[serde(default, deserialize_with = "object_text")]
    #[validate(custom(function = nullable))]
    #[schema(value_type = Option<Object>)]
    build_data: Field<ObjectText>,
}

impl BuildBody {
    /// # Errors
    /// All validation errors of the body.
    pub fn draft(self, game: &GamePack) -> Result<BuildDraft, FieldErrors> {
        let mut checked = FieldErrorCollector::of(&self);
        let name = checked.parse(&self.name, |raw| BuildName::parse(raw));
        let description = checked.parse(&self.description, |raw| Description::parse(raw)).flatten();
        let primary = checked.parse(&self.primary_archetype, |raw| game.archetype("primary_archetype", raw));
        let secondary =
            checked.parse(&self.secondary_archetype, |raw| game.archetype("secondary_archetype", raw));
        let race = checked.parse(&self.race, |raw| game.race("race", raw));
        let exposure = exposure(&mut checked, &self.visibility, &self.is_public);
        let tags = checked.parse(&self.tags, |raw| Tags::parse(raw)).unwrap_or_default();
        let build_data = checked.parse(&self.build_data, |json| BuildData::parse_text(json.0.get()));
        let draft = name.zip(primary.zip(secondary).zip(race)).map(|(name, ((primary, secondary), race))| {
            let visibility = exposure.map_or(Visibility::Public, |it| it.resolve(None));
            BuildDraft { name, description, primary, secondary, race, visibility, tags, build_data }
        });
        checked.finish(draft)
    }
}

impl BuildPatchBody {
    /// # Errors
    /// All validation errors of the body.
    pub fn patch(self, game: &GamePack) -> Result<BuildPatch, FieldErrors> {
        let mut checked = FieldErrorCollector::of(&self);
        let patch = BuildPatch {
            name: checked.parse(&self.name, |raw| BuildName::parse(raw)),
            description: if self.description.is_null() {
                Some(None)
            } else {
                checked.parse(&self.description, |raw| Description::parse(raw))
            },
            primary: checked.parse(&self.primary_archetype, |raw| game.archetype("primary_archetype", raw)),
            secondary: checked
                .parse(&self.secondary_archetype, |raw| game.archetype("secondary_archetype", raw)),
            race: checked.parse(&self.race, |raw| game.race("race", raw)),
            exposure: exposure(&mut checked, &self.visibility, &self.is_public),
            tags: checked.parse(&self.tags, |raw| Tags::parse(raw)),
            build_data: if self.build_data.is_null() {
                Some(None)
            } else {
                checked.parse(&self.build_data, |json| BuildData::parse_text(json.0.get())).map(Some)
            },
        };
        checked.finish(Some(patch))
    }
}

fn exposure(
    checked: &mut FieldErrorCollector,
    visibility: &Field<String>,
    is_public: &Field<bool>,
) -> Option<RequestedVisibility> {
    let visibility = checked.parse(visibility, |raw| one_of("visibility", raw));
    checked.take(RequestedVisibility::from_fields(visibility, is_public.value().copied())).flatten()
}
