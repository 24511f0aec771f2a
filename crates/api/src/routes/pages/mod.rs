//! HTML pages and what belongs to them: card images, feeds, oEmbed, the sitemap and assets. They use no
//! session, show public data only, and use the same services as the API.

mod assets;
mod builds;
pub mod cards;
mod feeds;
mod sitemap;
mod views;

use actix_web::{HttpRequest, HttpResponse, web};
use myashes_domain::Error;
use myashes_domain::limits::LimitClass;
use myashes_web::{Site, admin_page};

use crate::error::ApiError;
use crate::http::pages;
use crate::http::services::Services;
use crate::http::table::RouteSpec;

/// Routes below the mount path, which [`enter`] takes away before they are looked for.
pub fn routes() -> Vec<RouteSpec> {
    use LimitClass::{Lists, Reads};
    vec![
        RouteSpec::undocumented("GET", "/builds", Lists, builds::gallery),
        RouteSpec::undocumented("GET", "/b/{id}", Reads, builds::build),
        RouteSpec::undocumented("GET", "/b/{id}/card.png", Reads, cards::card),
        RouteSpec::undocumented("GET", "/oembed", Reads, feeds::oembed),
        RouteSpec::undocumented("GET", "/feed.atom", Lists, feeds::atom),
        RouteSpec::undocumented("GET", "/sitemap.xml", Lists, sitemap::index),
        RouteSpec::undocumented("GET", "/sitemap/{part}", Lists, sitemap::part),
        RouteSpec::undocumented("GET", "/robots.txt", Reads, sitemap::robots),
        RouteSpec::undocumented("GET", "/admin", Reads, admin),
        RouteSpec::undocumented("GET", "/assets/{name}", Reads, assets::asset),
    ]
}

/// Where the pages are mounted, if they are enabled.
///
/// # Errors
/// [`Error::NotFound`].
fn site(services: &Services) -> Result<&Site, Error> {
    services.rules.site.as_ref().ok_or(Error::NotFound)
}

async fn admin(services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let site = site(&services)?;
    if !services.rules.admin.configured {
        return Err(Error::NotFound.into());
    }
    Ok(pages::respond(&request, &pages::page(admin_page::render(site))?))
}
