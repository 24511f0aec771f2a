//! Administration of votes: listing, and removal one by one or together.

use actix_web::{HttpRequest, HttpResponse, web};
use myashes_domain::Error;
use myashes_domain::builds::Tally;
use serde::Serialize;
use utoipa::ToSchema;

use super::removal_parameters::RemovalParameters;
use super::view::VoteItem;
use crate::error::ApiError;
use crate::http::answer::ok;
use crate::http::body::read_about;
use crate::http::caller::RequireAdmin;
use crate::http::paging::{PageOf, PageParameters};
use crate::http::query;
use crate::http::services::Services;
use crate::routes::builds::build_id;

/// List the votes on a build
///
/// `voter` is the same for all votes of one player, else of one session, on any build.
#[utoipa::path(get, path = "/api/v1/admin/builds/{id}/votes", tag = "admin",
    params(("id" = String, Path, description = "Id of a build"), PageParameters),
    responses((status = 200, description = "A page, newest first", body = PageOf<VoteItem<'_>>)))]
pub(super) async fn list_votes(
    RequireAdmin(admin): RequireAdmin,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let id = build_id(&request)?;
    let read = query::read::<PageParameters>(&request).and_then(|it| it.read(&format!("votes of {id}")));
    let paging = read_about(read, services.moderation.build(&admin, &id)).await?;
    let page = services.moderation.votes(&admin, &id, paging.request).await?;
    Ok(ok(&PageOf::<VoteItem<'_>>::new(&page, &paging)))
}

#[derive(Serialize, ToSchema)]
#[schema(as = VoteRemoved)]
struct VoteRemoved<'a> {
    build_id: &'a str,
    vote_id: i64,
    deleted: bool,
}

/// Remove one vote
#[utoipa::path(delete, path = "/api/v1/admin/builds/{id}/votes/{vote_id}", tag = "admin",
    params(("id" = String, Path, description = "Id of a build"),
        ("vote_id" = i64, Path, description = "Number of a vote")),
    responses((status = 200, description = "It is removed", body = VoteRemoved<'_>)))]
pub(super) async fn remove_vote(
    RequireAdmin(admin): RequireAdmin,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let id = build_id(&request)?;
    let vote: i64 = request.match_info().query("vote_id").parse().map_err(|_| Error::NotFound)?;
    services.moderation.delete_vote(&admin, &id, vote).await?;
    Ok(ok(&VoteRemoved { build_id: id.as_str(), vote_id: vote, deleted: true }))
}

/// How many votes were removed.
#[derive(Serialize, ToSchema)]
#[schema(as = VotesRemoved)]
struct VotesRemoved {
    removed: i64,
    /// Votes of one to five stars, in this order.
    by_rating: [i64; 5],
}

impl From<Tally> for VotesRemoved {
    fn from(removed: Tally) -> Self {
        Self { removed: removed.vote_count(), by_rating: removed.stars }
    }
}

/// Remove many votes
///
/// Those on one build that meet all conditions; at least one of `from`, `to`, `voter` and `rating` is needed.
/// A parameter that is not known is refused, so that a mistyped condition does not remove more than was meant.
#[utoipa::path(delete, path = "/api/v1/admin/builds/{id}/votes", tag = "admin",
    params(("id" = String, Path, description = "Id of a build"), RemovalParameters),
    responses((status = 200, description = "They are removed; with `dry_run` they would be", body = VotesRemoved)))]
pub(super) async fn remove_votes(
    RequireAdmin(admin): RequireAdmin,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let id = build_id(&request)?;
    let unknown = query::unknown::<RemovalParameters>(&request)?;
    let read = query::read::<RemovalParameters>(&request).and_then(|it| it.read(unknown));
    let (filter, dry_run) = read_about(read, services.moderation.build(&admin, &id)).await?;
    let removed = if dry_run {
        services.moderation.count_votes(&admin, &id, filter).await?
    } else {
        services.moderation.delete_votes(&admin, &id, filter).await?
    };
    Ok(ok(&VotesRemoved::from(removed)))
}
