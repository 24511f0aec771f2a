//! Conversion of the domain's builds to the views of pages.

use myashes_domain::builds::{BuildFacets, BuildSummary, FacetField};
use myashes_domain::game::GamePack;
use myashes_web::{Archetype, BuildCard, Facet, FacetValue, Filter, GalleryQuery};
use strum::VariantArray as _;

use crate::http::encoding::decode_query;
use crate::http::fields::QueryValue as _;

/// A build as lists and card images show it.
pub fn build_card(build: &BuildSummary, game: &GamePack) -> BuildCard {
    BuildCard {
        build_id: build.id.to_string(),
        name: build.content.name.clone(),
        class_name: build.content.class_name.clone(),
        primary: archetype(game, &build.content.primary_archetype),
        secondary: archetype(game, &build.content.secondary_archetype),
        race: game.race_name(&build.content.race).to_owned(),
        tags: build.content.tags.clone(),
        author: build.created_by().to_owned(),
        is_template: build.is_template,
        rating: build.tally.rating(),
        vote_count: votes(build),
        game_version: build.game_version.clone(),
        created_at: build.created_at.to_string(),
    }
}

/// The counts beside the filters. Chosen values that are not among the most frequent ones are there, too, so that they
/// have their names.
pub fn facets(counts: &BuildFacets, chosen: &GalleryQuery, game: &GamePack) -> Vec<Facet> {
    let facet = |filter: Filter| {
        let field: Option<FacetField> = filter.into_str().parse().ok();
        let counted = field.and_then(|field| counts.values.get(&field)).into_iter().flatten();
        let mut values: Vec<FacetValue> = counted
            .map(|it| FacetValue {
                label: label(game, filter, &it.value),
                value: it.value.clone(),
                count: it.count,
            })
            .collect();
        for value in chosen.values(filter) {
            if !values.iter().any(|it| it.value == *value) {
                values.push(FacetValue { label: label(game, filter, value), value: value.clone(), count: 0 });
            }
        }
        Facet { filter, values }
    };
    Filter::VARIANTS.iter().copied().map(facet).collect()
}

/// The displayed name of a value.
fn label(game: &GamePack, filter: Filter, value: &str) -> String {
    match filter {
        Filter::PrimaryArchetype | Filter::SecondaryArchetype => archetype(game, value).name,
        Filter::Race => game.race_name(value).to_owned(),
        _ => value.to_owned(),
    }
}

/// An archetype with its displayed name; a retired one is called by its id.
pub fn archetype(game: &GamePack, id: &str) -> Archetype {
    let name = game.archetypes.iter().find(|it| it.id == id).map_or(id, |it| &it.name);
    Archetype::new(id, name)
}

fn votes(build: &BuildSummary) -> u64 {
    u64::try_from(build.tally.vote_count()).unwrap_or(0)
}

/// The filters of a query string that was accepted as those of a list.
pub fn gallery_query(query: &str) -> GalleryQuery {
    let mut gallery = GalleryQuery::default();
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (Ok(name), Ok(value)) = (decode_query(name), decode_query(value)) else { continue };
        let value = value.trim();
        if value.is_empty() {
            continue;
        }
        let values =
            || value.split(',').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect();
        match &*name {
            "search" => gallery.search = Some(value.to_owned()),
            "tag_mode" => gallery.all_tags = value == "all",
            "is_template" => gallery.is_template = bool::from_query(value),
            "creator" => gallery.creator = Some(value.to_owned()),
            "sort" => gallery.sort = value.parse().ok(),
            name => {
                if let Ok(filter) = name.parse() {
                    gallery = gallery.with(filter, values());
                }
            }
        }
    }
    gallery
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_that_is_counted_is_a_filter_of_the_gallery() {
        for field in FacetField::ALL {
            let name = field.into_str();
            assert!(name.parse::<Filter>().is_ok(), "{name} has no filter");
        }
    }
}
