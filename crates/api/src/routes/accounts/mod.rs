//! Routes of the caller's account: identity, claim, export and erasure.

pub mod dto;
pub mod export;

use actix_web::{HttpResponse, web};
use myashes_domain::accounts::{AccountJobKind, Claimed, Erasure};
use myashes_domain::limits::LimitClass;
use myashes_domain::session::Caller;
use myashes_domain::write_options::{StoredResponse, WriteOutcome};

use self::dto::{AuthStatus, ClaimAnswer, ClaimBody, ErasureBody, ErasureStatus};
use crate::error::{ApiError, respond};
use crate::http::answer::{self, ok};
use crate::http::body::{JsonBody, answer};
use crate::http::caller::{CurrentCaller, RequirePlayer};
use crate::http::services::Services;
use crate::http::table::{RouteSpec, route};
use crate::jobs;

pub fn routes() -> Vec<RouteSpec> {
    use LimitClass::{Lists, Reads, Writes};
    vec![
        route!(Reads, auth_status),
        route!(Writes, claim_session),
        route!(Lists, export::export_account),
        route!(Writes, erase_account),
    ]
}

/// Who the caller is
#[utoipa::path(get, path = "/api/v1/builds/auth/status", tag = "accounts",
    responses((status = 200, description = "The caller", body = AuthStatus<'_>)))]
async fn auth_status(CurrentCaller(caller): CurrentCaller) -> HttpResponse {
    ok(&AuthStatus::of(caller.player.as_ref()))
}

/// Give the session's builds and votes to the player
///
/// The session in the body must be the one of this request: to know a session is not to hold it. Of a double
/// vote the player's own stays. Very many builds and votes move in batches: 202 tells what has moved so far, the
/// rest follows by itself.
#[utoipa::path(post, path = "/api/v1/builds/auth/claim", tag = "accounts", request_body = ClaimBody, security(("bearer" = [])),
    responses((status = 200, description = "What is the player's now", body = ClaimAnswer<'_>),
        (status = 202, description = "What is the player's so far: the rest is on its way", body = ClaimAnswer<'_>)))]
async fn claim_session(
    services: web::Data<Services>,
    RequirePlayer(caller): RequirePlayer,
    mut submission: JsonBody,
) -> Result<HttpResponse, ApiError> {
    let session = submission.dto::<ClaimBody>()?.session()?;
    let written = services.accounts.claim(&caller, &session, submission.idempotency(claimed)).await?;
    if matches!(&written, WriteOutcome::Executed(claimed) if !claimed.finished) {
        carry_on(&services, AccountJobKind::Claim, caller);
    }
    Ok(respond(answer(written, claimed)))
}

fn claimed(claimed: &Claimed) -> StoredResponse {
    answer::answer(if claimed.finished { 200 } else { 202 }, &ClaimAnswer::from(claimed))
}

/// Continues a claim or an erasure after the response. One that fails is taken over as an abandoned one.
fn carry_on(services: &Services, kind: AccountJobKind, caller: Caller) {
    services.background.spawn(jobs::finish_account_job(services.accounts.clone(), kind, caller));
}

/// Erase everything stored about the caller
///
/// In batches, each of which leaves all aggregates exact. 202 while there is more to do: it goes on by
/// itself, also after a crash, and the same request again is answered 200 once nothing is left.
#[utoipa::path(delete, path = "/api/v1/me", tag = "accounts",
    responses((status = 200, description = "Nothing is left", body = ErasureBody),
        (status = 202, description = "It is running", body = ErasureBody)))]
async fn erase_account(
    services: web::Data<Services>,
    CurrentCaller(caller): CurrentCaller,
) -> Result<HttpResponse, ApiError> {
    if services.accounts.erase(&caller).await? == Erasure::Done {
        return Ok(ok(&ErasureBody { status: ErasureStatus::Done }));
    }
    carry_on(&services, AccountJobKind::Erasure, caller);
    Ok(respond(answer::answer(202, &ErasureBody { status: ErasureStatus::Running })))
}
