//! What a build is.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::clock::Timestamp;
use crate::error::Fault;
use crate::game::{ArchetypeId, GamePack, RaceId};
use crate::ids::BuildId;
use crate::page::{PageRequest, Total};
use crate::ranking::shown_rating;
use crate::session::{Caller, Player, SessionHash};
use crate::text::{SearchTerm, bounded, fold, searchable};

/// Who may see a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Visibility {
    /// In every list.
    Public,
    /// For whoever has the id.
    Unlisted,
    /// For its owner.
    Private,
}

impl Visibility {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Unlisted => "unlisted",
            Self::Private => "private",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Public, Self::Unlisted, Self::Private].into_iter().find(|it| it.name() == name)
    }
}

/// What a request says of visibility, in either of the two ways the contract knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exposure {
    Exactly(Visibility),
    IsPublic(bool),
}

impl Exposure {
    /// Joins `visibility` and `is_public`; neither is `None`.
    ///
    /// # Errors
    /// A fault on `is_public` when the two contradict each other.
    pub fn join(visibility: Option<Visibility>, is_public: Option<bool>) -> Result<Option<Self>, Fault> {
        match (visibility, is_public) {
            (Some(visibility), Some(public)) if (visibility == Visibility::Public) != public => {
                Err(Fault::new("is_public", "contradiction", "must agree with visibility"))
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

/// 1 to 100 characters, trimmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildName(String);

impl BuildName {
    pub const MAX: usize = 100;

    pub fn parse(raw: &str) -> Result<Self, Fault> {
        bounded("name", raw, 1, Self::MAX).map(Self)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Up to 2000 characters, trimmed. An empty one is no description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description(String);

impl Description {
    pub const MAX: usize = 2000;

    pub fn parse(raw: &str) -> Result<Option<Self>, Fault> {
        let text = bounded("description", raw, 0, Self::MAX)?;
        Ok((!text.is_empty()).then_some(Self(text)))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Up to ten tags of 1 to 30 characters, lower-case, each once, in the order given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tags(Vec<String>);

impl Tags {
    pub const MOST: usize = 10;
    pub const MAX: usize = 30;

    pub fn parse<S: AsRef<str>>(raw: &[S]) -> Result<Self, Fault> {
        let mut seen = BTreeSet::new();
        let mut tags = Vec::new();
        for tag in raw {
            let tag = Self::one(tag.as_ref())?;
            if seen.insert(tag.clone()) {
                tags.push(tag);
            }
        }
        if tags.len() > Self::MOST {
            return Err(Fault::new("tags", "too_many", format!("must be at most {} tags", Self::MOST)));
        }
        Ok(Self(tags))
    }

    /// One tag in its stored form.
    pub fn one(raw: &str) -> Result<String, Fault> {
        bounded("tags", &raw.to_lowercase(), 1, Self::MAX)
    }

    #[must_use]
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }
}

/// What the calculator keeps of a build: a JSON object the service does not look into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildData(String);

impl BuildData {
    /// Bytes of its compact JSON.
    pub const MAX_BYTES: usize = 32 * 1024;
    /// Levels of objects and arrays, the outermost counted.
    pub const MAX_DEPTH: usize = 16;

    pub fn parse(value: &Value) -> Result<Self, Fault> {
        if !value.is_object() {
            return Err(Fault::new("build_data", "type", "must be an object"));
        }
        if depth(value) > Self::MAX_DEPTH {
            let message = format!("must be at most {} levels deep", Self::MAX_DEPTH);
            return Err(Fault::new("build_data", "too_deep", message));
        }
        let json = value.to_string();
        if json.len() > Self::MAX_BYTES {
            let message = format!("must be at most {} bytes of JSON", Self::MAX_BYTES);
            return Err(Fault::new("build_data", "too_large", message));
        }
        Ok(Self(json))
    }

    /// Compact JSON.
    #[must_use]
    pub fn as_json(&self) -> &str {
        &self.0
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// What a caller gives to create a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildDraft {
    pub name: BuildName,
    pub description: Option<Description>,
    pub primary: ArchetypeId,
    pub secondary: ArchetypeId,
    pub race: RaceId,
    pub visibility: Visibility,
    pub tags: Tags,
    pub build_data: Option<BuildData>,
}

/// What a caller gives to change a build: `None` leaves a field as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuildPatch {
    pub name: Option<BuildName>,
    pub description: Option<Option<Description>>,
    pub primary: Option<ArchetypeId>,
    pub secondary: Option<ArchetypeId>,
    pub race: Option<RaceId>,
    pub exposure: Option<Exposure>,
    pub tags: Option<Tags>,
    pub build_data: Option<Option<BuildData>>,
}

/// The part of a build that its owner writes, ready to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildContent {
    pub name: String,
    pub description: Option<String>,
    pub primary_archetype: String,
    pub secondary_archetype: String,
    pub class_name: String,
    pub race: String,
    pub visibility: Visibility,
    pub tags: Vec<String>,
    /// Compact JSON.
    pub build_data: Option<String>,
}

impl BuildContent {
    /// The content of a new build.
    #[must_use]
    pub fn of(draft: BuildDraft, game: &GamePack) -> Self {
        Self {
            class_name: game.class_name(&draft.primary, &draft.secondary).to_owned(),
            name: draft.name.0,
            description: draft.description.map(|text| text.0),
            primary_archetype: draft.primary.as_str().to_owned(),
            secondary_archetype: draft.secondary.as_str().to_owned(),
            race: draft.race.as_str().to_owned(),
            visibility: draft.visibility,
            tags: draft.tags.0,
            build_data: draft.build_data.map(|data| data.0),
        }
    }

    /// This content with `patch` laid over it. The class follows the archetypes.
    ///
    /// # Errors
    /// A fault when the class is to follow an archetype the game no longer has.
    pub fn patched(mut self, patch: BuildPatch, game: &GamePack) -> Result<Self, Fault> {
        if patch.primary.is_some() || patch.secondary.is_some() {
            let or_present = |given: Option<ArchetypeId>, field, present: &str| match given {
                Some(id) => Ok(id),
                None => game.archetype(field, present),
            };
            let primary = or_present(patch.primary, "primary_archetype", &self.primary_archetype)?;
            let secondary = or_present(patch.secondary, "secondary_archetype", &self.secondary_archetype)?;
            game.class_name(&primary, &secondary).clone_into(&mut self.class_name);
            primary.as_str().clone_into(&mut self.primary_archetype);
            secondary.as_str().clone_into(&mut self.secondary_archetype);
        }
        if let Some(name) = patch.name {
            self.name = name.0;
        }
        if let Some(description) = patch.description {
            self.description = description.map(|text| text.0);
        }
        if let Some(race) = patch.race {
            race.as_str().clone_into(&mut self.race);
        }
        if let Some(exposure) = patch.exposure {
            self.visibility = exposure.resolve(Some(self.visibility));
        }
        if let Some(tags) = patch.tags {
            self.tags = tags.0;
        }
        if let Some(build_data) = patch.build_data {
            self.build_data = build_data.map(|data| data.0);
        }
        Ok(self)
    }

    /// What searches look in: name, description, class, and the race by id and by display name.
    #[must_use]
    pub fn search_text(&self, game: &GamePack) -> String {
        let race_name = game.race_name(&self.race);
        let description = self.description.as_deref().unwrap_or_default();
        searchable(&[&self.name, &self.class_name, &self.race, race_name, description])
    }
}

/// Whom a build belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Owner {
    /// The session that made it; `None` for templates.
    pub session: Option<SessionHash>,
    pub player_id: Option<String>,
    pub steam_id: Option<String>,
    pub display_name: Option<String>,
}

impl Owner {
    #[must_use]
    pub fn of(caller: &Caller) -> Self {
        let player = caller.player.as_ref();
        Self {
            session: Some(caller.session),
            player_id: player.map(|it| it.player_id.clone()),
            steam_id: player.and_then(|it| it.steam_id.clone()),
            display_name: player.and_then(|it: &Player| it.display_name.clone()),
        }
    }
}

/// Votes on a build, in sum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub vote_count: i64,
    pub rating_sum: i64,
}

impl Tally {
    /// The mean to show; see [`shown_rating`].
    #[must_use]
    pub fn rating(&self) -> Option<f64> {
        shown_rating(self.rating_sum, self.vote_count)
    }
}

/// A build without its data, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildSummary {
    pub id: BuildId,
    pub name: String,
    pub description: Option<String>,
    pub primary_archetype: String,
    pub secondary_archetype: String,
    pub class_name: String,
    pub race: String,
    pub visibility: Visibility,
    pub is_template: bool,
    pub tags: Vec<String>,
    pub game_version: String,
    pub owner: Owner,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub tally: Tally,
}

impl BuildSummary {
    /// Whom to name as its maker.
    #[must_use]
    pub fn created_by(&self) -> &str {
        if self.is_template {
            return "MyAshes Official";
        }
        self.owner.display_name.as_deref().unwrap_or("anonymous")
    }

    #[must_use]
    pub fn owned_by(&self, caller: &Caller) -> bool {
        !self.is_template && caller.owns(self.owner.session, self.owner.player_id.as_deref())
    }

    #[must_use]
    pub fn visible_to(&self, caller: &Caller) -> bool {
        self.visibility != Visibility::Private || self.owned_by(caller)
    }
}

/// A whole build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    pub summary: BuildSummary,
    /// Compact JSON.
    pub build_data: Option<String>,
    /// Counts the owner's edits, from 1.
    pub revision: i64,
    /// Counts everything else that changes how the build is shown: votes, claims.
    pub tally_revision: i64,
}

impl Build {
    /// The owner's part, to lay a patch over.
    #[must_use]
    pub fn content(&self) -> BuildContent {
        let it = &self.summary;
        BuildContent {
            name: it.name.clone(),
            description: it.description.clone(),
            primary_archetype: it.primary_archetype.clone(),
            secondary_archetype: it.secondary_archetype.clone(),
            class_name: it.class_name.clone(),
            race: it.race.clone(),
            visibility: it.visibility,
            tags: it.tags.clone(),
            build_data: self.build_data.clone(),
        }
    }
}

/// A build to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBuild {
    pub id: BuildId,
    pub content: BuildContent,
    pub search_text: String,
    pub is_template: bool,
    pub game_version: String,
    pub owner: Owner,
    pub created_at: Timestamp,
}

/// How a list is sorted. Ties go to the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sort {
    Newest,
    /// By the Bayesian mean.
    Rating,
    /// By votes.
    Popular,
    Trending,
    /// By closeness to the search term, similar spellings included.
    Relevance,
}

