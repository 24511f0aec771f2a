//! HTML pages and what belongs to them: card images, feeds, oEmbed, the sitemap and assets. They use no
//! session, show public data only, and use the same services as the API.

mod assets;
mod builds;
pub mod cards;
mod feeds;
mod html;
mod sitemap;
mod views;

use actix_web::{HttpRequest, HttpResponse, web};
use myashes_domain::Error;
use myashes_domain::limits::LimitClass;
use myashes_web::{Site, admin_page};

pub use html::error_page;

use crate::error::ApiError;
use crate::http::table::RouteSpec;
use crate::services::Services;

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

/// The first segments of pages' paths.
const SEGMENTS: [&str; 9] =
    ["builds", "b", "oembed", "feed.atom", "sitemap.xml", "sitemap", "robots.txt", "admin", "assets"];

/// The path of a page without its mount path; `None` for any other path.
#[must_use]
pub fn unmounted<'a>(site: &Site, path: &'a str) -> Option<&'a str> {
    if !site.mount_path.is_empty()
        && let Some(rest) = path.strip_prefix(&site.mount_path)
        && (rest.is_empty() || rest.starts_with('/'))
    {
        return Some(if rest.is_empty() { "/" } else { rest });
    }
    let first = path.strip_prefix('/')?.split('/').next()?;
    SEGMENTS.contains(&first).then_some(path)
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
    Ok(html::respond(&request, &html::page(admin_page::render(site))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(mount_path: &str) -> Site {
        Site {
            base_url: format!("https://pages.example{mount_path}"),
            mount_path: mount_path.to_owned(),
            api_base: "/api/v1".to_owned(),
            website_url: "https://site.example".to_owned(),
            can_vote: true,
            version: "0".to_owned(),
        }
    }

    #[test]
    fn pages_are_found_below_their_mount_path() {
        let (root, mounted) = (site(""), site("/api/pages"));
        assert_eq!(unmounted(&root, "/b/b_1"), Some("/b/b_1"));
        assert_eq!(unmounted(&root, "/api/v1/builds"), None);
        assert_eq!(unmounted(&root, "/"), None);
        assert_eq!(unmounted(&mounted, "/api/pages/b/b_1"), Some("/b/b_1"));
        assert_eq!(unmounted(&mounted, "/api/pages"), Some("/"));
        assert_eq!(unmounted(&mounted, "/api/pagesx"), None);
    }
}
