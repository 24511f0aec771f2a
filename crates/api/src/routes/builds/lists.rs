//! Lists of builds.

use actix_web::{HttpRequest, HttpResponse, web};
use myashes_domain::builds::{BuildFacets, BuildList, FacetField, Scope, Suggestion};
use serde::Serialize;
use utoipa::ToSchema;

use super::query::{ListParameters, PopularParameters, SuggestParameters, TagParameters};
use super::view::{ListItem, PopularItem};
use crate::error::ApiError;
use crate::http::answer::ok;
use crate::http::caller::CurrentCaller;
use crate::http::one_of::{OneOf, PeriodName, SuggestionKindName};
use crate::http::query;
use crate::http::services::Services;

/// A page of builds.
#[derive(Serialize, ToSchema)]
#[schema(as = BuildPage)]
struct ListBody<'a> {
    builds: Vec<ListItem<'a>>,
    total: u64,
    /// `total` stands for "more than that".
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    total_capped: bool,
    page: u32,
    limit: u32,
    has_more: bool,
    #[schema(required)]
    next_cursor: Option<&'a str>,
    /// A bounded search ended before the page was full; `next_cursor` goes on from there.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    partial: bool,
    /// With `facets=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    facets: Option<FacetsBody<'a>>,
    /// Some facets are counted over the first 1,000 matches.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    facets_approximate: bool,
}

/// The ten most frequent values of each field under the list's other filters.
#[derive(Serialize, ToSchema)]
#[schema(as = BuildFacets)]
struct FacetsBody<'a> {
    primary_archetype: Vec<FacetValue<'a>>,
    secondary_archetype: Vec<FacetValue<'a>>,
    class_name: Vec<FacetValue<'a>>,
    race: Vec<FacetValue<'a>>,
    game_version: Vec<FacetValue<'a>>,
    tag: Vec<FacetValue<'a>>,
}

/// A value and how many builds have it.
#[derive(Serialize, ToSchema)]
struct FacetValue<'a> {
    value: &'a str,
    count: u64,
}

impl<'a> From<&'a BuildFacets> for FacetsBody<'a> {
    fn from(facets: &'a BuildFacets) -> Self {
        let values = |field| {
            let values = facets.values.get(&field).into_iter().flatten();
            values.map(|it| FacetValue { value: &it.value, count: it.count }).collect()
        };
        Self {
            primary_archetype: values(FacetField::PrimaryArchetype),
            secondary_archetype: values(FacetField::SecondaryArchetype),
            class_name: values(FacetField::ClassName),
            race: values(FacetField::Race),
            game_version: values(FacetField::GameVersion),
            tag: values(FacetField::Tag),
        }
    }
}

fn page(list: &BuildList, facets: Option<&BuildFacets>) -> HttpResponse {
    ok(&ListBody {
        partial: list.partial,
        facets: facets.map(FacetsBody::from),
        facets_approximate: facets.is_some_and(|it| it.approximate),
        builds: list.builds.iter().map(ListItem::from).collect(),
        total: list.total.count,
        total_capped: list.total.capped,
        page: list.page,
        limit: list.limit,
        has_more: list.next_cursor.is_some(),
        next_cursor: list.next_cursor.as_deref(),
    })
}

/// List public builds
///
/// With `search`, a build that was created in the last five seconds may be missing.
#[utoipa::path(get, path = "/api/v1/builds", tag = "builds", params(ListParameters),
    responses((status = 200, description = "A page of builds", body = ListBody<'_>)))]
pub(super) async fn list_builds(
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let parameters = query::read::<ListParameters>(&request)?;
    let with_facets = parameters.facets();
    let query = parameters.query(Scope::Public)?;
    let list = services.builds.list(&query).await?;
    let facets = match with_facets {
        true => Some(services.builds.facets(&query.filter).await?),
        false => None,
    };
    Ok(page(&list, facets.as_ref()))
}

#[derive(Serialize, ToSchema)]
#[schema(as = TagList)]
struct TagsBody<'a> {
    tags: Vec<TagCount<'a>>,
}

/// A tag and how many public builds have it.
#[derive(Serialize, ToSchema)]
struct TagCount<'a> {
    tag: &'a str,
    count: u64,
}