impl Sort {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Rating => "rating",
            Self::Popular => "popular",
            Self::Trending => "trending",
            Self::Relevance => "relevance",
        }
    }
}

/// Whose builds a list is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    Public,
    /// Every visibility, of one caller.
    OwnedBy {
        session: SessionHash,
        player_id: Option<String>,
    },
}

/// Which builds of its scope a list holds. Values that nothing has give an empty list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildFilter {
    pub scope: Scope,
    pub search: Option<SearchTerm>,
    /// A part of the class name, folded.
    pub class_name: Option<String>,
    pub primary_archetype: Option<String>,
    pub secondary_archetype: Option<String>,
    pub race: Option<String>,
    pub tag: Option<String>,
    pub is_template: Option<bool>,
    pub game_version: Option<String>,
}

impl BuildFilter {
    #[must_use]
    pub fn all(scope: Scope) -> Self {
        Self {
            scope,
            search: None,
            class_name: None,
            primary_archetype: None,
            secondary_archetype: None,
            race: None,
            tag: None,
            is_template: None,
            game_version: None,
        }
    }

    /// A text that is equal exactly for equal filters: the cache's key, and what cursors are bound to.
    #[must_use]
    pub fn canonical(&self) -> String {
        format!("{self:?}")
    }

    /// Folds a class filter as the lists compare it.
    #[must_use]
    pub fn class_part(raw: &str) -> Option<String> {
        let part = fold(raw.trim());
        (!part.is_empty()).then_some(part)
    }
}

