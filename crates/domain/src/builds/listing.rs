//! Which builds to list, in what order, and what a list is.

#![allow(missing_docs, reason = "strum derives `into_str` without documentation")]

use strum::{EnumString, IntoStaticStr, VariantNames};

use super::model::BuildSummary;
use crate::clock::Timestamp;
use crate::ids::BuildId;
use crate::page::{Binding, DEEPEST, MAX_COUNTED, PageRequest, SortKey, Total};
use crate::session::SessionHash;
use crate::text::SearchTerm;

/// How a list is sorted. Ties go to the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "lowercase", const_into_str)]
pub enum Sort {
    /// By the time of creation.
    Newest,
    /// By the Bayesian mean.
    Rating,
    /// By votes.
    Popular,
    /// By the trend, in which recent votes weigh more.
    Trending,
    /// By closeness to the search term, similar spellings included.
    Relevance,
}

/// Whose builds a list is over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Public builds of all owners, without hidden ones.
    #[default]
    Public,
    /// Every visibility, of one caller.
    OwnedBy {
        /// Builds of this session that no player has claimed.
        session: SessionHash,
        /// Builds of this player, too; `None` for an anonymous caller.
        player_id: Option<String>,
    },
}

/// Whether a list holds builds with any of the tags that are asked for, or with all of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "lowercase", const_into_str)]
pub enum TagMode {
    /// Builds with at least one of the tags.
    #[default]
    Any,
    /// Builds with every one of the tags.
    All,
}

/// Which builds of its scope a list holds. An empty list of values does not filter, a longer one lets any of them
/// through. Values that no build has give an empty list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct BuildFilter {
    /// The builds that the conditions apply to.
    pub scope: Scope,
    /// The term that a build must contain; `None` for no search.
    pub search: Option<SearchTerm>,
    /// Parts of class names, folded by [`crate::text::fold_term`].
    pub class_name: Vec<String>,
    /// Ids of first archetypes, lower-case.
    pub primary_archetype: Vec<String>,
    /// Ids of second archetypes, lower-case.
    pub secondary_archetype: Vec<String>,
    /// Ids of races, lower-case.
    pub race: Vec<String>,
    /// Tags in their stored form.
    pub tag: Vec<String>,
    /// Whether a build needs one or all of the tags.
    pub tag_mode: TagMode,
    /// Templates only, or none of them; `None` for all builds.
    pub is_template: Option<bool>,
    /// Versions of the game pack, compared as they are.
    pub game_version: Vec<String>,
    /// The Steam id of the player whose builds are listed.
    pub creator: Option<String>,
}

/// The conditions of a filter that stored facets count. It is taken apart wherever all of them must be thought of.
#[derive(Debug, Clone, Copy)]
pub struct Faceted<'a> {
    /// Parts of class names, folded.
    pub class_name: &'a [String],
    /// Ids of first archetypes.
    pub primary_archetype: &'a [String],
    /// Ids of second archetypes.
    pub secondary_archetype: &'a [String],
    /// Ids of races.
    pub race: &'a [String],
    /// Templates only, or none of them.
    pub is_template: Option<bool>,
    /// Versions of the game pack.
    pub game_version: &'a [String],
}

/// The other conditions, whose matches have to be looked for. It is taken apart as well.
#[derive(Debug, Clone, Copy)]
pub struct Narrowing<'a> {
    /// The term that a build must contain.
    pub search: Option<&'a SearchTerm>,
    /// Tags; none are no condition.
    pub tag: &'a [String],
    /// The Steam id of the player whose builds are listed.
    pub creator: Option<&'a str>,
}

impl BuildFilter {
    /// The most values of one filter.
    pub const MAX_VALUES: usize = 20;

    /// Returns a filter that lets every build of the scope through.
    #[must_use]
    pub fn all(scope: Scope) -> Self {
        Self { scope, ..Self::default() }
    }

    /// All conditions on the builds of the scope.
    #[must_use]
    pub fn conditions(&self) -> (Faceted<'_>, Narrowing<'_>) {
        let Self {
            scope: _,
            search,
            class_name,
            primary_archetype,
            secondary_archetype,
            race,
            is_template,
            game_version,
            tag,
            tag_mode: _,
            creator,
        } = self;
        let is_template = *is_template;
        (
            Faceted { class_name, primary_archetype, secondary_archetype, race, is_template, game_version },
            Narrowing { search: search.as_ref(), tag, creator: creator.as_deref() },
        )
    }

