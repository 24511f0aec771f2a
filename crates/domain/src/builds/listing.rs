//! Which builds to list, in what order, and what a list is.

use strum::{EnumString, IntoStaticStr, VariantNames};

use super::model::BuildSummary;
use crate::clock::Timestamp;
use crate::error::FieldError;
use crate::ids::BuildId;
use crate::page::{Binding, Key, PageRequest, Total};
use crate::session::SessionHash;
use crate::text::{SearchTerm, fold_term};

/// How a list is sorted. Ties go to the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "lowercase", const_into_str)]
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

/// Whose builds a list is over.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scope {
    Public,
    /// Every visibility, of one caller.
    OwnedBy {
        session: SessionHash,
        player_id: Option<String>,
    },
}

/// Which builds of its scope a list holds. Values that nothing has give an empty list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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

    fn bind(&self, cursors: Binding) -> Binding {
        let Self {
            scope,
            search,
            class_name,
            primary_archetype,
            secondary_archetype,
            race,
            tag,
            is_template,
            game_version,
        } = self;
        let (session, player) = match scope {
            Scope::Public => (None, None),
            Scope::OwnedBy { session, player_id } => (Some(hex::encode(session.0)), player_id.as_ref()),
        };
        cursors
            .with("session", session)
            .with("player", player)
            .with("search", search.as_ref().map(SearchTerm::folded))
            .with("class_name", class_name.as_ref())
            .with("primary_archetype", primary_archetype.as_ref())
            .with("secondary_archetype", secondary_archetype.as_ref())
            .with("race", race.as_ref())
            .with("tag", tag.as_ref())
            .with("is_template", is_template.as_ref())
            .with("game_version", game_version.as_ref())
    }

    /// Folds a class filter as the lists compare it.
    ///
    /// # Errors
    /// A fault on `class_name` as for a search term.
    pub fn class_part(raw: &str) -> Result<Option<String>, FieldError> {
        fold_term("class_name", raw)
    }
}

/// A list to fetch.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BuildQuery {
    pub filter: BuildFilter,
    pub sort: Sort,
    pub page: PageRequest,
}

impl BuildQuery {
    /// What cursors of this list are bound to.
    #[must_use]
    pub fn binding(&self) -> Binding {
        self.filter.bind(Binding::to_list("builds").with("sort", Some(self.sort.into_str())))
    }
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

/// A page as it was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// Each with its place in the sort.
    pub builds: Vec<(BuildSummary, Key)>,
    /// How many there are in all, where the page could not be found without knowing that.
    pub total: Option<Total>,
}

/// A row of a build, as a sitemap names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildRow {
    pub row: i64,
    pub id: BuildId,
    pub updated_at: Timestamp,
}

/// What may be meant by a search term.
#[derive(Debug, Clone, PartialEq)]
pub struct Resembling {
    /// Places among the newest, each ranked by how well its build fits.
    pub places: Vec<Key>,
    /// Every build that holds the term is among them.
    pub complete: bool,
}

/// A stretch of UTC days that ends today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "lowercase", const_into_str)]
pub enum Period {
    /// Today and yesterday.
    Day,
    Week,
    Month,
    All,
}

impl Period {
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
    use crate::page::Position;

    fn cursors_of(scope: Scope) -> Binding {
        let page = PageRequest { position: Position::Page(1), limit: 20 };
        BuildQuery { filter: BuildFilter::all(scope), sort: Sort::Newest, page }.binding()
    }

    #[test]
    fn cursors_of_one_session_are_not_those_of_another() {
        let owned = |session: &str, player_id: Option<&str>| {
            let player_id = player_id.map(str::to_owned);
            cursors_of(Scope::OwnedBy { session: SessionHash::of(session), player_id })
        };
        assert_ne!(owned("one", None), owned("other", None));
        assert_ne!(owned("one", None), owned("one", Some("player")));
        assert_ne!(owned("one", None), cursors_of(Scope::Public));
        assert_eq!(owned("one", None), owned("one", None));
    }
}