/// A list to fetch.
#[derive(Debug, Clone, PartialEq)]
pub struct BuildQuery {
    pub filter: BuildFilter,
    pub sort: Sort,
    pub page: PageRequest,
}

/// A page of builds and how many there are in all.
#[derive(Debug, Clone, PartialEq)]
pub struct BuildList {
    pub builds: Vec<BuildSummary>,
    pub total: Total,
    pub page: u32,
    pub limit: u32,
    pub next_cursor: Option<String>,
}

/// A stretch of UTC days that ends today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Period {
    /// Today and yesterday.
    Day,
    Week,
    Month,
    All,
}

impl Period {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::All => "all",
        }
    }

    /// How many days it covers, today included; `None` for all time.
    #[must_use]
    pub fn days(self) -> Option<u32> {
        match self {
            Self::Day => Some(2),
            Self::Week => Some(7),
            Self::Month => Some(30),
            Self::All => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_public_false_hides_but_leaves_unlisted_alone() {
        let hide = Exposure::IsPublic(false);
        assert_eq!(hide.resolve(None), Visibility::Private);
        assert_eq!(hide.resolve(Some(Visibility::Public)), Visibility::Private);
        assert_eq!(hide.resolve(Some(Visibility::Unlisted)), Visibility::Unlisted);
    }

    #[test]
    fn contradicting_visibility_is_a_fault() {
        assert!(Exposure::join(Some(Visibility::Unlisted), Some(true)).is_err());
        assert!(Exposure::join(Some(Visibility::Public), Some(false)).is_err());
        assert!(Exposure::join(Some(Visibility::Unlisted), Some(false)).is_ok());
    }

    #[test]
    fn tags_are_lowered_and_counted_once() {
        assert_eq!(Tags::parse(&["PvP", "pvp ", "Solo"]).unwrap().as_slice(), ["pvp", "solo"]);
        let many: Vec<_> = (0..11).map(|n| n.to_string()).collect();
        assert_eq!(Tags::parse(&many).unwrap_err().code, "too_many");
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
