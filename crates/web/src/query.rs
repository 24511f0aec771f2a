//! What the gallery shows, and the links that change one part of it.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::site::Site;

/// A filter that takes several values, in the order in which pages show them. Its name is the query parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Filter {
    PrimaryArchetype,
    SecondaryArchetype,
    ClassName,
    Race,
    Tag,
    GameVersion,
}

impl Filter {
    /// The name that people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::PrimaryArchetype => "First archetype",
            Self::SecondaryArchetype => "Second archetype",
            Self::ClassName => "Class",
            Self::Race => "Race",
            Self::Tag => "Tag",
            Self::GameVersion => "Game version",
        }
    }
}

/// The order of the gallery. Its name is the value of the query parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "lowercase", const_into_str)]
pub enum Sort {
    Newest,
    Rating,
    Popular,
    Trending,
    Relevance,
}

impl Sort {
    /// The name that people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Newest => "Newest",
            Self::Rating => "Best rated",
            Self::Popular => "Popular",
            Self::Trending => "Trending",
            Self::Relevance => "Best match",
        }
    }
}

/// The search, filters and order of a gallery page; its place in the list is not a part of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GalleryQuery {
    pub search: Option<String>,
    /// The chosen values of the filters that have any.
    pub values: BTreeMap<Filter, Vec<String>>,
    /// Whether a build needs all tags; any of them otherwise.
    pub all_tags: bool,
    pub is_template: Option<bool>,
    /// The Steam id of the player whose builds are shown.
    pub creator: Option<String>,
    /// The chosen order; without one see [`GalleryQuery::effective_sort`].
    pub sort: Option<Sort>,
}

impl GalleryQuery {
    /// The order that applies: the chosen one, else the best match of a search, else the newest.
    #[must_use]
    pub fn effective_sort(&self) -> Sort {
        let has_search = self.search.is_some();
        match self.sort {
            Some(Sort::Relevance) if !has_search => Sort::Newest,
            Some(sort) => sort,
            None if has_search => Sort::Relevance,
            None => Sort::Newest,
        }
    }

    /// The values of a filter.
    #[must_use]
    pub fn values(&self, filter: Filter) -> &[String] {
        self.values.get(&filter).map_or(&[], Vec::as_slice)
    }

    /// The query with these values of a filter and no others.
    #[must_use]
    pub fn with(mut self, filter: Filter, values: Vec<String>) -> Self {
        self.values.insert(filter, values);
        self.values.retain(|_, values| !values.is_empty());
        self
    }

    /// Whether nothing is narrowed down.
    #[must_use]
    pub fn is_unfiltered(&self) -> bool {
        Self { sort: self.sort, all_tags: self.all_tags, ..Self::default() } == *self
    }

    /// The query with a value of a filter added, or taken away where it is chosen already.
    #[must_use]
    pub fn toggle(&self, filter: Filter, value: &str) -> Self {
        let mut values = self.values(filter).to_vec();
        if values.iter().any(|it| it == value) {
            values.retain(|it| it != value);
        } else {
            values.push(value.to_owned());
        }
        self.clone().with(filter, values)
    }

    /// The query without a filter.
    #[must_use]
    pub fn without(&self, filter: Filter) -> Self {
        self.clone().with(filter, vec![])
    }

    /// The query with another order.
    #[must_use]
    pub fn sorted(&self, sort: Sort) -> Self {
        Self { sort: Some(sort), ..self.clone() }
    }

    /// The query in the order of a feed.
    #[must_use]
    pub fn newest(&self) -> Self {
        Self { sort: None, ..self.clone() }
    }

    /// The query without its search; an order that needs one goes with it.
    #[must_use]
    pub fn without_search(&self) -> Self {
        Self { search: None, sort: self.sort.filter(|it| *it != Sort::Relevance), ..self.clone() }
    }

    /// The parameters as they stand in a URL and in hidden fields, in a fixed order.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut parameters = Vec::new();
        if let Some(search) = &self.search {
            parameters.push(("search", search.clone()));
        }
        for (filter, values) in &self.values {
            parameters.push((filter.into_str(), values.join(",")));
        }
        if self.all_tags && self.values(Filter::Tag).len() > 1 {
            parameters.push(("tag_mode", "all".to_owned()));
        }
        if let Some(is_template) = self.is_template {
            parameters.push(("is_template", is_template.to_string()));
        }
        if let Some(creator) = &self.creator {
            parameters.push(("creator", creator.clone()));
        }
        if let Some(sort) = self.sort {
            parameters.push(("sort", sort.into_str().to_owned()));
        }
        parameters
    }

    /// The link to the first page of the gallery.
    #[must_use]
    pub fn href(&self, site: &Site) -> String {
        site.path(&self.below("/builds", None))
    }

    /// The link to the page that begins at a cursor.
    #[must_use]
    pub fn href_at(&self, site: &Site, cursor: &str) -> String {
        site.path(&self.below("/builds", Some(cursor)))
    }

    /// A path with the parameters behind it.
    #[must_use]
    pub fn below(&self, path: &str, cursor: Option<&str>) -> String {
        let mut parameters = self.parameters();
        if let Some(cursor) = cursor {
            parameters.push(("cursor", cursor.to_owned()));
        }
        let pairs: Vec<String> =
            parameters.iter().map(|(name, value)| format!("{name}={}", encode_value(value))).collect();
        if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
    }
}

/// Everything but the unreserved characters of RFC 3986 is encoded; the comma separates values.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b',');

/// A comma has no meaning in a path.
const SEGMENT: &AsciiSet = &VALUE.add(b',');

/// A value of a query parameter.
#[must_use]
pub fn encode_value(value: &str) -> String {
    utf8_percent_encode(value, VALUE).to_string()
}

/// A segment of a path.
#[must_use]
pub fn encode_segment(segment: &str) -> String {
    utf8_percent_encode(segment, SEGMENT).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query() -> GalleryQuery {
        let searched =
            GalleryQuery { search: Some("a&b=c".to_owned()), all_tags: true, ..GalleryQuery::default() };
        searched
            .with(Filter::Race, vec!["vek".to_owned()])
            .with(Filter::Tag, vec!["pvp".to_owned(), "javascript:x".to_owned()])
    }

    #[test]
    fn every_value_is_encoded() {
        assert_eq!(
            query().below("/builds", Some("x=")),
            "/builds?search=a%26b%3Dc&race=vek&tag=pvp,javascript%3Ax&tag_mode=all&cursor=x%3D"
        );
        assert_eq!(GalleryQuery::default().below("/builds", None), "/builds");
    }

    #[test]
    fn a_chosen_value_is_taken_away() {
        let other = query().toggle(Filter::Race, "vek").toggle(Filter::Race, "dunir");
        assert_eq!(other.values(Filter::Race), ["dunir"]);
        assert!(query().without(Filter::Tag).values(Filter::Tag).is_empty());
    }

    #[test]
    fn a_search_is_sorted_by_match_unless_another_order_is_chosen() {
        assert_eq!(query().effective_sort(), Sort::Relevance);
        assert_eq!(query().sorted(Sort::Rating).effective_sort(), Sort::Rating);
        assert_eq!(query().sorted(Sort::Relevance).without_search().effective_sort(), Sort::Newest);
        assert!(GalleryQuery::default().sorted(Sort::Popular).is_unfiltered());
        assert!(!query().is_unfiltered());
    }
}
