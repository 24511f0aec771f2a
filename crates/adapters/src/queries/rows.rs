//! Rows as they are read, and how they become the domain's types.

use std::str::FromStr;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use myashes_domain::builds::{Build, BuildContent, BuildSummary, Owner, Tally};
use myashes_domain::ids::BuildId;
use myashes_domain::session::SessionHash;
use myashes_domain::votes::{Rating, Vote};
use myashes_domain::{Error, Result};
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::Conn;
use crate::sql::error::DbResult;
use crate::sql::schema::{build_ranks, builds, votes};
use crate::sql::types::{SqlTimestamp, hash32};

/// What the owner of a build writes, without its data: the columns that are inserted, rewritten, read and exported.
#[derive(Debug, Clone, Insertable, AsChangeset, Queryable, Selectable, Serialize)]
#[diesel(table_name = builds, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct ContentRow {
    pub name: String,
    pub description: Option<String>,
    pub primary_archetype: String,
    pub secondary_archetype: String,
    pub class_name: String,
    pub race: String,
    pub visibility: String,
    #[serde(serialize_with = "stored_json")]
    pub tags: String,
}

impl ContentRow {
    pub fn of(content: &BuildContent) -> Result<Self> {
        let tags =
            serde_json::to_string(&content.tags).map_err(|error| Error::internal(format!("tags: {error}")));
        Ok(Self {
            name: content.name.clone(),
            description: content.description.clone(),
            primary_archetype: content.primary_archetype.clone(),
            secondary_archetype: content.secondary_archetype.clone(),
            class_name: content.class_name.clone(),
            race: content.race.clone(),
            visibility: content.visibility.into_str().to_owned(),
            tags: tags?,
        })
    }

    /// The content of the build of this id.
    pub fn content(self, build_id: &str) -> Result<BuildContent> {
        let tags = serde_json::from_str(&self.tags);
        let tags = tags.map_err(|error| Error::internal(format!("the tags of build {build_id}: {error}")));
        self.with_tags(tags?)
    }

    /// The content with these tags instead of those that are stored.
    pub fn with_tags(self, tags: Vec<String>) -> Result<BuildContent> {
        Ok(BuildContent {
            name: self.name,
            description: self.description,
            primary_archetype: self.primary_archetype,
            secondary_archetype: self.secondary_archetype,
            class_name: self.class_name,
            race: self.race,
            visibility: stored("visibility", &self.visibility)?,
            tags,
        })
    }
}

/// A stored JSON text as it is, so that numbers are those that were sent.
pub fn stored_json<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serde_json::from_str::<&RawValue>(text).map_err(S::Error::custom)?.serialize(serializer)
}

/// A build without what is wide.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = builds)]
pub struct SummaryRow {
    pub id: i64,
    pub build_id: String,
    #[diesel(embed)]
    pub content: ContentRow,
    pub is_template: bool,
    pub game_version: String,
    pub session: Option<Vec<u8>>,
    pub player_id: Option<String>,
    pub steam_id: Option<String>,
    pub display_name: Option<String>,
    pub created_at: SqlTimestamp,
    pub updated_at: SqlTimestamp,
    pub revision: i64,
    pub hidden: bool,
}

/// What votes move of a build.
#[derive(Debug, Clone, Copy, Queryable, Selectable)]
#[diesel(table_name = build_ranks)]
pub struct RankRow {
    pub stars_1: i32,
    pub stars_2: i32,
    pub stars_3: i32,
    pub stars_4: i32,
    pub stars_5: i32,
    pub bayesian: f64,
    pub trend: f64,
    pub tally_revision: i64,
}

impl RankRow {
    pub fn tally(&self) -> Tally {
        let stars = [self.stars_1, self.stars_2, self.stars_3, self.stars_4, self.stars_5];
        Tally { stars: stars.map(i64::from) }
    }
}

impl SummaryRow {
    pub fn summary(self, rank: RankRow) -> Result<BuildSummary> {
        Ok(BuildSummary {
            content: self.content.content(&self.build_id)?,
            id: BuildId::stored(self.build_id),
            hidden: self.hidden,
            is_template: self.is_template,
            game_version: self.game_version,
            owner: Owner {
                session: self.session.as_deref().map(|hash| SessionHash(hash32(hash))),
                player_id: self.player_id,
                steam_id: self.steam_id,
                display_name: self.display_name,
            },
            created_at: self.created_at.0,
            updated_at: self.updated_at.0,
            tally: rank.tally(),
        })
    }

    pub fn build(self, rank: RankRow, build_data: Option<String>) -> Result<Build> {
        let revision = self.revision;
        Ok(Build { summary: self.summary(rank)?, build_data, revision, tally_revision: rank.tally_revision })
    }
}

/// The variant of the name in a column; `what` names the column in the error.
pub fn stored<T: FromStr>(what: &str, name: &str) -> Result<T> {
    name.parse().map_err(|_| Error::internal(format!("a stored {what} of {name:?}")))
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = votes)]
pub struct VoteRow {
    pub id: i64,
    pub build: i64,
    pub session: Vec<u8>,
    pub player_id: Option<String>,
    pub rating: i16,
    pub cast_at: SqlTimestamp,
}

impl VoteRow {
    pub fn vote(self) -> Result<Vote> {
        Ok(Vote {
            id: self.id,
            session: SessionHash(hash32(&self.session)),
            player_id: self.player_id,
            rating: rating(self.rating)?,
            cast_at: self.cast_at.0,
        })
    }
}

pub fn rating(stars: i16) -> Result<Rating> {
    Rating::parse(i64::from(stars)).map_err(|_| Error::internal(format!("a stored rating of {stars}")))
}

/// The row number of a build.
pub async fn row_of(conn: &mut Conn, build: &BuildId) -> DbResult<Option<i64>> {
    let row = builds::table.filter(builds::build_id.eq(build.as_str())).select(builds::id).first(conn).await;
    Ok(row.optional()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_that_cannot_be_read_name_their_build_and_not_their_text() {
        let row = ContentRow {
            name: "Wolf".to_owned(),
            description: None,
            primary_archetype: "tank".to_owned(),
            secondary_archetype: "cleric".to_owned(),
            class_name: "Paladin".to_owned(),
            race: "vek".to_owned(),
            visibility: "private".to_owned(),
            tags: "[secret".to_owned(),
        };
        let why = row.content("b_1").unwrap_err().cause();
        assert!(why.contains("b_1") && !why.contains("secret"), "{why}");
    }
}
