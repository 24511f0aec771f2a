//! Builds as they are shown. The order of the fields is the contract's.

use myashes_domain::builds::{Build, BuildContent, BuildSummary, Visibility};
use myashes_domain::clock::Timestamp;
use myashes_domain::votes::Rating;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::http::one_of::{OneOf, VisibilityName};

/// A link to share, written without building the text first.
pub struct ShareUrl<'a> {
    pub link: &'a str,
    pub id: &'a str,
}

impl Serialize for ShareUrl<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}{}", self.link, self.id))
    }
}

/// A whole build.
#[derive(Serialize, ToSchema)]
#[schema(as = Build)]
pub struct BuildView<'a> {
    build_id: &'a str,
    name: &'a str,
    #[schema(required)]
    description: Option<&'a str>,
    primary_archetype: &'a str,
    secondary_archetype: &'a str,
    class_name: &'a str,
    race: &'a str,
    visibility: VisibilityName,
    is_public: bool,
    is_template: bool,
    /// An admin has hidden it: only its owner and admins see it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    hidden: bool,
    tags: &'a [String],
    /// What the calculator keeps.
    #[schema(value_type = Option<Object>, required)]
    build_data: Option<&'a RawValue>,
    game_version: &'a str,
    #[schema(value_type = String, format = "uri")]
    share_url: ShareUrl<'a>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// The mean of its votes, rounded half-even to one decimal.
    #[schema(required)]
    rating: Option<f64>,
    vote_count: i64,
    /// Votes of one to five stars, in this order.
    rating_distribution: [i64; 5],
    created_by: &'a str,
    creator: Creator<'a>,
    /// Whether the caller may change it; only with `viewer=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    can_edit: Option<bool>,
    /// The caller's own vote, null without one; only with `viewer=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 5, required = false)]
    your_rating: Option<Option<i64>>,
}

#[derive(Serialize, ToSchema)]
struct Creator<'a> {
    display_name: &'a str,
    #[schema(required)]
    steam_id: Option<&'a str>,
    is_authenticated: bool,
}

impl<'a> BuildView<'a> {
    pub fn of(build: &'a Build, link: &'a str) -> Self {
        let Build { summary, build_data, revision: _, tally_revision: _ } = build;
        let BuildSummary {
            id,
            content:
                BuildContent {
                    name,
                    description,
                    primary_archetype,
                    secondary_archetype,
                    class_name,
                    race,
                    visibility,
                    tags,
                },
            hidden,
            is_template,
            game_version,
            owner,
            created_at,
            updated_at,
            tally,
        } = summary;
        Self {
            build_id: id.as_str(),
            name,
            description: description.as_deref(),
            primary_archetype,
            secondary_archetype,
            class_name,
            race,
            visibility: OneOf(*visibility),
            is_public: *visibility == Visibility::Public,
            is_template: *is_template,
            hidden: *hidden,
            tags,
            // Stored text is JSON; should a row hold anything else, the build is shown without it.
            build_data: build_data.as_deref().and_then(|json| serde_json::from_str(json).ok()),
            game_version,
            share_url: ShareUrl { link, id: id.as_str() },
            created_at: *created_at,
            updated_at: *updated_at,
            rating: tally.rating(),
            vote_count: tally.vote_count(),
            rating_distribution: tally.stars,
            created_by: summary.created_by(),
            creator: Creator {
                display_name: summary.created_by(),
                steam_id: owner.steam_id.as_deref(),
                is_authenticated: owner.player_id.is_some(),
            },
            can_edit: None,
            your_rating: None,
        }
    }

    /// The same with what only this viewer sees.
    #[must_use]
    pub fn for_viewer(self, can_edit: bool, your_rating: Option<Rating>) -> Self {
        Self { can_edit: Some(can_edit), your_rating: Some(your_rating.map(Rating::stars)), ..self }
    }
}

/// A build in a list.
#[derive(Serialize, ToSchema)]
#[schema(as = BuildListItem)]
pub struct ListItem<'a> {
    build_id: &'a str,
    name: &'a str,
    #[schema(required)]
    description: Option<&'a str>,
    primary_archetype: &'a str,
    secondary_archetype: &'a str,
    class_name: &'a str,
    race: &'a str,
    is_template: bool,
    /// Only among the caller's own.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    hidden: bool,
    tags: &'a [String],
    game_version: &'a str,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(required)]
    rating: Option<f64>,
    vote_count: i64,
    created_by: &'a str,
}

impl<'a> From<&'a BuildSummary> for ListItem<'a> {
    fn from(summary: &'a BuildSummary) -> Self {
        let BuildSummary {
            id,
            content:
                BuildContent {
                    name,
                    description,
                    primary_archetype,
                    secondary_archetype,
                    class_name,
                    race,
                    visibility: _,
                    tags,
                },
            hidden,
            is_template,
            game_version,
            owner: _,
            created_at,
            updated_at: _,
            tally,
        } = summary;
        Self {
            build_id: id.as_str(),
            name,
            description: description.as_deref(),
            primary_archetype,
            secondary_archetype,
            class_name,
            race,
            is_template: *is_template,
            hidden: *hidden,
            tags,
            game_version,
            created_at: *created_at,
            rating: tally.rating(),
            vote_count: tally.vote_count(),
            created_by: summary.created_by(),
        }
    }
}

/// A build in the widget.
#[derive(Serialize, ToSchema)]
#[schema(as = PopularBuild)]
pub struct PopularItem<'a> {
    build_id: &'a str,
    name: &'a str,
    class_name: &'a str,
    race: &'a str,
    is_template: bool,
    #[schema(required)]
    rating: Option<f64>,
    vote_count: i64,
    #[schema(value_type = String, format = "uri")]
    share_url: ShareUrl<'a>,
    created_by: &'a str,
}

impl<'a> PopularItem<'a> {
    pub fn of(it: &'a BuildSummary, link: &'a str) -> Self {
        Self {
            build_id: it.id.as_str(),
            name: &it.content.name,
            class_name: &it.content.class_name,
            race: &it.content.race,
            is_template: it.is_template,
            rating: it.tally.rating(),
            vote_count: it.tally.vote_count(),
            share_url: ShareUrl { link, id: it.id.as_str() },
            created_by: it.created_by(),
        }
    }
}
