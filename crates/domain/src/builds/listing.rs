//! Which builds to list, in what order, and what a list is.

use super::model::BuildSummary;
use crate::error::Fault;
use crate::page::{Key, PageRequest, Total};
use crate::session::SessionHash;
use crate::text::{SearchTerm, fold_term};

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
    ///
    /// # Errors
    /// A fault on `class_name` as for a search term.
    pub fn class_part(raw: &str) -> Result<Option<String>, Fault> {
        fold_term("class_name", raw)
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

/// A page as it was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// Each with its place in the sort.
    pub builds: Vec<(BuildSummary, Key)>,
    /// How many there are in all, where the page could not be found without knowing that.
    pub total: Option<Total>,
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
