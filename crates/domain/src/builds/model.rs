//! What a build is.

#![allow(missing_docs, reason = "strum derives `into_str` without documentation")]

use strum::{EnumString, IntoStaticStr, VariantNames};

use super::draft::BuildContent;
use crate::clock::Timestamp;
use crate::ids::BuildId;
use crate::rating::Tally;
use crate::session::{Caller, Player, SessionHash};

/// Who may see a build.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, EnumString, IntoStaticStr, VariantNames,
)]
#[strum(serialize_all = "lowercase", const_into_str)]
pub enum Visibility {
    /// In every list.
    Public,
    /// For every caller who has the id.
    Unlisted,
    /// For its owner.
    Private,
}

impl Visibility {
    /// Whether a build of this visibility is in public lists. Whatever is stored for lists follows from this.
    #[must_use]
    pub fn is_listed(self, hidden: bool) -> bool {
        self == Self::Public && !hidden
    }

    /// Whether a caller who owns the build, or does not, may see it.
    #[must_use]
    pub fn is_visible(self, hidden: bool, owned: bool) -> bool {
        owned || (self != Self::Private && !hidden)
    }
}

/// Whom a build belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Owner {
    /// The session that made it; `None` for templates.
    pub session: Option<SessionHash>,
    /// The player's id; `None` until a player creates or claims the build.
    pub player_id: Option<String>,
    /// The player's Steam id when the build was created or claimed; `None` without one.
    pub steam_id: Option<String>,
    /// The player's name when the build was created or claimed; `None` without a player.
    pub display_name: Option<String>,
}

impl Owner {
    /// Returns the owner of a build that the caller creates.
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

/// A build without its data, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildSummary {
    /// The public id.
    pub id: BuildId,
    /// What its owner wrote.
    pub content: BuildContent,
    /// By an administrator.
    pub hidden: bool,
    /// Whether it is an official starter build, which no caller owns.
    pub is_template: bool,
    /// The version of the game pack that it was created under.
    pub game_version: String,
    /// The session and the player that it belongs to.
    pub owner: Owner,
    /// When it was created.
    pub created_at: Timestamp,
    /// When its content last changed; `created_at` for an unchanged build.
    pub updated_at: Timestamp,
    /// The votes on it, counted by their stars.
    pub tally: Tally,
}

impl BuildSummary {
    /// The name to show as its author.
    #[must_use]
    pub fn created_by(&self) -> &str {
        if self.is_template {
            return "MyAshes Official";
        }
        self.owner.display_name.as_deref().unwrap_or("anonymous")
    }

    /// Returns whether it belongs to the caller; a template belongs to none.
    #[must_use]
    pub fn owned_by(&self, caller: &Caller) -> bool {
        !self.is_template && caller.owns(self.owner.session, self.owner.player_id.as_deref())
    }

    /// Returns whether the caller may see it.
    #[must_use]
    pub fn visible_to(&self, caller: &Caller) -> bool {
        self.content.visibility.is_visible(self.hidden, self.owned_by(caller))
    }

    /// Whether it is in public lists.
    #[must_use]
    pub fn is_listed(&self) -> bool {
        self.content.visibility.is_listed(self.hidden)
    }
}

/// A whole build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    /// What lists show of it.
    pub summary: BuildSummary,
    /// Compact JSON.
    pub build_data: Option<String>,
    /// Counts the owner's edits, from 1.
    pub revision: i64,
    /// Counts everything else that changes how the build is shown: votes, claims.
    pub tally_revision: i64,
}

/// A build to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBuild {
    /// The id: generated, or that of a template.
    pub id: BuildId,
    /// What its owner wrote.
    pub content: BuildContent,
    /// Compact JSON.
    pub build_data: Option<String>,
    /// [`BuildContent::search_text`] of the content.
    pub search_text: String,
    /// Whether it is an official starter build.
    pub is_template: bool,
    /// The version of the present game pack.
    pub game_version: String,
    /// The caller who creates it; empty for a template.
    pub owner: Owner,
    /// When it was created; `updated_at` begins with the same value.
    pub created_at: Timestamp,
}
