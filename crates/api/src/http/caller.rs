//! Extractors of the caller of a request. Authentication ends here; authorization is up to the services of the domain.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use myashes_domain::Error;
use myashes_domain::moderation::Admin;
use myashes_domain::session::{Caller, Player};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::context::RequestContext;
use crate::error::ApiError;
use crate::http::services::Services;

/// Any caller.
pub struct CurrentCaller(pub Caller);

/// Any caller, or only players where `AUTH_REQUIRED_FOR_WRITES` is set.
pub struct WriteCaller(pub Caller);

/// A caller with a player.
pub struct RequirePlayer(pub Caller);

/// An admin.
pub struct RequireAdmin(pub Admin);

/// The configured ways to be an admin.
#[derive(Clone, Default)]
pub struct AdminAccess {
    /// SHA-256 of the operator's token, so that comparing takes the same time for every guess.
    pub token_digest: Option<[u8; 32]>,
    pub steam_ids: Vec<String>,
    /// There is at least one way to be an admin.
    pub configured: bool,
}

impl AdminAccess {
    #[must_use]
    pub fn digest(token: &str) -> [u8; 32] {
        Sha256::digest(token.as_bytes()).into()
    }

    fn authorize(&self, sent_token: Option<&[u8]>, player: Option<&Player>) -> Result<Admin, Error> {
        if !self.configured {
            return Err(Error::NotFound);
        }
        if let (Some(sent), Some(digest)) = (sent_token, &self.token_digest) {
            let sent: [u8; 32] = Sha256::digest(sent).into();
            if bool::from(sent.ct_eq(digest)) {
                return Ok(Admin::by_token());
            }
        }
        if let Some(player) = player {
            let by_role = player.roles.iter().any(|role| role == "admin");
            let by_steam = player.steam_id.as_ref().is_some_and(|id| self.steam_ids.contains(id));
            if by_role || by_steam {
                return Ok(Admin::player(&player.player_id));
            }
        }
        match (sent_token, player) {
            (None, None) => Err(Error::AuthenticationRequired),
            _ => Err(Error::AdminRequired),
        }
    }
}

/// Extracts what a function reads of a request.
macro_rules! extractor {
    ($name:ident, $read:expr) => {
        impl FromRequest for $name {
            type Error = ApiError;
            type Future = Ready<Result<Self, ApiError>>;

            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                let read: fn(&HttpRequest) -> Result<_, Error> = $read;
                ready(read(request).map(Self).map_err(ApiError::from))
            }
        }
    };
}

extractor!(CurrentCaller, |it| caller(it, false));
extractor!(WriteCaller, |it| caller(it, Services::of(it).rules.auth_required_for_writes));
extractor!(RequirePlayer, |it| caller(it, true));
extractor!(RequireAdmin, authorize_admin);

fn caller(request: &HttpRequest, needs_player: bool) -> Result<Caller, Error> {
    let caller = RequestContext::of(request).caller();
    if needs_player && caller.player.is_none() { Err(Error::AuthenticationRequired) } else { Ok(caller) }
}

/// The admin who makes a request, on a route that every caller may use.
pub fn admin(request: &HttpRequest) -> Option<Admin> {
    authorize_admin(request).ok()
}

fn authorize_admin(request: &HttpRequest) -> Result<Admin, Error> {
    let caller = RequestContext::of(request).caller();
    let sent = request.headers().get("x-admin-token").map(|value| value.as_bytes());
    Services::of(request).rules.admin.authorize(sent, caller.player.as_ref())
}
