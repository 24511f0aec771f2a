//! The gallery and the page of a build.

use actix_web::{HttpRequest, HttpResponse, web};
use myashes_domain::Error;
use myashes_domain::builds::{Build, BuildFilter, BuildQuery, BuildSummary, Scope, Sort, Visibility};
use myashes_domain::ids::BuildId;
use myashes_domain::page::{PageRequest, Position};
use myashes_web::{BuildData, BuildPage, GalleryPage, Site};

use super::views::{build_card, facets, gallery_query};
use crate::error::ApiError;
use crate::http::pages;
use crate::http::query;
use crate::http::response_cache::{CachedResponse, Made};
use crate::http::services::Services;
use crate::routes::builds::build_id;
use crate::routes::builds::query::ListParameters;

/// How many builds of the same class a page shows.
const SIMILAR: u32 = 6;

pub(super) async fn gallery(
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let site = super::site(&services)?;
    let query = query::read::<ListParameters>(&request)?.searched_by_relevance().query(Scope::Public)?;
    let shown = gallery_query(request.query_string());
    let key = request.query_string().to_owned();
    let make = || async {
        let (list, counts) =
            futures_util::try_join!(services.builds.list(&query), services.builds.facets(&query.filter))?;
        let page = GalleryPage {
            builds: list.builds.iter().map(|it| build_card(it, &services.game)).collect(),
            total: list.total.count,
            total_capped: list.total.capped,
            partial: list.partial,
            facets: facets(&counts, &shown, &services.game),
            facets_approximate: counts.approximate,
            next_cursor: list.next_cursor,
            query: shown,
            is_first: matches!(query.page.position, Position::Page(1)),
            ..GalleryPage::default()
        };
        Ok(Made::ForAll(pages::page(page.render(site))?))
    };
    let page = services.pages.cache.galleries.get(&key, make).await?;
    Ok(pages::respond(&request, &page))
}

pub(super) async fn build(
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let site = super::site(&services)?;
    let id = build_id(&request)?;
    let make = || async {
        let build = services.builds.get_shared(&id).await?;
        Ok(Made::ForAll(build_page(&services, site, &build).await?))
    };
    let page = services.pages.cache.builds.get(&id, make).await?;
    Ok(pages::respond(&request, &page))
}

async fn build_page(services: &Services, site: &Site, build: &Build) -> Result<CachedResponse, Error> {
    let summary = &build.summary;
    let similar = similar(services, summary).await?;
    let page = BuildPage {
        build: build_card(summary, &services.game),
        description: summary.content.description.clone(),
        visibility: match summary.content.visibility {
            Visibility::Public => myashes_web::Visibility::Public,
            Visibility::Unlisted | Visibility::Private => myashes_web::Visibility::Unlisted,
        },
        updated_at: summary.updated_at.to_string(),
        distribution: summary.tally.stars.map(|it| u64::try_from(it).unwrap_or(0)),
        current_version: services.game.version.clone(),
        data: build.build_data.as_deref().map(BuildData::from_json).unwrap_or_default(),
        creator: summary.owner.steam_id.clone(),
        similar: similar.iter().map(|it| build_card(it, &services.game)).collect(),
    };
    pages::page(page.render(site))
}

/// The best rated public builds of the same class, without the build itself.
async fn similar(services: &Services, build: &BuildSummary) -> Result<Vec<BuildSummary>, Error> {
    let mut filter = BuildFilter::all(Scope::Public);
    filter.primary_archetype = vec![build.content.primary_archetype.clone()];
    filter.secondary_archetype = vec![build.content.secondary_archetype.clone()];
    let page = PageRequest { position: Position::Page(1), limit: SIMILAR + 1 };
    let mut list = services.builds.list(&BuildQuery { filter, sort: Sort::Rating, page }).await?.builds;
    let is_other = |id: &BuildId| *id != build.id;
    list.retain(|it| is_other(&it.id));
    list.truncate(SIMILAR as usize);
    Ok(list)
}
