//! The gallery: search, filters, order and a grid of builds.

use askama::Template;
use strum::VariantArray as _;

use crate::archetype;
use crate::card_view::BuildCard;
use crate::error::RenderError;
use crate::filters;
use crate::query::{Filter, GalleryQuery, Sort};
use crate::site::Site;
use crate::text;

/// What the gallery shows.
#[derive(Debug, Clone, Default)]
pub struct GalleryPage {
    pub query: GalleryQuery,
    pub builds: Vec<BuildCard>,
    pub total: u64,
    /// Whether there are more than `total`.
    pub total_capped: bool,
    /// Whether the search ended at its bound of rows; `next_cursor` goes on from there.
    pub partial: bool,
    pub facets: Vec<Facet>,
    /// Whether the counts of the facets are those of the first matches only.
    pub facets_approximate: bool,
    pub next_cursor: Option<String>,
    /// Whether this is the beginning of the list.
    pub is_first: bool,
    /// The displayed name of the player that `query.creator` names.
    pub creator_name: Option<String>,
}

/// The most frequent values of a filter under the other filters. Chosen values that are not among them may be
/// added with a count of 0: the page then has a name for them.
#[derive(Debug, Clone)]
pub struct Facet {
    pub filter: Filter,
    pub values: Vec<FacetValue>,
}

/// A value of a filter.
#[derive(Debug, Clone, Default)]
pub struct FacetValue {
    /// The value of the query parameter.
    pub value: String,
    /// The name that people read.
    pub label: String,
    pub count: u64,
}

impl GalleryPage {
    /// The page as HTML.
    ///
    /// # Errors
    /// When the template fails.
    pub fn render(&self, site: &Site) -> Result<String, RenderError> {
        Ok(GalleryTemplate { site, page: self }.render()?)
    }

    fn facets(&self, site: &Site) -> Vec<FacetList> {
        let lists = Filter::VARIANTS.iter().copied().filter_map(|filter| {
            let chosen = self.query.values(filter);
            let counted = self.facets.iter().find(|it| it.filter == filter).map_or(&[][..], |it| &it.values);
            let choice = |value: &str, label: &str, count: Option<u64>| Choice {
                label: label.to_owned(),
                count: count.map(text::number),
                chosen: chosen.iter().any(|it| it == value),
                href: self.query.toggle(filter, value).href(site),
            };
            let mut choices: Vec<_> =
                counted.iter().map(|it| choice(&it.value, &it.label, Some(it.count))).collect();
            let uncounted = chosen.iter().filter(|value| !counted.iter().any(|it| it.value == **value));
            choices.extend(uncounted.map(|value| choice(value, &self.label_of(filter, value), None)));
            let open = !chosen.is_empty() || matches!(filter, Filter::PrimaryArchetype | Filter::Tag);
            (!choices.is_empty()).then(|| FacetList { label: filter.label(), open, choices })
        });
        lists.collect()
    }

    fn sorts(&self, site: &Site) -> Vec<SortLink> {
        let current = self.query.effective_sort();
        [Sort::Relevance, Sort::Newest, Sort::Rating, Sort::Popular, Sort::Trending]
            .into_iter()
            .filter(|sort| *sort != Sort::Relevance || self.query.search.is_some())
            .map(|sort| SortLink {
                label: sort.label(),
                current: sort == current,
                href: self.query.sorted(sort).href(site),
            })
            .collect()
    }

    /// The filters in force, each with a link that drops it.
    fn active(&self, site: &Site) -> Vec<ActiveFilter> {
        let mut active = Vec::new();
        if let Some(search) = &self.query.search {
            active.push(ActiveFilter {
                label: "Search",
                value: search.clone(),
                href: self.query.without_search().href(site),
            });
        }
        for &filter in Filter::VARIANTS {
            for value in self.query.values(filter) {
                active.push(ActiveFilter {
                    label: filter.label(),
                    value: self.label_of(filter, value),
                    href: self.query.toggle(filter, value).href(site),
                });
            }
        }
        if let Some(is_template) = self.query.is_template {
            let other = GalleryQuery { is_template: None, ..self.query.clone() };
            let value = if is_template { "official only" } else { "players only" };
            active.push(ActiveFilter { label: "Author", value: value.to_owned(), href: other.href(site) });
        }
        if self.query.creator.is_some() {
            let other = GalleryQuery { creator: None, ..self.query.clone() };
            let value = self.creator_name.clone().unwrap_or_else(|| "one player".to_owned());
            active.push(ActiveFilter { label: "Author", value, href: other.href(site) });
        }
        active
    }