/// List the tags of public builds
///
/// Most used first.
#[utoipa::path(get, path = "/api/v1/builds/tags", tag = "builds", params(TagParameters),
    responses((status = 200, description = "Tags", body = TagsBody<'_>)))]
pub(super) async fn build_tags(
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let (prefix, limit) = query::read::<TagParameters>(&request)?.read()?;
    let tags = services.builds.tags(&prefix, limit).await?;
    Ok(ok(&TagsBody { tags: tags.iter().map(|it| TagCount { tag: &it.value, count: it.count }).collect() }))
}

#[derive(Serialize, ToSchema)]
#[schema(as = SuggestionList)]
struct SuggestionsBody<'a> {
    suggestions: Vec<SuggestionView<'a>>,
}

/// What a text may become.
#[derive(Serialize, ToSchema)]
#[schema(as = Suggestion)]
struct SuggestionView<'a> {
    text: &'a str,
    kind: SuggestionKindName,
    /// Public builds that have it.
    count: u64,
}

impl<'a> From<&'a Suggestion> for SuggestionView<'a> {
    fn from(it: &'a Suggestion) -> Self {
        Self { text: &it.text, kind: OneOf(it.kind), count: it.count }
    }
}

/// Suggest what to search for
///
/// Names of classes and races, tags and names of builds, best first. One typo is forgiven from four characters on;
/// classes and races are also found by their sound.
#[utoipa::path(get, path = "/api/v1/builds/suggest", tag = "builds", params(SuggestParameters),
    responses((status = 200, description = "Suggestions", body = SuggestionsBody<'_>)))]
pub(super) async fn suggest_builds(
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let (text, limit) = query::read::<SuggestParameters>(&request)?.read()?;
    let found = services.builds.suggest(&text, limit).await?;
    Ok(ok(&SuggestionsBody { suggestions: found.iter().map(SuggestionView::from).collect() }))
}

/// List one's own builds
///
/// Of every visibility; of the player, else of the session.
#[utoipa::path(get, path = "/api/v1/builds/mine", tag = "builds", params(ListParameters),
    responses((status = 200, description = "A page of builds", body = ListBody<'_>)))]
pub(super) async fn my_builds(
    services: web::Data<Services>,
    request: HttpRequest,
    CurrentCaller(caller): CurrentCaller,
) -> Result<HttpResponse, ApiError> {
    let player_id = caller.player_id().map(str::to_owned);
    let scope = Scope::OwnedBy { session: caller.session, player_id };
    let query = query::read::<ListParameters>(&request)?.query(scope)?;
    Ok(page(&services.builds.list(&query).await?, None))
}

#[derive(Serialize, ToSchema)]
#[schema(as = PopularBuilds)]
struct PopularBody<'a> {
    builds: Vec<PopularItem<'a>>,
    period: PeriodName,
    count: usize,
}

/// The widget: builds by the votes cast within a period
#[utoipa::path(get, path = "/api/v1/builds/popular", tag = "builds", params(PopularParameters),
    responses((status = 200, description = "Builds, most votes first", body = PopularBody<'_>)))]
pub(super) async fn popular_builds(
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let (period, limit, templates) = query::read::<PopularParameters>(&request)?.read()?;
    let builds = services.builds.popular(period, limit, templates).await?;
    let link = &services.rules.share_link;
    Ok(ok(&PopularBody {
        builds: builds.iter().map(|build| PopularItem::of(build, link)).collect(),
        period: OneOf(period),
        count: builds.len(),
    }))
}

#[derive(Serialize, ToSchema)]
#[schema(as = TemplateList)]
struct TemplatesBody<'a> {
    templates: Vec<ListItem<'a>>,
    count: usize,
}

/// List the official templates
///
/// By class, then by name.
#[utoipa::path(get, path = "/api/v1/builds/templates", tag = "builds",
    responses((status = 200, description = "All templates", body = TemplatesBody<'_>)))]
pub(super) async fn template_builds(services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let templates = services.builds.templates().await?;
    Ok(ok(&TemplatesBody {
        templates: templates.iter().map(ListItem::from).collect(),
        count: templates.len(),
    }))
}
