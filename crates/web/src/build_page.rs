//! The page of one build.

use askama::Template;
use serde_json::json;

use crate::archetype;
use crate::build_data::{Body, BuildData};
use crate::card_view::{BuildCard, build_path};
use crate::error::RenderError;
use crate::filters;
use crate::query::{Filter, GalleryQuery, Sort, encode_value};
use crate::site::Site;
use crate::stars::{self, Bar, Stars};
use crate::text;

/// Who finds a build. Private builds have no page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Visibility {
    #[default]
    Public,
    /// Only by its link; excluded from search engines.
    Unlisted,
}

/// What the page of a build shows.
#[derive(Debug, Clone, Default)]
pub struct BuildPage {
    pub build: BuildCard,
    pub description: Option<String>,
    pub visibility: Visibility,
    /// RFC 3339.
    pub updated_at: String,
    /// The votes of 1 to 5 stars.
    pub distribution: [u64; 5],
    /// The present version of the game.
    pub current_version: String,
    pub data: BuildData,
    /// The Steam id of the author, for a link to the author's builds.
    pub creator: Option<String>,
    /// Up to six builds of the same class.
    pub similar: Vec<BuildCard>,
}

impl BuildPage {
    /// The page as HTML.
    ///
    /// # Errors
    /// When the template fails.
    pub fn render(&self, site: &Site) -> Result<String, RenderError> {
        Ok(BuildTemplate { site, page: self, build: &self.build }.render()?)
    }

    /// What a preview says of the build: class, race, rating and the description's beginning.
    #[must_use]
    pub fn summary(&self) -> String {
        summary(&self.build, self.description.as_deref())
    }
}

/// What a preview or a feed says of a build, in at most 200 characters.
#[must_use]
pub fn summary(build: &BuildCard, description: Option<&str>) -> String {
    let rating = match build.rating {
        Some(rating) => {
            format!("rated {} by {}", Stars::new(rating).label(), text::count(build.vote_count, "player"))
        }
        None => "not rated yet".to_owned(),
    };
    let class = build.class_title();
    let head = format!("{class} build for Ashes of Creation, {}, {rating}.", text::plain(&build.race));
    match description.map(text::plain).filter(|it| !it.is_empty()) {
        Some(description) => text::cut(&format!("{head} {description}"), 200),
        None => head,
    }
}

#[derive(Template)]
#[template(path = "build.html")]
struct BuildTemplate<'a> {
    site: &'a Site,
    page: &'a BuildPage,
    build: &'a BuildCard,
}

impl BuildTemplate<'_> {
    fn symbols(&self) -> &'static str {
        archetype::symbols()
    }

    fn plain_name(&self) -> String {
        text::plain(&self.build.shown_name())
    }

    fn title(&self) -> String {
        let class = text::cut(&self.build.class_title(), 24);
        format!("{} · {class} · MyAshes", text::cut(&self.plain_name(), 32))
    }

    /// Whether the name needs smaller type on small screens.
    fn is_long(&self) -> bool {
        self.build.name.chars().count() > 40
    }

    fn url(&self) -> String {
        self.site.absolute(&build_path(&self.build.build_id))
    }

    fn image(&self) -> String {
        format!("{}/card.png", self.url())
    }

    fn image_text(&self) -> String {
        format!("{}: {}", self.plain_name(), summary(self.build, None))
    }

    fn oembed(&self) -> String {
        self.site.absolute(&format!("/oembed?url={}&format=json", encode_value(&self.url())))
    }

    fn is_unlisted(&self) -> bool {
        self.page.visibility == Visibility::Unlisted
    }

    fn is_older(&self) -> bool {
        self.build.game_version != self.page.current_version && !self.page.current_version.is_empty()
    }

    fn website_build(&self) -> String {
        format!("{}/?build={}", self.site.website_url, encode_value(&self.build.build_id))
    }

    fn paragraphs(&self) -> Vec<&str> {
        let description = self.page.description.as_deref().unwrap_or_default();
        description.split("\n\n").map(str::trim).filter(|it| !it.is_empty()).collect()
    }

    /// Whether its author has written nothing but its name, class and tags.
    fn is_bare(&self) -> bool {
        self.page.data.is_empty() && self.paragraphs().is_empty()
    }

    fn tag_href(&self, tag: &str) -> String {
        GalleryQuery::default().with(Filter::Tag, vec![tag.to_owned()]).href(self.site)
    }

    fn author_href(&self) -> Option<String> {
        let creator = self.page.creator.clone()?;
        Some(GalleryQuery { creator: Some(creator), ..GalleryQuery::default() }.href(self.site))
    }

    fn class_href(&self) -> String {
        GalleryQuery::default()
            .with(Filter::PrimaryArchetype, vec![self.build.primary.id.clone()])
            .with(Filter::SecondaryArchetype, vec![self.build.secondary.id.clone()])
            .sorted(Sort::Rating)
            .href(self.site)
    }

    fn bars(&self) -> Vec<Bar> {
        stars::bars(self.page.distribution)
    }

    fn distribution(&self) -> String {
        self.page.distribution.map(|it| it.to_string()).join(",")
    }

    fn is_changed(&self) -> bool {
        text::day(&self.page.updated_at) != self.build.day()
    }

    fn updated_day(&self) -> String {
        text::day(&self.page.updated_at)
    }

    fn json_ld(&self) -> String {
        let build = self.build;
        let mut data = json!({
            "@context": "https://schema.org",
            "@type": "CreativeWork",
            "name": self.plain_name(),
            "description": self.page.summary(),
            "url": self.url(),
            "image": self.image(),
            "author": {
                "@type": if build.is_template { "Organization" } else { "Person" },
                "name": text::plain(build.shown_author()),
            },
            "dateCreated": build.created_at,
            "dateModified": self.page.updated_at,
            "keywords": build.shown_tags().into_iter().map(text::plain).collect::<Vec<_>>(),
            "about": {"@type": "VideoGame", "name": "Ashes of Creation"},
        });
        if let (Some(rating), true) = (build.rating, build.vote_count > 0) {
            data["aggregateRating"] = json!({
                "@type": "AggregateRating",
                "ratingValue": rating,
                "ratingCount": build.vote_count,
                "bestRating": 5,
                "worstRating": 1,
            });
        }
        text::script_safe_json(&data)
    }
}
