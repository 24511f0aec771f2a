//! A build as it appears in lists: in the gallery and among similar builds.

use crate::archetype::{Archetype, archetype_pair, class_title};
use crate::query::encode_segment;
use crate::site::Site;
use crate::stars::Stars;
use crate::text;

/// The most tags of a card.
const MAX_TAGS: usize = 4;

/// A build of a list, or of a card image.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BuildCard {
    pub build_id: String,
    pub name: String,
    /// The class; empty when the game data knows none for the archetypes.
    pub class_name: String,
    pub primary: Archetype,
    pub secondary: Archetype,
    /// The displayed name of the race.
    pub race: String,
    pub tags: Vec<String>,
    /// The displayed name of the author.
    pub author: String,
    pub is_template: bool,
    /// The mean of the votes; `None` without votes.
    pub rating: Option<f64>,
    pub vote_count: u64,
    pub game_version: String,
    /// RFC 3339.
    pub created_at: String,
}

impl BuildCard {
    /// The path of the build's page.
    #[must_use]
    pub fn href(&self, site: &Site) -> String {
        site.path(&build_path(&self.build_id))
    }

    /// The class, or both archetypes where it has no name.
    #[must_use]
    pub fn class_title(&self) -> String {
        class_title(&self.class_name, &self.primary, &self.secondary)
    }

    /// Both archetypes in words.
    #[must_use]
    pub fn archetypes(&self) -> String {
        archetype_pair(&self.primary, &self.secondary)
    }

    /// The name, or the class where the name has nothing visible.
    #[must_use]
    pub fn shown_name(&self) -> String {
        if text::plain(&self.name).is_empty() { self.class_title() } else { self.name.clone() }
    }

    /// The author, or `anonymous` where the name has nothing visible.
    #[must_use]
    pub fn shown_author(&self) -> &str {
        if text::plain(&self.author).is_empty() { "anonymous" } else { &self.author }
    }

    /// The tags that have something visible.
    #[must_use]
    pub fn shown_tags(&self) -> Vec<&str> {
        self.tags.iter().map(String::as_str).filter(|it| !text::plain(it).is_empty()).collect()
    }

    /// The first tags; a card in a list shows no more.
    #[must_use]
    pub fn first_tags(&self) -> Vec<&str> {
        let mut tags = self.shown_tags();
        tags.truncate(MAX_TAGS);
        tags
    }

    /// How many tags a card of a list leaves out.
    #[must_use]
    pub fn further_tags(&self) -> usize {
        self.shown_tags().len().saturating_sub(MAX_TAGS)
    }

    /// The rating as stars.
    #[must_use]
    pub fn stars(&self) -> Option<Stars> {
        self.rating.map(Stars::new)
    }

    /// The number of votes in words.
    #[must_use]
    pub fn votes(&self) -> String {
        text::count(self.vote_count, "vote")
    }

    /// The day of creation in words.
    #[must_use]
    pub fn day(&self) -> String {
        text::day(&self.created_at)
    }
}

/// The path of a build's page below the mount path.
#[must_use]
pub fn build_path(build_id: &str) -> String {
    format!("/b/{}", encode_segment(build_id))
}