    /// The conditions that no stored facet counts.
    #[must_use]
    pub fn narrowing(&self) -> Narrowing<'_> {
        self.conditions().1
    }

    /// Whether it has such a condition.
    #[must_use]
    pub fn is_narrow(&self) -> bool {
        let Narrowing { search, tag, creator } = self.narrowing();
        search.is_some() || !tag.is_empty() || creator.is_some()
    }

    /// How deep numbered pages reach and how far matches are counted, in items.
    #[must_use]
    pub fn max_depth(&self) -> u64 {
        if self.is_narrow() { MAX_COUNTED } else { DEEPEST }
    }

    /// The same filter with each list of values in order and without repetitions, so that equal filters compare equal.
    #[must_use]
    pub fn normalized(mut self) -> Self {
        let Self {
            scope: _,
            search: _,
            class_name,
            primary_archetype,
            secondary_archetype,
            race,
            is_template: _,
            game_version,
            tag,
            tag_mode,
            creator: _,
        } = &mut self;
        for values in [class_name, primary_archetype, secondary_archetype, race, game_version, &mut *tag] {
            values.sort();
            values.dedup();
        }
        if tag.len() < 2 {
            *tag_mode = TagMode::Any;
        }
        self
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
            tag_mode,
            is_template,
            game_version,
            creator,
        } = self;
        let (session, player) = match scope {
            Scope::Public => (None, None),
            Scope::OwnedBy { session, player_id } => (Some(hex::encode(session.0)), player_id.as_ref()),
        };
        let values = |values: &[String]| (!values.is_empty()).then(|| values.join(","));
        cursors
            .with("session", session)
            .with("player", player)
            .with("search", search.as_ref().map(SearchTerm::folded))
            .with("class_name", values(class_name))
            .with("primary_archetype", values(primary_archetype))
            .with("secondary_archetype", values(secondary_archetype))
            .with("race", values(race))
            .with("tag", values(tag))
            .with("tag_mode", (*tag_mode == TagMode::All).then_some("all"))
            .with("is_template", is_template.as_ref())
            .with("game_version", values(game_version))
            .with("creator", creator.as_ref())
    }
}

/// A list to fetch.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BuildQuery {
    /// Which builds the list holds.
    pub filter: BuildFilter,
    /// The order of the list.
    pub sort: Sort,
    /// The page to return.
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
    /// The builds of this page.
    pub builds: Vec<BuildSummary>,
    /// How many builds the filter holds.
    pub total: Total,
    /// The number of the page; 1 after a cursor.
    pub page: u32,
    /// The most builds of the page.
    pub limit: u32,
    /// Where the next page begins; `None` at the end of the list.
    pub next_cursor: Option<String>,
    /// The search has reached its bound before the page was full; the cursor goes on.
    pub partial: bool,
}

/// A page as it was found.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyedPage {
    /// Each with its place in the sort.
    pub builds: Vec<(BuildSummary, SortKey)>,
    /// How many there are in all, where the page could not be found without knowing that.
    pub total: Option<Total>,
    /// Where to go on when the search has reached its bound before the page was full.
    pub rest: Option<SortKey>,
}

/// A row of a build, as a sitemap names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildRow {
    /// The row number in the database.
    pub row: i64,
    /// The public id.
    pub id: BuildId,
    /// When the owner last changed the content.
    pub updated_at: Timestamp,
}

/// Where the builds of a list were found. What they say is read separately, so that this may be kept for a while.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Matches {
    /// In the order of the list; by relevance, each ranked by how well its build fits.
    pub places: Vec<SortKey>,
    /// Where the list goes on behind the bound of the search: by its own sort, or by rating behind what is most relevant.
    pub rest: Option<SortKey>,
    /// How many builds match, where that was seen.
    pub total: Option<Total>,
}

/// A period of UTC days that ends today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "lowercase", const_into_str)]
pub enum Period {
    /// Today and yesterday.
    Day,
    /// Today and the six days before.
    Week,
    /// Today and the 29 days before.
    Month,
    /// All time.
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
    fn equal_filters_have_equal_cursors() {
        let tagged = |tags: &[&str], tag_mode| {
            let tag = tags.iter().map(|&tag| tag.to_owned()).collect();
            let filter = BuildFilter { tag, tag_mode, ..BuildFilter::all(Scope::Public) }.normalized();
            let page = PageRequest { position: Position::Page(1), limit: 20 };
            BuildQuery { filter, sort: Sort::Newest, page }.binding()
        };
        assert_eq!(tagged(&["a", "b"], TagMode::All), tagged(&["b", "a", "b"], TagMode::All));
        assert_ne!(tagged(&["a", "b"], TagMode::All), tagged(&["a", "b"], TagMode::Any));
        assert_eq!(tagged(&["a", "a"], TagMode::All), tagged(&["a"], TagMode::Any));
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
