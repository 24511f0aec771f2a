//! Votes on builds: cast, change, withdraw, see.

pub mod dto;

use actix_web::{HttpRequest, HttpResponse, web};
use myashes_domain::ids::BuildId;
use myashes_domain::limits::LimitClass;
use myashes_domain::session::Caller;
use myashes_domain::votes::VoteView;
use myashes_domain::write_options::{RecordSubject, StoredResponse};

use self::dto::{MyVotesBody, MyVotesParameters, MyVotesQuery, VoteAnswer, VoteBody};
use super::builds::build_id;
use crate::error::{ApiError, respond};
use crate::http::answer::{self, ok};
use crate::http::body::{JsonBody, answer, read_about};
use crate::http::caller::{CurrentCaller, WriteCaller};
use crate::http::context::RequestContext;
use crate::http::limits;
use crate::http::query;
use crate::http::services::Services;
use crate::http::table::{RouteSpec, route};
use crate::metrics;

pub fn routes() -> Vec<RouteSpec> {
    use LimitClass::{Reads, Votes};
    vec![
        route!(Votes, cast_vote),
        route!(Votes, put_vote),
        route!(Votes, withdraw_vote),
        route!(Reads, get_vote),
        route!(Reads, my_votes),
    ]
}

/// Cast a vote
///
/// One for each session and player; owners may vote too.
#[utoipa::path(post, path = "/api/v1/builds/{id}/vote", tag = "votes", request_body = VoteBody,
    params(("id" = String, Path, description = "Id of a build")),
    responses((status = 200, description = "It counts", body = VoteAnswer<'_>)))]
async fn cast_vote(
    services: web::Data<Services>,
    request: HttpRequest,
    WriteCaller(caller): WriteCaller,
    mut submission: JsonBody,
) -> Result<HttpResponse, ApiError> {
    let id = build_id(&request)?;
    let read = submission.dto::<VoteBody>()?.rating();
    let rating = read_about(read, services.votes.view(&caller, &id)).await?;
    limit_first_vote(&services, &request, &caller, &id).await?;
    let written = services.votes.cast(&caller, &id, rating, submission.idempotency(shown)).await?;
    Ok(respond(answer(written, |view| {
        metrics::vote_cast();
        shown(view)
    })))
}

fn shown(view: &VoteView) -> StoredResponse {
    answer::answer_about(RecordSubject::Build(view.build.clone()), 200, &VoteAnswer::from(view))
}

/// Charges an anonymous caller who has no vote on the build yet. A build that the caller cannot see is left to
/// the write, which replays the response of a repeated key before that.
async fn limit_first_vote(
    services: &Services,
    request: &HttpRequest,
    caller: &Caller,
    build: &BuildId,
) -> Result<(), ApiError> {
    let context = RequestContext::of(request);
    if !limits::limits_first_votes(services, &context) {
        return Ok(());
    }
    let first = services.votes.view(caller, build).await.is_ok_and(|view| view.your_rating.is_none());
    if first {
        limits::charge_first_vote(services, &context, build).await?;
    }
    Ok(())
}

/// Cast or change a vote
#[utoipa::path(put, path = "/api/v1/builds/{id}/vote", tag = "votes", request_body = VoteBody,
    params(("id" = String, Path, description = "Id of a build")),
    responses((status = 200, description = "It counts", body = VoteAnswer<'_>)))]
async fn put_vote(
    services: web::Data<Services>,
    request: HttpRequest,
    WriteCaller(caller): WriteCaller,
    mut submission: JsonBody,
) -> Result<HttpResponse, ApiError> {
    let id = build_id(&request)?;
    let read = submission.dto::<VoteBody>()?.rating();
    let rating = read_about(read, services.votes.view(&caller, &id)).await?;
    limit_first_vote(&services, &request, &caller, &id).await?;
    let view = services.votes.put(&caller, &id, rating).await?;
    metrics::vote_cast();
    Ok(ok(&VoteAnswer::from(&view)))
}

/// Withdraw one's vote
///
/// Without one, nothing changes.
#[utoipa::path(delete, path = "/api/v1/builds/{id}/vote", tag = "votes",
    params(("id" = String, Path, description = "Id of a build")),
    responses((status = 200, description = "It counts no more", body = VoteAnswer<'_>)))]
async fn withdraw_vote(
    services: web::Data<Services>,
    request: HttpRequest,
    WriteCaller(caller): WriteCaller,
) -> Result<HttpResponse, ApiError> {
    let view = services.votes.withdraw(&caller, &build_id(&request)?).await?;
    Ok(ok(&VoteAnswer::from(&view)))
}

/// See one's vote
#[utoipa::path(get, path = "/api/v1/builds/{id}/vote", tag = "votes",
    params(("id" = String, Path, description = "Id of a build")),
    responses((status = 200, description = "The vote, null when there is none", body = VoteAnswer<'_>)))]
async fn get_vote(
    services: web::Data<Services>,
    request: HttpRequest,
    CurrentCaller(caller): CurrentCaller,
) -> Result<HttpResponse, ApiError> {
    let view = services.votes.view(&caller, &build_id(&request)?).await?;
    Ok(ok(&VoteAnswer::from(&view)))
}

/// See one's votes
///
/// With `build_ids` those on a list of builds, else all of them, newest first, page by page. Builds without a
/// vote of the caller, and those that the caller cannot vote on (private ones of others, hidden ones), are left
/// out.
#[utoipa::path(get, path = "/api/v1/me/votes", tag = "votes", params(MyVotesParameters),
    responses((status = 200, description = "The votes", body = MyVotesBody<'_>)))]
async fn my_votes(
    services: web::Data<Services>,
    request: HttpRequest,
    CurrentCaller(caller): CurrentCaller,
) -> Result<HttpResponse, ApiError> {
    match query::read::<MyVotesParameters>(&request)?.read()? {
        MyVotesQuery::Of(ids) => {
            let ratings = services.votes.ratings(&caller, &ids).await?;
            Ok(ok(&MyVotesBody::of(&ratings)))
        }
        MyVotesQuery::All(page) => {
            let (votes, next) = services.votes.own(&caller, page).await?;
            Ok(ok(&MyVotesBody::page(&votes, next.as_deref())))
        }
    }
}