    /// What to drop when nothing was found: the filters without which there are builds, else the search.
    fn drops(&self, site: &Site) -> Vec<ActiveFilter> {
        let mut drops: Vec<ActiveFilter> = Vec::new();
        for filter in Filter::VARIANTS.iter().copied().filter(|it| !self.query.values(*it).is_empty()) {
            let chosen = self.query.values(filter);
            let counted = self.facets.iter().find(|it| it.filter == filter).map_or(&[][..], |it| &it.values);
            let found: u64 = counted.iter().filter(|it| !chosen.contains(&it.value)).map(|it| it.count).sum();
            if found > 0 {
                let names: Vec<_> = chosen.iter().map(|it| self.label_of(filter, it)).collect();
                drops.push(ActiveFilter {
                    label: filter.label(),
                    value: names.join(", "),
                    href: self.query.without(filter).href(site),
                });
            }
        }
        if let (Some(search), true) = (&self.query.search, drops.is_empty()) {
            drops.push(ActiveFilter {
                label: "Search",
                value: search.clone(),
                href: self.query.without_search().href(site),
            });
        }
        drops
    }

    /// The search, where the builds are those whose spelling or sound is similar: none that holds it was counted.
    fn similar_to(&self) -> Option<&str> {
        let counted = self.facets.iter().flat_map(|it| &it.values).any(|it| it.count > 0);
        let found = !self.builds.is_empty() && !self.partial;
        self.query.search.as_deref().filter(|_| found && !counted)
    }

    fn label_of(&self, filter: Filter, value: &str) -> String {
        let counted = self.facets.iter().filter(|it| it.filter == filter).flat_map(|it| &it.values);
        counted
            .into_iter()
            .find(|it| it.value == value)
            .map_or_else(|| unnamed(filter, value), |it| it.label.clone())
    }
}

/// A value that no facet has a name for: ids of the game data begin with a capital, other values stay as they are.
fn unnamed(filter: Filter, value: &str) -> String {
    let is_id = matches!(filter, Filter::PrimaryArchetype | Filter::SecondaryArchetype | Filter::Race);
    let mut chars = value.chars();
    match chars.next() {
        Some(first) if is_id => first.to_uppercase().chain(chars).collect(),
        _ => value.to_owned(),
    }
}

/// A list of filter values as links.
struct FacetList {
    label: &'static str,
    open: bool,
    choices: Vec<Choice>,
}

struct Choice {
    label: String,
    count: Option<String>,
    chosen: bool,
    href: String,
}

struct SortLink {
    label: &'static str,
    current: bool,
    href: String,
}

struct ActiveFilter {
    label: &'static str,
    value: String,
    href: String,
}

#[derive(Template)]
#[template(path = "gallery.html")]
struct GalleryTemplate<'a> {
    site: &'a Site,
    page: &'a GalleryPage,
}

impl GalleryTemplate<'_> {
    fn symbols(&self) -> &'static str {
        archetype::symbols()
    }

    fn title(&self) -> String {
        match &self.page.query.search {
            Some(search) => format!("{} – builds · MyAshes", text::cut(&text::plain(search), 40)),
            None => "Ashes of Creation builds · MyAshes".to_owned(),
        }
    }

    /// The hidden fields that keep the filters in force when a search is sent.
    fn kept(&self) -> Vec<(&'static str, String)> {
        self.page.query.without_search().parameters()
    }

    fn canonical(&self) -> String {
        self.site.absolute(&self.page.query.below("/builds", None))
    }

    fn feed(&self) -> String {
        self.site.path(&self.page.query.newest().below("/feed.atom", None))
    }

    /// Searches, later pages and combined filters are left out of search engines.
    fn is_indexed(&self) -> bool {
        let query = &self.page.query;
        let values: usize = Filter::VARIANTS.iter().copied().map(|it| query.values(it).len()).sum();
        self.page.is_first && query.search.is_none() && query.sort.is_none() && values <= 1
    }

    /// Whether this is the gallery as it is found: nothing chosen, from its beginning.
    fn is_start(&self) -> bool {
        self.page.is_first && self.page.query.is_unfiltered()
    }

    fn found(&self) -> String {
        let page = self.page;
        if page.total_capped {
            format!("More than {} builds", text::number(page.total))
        } else {
            text::count(page.total, "build")
        }
    }
}
