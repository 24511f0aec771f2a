//! The sitemap and `robots.txt`, where pages are mounted at the root of a host.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use myashes_domain::Error;
use myashes_domain::builds::BuildRow;
use myashes_web::{Site, robots as web_robots, sitemap};

use crate::error::ApiError;
use crate::http::answer::logged;
use crate::http::services::Services;

/// Row numbers that one part covers, so that it names no more pages than a part may.
const PART_ROWS: i64 = sitemap::MAX_URLS as i64 - 1;
/// Rows that are read at once.
const BATCH: u32 = 1000;
const AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// Where the pages are mounted, if it is the root of a host.
fn root(services: &Services) -> Result<&Site, Error> {
    let site = super::site(services)?;
    if site.mount_path.is_empty() { Ok(site) } else { Err(Error::NotFound) }
}

pub(super) async fn robots(services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let body = web_robots::render(root(&services)?);
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, web_robots::CONTENT_TYPE)).insert_header((CACHE_CONTROL, AN_HOUR));
    Ok(response.body(body))
}

pub(super) async fn index(services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let site = root(&services)?;
    let last = services.builds.last_row().await?;
    let parts = (0..=last / PART_ROWS).map(|part| format!("/sitemap/{part}.xml"));
    Ok(xml().body(sitemap::index(site, parts)))
}

/// The public builds of a range of row numbers, read batch by batch as the client takes them.
pub(super) async fn part(
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let site = root(&services)?.clone();
    let name = request.match_info().query("part");
    let part: i64 = name.strip_suffix(".xml").and_then(|it| it.parse().ok()).ok_or(Error::NotFound)?;
    let last = services.builds.last_row().await?;
    if !(0..=last / PART_ROWS).contains(&part) {
        return Err(Error::NotFound.into());
    }
    let mut head = sitemap::PART_HEAD.to_owned();
    if part == 0 {
        head.push_str(&sitemap::gallery_element(&site));
    }
    let end = (part + 1) * PART_ROWS;
    let rows = stream::try_unfold((services, part * PART_ROWS), move |(services, after)| async move {
        let rows = services.builds.public_rows(after..end, BATCH).await?;
        let Some(last) = rows.last().map(|it| it.row) else { return Ok(None) };
        Ok(Some((rows, (services, last))))
    });
    let elements = rows.map(move |rows: Result<Vec<BuildRow>, Error>| {
        let text: String = rows?.iter().map(|row| element(&site, row)).collect();
        Ok(Bytes::from(text))
    });
    let once = |text: String| stream::once(async move { Ok::<_, Error>(Bytes::from(text)) });
    let body = once(head).chain(elements).chain(once(sitemap::PART_TAIL.to_owned()));
    Ok(xml().streaming(Box::pin(logged(body))))
}

fn element(site: &Site, row: &BuildRow) -> String {
    sitemap::build_element(site, row.id.as_str(), &row.updated_at.to_string())
}

fn xml() -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, sitemap::CONTENT_TYPE)).insert_header((CACHE_CONTROL, AN_HOUR));
    response
}
